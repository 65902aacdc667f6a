"""The machine of one inquiry to an agency: sent, answered or withdrawn; a further question is a new inquiry.

Being overdue is no state: an answer that comes late is an answer all the same.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.machine import Option, Rule, Transition, Workflow, require


class InquiryState(StrEnum):
    """Where an inquiry stands."""

    DRAFT = "draft"
    SENT = "sent"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class InquiryTrigger(StrEnum):
    """What can be done with an inquiry."""

    SEND = "send"
    ANSWER = "answer"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryFacts:
    """What is known of an inquiry when a trigger is fired; what is left out speaks against the act."""

    has_agency: bool = False
    has_named_fields: bool = False
    """The inquiry names what the agency may see: it sees nothing else."""
    has_answer: bool = False
    has_reason: bool = False


def _has_agency(facts: InquiryFacts) -> None:
    require(facts.has_agency, "agency_missing")


def _has_named_fields(facts: InquiryFacts) -> None:
    require(facts.has_named_fields, "inquiry_fields_missing")


def _has_answer(facts: InquiryFacts) -> None:
    require(facts.has_answer, "answer_missing")


def _has_reason(facts: InquiryFacts) -> None:
    require(facts.has_reason, "reason_missing")


S = InquiryState
T = InquiryTrigger
MACHINE: Workflow[InquiryState, InquiryTrigger, InquiryFacts] = Workflow(
    InquiryState,
    InquiryTrigger,
    S.DRAFT,
    (
        Rule(T.SEND, (S.DRAFT,), S.SENT, (_has_agency, _has_named_fields)),
        Rule(T.ANSWER, (S.SENT,), S.ANSWERED, (_has_answer,)),
        Rule(T.WITHDRAW, (S.DRAFT,), S.WITHDRAWN),
        Rule(T.WITHDRAW, (S.SENT,), S.WITHDRAWN, (_has_reason,)),
    ),
)


def fire(state: InquiryState, trigger: InquiryTrigger, facts: InquiryFacts) -> Transition[InquiryState, InquiryTrigger]:
    """Decide what the trigger does with an inquiry in this state.

    Raises:
        TransitionNotAllowed: the trigger does not start from this state.
        GuardRefused: a guard says no; its code tells which rule.
    """
    return MACHINE.fire(state, trigger, facts)


def available(state: InquiryState, facts: InquiryFacts) -> tuple[Option[InquiryState, InquiryTrigger], ...]:
    """List what can be done from this state, each with the code of what stands against it now, if anything."""
    return MACHINE.available(state, facts)


def is_overdue(state: InquiryState, due_on: date | None, today: date) -> bool:
    """Tell whether an answer is still owed after its last day."""
    return state is InquiryState.SENT and due_on is not None and today > due_on
