"""The machine of one travel document: each re-issue is a document of its own, so nothing here bends the case."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.errors import GuardRefused
from workflows.machine import Option, Rule, Transition, Workflow, require


class DocumentState(StrEnum):
    """Where a travel document stands."""

    REQUESTED = "requested"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    USED = "used"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class DocumentTrigger(StrEnum):
    """What can be done with a travel document."""

    ISSUE = "issue"
    HAND_OVER = "hand_over"
    USE = "use"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What is known of a travel document when a trigger is fired; what is left out speaks against the act."""

    today: date
    has_number: bool = False
    issued_on: date | None = None
    valid_until: date | None = None
    has_reason: bool = False
    has_successor: bool = False
    """A document that takes the place of this one is on record."""


def _has_number(facts: DocumentFacts) -> None:
    require(facts.has_number, "document_number_missing")


def _issue_date_known(facts: DocumentFacts) -> None:
    if facts.issued_on is None:
        raise GuardRefused("issue_date_missing")
    require(facts.issued_on <= facts.today, "issue_date_in_future")


def _validity(facts: DocumentFacts) -> date:
    if facts.valid_until is None:
        raise GuardRefused("validity_missing")
    return facts.valid_until


def _valid_today(facts: DocumentFacts) -> None:
    require(_validity(facts) >= facts.today, "document_expired")


def _validity_passed(facts: DocumentFacts) -> None:
    require(_validity(facts) < facts.today, "document_still_valid")


def _has_reason(facts: DocumentFacts) -> None:
    require(facts.has_reason, "reason_missing")


def _has_successor(facts: DocumentFacts) -> None:
    require(facts.has_successor, "successor_missing")


S = DocumentState
T = DocumentTrigger
MACHINE: Workflow[DocumentState, DocumentTrigger, DocumentFacts] = Workflow(
    DocumentState,
    DocumentTrigger,
    S.REQUESTED,
    (
        Rule(T.ISSUE, (S.REQUESTED,), S.ISSUED, (_has_number, _issue_date_known, _valid_today)),
        Rule(T.HAND_OVER, (S.ISSUED,), S.HANDED_OVER, (_valid_today,)),
        # Some documents travel with the escort and are never handed to the person. The journey proves the use, and the
        # arrival may be confirmed after the validity ended.
        Rule(T.USE, (S.ISSUED, S.HANDED_OVER), S.USED),
        Rule(T.EXPIRE, (S.ISSUED, S.HANDED_OVER), S.EXPIRED, (_validity_passed,)),
        Rule(T.REPLACE, (S.ISSUED, S.HANDED_OVER, S.EXPIRED), S.REPLACED, (_has_successor,)),
        Rule(T.CANCEL, (S.REQUESTED, S.ISSUED, S.HANDED_OVER), S.CANCELLED, (_has_reason,)),
    ),
)


def fire(
    state: DocumentState, trigger: DocumentTrigger, facts: DocumentFacts
) -> Transition[DocumentState, DocumentTrigger]:
    """Decide what the trigger does with a document in this state.

    Raises:
        TransitionNotAllowed: the trigger does not start from this state.
        GuardRefused: a guard says no; its code tells which rule.
    """
    return MACHINE.fire(state, trigger, facts)


def available(state: DocumentState, facts: DocumentFacts) -> tuple[Option[DocumentState, DocumentTrigger], ...]:
    """List what can be done from this state, each with the code of what stands against it now, if anything."""
    return MACHINE.available(state, facts)
