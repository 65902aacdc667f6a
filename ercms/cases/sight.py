"""Which cases are there for an actor at all: the one condition through which every list, search and count goes.

A sealed case is there for its named readers, and for everybody else as if it had never been. The policy says the same
of a single record (`ercms.access.predicates.may_know_of`); `tests/architecture/test_sealed_cases.py` finds a query
that goes past both.
"""

from sqlalchemy import ColumnElement, Select, not_, or_, select, true

from ercms.cases.models import Case, CaseReader
from ercms.core.actor import Actor


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which a case is there for an actor; the system works on every case."""
    if actor.is_system:
        return true()
    return or_(not_(Case.is_sealed), Case.id.in_(_named(actor)))


def hidden_case_ids(actor: Actor) -> Select[str]:
    """Return a query for the cases that are not there for an actor: few, and read off an index of their own."""
    hidden = select(Case.id).where(Case.is_sealed)
    return hidden.where(Case.id.is_(None)) if actor.is_system else hidden.where(Case.id.not_in(_named(actor)))


def _named(actor: Actor) -> Select[str]:
    return select(CaseReader.case_id).where(CaseReader.user_id == actor.user_id, CaseReader.ended_at.is_(None))
