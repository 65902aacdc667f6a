"""Named reads of travel documents."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select

from ercms.extensions import db
from ercms.travel_documents.models import TravelDocument
from workflows.travel_document import DocumentState

LONGEST_LIST = 200


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


def list_in_states(
    *, states: Iterable[DocumentState], case_ids: Select[str] | None = None, mission_id: str | None = None
) -> Sequence[TravelDocument]:
    """Return the documents in these states, those asked for first at the top, of one mission or of some cases."""
    statement = select(TravelDocument).where(TravelDocument.state.in_(list(states)))
    if case_ids is not None:
        statement = statement.where(TravelDocument.case_id.in_(case_ids))
    if mission_id is not None:
        statement = statement.where(TravelDocument.mission_id == mission_id)
    statement = statement.order_by(TravelDocument.requested_at, TravelDocument.id).limit(LONGEST_LIST)
    return db.session.scalars(statement).all()
