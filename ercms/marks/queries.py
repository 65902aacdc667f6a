"""Named reads of marks."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from ercms.core.errors import NotFound
from ercms.extensions import db
from ercms.marks.enums import MarkKind, MarkState
from ercms.marks.models import PersonMark


def get_mark(mark_id: str) -> PersonMark:
    """Return a mark.

    Raises:
        NotFound: there is none of this identifier.
    """
    mark = db.session.get(PersonMark, mark_id)
    if mark is None:
        raise NotFound
    return mark


def list_marks_of(person_ids: Iterable[str]) -> Sequence[PersonMark]:
    """Return all marks on the data of these persons, the oldest first."""
    statement = select(PersonMark).where(PersonMark.person_id.in_(list(person_ids)))
    return db.session.scalars(statement.order_by(PersonMark.asked_at, PersonMark.id)).all()


def list_standing(person_ids: Iterable[str]) -> Sequence[tuple[str, MarkKind, MarkState]]:
    """Return person, kind and state of the marks that stand: those waiting, and those granted."""
    statement = select(PersonMark.person_id, PersonMark.kind, PersonMark.state).where(
        PersonMark.person_id.in_(list(person_ids)), PersonMark.state.in_((MarkState.PENDING, MarkState.GRANTED))
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement)]


def list_by_state(states: Iterable[MarkState], limit: int) -> Sequence[PersonMark]:
    """Return marks in these states, those waiting longest first."""
    statement = select(PersonMark).where(PersonMark.state.in_(list(states)))
    return db.session.scalars(statement.order_by(PersonMark.asked_at, PersonMark.id).limit(limit)).all()
