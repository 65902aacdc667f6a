"""The machine of one interview: asked for, slots offered, one chosen, held; or missed, with one second appointment.

A mission of the requested State interviews a person whose nationality no document shows. An interview that falls
through for another reason than the person's absence counts as no absence. After a second absence no third appointment
is offered: the interview is closed without one, and the case is decided on what there is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workflows.machine import Option, Rule, Transition, Workflow, require

MOST_APPOINTMENTS = 2
"""How often a person who did not come is expected: once, and a second time."""


class InterviewState(StrEnum):
    """Where an interview stands."""

    REQUESTED = "requested"
    SLOTS_OFFERED = "slots_offered"
    AGREED = "agreed"
    MISSED = "missed"
    HELD = "held"
    CLOSED_WITHOUT = "closed_without"
    CANCELLED = "cancelled"


class InterviewTrigger(StrEnum):
    """What can be done with an interview."""

    OFFER = "offer"
    CHOOSE = "choose"
    RELEASE = "release"
    HOLD = "hold"
    MISS = "miss"
    CLOSE = "close"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewFacts:
    """What is known of an interview when a trigger is fired; what is left out speaks against the act."""

    is_case_open: bool = False
    """The request has been sent and not been decided: an interview serves the decision."""
    has_place: bool = False
    has_slots: bool = False
    are_slots_ahead: bool = False
    are_slots_free: bool = False
    """The mission has agreed on no other interview that goes on at one of these times."""
    is_slot_offered: bool = False
    is_slot_ahead: bool = False
    is_slot_free: bool = False
    is_contact_allowed: bool = False
    """The requesting authority confirms that no procedure for protection forbids contact with the person's State."""
    has_begun: bool = False
    has_outcome: bool = False
    has_protocol: bool = False
    has_reason: bool = False
    absences: int = MOST_APPOINTMENTS


def _is_case_open(facts: InterviewFacts) -> None:
    require(facts.is_case_open, "no_interview_now")


def _has_place(facts: InterviewFacts) -> None:
    require(facts.has_place, "interview_place_missing")


def _has_slots(facts: InterviewFacts) -> None:
    require(facts.has_slots, "slots_missing")
    require(facts.are_slots_ahead, "slot_in_the_past")
    require(facts.are_slots_free, "slot_taken")


def _may_have_another(facts: InterviewFacts) -> None:
    require(facts.absences < MOST_APPOINTMENTS, "no_third_appointment")


def _slot_is_good(facts: InterviewFacts) -> None:
    require(facts.is_slot_offered, "slot_not_offered")
    require(facts.is_slot_ahead, "slot_in_the_past")
    require(facts.is_slot_free, "slot_taken")


def _contact_is_allowed(facts: InterviewFacts) -> None:
    require(facts.is_contact_allowed, "contact_not_confirmed")


def _has_begun(facts: InterviewFacts) -> None:
    require(facts.has_begun, "interview_not_begun")


def _has_result(facts: InterviewFacts) -> None:
    require(facts.has_outcome, "interview_outcome_missing")
    require(facts.has_protocol, "protocol_missing")


def _has_reason(facts: InterviewFacts) -> None:
    require(facts.has_reason, "reason_missing")


S = InterviewState
T = InterviewTrigger
OPEN_STATES = frozenset({S.REQUESTED, S.SLOTS_OFFERED, S.AGREED, S.MISSED})
"""In these somebody still owes something."""

MACHINE: Workflow[InterviewState, InterviewTrigger, InterviewFacts] = Workflow(
    InterviewState,
    InterviewTrigger,
    S.REQUESTED,
    (
        Rule(
            T.OFFER,
            (S.REQUESTED, S.SLOTS_OFFERED, S.MISSED),
            S.SLOTS_OFFERED,
            (_is_case_open, _may_have_another, _has_place, _has_slots),
        ),
        Rule(T.CHOOSE, (S.SLOTS_OFFERED,), S.AGREED, (_is_case_open, _slot_is_good, _contact_is_allowed)),
        Rule(T.RELEASE, (S.SLOTS_OFFERED, S.AGREED), S.REQUESTED, (_has_reason,)),
        Rule(T.HOLD, (S.AGREED,), S.HELD, (_has_begun, _has_result)),
        Rule(T.MISS, (S.AGREED,), S.MISSED, (_has_begun,)),
        Rule(T.CLOSE, (S.MISSED,), S.CLOSED_WITHOUT, (_has_reason,)),
        Rule(T.CANCEL, (S.REQUESTED, S.SLOTS_OFFERED, S.AGREED, S.MISSED), S.CANCELLED, (_has_reason,)),
    ),
)


@dataclass(frozen=True, slots=True, order=True)
class Appointment:
    """A stretch of time that an interview takes: an aware instant, and minutes."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """Return the instant from which the mission is free again."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def overlaps(self, other: "Appointment") -> bool:
        """Tell whether nobody could attend both; one may begin when the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def fire(
    state: InterviewState, trigger: InterviewTrigger, facts: InterviewFacts
) -> Transition[InterviewState, InterviewTrigger]:
    """Decide what the trigger does with an interview in this state.

    Raises:
        TransitionNotAllowed: the trigger does not start from this state.
        GuardRefused: a guard says no; its code tells which rule.
    """
    return MACHINE.fire(state, trigger, facts)


def available(state: InterviewState, facts: InterviewFacts) -> tuple[Option[InterviewState, InterviewTrigger], ...]:
    """List what can be done from this state, each with the code of what stands against it now, if anything."""
    return MACHINE.available(state, facts)
