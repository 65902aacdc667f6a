"""Named reads of travel documents."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, Subquery, and_, func, literal, or_, select

from ercms.extensions import db
from ercms.travel_documents.models import TravelDocument
from workflows.travel_document import DocumentState

NEVER = date.max


def list_of_case(case_id: str) -> Sequence[TravelDocument]:
    """Return the documents of a case, the oldest first."""
    statement = (
        select(TravelDocument)
        .where(TravelDocument.case_id == case_id)
        .order_by(TravelDocument.requested_at, TravelDocument.id)
    )
    return db.session.scalars(statement).all()


def find_document(document_id: str) -> TravelDocument | None:
    """Return a document."""
    return db.session.get(TravelDocument, document_id)


def list_requested(
    *, cases: Subquery, mission_id: str | None, after: tuple[date, str] | None, limit: int
) -> Sequence[TravelDocument]:
    """Return documents that are asked for, by the day on which they are due and, of one day, by identifier.

    `cases` names the cases that count (`id`, `due_on`); where no day is due, the document stands last, at `NEVER`.
    `after` is the place behind which to begin.
    """
    due_on = func.coalesce(cases.c.due_on, literal(NEVER, Date))
    statement = (
        select(TravelDocument)
        .join(cases, cases.c.id == TravelDocument.case_id)
        .where(TravelDocument.state == DocumentState.REQUESTED)
    )
    if mission_id is not None:
        statement = statement.where(TravelDocument.mission_id == mission_id)
    if after is not None:
        day, last_id = after
        statement = statement.where(or_(due_on > day, and_(due_on == day, TravelDocument.id > last_id)))
    return db.session.scalars(statement.order_by(due_on, TravelDocument.id).limit(limit)).all()
