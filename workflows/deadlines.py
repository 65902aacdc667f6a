"""The clocks of a case: kind, start event, length, unit, calendar, stops, extensions -> due day, with the arithmetic.

Pure: the agreement, the events and the calendars are given. Without an agreement in force there is no treaty clock at
all. Internal targets are labelled, never have a legal effect, and no stop silences them: who owes an answer still does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflows.agreement_files import InternalTargets
from workflows.arithmetic import Count, Extension, Step, StepCode, Stop, count_back, count_forward, last_day
from workflows.calendars import WorkingCalendar
from workflows.clocks import (
    BY_THE_REQUESTING_STATE,
    CLOCK_RULES,
    OWN_NATIONALS,
    REPLY_CLOCKS,
    ClockKind,
    ClockRule,
    ClockState,
    Deadline,
    Event,
    Moment,
)
from workflows.terms import Agreement, CaseKind, Confidence, Party, Procedure, Side, Term, Unit

__all__ = [
    "REPLY_CLOCKS",
    "ClockInput",
    "ClockKind",
    "ClockState",
    "Deadline",
    "Event",
    "Extension",
    "Moment",
    "Step",
    "StepCode",
    "Stop",
    "clocks_for",
    "legal_day",
    "validity_shortfall",
]


@dataclass(frozen=True, slots=True)
class ClockInput:
    """What happened in a case and on which day, and under what it is counted."""

    agreement: Agreement
    partner: Party
    kind: CaseKind
    procedure: Procedure
    events: Mapping[Event, Moment]
    calendars: Mapping[str, WorkingCalendar]
    internal: InternalTargets
    stops: Sequence[Stop] = ()
    extensions: Sequence[Extension] = ()
    is_outgoing: bool = False
    # The day of each event in the zone of the State where it happens, worked out once for all clocks.
    days: Mapping[Event, date] = field(init=False)

    def __post_init__(self) -> None:
        zones = {True: self.side(Side.REQUESTING).zone, False: self.side(Side.REQUESTED).zone}
        days = {
            event: legal_day(moment, zones[event in BY_THE_REQUESTING_STATE]) for event, moment in self.events.items()
        }
        object.__setattr__(self, "days", days)

    def side(self, side: Side) -> Party:
        """Return the State on a side: the partner requests, unless the request goes out from home."""
        return self.partner if (side is Side.REQUESTING) is not self.is_outgoing else self.agreement.home


class _Begun(NamedTuple):
    """A clock of a known start, before it is counted."""

    event: Event
    start_on: date
    term: Term
    confidence: Confidence
    owed_by: Party
    has_legal_effect: bool = False
    is_internal: bool = False
    start_term: Term | None = None
    stands_in_for: Term | None = None


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def legal_day(moment: Moment, zone: str) -> date:
    """Return the day on which a moment falls in a zone; a plain date is that day already.

    Raises:
        ValueError: the instant carries no zone of its own.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("an event needs an aware instant or a date")
    return moment.astimezone(_zone(zone)).date()


def clocks_for(
    agreement: Agreement | None,
    *,
    state: str,
    kind: CaseKind,
    procedure: Procedure,
    events: Mapping[Event, Moment],
    calendars: Mapping[str, WorkingCalendar],
    internal: InternalTargets,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Extension] = (),
    is_outgoing: bool = False,
) -> tuple[Deadline, ...]:
    """Return every clock of a case, in the order of the process.

    Empty without an agreement, for a State that it does not bind, and when it was not in force on the day of receipt
    (of the first event, where nothing was received yet). `calendars` maps `Party.calendar_key` to working days.
    """
    partner = agreement.party(state) if agreement is not None else None
    if agreement is None or partner is None or not partner.is_bound or not events:
        return ()
    case = ClockInput(agreement, partner, kind, procedure, events, calendars, internal, stops, extensions, is_outgoing)
    if not agreement.is_in_force(case.days.get(Event.RECEIPT) or min(case.days.values())):
        return ()
    clocks: list[Deadline] = []
    for rule in CLOCK_RULES:
        if kind in rule.kinds and procedure in rule.procedures and not _is_waived(case, rule):
            clock = _clock(case, rule)
            if clock is not None:
                clocks.append(clock)
                if clock.kind in REPLY_CLOCKS and not is_outgoing:
                    clocks += _agency_target(case, clock)
    if not is_outgoing:
        clocks += _internal(case, _DOMESTIC_DOCUMENT, Event.DOCUMENT_REQUESTED)
        clocks += _internal(case, _RENEWED_REPLY, Event.TAKEN_UP_AGAIN)
    return tuple(clocks)


def _is_waived(case: ClockInput, rule: ClockRule) -> bool:
    """Tell whether the agreement waives the notice: an own national who needs no application."""
    is_candidate = rule.is_backward and case.kind in OWN_NATIONALS and case.procedure is Procedure.NONE
    return is_candidate and case.agreement.term("transfer.notice_waived").value is True


def _clock(case: ClockInput, rule: ClockRule) -> Deadline | None:
    term = case.agreement.term(rule.term)
    start_term = case.agreement.term(rule.start_term) if rule.start_term else None
    event = _start_event(case, term, start_term)
    if event is None:
        return None
    start_on, owed_by = case.days.get(event), case.side(term.owed_by or Side.REQUESTED)
    confidence = _confidence(term, start_term)
    has_effect = term.is_verified and (start_term is None or start_term.is_verified)
    if start_on is None:
        return Deadline(
            kind=rule.kind,
            state=ClockState.WAITING,
            event=event,
            started_at=None,
            start_on=None,
            due_on=None,
            term=term,
            confidence=confidence,
            has_legal_effect=has_effect,
            is_internal=False,
            zone=owed_by.zone,
            start_term=start_term,
        )
    if term.length is None and rule.target:
        target = case.internal.term(rule.target)
        begun = _Begun(event, start_on, target, target.confidence, owed_by, False, True, start_term, term)
    else:
        begun = _Begun(event, start_on, term, confidence, owed_by, has_effect, False, start_term)
    return _counted(case, rule, begun)


def _counted(case: ClockInput, rule: ClockRule, begun: _Begun) -> Deadline:
    length, unit, ended_on = begun.term.length, begun.term.unit, _ended_on(case, rule, begun.start_on)
    if length is None or unit is None:
        steps = (Step(StepCode.UNKNOWN_LENGTH, begun.start_on),)
        state = ClockState.UNKNOWN_LENGTH if ended_on is None else ClockState.ENDED
        return _deadline(case, rule, begun._replace(has_legal_effect=False), Count(None, steps), state, ended_on)
    calendar = case.calendars[begun.owed_by.calendar_key]
    if rule.is_backward:
        count = count_back(begun.start_on, length, calendar=calendar)
    else:
        stops = () if begun.is_internal else [stop for stop in case.stops if _stops(stop, rule, ended_on)]
        extensions = [e for e in case.extensions if _extends(e, rule.kind)]
        count = count_forward(begun.start_on, length, unit, calendar=calendar, stops=stops, extensions=extensions)
    state = ClockState.STOPPED if count.due_on is None else ClockState.RUNNING
    if ended_on is not None:
        state = ClockState.ENDED
    return _deadline(case, rule, begun, count, state, ended_on)


def _deadline(
    case: ClockInput, rule: ClockRule, begun: _Begun, count: Count, state: ClockState, ended_on: date | None
) -> Deadline:
    steps = count.steps
    if begun.start_term is not None and not begun.start_term.is_known and begun.term.length is not None:
        steps = (Step(StepCode.CAUTIOUS_START, begun.start_on, detail=begun.event.value), *steps)
    calendar = case.calendars[begun.owed_by.calendar_key] if count.used_calendar else None
    return Deadline(
        kind=rule.kind,
        state=state,
        event=begun.event,
        started_at=case.events[begun.event],
        start_on=begun.start_on,
        due_on=count.due_on,
        term=begun.term,
        confidence=begun.confidence,
        has_legal_effect=begun.has_legal_effect,
        is_internal=begun.is_internal,
        zone=begun.owed_by.zone,
        steps=steps,
        start_term=begun.start_term,
        stands_in_for=begun.stands_in_for,
        calendar=calendar.name if calendar else "",
        calendar_version=calendar.version if calendar else "",
        rests_on_estimate=count.rests_on_estimate,
        ended_on=ended_on,
        held_on=count.held_on,
    )


def _start_event(case: ClockInput, term: Term, start_term: Term | None) -> Event | None:
    """Return the event that starts the clock; None while nothing speaks for it.

    A reply clock whose event is still to come is shown as waiting once the request has been received.
    """
    if start_term is not None:
        word = start_term.value if start_term.is_known else start_term.cautious
        event = Event(str(word)) if word else Event.RECEIPT
        return event if event in case.events or Event.RECEIPT in case.events else None
    return next((Event(name) for name in term.starts_on if Event(name) in case.events), None)


def _confidence(term: Term, start_term: Term | None) -> Confidence:
    if start_term is None or start_term.is_verified:
        return term.confidence
    return max(term.confidence, Confidence.REPORTED, key=lambda confidence: confidence.rank)


def _extends(extension: Extension, kind: ClockKind) -> bool:
    return extension.clock == kind.value if extension.clock else kind in REPLY_CLOCKS


def _stops(stop: Stop, rule: ClockRule, ended_on: date | None) -> bool:
    """Tell whether a stop holds a clock: not one that names others, nor one that began after the act was done."""
    is_meant = not stop.clocks or rule.kind.value in stop.clocks
    return is_meant and (ended_on is None or stop.from_on <= ended_on)


def _ended_on(case: ClockInput, rule: ClockRule, start_on: date) -> date | None:
    """Return the day of the first ending event that came after the clock's start."""
    days = [case.days[event] for event in rule.ended_by if event in case.days]
    if not rule.is_backward:
        days = [day for day in days if day >= start_on]
    return min(days, default=None)


def _agency_target(case: ClockInput, reply: Deadline) -> Iterable[Deadline]:
    """Return the internal day for the agencies' answers: a share of the reply limit, as if nothing stopped it."""
    term = case.internal.term("agency_inquiries.share_of_reply")
    length, unit, home = reply.term.length, reply.term.unit, case.side(Side.REQUESTED)
    if reply.start_on is None or length is None or unit is None or not isinstance(term.value, int):
        return
    calendar = case.calendars[home.calendar_key]
    limit = last_day(reply.start_on, length, unit, calendar)
    share = timedelta(days=(limit - reply.start_on).days * term.value // 100)
    due = max(calendar.last_working_day_until(reply.start_on + share), reply.start_on)
    yield Deadline(
        kind=ClockKind.AGENCY_INQUIRIES,
        state=ClockState.RUNNING if reply.ended_on is None else ClockState.ENDED,
        event=reply.event,
        started_at=reply.started_at,
        start_on=reply.start_on,
        due_on=due,
        term=term,
        confidence=reply.confidence,
        has_legal_effect=False,
        is_internal=True,
        zone=reply.zone,
        steps=(
            Step(StepCode.START, reply.start_on),
            Step(StepCode.SHARE, reply.start_on, limit, term.value, Unit.PERCENT),
            Step(StepCode.DUE, due),
        ),
        start_term=reply.start_term,
        stands_in_for=reply.stands_in_for,
        calendar=calendar.name,
        calendar_version=calendar.version,
        rests_on_estimate=calendar.rests_on_estimate(reply.start_on, limit),
        ended_on=reply.ended_on,
    )


_DOMESTIC_DOCUMENT = ClockRule(
    ClockKind.DOCUMENT_DOMESTIC, "document.domestic_issue", OWN_NATIONALS, ended_by=(Event.DOCUMENT_ISSUED,)
)
# No agreement limits the reply to a request that is taken up again after a refusal or after its limit passed: the
# treaty's limit was for the first reply, and stays met or missed. What remains is the Service's own target.
_RENEWED_REPLY = ClockRule(
    ClockKind.REPLY_RENEWED, "reply_renewed.target", frozenset(CaseKind), ended_by=(Event.RENEWED_REPLY,)
)


def _internal(case: ClockInput, rule: ClockRule, event: Event) -> Iterable[Deadline]:
    """Return a target of the house's own, once what starts it has happened; it never binds the other side."""
    start_on = case.days.get(event)
    if start_on is None or case.kind not in rule.kinds:
        return
    term, home = case.internal.term(rule.term), case.side(Side.REQUESTED)
    yield _counted(case, rule, _Begun(event, start_on, term, term.confidence, home, is_internal=True))


def validity_shortfall(agreement: Agreement, *, issued_on: date, valid_until: date) -> int | None:
    """Return by how many days a document is valid for less than the agreement demands; None when it is not.

    Shown at issue, never a block: the domestic return certificate may be valid for less than an agreement asks.
    """
    length = agreement.term("document.validity").length
    if length is None:
        return None
    missing = length - (valid_until - issued_on).days
    return missing if missing > 0 else None
