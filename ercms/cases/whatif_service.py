"""What if a version had held: the past caseload of a State computed under it. Reads dates only, and writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import service as agreements
from ercms.cases import clock_queries, clocks
from ercms.cases.models import Case, ClockStop
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import Json
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from workflows.deadlines import REPLY_CLOCKS, ClockKind, Deadline, Stop
from workflows.readmission import CaseKind, CaseState
from workflows.terms import (
    Agreement,
    AgreementStatus,
    Confidence,
    Party,
    Silence,
    Source,
    StatusChange,
    Term,
)

ENDS_BEFORE_START = msg("The last day lies before the first.")
_REPLIES = REPLY_CLOCKS | {ClockKind.TRANSIT_REPLY}
_ALWAYS_IN_FORCE = (StatusChange(AgreementStatus.IN_FORCE, None, Source("hypothesis"), Confidence.INFERRED),)


@dataclass(frozen=True, slots=True)
class MonthLoad:
    """One month: requests received, replies due under the present law and under the version, and late ones of these."""

    month: str
    received: int
    due_now: int
    due_then: int
    late_then: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would have been. `bound` counts the silences in which the version sees consent."""

    agreement_id: str
    state: str
    first_on: date
    last_on: date
    calendar: str
    is_calendar_borrowed: bool
    reply_term: Term
    silence_term: Term
    cases: int
    in_time: int
    late: int
    unanswered: int
    running: int
    without_limit: int
    withdrawn: int
    bound: int
    late_now: int
    months: tuple[MonthLoad, ...]


@dataclass
class _Tally:
    """What is counted on the way through the caseload."""

    outcomes: Counter[str] = field(default_factory=Counter)
    months: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def month(self, day: date | None, what: str) -> None:
        """Count something in the month of a day; nothing where there is no day."""
        if day is not None:
            self.months[f"{day:%Y-%m}"][what] += 1


def what_if(
    *,
    actor: Actor,
    agreement_id: str = "",
    state: str,
    first_on: date,
    last_on: date,
    draft: Agreement | None = None,
) -> WhatIf:
    """Compute the requests that a State sent in a span as if a version had been in force with it.

    Stops are counted as they were recorded; extensions are not, since each rests on the agreement of its case. Where
    the version does not name the State, and no other does, its first partner's zone and calendar stand in. A `draft`,
    a version that is on nobody's record yet, is taken instead of one by its identifier.

    Raises:
        NotFound: `agreement_not_found`.
        InvalidInput: the span ends before it begins.
    """
    policy.check(actor, Permission.AGREEMENT_EXPLORE)
    if last_on < first_on:
        raise InvalidInput("bad_span", fields={"last_on": [ENDS_BEFORE_START]})
    agreement = agreements.get_agreement(agreement_id) if draft is None else draft
    partner, is_borrowed = _partner(agreement, state)
    version = replace(agreement, partners=(partner,), status_history=_ALWAYS_IN_FORCE)
    tally = _Tally()
    for case, stops in _caseload(state, first_on, last_on):
        _count(tally, version, case, stops)
    return _result(tally, version, first_on, last_on, is_borrowed=is_borrowed)


def describe(found: WhatIf) -> Json:
    """Return what would have been as a plain document: for the interface and the command line."""
    terms = {name: agreements.describe_term(getattr(found, name)) for name in ("reply_term", "silence_term")}
    return {**asdict(found), **terms}


def _partner(agreement: Agreement, state: str) -> tuple[Party, bool]:
    """Return the State as a bound party, and whether its zone and calendar are borrowed."""
    named = [party for known in (agreement, *agreements.list_agreements()) if (party := known.party(state))]
    if named:
        return replace(named[0], is_bound=True), False
    return replace(agreement.partners[0], state=state, is_bound=True, authority=""), True


def _caseload(state: str, first_on: date, last_on: date) -> Iterator[tuple[Case, list[ClockStop]]]:
    """Go through the requests of a State in batches, with the columns that hold dates and codes, and no other."""
    since, until = _instant(first_on), _instant(last_on + timedelta(days=1))
    after = ""
    while batch := clock_queries.list_dates_of_requests(state, since, until, after, limit=500):
        stops = defaultdict(list)
        for stop in clock_queries.list_stops_of([case.id for case in batch]):
            stops[stop.case_id].append(stop)
        yield from ((case, stops[case.id]) for case in batch)
        after = batch[-1].id


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(clock.HOME_ZONE)).astimezone(UTC)


def _count(tally: _Tally, version: Agreement, case: Case, stops: list[ClockStop]) -> None:
    deadlines = agreements.clocks_under(
        agreement=version,
        state=case.requesting_state,
        kind=case.kind,
        procedure=case.procedure,
        events=clocks.events_of(case),
        stops=[Stop(stop.from_on, stop.to_on, stop.ground.value) for stop in stops],
    )
    reply = next((deadline for deadline in deadlines if deadline.kind in _REPLIES), None)
    tally.outcomes["cases"] += 1
    tally.month(_day(case.submitted_at), "received")
    tally.month(case.reply_due_on, "due_now")
    tally.outcomes["late_now"] += _is_late_now(case)
    outcome = _outcome(case, reply)
    tally.outcomes[outcome] += 1
    tally.month(reply.due_on if reply else None, "due_then")
    if reply is not None and outcome in ("late", "unanswered"):
        tally.month(reply.due_on, "late_then")
        tally.outcomes["bound"] += _binds(version, case.kind)


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone(ZoneInfo(clock.HOME_ZONE)).date()


def _is_late_now(case: Case) -> bool:
    """Tell whether the reply came, or is still owed, after the day that the law gave it."""
    if case.reply_due_on is None or case.state is CaseState.WITHDRAWN:
        return False
    return (_day(case.replied_at) or clock.today()) > case.reply_due_on


def _outcome(case: Case, reply: Deadline | None) -> str:
    if reply is None or reply.due_on is None or reply.is_internal:
        return "without_limit"
    if reply.ended_on is not None:
        return "in_time" if reply.was_met else "late"
    if case.state is CaseState.WITHDRAWN:
        return "withdrawn"
    return "unanswered" if reply.is_overdue(clock.today()) else "running"


def _binds(version: Agreement, kind: CaseKind) -> bool:
    name = "transit.silence" if kind is CaseKind.TRANSIT else "reply.silence"
    return version.term(name).value == Silence.DEEMED_CONSENT.value


def _result(tally: _Tally, version: Agreement, first_on: date, last_on: date, *, is_borrowed: bool) -> WhatIf:
    counted = tally.outcomes
    partner = version.partners[0]
    return WhatIf(
        agreement_id=version.id,
        state=partner.state,
        first_on=first_on,
        last_on=last_on,
        calendar=partner.calendar_key,
        is_calendar_borrowed=is_borrowed,
        reply_term=version.term("reply.normal"),
        silence_term=version.silence,
        **{
            name: counted[name]
            for name in (
                "cases",
                "in_time",
                "late",
                "unanswered",
                "running",
                "without_limit",
                "withdrawn",
                "bound",
                "late_now",
            )
        },
        months=tuple(
            MonthLoad(month, count["received"], count["due_now"], count["due_then"], count["late_then"])
            for month, count in sorted(tally.months.items())
        ),
    )
