"""What the domains that keep records of cases ask of the cases themselves, for their lists."""

from collections.abc import Iterable

from sqlalchemy import Select, select

from ercms.cases import queries, worklist
from ercms.cases.models import Case
from ercms.cases.references import tidy_reference
from ercms.core.actor import Actor

__all__ = ["Case", "cases_of_records", "find_case_id", "visible_case_ids"]


def cases_of_records(*, case_ids: Iterable[str]) -> dict[str, Case]:
    """Return the cases that some records belong to, by identifier; the caller has checked the records."""
    return {case.id: case for case in queries.list_cases_by_id(case_ids)}


def visible_case_ids(*, actor: Actor) -> Select[str]:
    """Return a query for the identifiers of the cases that may stand in this actor's lists."""
    return select(Case.id).where(worklist.visible_to(actor))


def find_case_id(*, reference: str) -> str | None:
    """Return the identifier behind a reference, whatever the case's state; the caller has checked who asks."""
    tidied = tidy_reference(reference)
    case = None if tidied is None else queries.find_case(tidied)
    return None if case is None else case.id


def persons_in_sight(*, actor: Actor, person_ids: Iterable[str]) -> dict[str, str]:
    """Return those of these persons whose case may stand in this actor's lists, each with the case."""
    return queries.find_case_ids_of_persons(person_ids, worklist.visible_to(actor))
