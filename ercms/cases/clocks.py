"""The due dates of a case: computed by the law, kept with their arithmetic, never overwritten.

A change recomputes; what was computed before is superseded and stays. A clock that has ended keeps its day, whatever
computes it: an act, a change of a term, a change of a calendar. Only a stop or an extension that belongs to its span
and was recorded late counts it once more, with the term that held then.
"""

import json
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ercms.agreements import service as agreements
from ercms.cases import clock_queries, queries
from ercms.cases.clock_queries import DateOnRecord
from ercms.cases.enums import ClockStatus
from ercms.cases.models import LAST_OF_ALL, Case, ClockExtension, ClockStop
from ercms.core import clock
from ercms.core.db_types import Json
from workflows.deadlines import REPLY_CLOCKS, ClockKind, ClockState, Deadline, Event, Extension, Moment, Stop
from workflows.readmission import CaseState

S = CaseState
_BEFORE_REPLY = frozenset({S.SUBMITTED, S.INCOMPLETE, S.UNDER_VERIFICATION, S.DECISION_PROPOSED, S.LAPSED})
_BEFORE_DOCUMENT = frozenset({S.ACCEPTED, S.DOCUMENT_REQUESTED})
_BEFORE_ARRIVAL = frozenset({*_BEFORE_DOCUMENT, S.DOCUMENT_ISSUED, S.TRANSFER_NOTIFIED, S.TRANSFER_FAILED})
_AFTER_ARRIVAL = frozenset(
    {S.TRANSFERRED, S.REFERRAL_OFFERED, S.REFERRAL_DECLINED, S.REFERRED, S.REINTEGRATING, S.CLOSED}
)
# In which states somebody still owes what a clock counts: elsewhere the case went another way, and the clock is over.
_OWED_IN: dict[ClockKind, frozenset[CaseState]] = {
    **dict.fromkeys(REPLY_CLOCKS, _BEFORE_REPLY),
    ClockKind.TRANSIT_REPLY: _BEFORE_REPLY,
    ClockKind.REPLY_RENEWED: _BEFORE_REPLY - {S.SUBMITTED, S.LAPSED},
    ClockKind.AGENCY_INQUIRIES: _BEFORE_REPLY,
    ClockKind.INTERVIEW: _BEFORE_REPLY,
    ClockKind.DOCUMENT_ISSUE: _BEFORE_DOCUMENT,
    ClockKind.DOCUMENT_REISSUE: _BEFORE_DOCUMENT,
    ClockKind.DOCUMENT_DOMESTIC: _BEFORE_DOCUMENT,
    ClockKind.TRANSFER: _BEFORE_ARRIVAL,
    ClockKind.TRANSFER_NOTICE: _BEFORE_ARRIVAL,
    ClockKind.TRANSIT_USE: _BEFORE_ARRIVAL,
    ClockKind.ERROR_WINDOW: _AFTER_ARRIVAL,
}
_ENDED = frozenset({ClockStatus.MET.value, ClockStatus.MISSED.value})
_AWAITED = frozenset({ClockStatus.RUNNING.value, ClockStatus.STOPPED.value, ClockStatus.UNKNOWN_LENGTH.value})
# A right that runs out for the other side, or a day that only matters on the journey: nobody's work waits for these.
_NOT_WORK = frozenset({ClockKind.ERROR_WINDOW, ClockKind.TRANSIT_USE})


def events_of(case: Case) -> dict[Event, Moment]:
    """Return what happened in a case, as the clocks name it."""
    happened: dict[Event, datetime | date | None] = {
        Event.KNOWLEDGE: case.presence_known_on,
        Event.APPREHENSION: case.apprehended_at,
        Event.RECEIPT: case.submitted_at,
        Event.ACKNOWLEDGEMENT: case.acknowledged_at,
        Event.INTERVIEW_REQUESTED: case.interview_owed_since,
        Event.INTERVIEWED: case.interviewed_at,
        Event.ACCEPTANCE: case.accepted_at if case.consent_deemed_on is None else None,
        Event.CONSENT_DEEMED: case.consent_deemed_on,
        # The first reply ends the reply limit for good: a refusal that is looked at again owes no second one.
        Event.REFUSAL: case.replied_at if case.replied_at != case.accepted_at else None,
        Event.TAKEN_UP_AGAIN: case.taken_up_again_at,
        Event.RENEWED_REPLY: _renewed_reply(case),
        Event.DOCUMENT_REQUESTED: case.document_requested_at,
        Event.DOCUMENT_REISSUE_REQUESTED: case.document_reissue_requested_at,
        Event.DOCUMENT_ISSUED: case.document_issued_on,
        Event.TRANSFER_PLANNED: case.transfer_on,
        Event.TRANSFER_NOTIFIED: case.transfer_notified_at if case.transfer_on else None,
        Event.TRANSFER: case.transferred_at,
    }
    return {event: moment for event, moment in happened.items() if moment is not None}


def _renewed_reply(case: Case) -> datetime | None:
    """Return when a request that was taken up again was decided."""
    if case.taken_up_again_at is None or case.decided_at is None or case.decided_at < case.taken_up_again_at:
        return None
    return case.decided_at


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What a case's dates are computed from beside the case itself, and the dates that hold."""

    stops: Sequence[ClockStop]
    extensions: Sequence[ClockExtension]
    current: Sequence[DateOnRecord]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a computation changes: dates that hold no more, dates that now do, whether an awaited day moved."""

    superseded: tuple[str, ...]
    added: tuple[Json, ...]
    is_moved: bool

    @property
    def is_changed(self) -> bool:
        """Tell whether anything changes at all."""
        return bool(self.superseded or self.added)


Concerned = Callable[[DateOnRecord], bool]


def recompute(*, case: Case, concerned: Concerned = lambda _: False) -> bool:
    """Compute every due date of the case anew and say whether any changed; what no longer holds is superseded.

    `concerned` tells which clocks that have ended a fact recorded late belongs to; every other one keeps its day.
    """
    stops, extensions = queries.list_stops(case.id), queries.list_extensions(case.id)
    on_record = OnRecord(stops, extensions, clock_queries.list_current_of([case.id]))
    outcome = computed(case=case, on_record=on_record, concerned=concerned)
    keep([outcome])
    return outcome.is_changed


def computed(*, case: Case, on_record: OnRecord, concerned: Concerned = lambda _: False) -> Outcome:
    """Compute a case's dates anew from what the caller has read; only the summary in the case itself is written."""
    deadlines = _deadlines(case, on_record)
    over = {row.kind: row for row in on_record.current if row.status in _ENDED}
    kept: dict[str, DateOnRecord] = {}
    for kind, row in over.items():
        if concerned(row):
            again = _counted_as_it_was(case, on_record, row)
            deadlines = tuple(again if d.kind.value == kind and again is not None else d for d in deadlines)
        elif any(d.kind.value == kind and d.start_on == row.started_on for d in deadlines):
            kept[kind] = row
    if kept:
        deadlines = tuple(_as_it_ended(d, kept[d.kind.value]) if d.kind.value in kept else d for d in deadlines)
    outcome = _compared(case, deadlines, on_record.current, kept)
    _summarise(case, deadlines, on_record.stops)
    return outcome


def keep(outcomes: Sequence[Outcome]) -> None:
    """Write what computations changed, of one case or of many: what was computed before stays, as superseded."""
    clock_queries.supersede([row_id for outcome in outcomes for row_id in outcome.superseded])
    clock_queries.add_clocks([values for outcome in outcomes for values in outcome.added])


def _deadlines(case: Case, on_record: OnRecord, pinned: Sequence[Json] = ()) -> tuple[Deadline, ...]:
    return agreements.clocks(
        agreement_id=case.agreement_id,
        state=case.requesting_state,
        kind=case.kind,
        procedure=case.procedure,
        events=events_of(case),
        stops=[Stop(stop.from_on, stop.to_on, stop.ground.value) for stop in on_record.stops],
        extensions=[_extension(row) for row in on_record.extensions],
        pinned=pinned,
    )


def _as_it_ended(deadline: Deadline, row: DateOnRecord) -> Deadline:
    """Return a clock as its record has it: what was in time stays in time, and what ended does not begin again."""
    ended_on = deadline.ended_on or date.fromisoformat(json.loads(row.arithmetic)["ended_on"])
    return replace(deadline, state=ClockState.ENDED, due_on=row.due_on, ended_on=ended_on, held_on=None)


def _counted_as_it_was(case: Case, on_record: OnRecord, row: DateOnRecord) -> Deadline | None:
    """Count a clock that has ended once more, with the terms of its record, over what was recorded late."""
    written = json.loads(row.arithmetic)
    ended_on = date.fromisoformat(written["ended_on"])
    stops = [stop for stop in on_record.stops if stop.from_on <= ended_on]
    terms = [term for term in (written["term"], written["start_term"]) if term is not None]
    found = _deadlines(case, replace(on_record, stops=stops), pinned=terms)
    again = next((d for d in found if d.kind.value == row.kind and d.start_on == row.started_on), None)
    return None if again is None else replace(again, state=ClockState.ENDED, ended_on=ended_on)


def _extension(row: ClockExtension) -> Extension:
    return agreements.extension(kind=row.kind, length=row.length, unit=row.unit, notified_on=row.notified_on)


def _compared(
    case: Case, deadlines: Sequence[Deadline], current: Sequence[DateOnRecord], untouched: Container[str]
) -> Outcome:
    """Compare what was computed with what is on record."""
    at = clock.now()
    before = {row.kind: row for row in current}
    superseded: list[str] = []
    added: list[Json] = []
    is_moved = False
    for deadline in deadlines:
        former = before.pop(deadline.kind.value, None)
        if deadline.kind.value in untouched:
            continue
        status, arithmetic = status_of(deadline, case.state), _written(deadline)
        found = (status, deadline.due_on, arithmetic)
        if former is not None and (former.status, former.due_on, former.arithmetic) == found:
            continue
        is_moved |= status in _AWAITED and (former is None or former.due_on != deadline.due_on)
        if former is not None:
            superseded.append(former.id)
        added.append(_values(case, deadline, status, arithmetic, at))
    for orphan in before.values():
        is_moved |= orphan.status in _AWAITED
        superseded.append(orphan.id)
    return Outcome(tuple(superseded), tuple(added), is_moved)


def _written(deadline: Deadline) -> str:
    return json.dumps(agreements.describe(deadline), sort_keys=True, ensure_ascii=False)


def _values(case: Case, deadline: Deadline, status: str, arithmetic: str, at: datetime) -> Json:
    return {
        "case_id": case.id,
        "kind": deadline.kind.value,
        "status": status,
        "started_on": deadline.start_on,
        "due_on": deadline.due_on,
        "held_on": deadline.held_on,
        "has_legal_effect": deadline.has_legal_effect,
        "is_internal": deadline.is_internal,
        "confidence": deadline.confidence.value,
        "term_name": deadline.term.name,
        "arithmetic": arithmetic,
        "calendar_version": deadline.calendar_version or None,
        "rests_on_estimate": deadline.rests_on_estimate,
        "computed_at": at,
    }


def status_of(deadline: Deadline, state: CaseState) -> str:
    """Return a clock's status as it is stored (`ercms.cases.enums.ClockStatus`)."""
    if deadline.state is ClockState.ENDED:
        return (ClockStatus.MISSED if deadline.was_met is False else ClockStatus.MET).value
    if not _is_owed(deadline, state):
        return ClockStatus.OVER.value
    return ClockStatus(deadline.state.value).value


def _is_owed(deadline: Deadline, state: CaseState) -> bool:
    return state in _OWED_IN.get(deadline.kind, frozenset({state}))


def _summarise(case: Case, deadlines: tuple[Deadline, ...], stops: Sequence[ClockStop]) -> None:
    today = clock.today()
    due = {deadline.kind: deadline.due_on for deadline in deadlines}
    next_due = _next_due(case, deadlines)
    summary = {
        "reply_due_on": next((due[kind] for kind in due if kind in REPLY_CLOCKS), None),
        "document_due_on": due.get(ClockKind.DOCUMENT_REISSUE) or due.get(ClockKind.DOCUMENT_ISSUE),
        "transfer_due_on": due.get(ClockKind.TRANSFER),
        "error_window_ends_on": due.get(ClockKind.ERROR_WINDOW),
        "is_suspended": any(_stands(stop, today) for stop in stops),
        "next_due_on": next_due.due_on if next_due else None,
        "next_due_kind": next_due.kind.value if next_due else None,
        "next_due_has_effect": bool(next_due and next_due.has_legal_effect),
        "queue_on": (next_due.due_on if next_due else None) or LAST_OF_ALL,
    }
    for name, value in summary.items():
        # Most days stay where they are, and a value set anew costs as much as one that changed.
        if getattr(case, name) != value:
            setattr(case, name, value)


def _stands(stop: ClockStop, today: date) -> bool:
    return stop.from_on <= today and (stop.to_on is None or stop.to_on >= today)


def is_suspended(*, case: Case) -> bool:
    """Tell whether a stop stands today; asked of the stops themselves, since days pass without anybody writing."""
    today = clock.today()
    return any(_stands(stop, today) for stop in queries.list_stops(case.id))


def _next_due(case: Case, deadlines: tuple[Deadline, ...]) -> Deadline | None:
    """Return what runs out first: by treaty where something does, else the nearest internal target."""
    work = [d for d in deadlines if d.kind not in _NOT_WORK and _is_owed(d, case.state)]
    running = [d for d in work if d.state is ClockState.RUNNING and d.due_on]
    treaty = [deadline for deadline in running if not deadline.is_internal]
    return min(treaty or running, key=lambda deadline: deadline.due_on or LAST_OF_ALL, default=None)
