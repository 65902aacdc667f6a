"""Which cases have ended, in which way, and since when: the schedule of erasure is applied to them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from ercms.cases.enums import CaseOutcome
from ercms.cases.models import Case
from ercms.extensions import db
from workflows.readmission import CaseState

S = CaseState

_IS_CLOSED = Case.state == S.CLOSED
_RETURNED_AND_DONE = (S.CLOSED, S.TRANSFERRED, S.TAKEN_BACK, S.REFERRAL_DECLINED)


def _closed(*criteria: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(_IS_CLOSED, Case.transferred_at.is_(None), *criteria)


_ENDED_AS: dict[CaseOutcome, ColumnElement[bool]] = {
    CaseOutcome.NEVER_SENT: Case.state == S.DRAFT,
    CaseOutcome.WITHDRAWN: or_(
        Case.state == S.WITHDRAWN, _closed(Case.decided_at.is_(None), Case.accepted_at.is_(None))
    ),
    CaseOutcome.REFUSED: or_(
        Case.state == S.REFUSED, _closed(Case.decided_at.is_not(None), Case.accepted_at.is_(None))
    ),
    CaseOutcome.NOT_CARRIED_OUT: or_(
        Case.state.in_((S.LAPSED, S.ACCEPTANCE_EXPIRED)), _closed(Case.accepted_at.is_not(None))
    ),
    CaseOutcome.RETURNED: and_(Case.transferred_at.is_not(None), Case.state.in_(_RETURNED_AND_DONE)),
}
# Since when: the return or the decision; where nothing was decided, the last change of the case.
_SINCE = {
    CaseOutcome.REFUSED: Case.decided_at,
    CaseOutcome.RETURNED: func.coalesce(Case.taken_back_at, Case.transferred_at),
}


def list_ended(
    outcome: CaseOutcome, before: datetime, without: Select[str], *, case_id: str | None, limit: int | None
) -> Sequence[tuple[Case, datetime]]:
    """Return cases that ended in this way before an instant, each with when, the oldest first."""
    since = _SINCE.get(outcome, Case.changed_at)
    statement = (
        select(Case, since)
        .where(_ENDED_AS[outcome], since < before, Case.id.not_in(without))
        .order_by(since, Case.id)
        .limit(limit)
        .options(selectinload(Case.members))
    )
    if case_id is not None:
        statement = statement.where(Case.id == case_id)
    return [(case, at) for case, at in db.session.execute(statement) if at is not None]
