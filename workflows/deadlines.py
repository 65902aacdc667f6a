"""The clocks of a case: kind, start event, length, unit, calendar, stops, extensions -> due day, with the arithmetic.

Pure: the agreement, the events and the calendars are given. Without an agreement in force there is no treaty clock at
all. Internal targets are labelled, never have a legal effect, and no stop silences them: who owes an answer still does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from workflows.agreement_files import InternalTargets
from workflows.arithmetic import Count, Extension, Step, StepCode, Stop, count_back, count_forward
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
    """What happened in a case, and under what it is counted."""

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

    def side(self, side: Side) -> Party:
        """Return the State on a side: the partner requests, unless the request goes out from home."""
        return self.partner if (side is Side.REQUESTING) is not self.is_outgoing else self.agreement.home

    def day_of(self, event: Event) -> date | None:
        """Return the day of an event in the zone of the State where it happens."""
        moment = self.events.get(event)
        if moment is None:
            return None
        side = Side.REQUESTING if event in BY_THE_REQUESTING_STATE else Side.REQUESTED
        return legal_day(moment, self.side(side).zone)


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
    days = [day for event in events if (day := case.day_of(event)) is not None]
    if not agreement.is_in_force(case.day_of(Event.RECEIPT) or min(days)):
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
    start_on = case.day_of(event)
    owed_by = case.side(term.owed_by or Side.REQUESTED)
    clock = Deadline(
        kind=rule.kind,
        state=ClockState.WAITING if start_on is None else ClockState.UNKNOWN_LENGTH,
        event=event,
        started_at=case.events.get(event),
        start_on=start_on,
        due_on=None,
        term=term,
        confidence=_confidence(term, start_term),
        has_legal_effect=term.is_verified and (start_term is None or start_term.is_verified),
        is_internal=False,
        zone=owed_by.zone,
        start_term=start_term,
    )
    if start_on is None:
        return clock
    if term.length is None and rule.target:
        target = case.internal.term(rule.target)
        clock = replace(
            clock,
            term=target,
            stands_in_for=term,
            is_internal=True,
            has_legal_effect=False,
            confidence=target.confidence,
        )
    return _counted(case, rule, _end(case, rule, clock), owed_by)


def _counted(case: ClockInput, rule: ClockRule, clock: Deadline, owed_by: Party) -> Deadline:
    length, unit, start_on = clock.term.length, clock.term.unit, clock.start_on
    if length is None or unit is None or start_on is None:
        return replace(clock, steps=(Step(StepCode.UNKNOWN_LENGTH, start_on),), has_legal_effect=False)
    calendar = case.calendars[owed_by.calendar_key]
    if rule.is_backward:
        count = count_back(start_on, length, calendar=calendar)
    else:
        stops = () if clock.is_internal else [stop for stop in case.stops if _stops(stop, rule, clock)]
        extensions = [e for e in case.extensions if _extends(e, rule.kind)]
        count = count_forward(start_on, length, unit, calendar=calendar, stops=stops, extensions=extensions)
    return _with_count(clock, count, calendar)


def _with_count(clock: Deadline, count: Count, calendar: WorkingCalendar) -> Deadline:
    steps = count.steps
    if clock.start_term is not None and not clock.start_term.is_known:
        steps = (Step(StepCode.CAUTIOUS_START, clock.start_on, detail=clock.event.value), *steps)
    state = ClockState.STOPPED if count.due_on is None else ClockState.RUNNING
    return replace(
        clock,
        state=clock.state if clock.state is ClockState.ENDED else state,
        due_on=count.due_on,
        held_on=count.held_on,
        steps=steps,
        calendar=calendar.name if count.used_calendar else "",
        calendar_version=calendar.version if count.used_calendar else "",
        rests_on_estimate=count.rests_on_estimate,
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


def _stops(stop: Stop, rule: ClockRule, clock: Deadline) -> bool:
    """Tell whether a stop holds a clock: not one that names others, nor one that began after the act was done."""
    is_meant = not stop.clocks or rule.kind.value in stop.clocks
    return is_meant and (clock.ended_on is None or stop.from_on <= clock.ended_on)


def _end(case: ClockInput, rule: ClockRule, clock: Deadline) -> Deadline:
    """Mark the clock as ended by the first of its ending events that came after its start."""
    days = [day for event in rule.ended_by if (day := case.day_of(event)) is not None]
    if not rule.is_backward:
        days = [day for day in days if clock.start_on is not None and day >= clock.start_on]
    return replace(clock, state=ClockState.ENDED, ended_on=min(days)) if days else clock


def _agency_target(case: ClockInput, reply: Deadline) -> Iterable[Deadline]:
    """Return the internal day for the agencies' answers: a share of the reply limit, as if nothing stopped it."""
    term = case.internal.term("agency_inquiries.share_of_reply")
    length, unit, home = reply.term.length, reply.term.unit, case.side(Side.REQUESTED)
    if reply.start_on is None or length is None or unit is None or not isinstance(term.value, int):
        return
    calendar = case.calendars[home.calendar_key]
    limit = count_forward(reply.start_on, length, unit, calendar=calendar).due_on
    if limit is None:
        return
    share = timedelta(days=(limit - reply.start_on).days * term.value // 100)
    due = calendar.last_working_day_until(reply.start_on + share)
    due = max(due, reply.start_on)
    yield replace(
        reply,
        kind=ClockKind.AGENCY_INQUIRIES,
        state=ClockState.RUNNING if reply.ended_on is None else ClockState.ENDED,
        due_on=due,
        term=term,
        is_internal=True,
        has_legal_effect=False,
        steps=(
            Step(StepCode.START, reply.start_on),
            Step(StepCode.SHARE, reply.start_on, limit, term.value, Unit.PERCENT),
            Step(StepCode.DUE, due),
        ),
        calendar=calendar.name,
        calendar_version=calendar.version,
        rests_on_estimate=calendar.rests_on_estimate(reply.start_on, limit),
        held_on=None,
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
    start_on = case.day_of(event)
    if start_on is None or case.kind not in rule.kinds:
        return
    term, home = case.internal.term(rule.term), case.side(Side.REQUESTED)
    clock = Deadline(
        kind=rule.kind,
        state=ClockState.RUNNING,
        event=event,
        started_at=case.events[event],
        start_on=start_on,
        due_on=None,
        term=term,
        confidence=term.confidence,
        has_legal_effect=False,
        is_internal=True,
        zone=home.zone,
    )
    yield _counted(case, rule, _end(case, rule, clock), home)


def validity_shortfall(agreement: Agreement, *, issued_on: date, valid_until: date) -> int | None:
    """Return by how many days a document is valid for less than the agreement demands; None when it is not.

    Shown at issue, never a block: the domestic return certificate may be valid for less than an agreement asks.
    """
    length = agreement.term("document.validity").length
    if length is None:
        return None
    missing = length - (valid_until - issued_on).days
    return missing if missing > 0 else None
