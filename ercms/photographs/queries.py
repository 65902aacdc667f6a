"""Named reads of findings on photographs."""

from collections.abc import Sequence

from sqlalchemy import select

from ercms.extensions import db
from ercms.photographs.models import PhotographComparison


def list_findings(case_id: str) -> Sequence[PhotographComparison]:
    """Return the findings of a case, the latest first."""
    statement = select(PhotographComparison).where(PhotographComparison.case_id == case_id)
    ordered = statement.order_by(PhotographComparison.found_at.desc(), PhotographComparison.id)
    return db.session.scalars(ordered).all()


def list_findings_of(person_ids: Sequence[str]) -> Sequence[PhotographComparison]:
    """Return the findings on these persons, the first made first."""
    statement = select(PhotographComparison).where(PhotographComparison.person_id.in_(person_ids))
    return db.session.scalars(statement.order_by(PhotographComparison.found_at, PhotographComparison.id)).all()
