"""What the domains that keep records of cases ask of the cases themselves, for their lists."""

from collections.abc import Iterable

from sqlalchemy import Select, Subquery, and_, select

from ercms.access.policy import ScopeKind, case_scope
from ercms.access.predicates import BORDER_STATES
from ercms.cases import queries, seals, sight, worklist
from ercms.cases.models import Case
from ercms.cases.references import tidy_reference
from ercms.core.actor import Actor
from workflows.readmission import CaseState

__all__ = [
    "Case",
    "cases_of_records",
    "find_case_id",
    "hidden_case_ids",
    "is_there_for",
    "persons_in_sight",
    "reader_ids",
    "transfer_cases",
    "visible_case_ids",
    "waiting_for_documents",
]


def cases_of_records(*, case_ids: Iterable[str]) -> dict[str, Case]:
    """Return the cases that some records belong to, by identifier; the caller has checked the records."""
    return {case.id: case for case in queries.list_cases_by_id(case_ids)}


def visible_case_ids(*, actor: Actor) -> Select[str]:
    """Return a query for the identifiers of the cases that may stand in this actor's lists."""
    return select(Case.id).where(worklist.visible_to(actor))


def waiting_for_documents(*, actor: Actor, states: Iterable[CaseState]) -> Subquery:
    """Return a query for the cases of this actor's lists in these states: `id`, and the `due_on` of their documents."""
    shown = select(Case.id, Case.document_due_on.label("due_on"))
    return shown.where(worklist.visible_to(actor), Case.state.in_(list(states))).subquery("waiting_cases")


def transfer_cases(*, actor: Actor) -> Subquery:
    """Return a query for the cases whose transfers this actor may list: `id`, and whether one `is_announced`.

    The border service has no list of cases; it sees who was announced to it, and who has arrived or not.
    """
    is_border = case_scope(actor).kind is ScopeKind.BORDER
    at_the_border = and_(Case.state.in_(sorted(BORDER_STATES)), sight.in_sight(actor))
    in_sight = at_the_border if is_border else worklist.visible_to(actor)
    is_announced = (Case.state == CaseState.TRANSFER_NOTIFIED).label("is_announced")
    return select(Case.id, is_announced).where(in_sight).subquery("transfer_cases")


def hidden_case_ids(*, actor: Actor) -> Select[str]:
    """Return a query for the sealed cases of which this actor is no reader: their records stand in no list."""
    return sight.hidden_case_ids(actor)


def reader_ids(*, case_id: str) -> frozenset[str] | None:
    """Return who alone may learn of a case while it is sealed; None for a case that is not."""
    return seals.reader_ids_of(case_id)


def is_there_for(*, user_id: str, case_id: str) -> bool:
    """Tell whether a case is there for a user as far as its sealing goes; the policy says the rest."""
    readers = seals.reader_ids_of(case_id)
    return readers is None or user_id in readers


def find_case_id(*, reference: str) -> str | None:
    """Return the identifier behind a reference, whatever the case's state; the caller has checked who asks."""
    tidied = tidy_reference(reference)
    case = None if tidied is None else queries.find_case(tidied)
    return None if case is None else case.id


def persons_in_sight(*, actor: Actor, person_ids: Iterable[str]) -> dict[str, str]:
    """Return those of these persons whose case may stand in this actor's lists, each with the case."""
    return queries.find_case_ids_of_persons(person_ids, worklist.visible_to(actor))


def all_persons_in_sight(*, actor: Actor) -> Select[str]:
    """Select the identifiers of all persons whose case may stand in this actor's lists."""
    return queries.selected_persons(worklist.visible_to(actor))
