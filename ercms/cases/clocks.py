"""The due dates of a case: computed by the law, kept with their arithmetic, never overwritten.

A change recomputes; what was computed before is superseded and stays. Stops and extensions are recorded here, each with
its ground, its author and its day.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ercms.agreements import service as agreements
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import queries
from ercms.cases.enums import ClockStatus
from ercms.cases.models import LAST_OF_ALL, Case, CaseClock, ClockExtension, ClockStop
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.core.jobs import register_job
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import service as vault
from workflows.deadlines import REPLY_CLOCKS, ClockKind, ClockState, Deadline, Event, Extension, Moment, Stop
from workflows.readmission import CaseState

STOP_LABEL = "clock_stops.note"
EXTENSION_LABEL = "clock_extensions.ground"

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
        Event.INTERVIEW_REQUESTED: case.submitted_at if case.interview_requested else None,
        Event.ACCEPTANCE: case.accepted_at if case.consent_deemed_on is None else None,
        Event.CONSENT_DEEMED: case.consent_deemed_on,
        # The first reply ends the reply limit for good: a refusal that is looked at again owes no second one.
        Event.REFUSAL: case.replied_at if case.accepted_at is None else None,
        Event.DOCUMENT_REQUESTED: case.document_requested_at,
        Event.DOCUMENT_REISSUE_REQUESTED: case.document_reissue_requested_at,
        Event.DOCUMENT_ISSUED: case.document_issued_on,
        Event.TRANSFER_PLANNED: case.transfer_on,
        Event.TRANSFER_NOTIFIED: case.transfer_notified_at if case.transfer_on else None,
        Event.TRANSFER: case.transferred_at,
    }
    return {event: moment for event, moment in happened.items() if moment is not None}


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What a case's dates are computed from beside the case itself, and the dates that hold."""

    stops: Sequence[ClockStop]
    extensions: Sequence[ClockExtension]
    current: Sequence[CaseClock]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a computation changed: anything at all, and whether a day moved that somebody waits for."""

    is_changed: bool
    is_moved: bool


def recompute(*, case: Case) -> bool:
    """Compute every due date of the case anew and say whether any changed; what no longer holds is superseded."""
    stops, extensions = queries.list_stops(case.id), queries.list_extensions(case.id)
    return _recompute(case, OnRecord(stops, extensions, queries.list_current_clocks(case.id))).is_changed


def recompute_open(*, case: Case, on_record: OnRecord) -> Outcome:
    """Compute a case's dates anew after a change of the law; a clock that has ended keeps the day that it had."""
    return _recompute(case, on_record, keeps_ended=True)


def _recompute(case: Case, on_record: OnRecord, *, keeps_ended: bool = False) -> Outcome:
    deadlines = agreements.clocks(
        agreement_id=case.agreement_id,
        state=case.requesting_state,
        kind=case.kind,
        procedure=case.procedure,
        events=events_of(case),
        stops=[Stop(stop.from_on, stop.to_on, stop.ground.value) for stop in on_record.stops],
        extensions=[_extension(row) for row in on_record.extensions],
    )
    kept = _ended(deadlines, on_record.current) if keeps_ended else {}
    deadlines = tuple(
        replace(deadline, due_on=kept[deadline.kind].due_on) if deadline.kind in kept else deadline
        for deadline in deadlines
    )
    outcome = _keep(case, deadlines, on_record.current, frozenset(kept))
    _summarise(case, deadlines, on_record.stops)
    return outcome


def _ended(deadlines: Sequence[Deadline], current: Sequence[CaseClock]) -> dict[ClockKind, CaseClock]:
    """Return the clocks on record that had ended and still have: what was in time stays in time."""
    over = {row.kind: row for row in current if row.status in (ClockStatus.MET.value, ClockStatus.MISSED.value)}
    return {d.kind: over[d.kind.value] for d in deadlines if d.state is ClockState.ENDED and d.kind.value in over}


def _extension(row: ClockExtension) -> Extension:
    return agreements.extension(kind=row.kind, length=row.length, unit=row.unit, notified_on=row.notified_on)


def _keep(
    case: Case, deadlines: Sequence[Deadline], current: Sequence[CaseClock], untouched: frozenset[ClockKind]
) -> Outcome:
    at = clock.now()
    before = {row.kind: row for row in current}
    is_changed = is_moved = False
    for deadline in deadlines:
        former = before.pop(deadline.kind.value, None)
        if deadline.kind in untouched:
            continue
        row = _row(case, deadline, at)
        if former is not None and _same(former, row):
            continue
        is_changed = True
        is_moved |= row.status in _AWAITED and (former is None or former.due_on != row.due_on)
        if former is not None:
            former.status = "superseded"
        db.session.add(row)
    for orphan in before.values():
        is_changed = True
        is_moved |= orphan.status in _AWAITED
        orphan.status = "superseded"
    return Outcome(is_changed, is_moved)


def _row(case: Case, deadline: Deadline, at: datetime) -> CaseClock:
    return CaseClock(
        case_id=case.id,
        kind=deadline.kind.value,
        status=status_of(deadline, case.state),
        started_on=deadline.start_on,
        due_on=deadline.due_on,
        has_legal_effect=deadline.has_legal_effect,
        is_internal=deadline.is_internal,
        confidence=deadline.confidence.value,
        term_name=deadline.term.name,
        arithmetic=json.dumps(agreements.describe(deadline), sort_keys=True, ensure_ascii=False),
        calendar_version=deadline.calendar_version or None,
        rests_on_estimate=deadline.rests_on_estimate,
        computed_at=at,
    )


def _same(former: CaseClock, row: CaseClock) -> bool:
    return (former.status, former.due_on, former.arithmetic) == (row.status, row.due_on, row.arithmetic)


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
    case.reply_due_on = next((due[kind] for kind in due if kind in REPLY_CLOCKS), None)
    case.document_due_on = due.get(ClockKind.DOCUMENT_REISSUE) or due.get(ClockKind.DOCUMENT_ISSUE)
    case.transfer_due_on = due.get(ClockKind.TRANSFER)
    case.error_window_ends_on = due.get(ClockKind.ERROR_WINDOW)
    case.is_suspended = any(_stands(stop, today) for stop in stops)
    next_due = _next_due(case, deadlines)
    case.next_due_on = next_due.due_on if next_due else None
    case.next_due_kind = next_due.kind.value if next_due else None
    case.next_due_has_effect = bool(next_due and next_due.has_legal_effect)
    case.queue_on = case.next_due_on or LAST_OF_ALL


def _stands(stop: ClockStop, today: date) -> bool:
    return stop.from_on <= today and (stop.to_on is None or stop.to_on >= today)


def is_suspended(*, case: Case) -> bool:
    """Tell whether a stop stands today; asked of the stops themselves, since days pass without anybody writing."""
    today = clock.today()
    return any(_stands(stop, today) for stop in queries.list_stops(case.id))


def refresh_suspensions() -> None:
    """Bring what the lists say of stops up to the present day: a stop begins and ends without anybody's act."""
    with unit_of_work():
        for case in queries.list_cases_with_stops():
            present = is_suspended(case=case)
            if present != case.is_suspended:
                queries.set_suspended(case.id, present)


def register_upkeep() -> None:
    """Let the worker refresh the stops each hour."""
    register_job("suspensions", timedelta(hours=1), refresh_suspensions)


def _next_due(case: Case, deadlines: tuple[Deadline, ...]) -> Deadline | None:
    """Return what runs out first: by treaty where something does, else the nearest internal target."""
    work = [d for d in deadlines if d.kind not in _NOT_WORK and _is_owed(d, case.state)]
    running = [d for d in work if d.state is ClockState.RUNNING and d.due_on]
    treaty = [deadline for deadline in running if not deadline.is_internal]
    return min(treaty or running, key=lambda deadline: deadline.due_on or LAST_OF_ALL, default=None)


def record_stop(*, actor: Actor, case: Case, values: Mapping[str, Any]) -> ClockStop:
    """Record a dated stop with its ground and recompute; a stop never makes a date earlier."""
    stop = ClockStop(
        case_id=case.id,
        ground=values["ground"],
        from_on=values["from_on"],
        to_on=values.get("to_on"),
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session.add(stop)
    db.session.flush()
    stop.note_sealed = vault.seal_text(
        person_id=case.principal_person_id, label=STOP_LABEL, record_id=stop.id, text=values["note"]
    )
    db.session.flush()
    recompute(case=case)
    _record(actor, AuditAction.STOP_RECORDED, case, {"ground": stop.ground.value, "from_on": stop.from_on.isoformat()})
    return stop


def end_stop(*, actor: Actor, case: Case, stop_id: str, to_on: date) -> ClockStop:
    """Set the last day of an open stop and recompute.

    Raises:
        NotFound: the case has no such stop.
        Conflict: the stop has ended already.
        InvalidInput: the last day lies before the first.
    """
    stop = next((stop for stop in queries.list_stops(case.id) if stop.id == stop_id), None)
    if stop is None:
        raise NotFound
    if stop.to_on is not None:
        raise Conflict("stop_already_ended", reference=case.reference)
    if to_on < stop.from_on:
        raise InvalidInput("stop_ends_before_start", fields={"to_on": ["stop_ends_before_start"]})
    stop.to_on, stop.ended_by_id = to_on, actor.user_id
    db.session.flush()
    recompute(case=case)
    _record(actor, AuditAction.STOP_ENDED, case, {"ground": stop.ground.value, "until_on": to_on.isoformat()})
    return stop


def record_extension(*, actor: Actor, case: Case, values: Mapping[str, Any]) -> ClockExtension:
    """Record an extension of one limit and recompute. It is always a person's act, with its paper.

    Raises:
        InvalidInput: the case has no such limit.
    """
    current = next((row for row in queries.list_current_clocks(case.id) if row.kind == values["kind"]), None)
    if current is None or current.is_internal:
        raise InvalidInput("no_such_limit", fields={"kind": ["no_such_limit"]})
    extension = ClockExtension(
        case_id=case.id,
        kind=values["kind"],
        length=values["length"],
        unit=json.loads(current.arithmetic)["term"]["unit"],
        notified_on=values["notified_on"],
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session.add(extension)
    db.session.flush()
    extension.ground_sealed = vault.seal_text(
        person_id=case.principal_person_id, label=EXTENSION_LABEL, record_id=extension.id, text=values["ground"]
    )
    db.session.flush()
    recompute(case=case)
    _record(actor, AuditAction.EXTENSION_RECORDED, case, {"clock": extension.kind, "length": extension.length})
    return extension


def _record(actor: Actor, action: AuditAction, case: Case, payload: dict[str, Any]) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=f"case:{case.id}",
        record_type="case",
        record_id=case.id,
        payload=payload,
    )
