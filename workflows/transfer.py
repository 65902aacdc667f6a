"""The machine of one transfer attempt: a failed flight ends this attempt, and the next one is a new record."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.errors import GuardRefused
from workflows.machine import Option, Rule, Transition, Workflow, require


class TransferState(StrEnum):
    """Where a transfer attempt stands."""

    PLANNED = "planned"
    NOTIFIED = "notified"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TransferTrigger(StrEnum):
    """What can be done with a transfer attempt."""

    NOTIFY = "notify"
    DEPART = "depart"
    ARRIVE = "arrive"
    FAIL = "fail"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFacts:
    """What is known of a transfer attempt when a trigger is fired; what is left out speaks against the act."""

    today: date
    transfer_on: date | None = None
    has_crossing_point: bool = False
    arrived_on: date | None = None
    has_reason: bool = False


def _transfer_date(facts: TransferFacts) -> date:
    if facts.transfer_on is None:
        raise GuardRefused("transfer_date_missing")
    return facts.transfer_on


def _date_to_come(facts: TransferFacts) -> None:
    require(_transfer_date(facts) >= facts.today, "transfer_date_past")


def _date_reached(facts: TransferFacts) -> None:
    require(_transfer_date(facts) <= facts.today, "transfer_date_not_reached")


def _has_crossing_point(facts: TransferFacts) -> None:
    require(facts.has_crossing_point, "crossing_point_missing")


def _has_arrived(facts: TransferFacts) -> None:
    if facts.arrived_on is None:
        raise GuardRefused("arrival_date_missing")
    require(facts.arrived_on <= facts.today, "arrival_date_in_future")


def _has_reason(facts: TransferFacts) -> None:
    require(facts.has_reason, "reason_missing")


S = TransferState
T = TransferTrigger
MACHINE: Workflow[TransferState, TransferTrigger, TransferFacts] = Workflow(
    TransferState,
    TransferTrigger,
    S.PLANNED,
    (
        Rule(T.NOTIFY, (S.PLANNED,), S.NOTIFIED, (_date_to_come, _has_crossing_point)),
        Rule(T.DEPART, (S.NOTIFIED,), S.DEPARTED, (_date_reached,)),
        # Not every authority reports the departure, so a border officer may confirm the arrival without it.
        Rule(T.ARRIVE, (S.NOTIFIED, S.DEPARTED), S.ARRIVED, (_has_arrived,)),
        Rule(T.FAIL, (S.NOTIFIED, S.DEPARTED), S.FAILED, (_has_reason,)),
        Rule(T.CANCEL, (S.PLANNED, S.NOTIFIED), S.CANCELLED, (_has_reason,)),
    ),
)


def fire(
    state: TransferState, trigger: TransferTrigger, facts: TransferFacts
) -> Transition[TransferState, TransferTrigger]:
    """Decide what the trigger does with a transfer attempt in this state.

    Raises:
        TransitionNotAllowed: the trigger does not start from this state.
        GuardRefused: a guard says no; its code tells which rule.
    """
    return MACHINE.fire(state, trigger, facts)


def available(state: TransferState, facts: TransferFacts) -> tuple[Option[TransferState, TransferTrigger], ...]:
    """List what can be done from this state, each with the code of what stands against it now, if anything."""
    return MACHINE.available(state, facts)
