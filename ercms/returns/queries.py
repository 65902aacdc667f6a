"""Named reads of transfers."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Subquery, and_, func, or_, select

from ercms.extensions import db
from ercms.returns.models import Transfer
from workflows.transfer import TransferState

ANNOUNCED = (TransferState.NOTIFIED, TransferState.DEPARTED)
REPORTED = (TransferState.ARRIVED, TransferState.FAILED)


def list_of_case(case_id: str) -> Sequence[Transfer]:
    """Return the attempts of a case, the first one first."""
    return db.session.scalars(select(Transfer).where(Transfer.case_id == case_id).order_by(Transfer.attempt)).all()


def find_last_of_case(case_id: str) -> Transfer | None:
    """Return the last attempt of a case."""
    statement = select(Transfer).where(Transfer.case_id == case_id).order_by(Transfer.attempt.desc()).limit(1)
    return db.session.scalars(statement).one_or_none()


def next_attempt(case_id: str) -> int:
    """Return the number that the next attempt of a case gets."""
    return (db.session.scalar(select(func.max(Transfer.attempt)).where(Transfer.case_id == case_id)) or 0) + 1


def list_in_sight(
    first: date, last: date, *, since: datetime, cases: Subquery, after: tuple[date, str] | None, limit: int
) -> Sequence[Transfer]:
    """Return the transfers announced for a span of days, and those that ended since an instant, by planned day.

    `cases` names the cases that count (`id`, `is_announced`): where a case has gone another way since, what was
    announced for it counts no more. `after` is the place behind which to begin.
    """
    is_announced = and_(Transfer.planned_on.between(first, last), Transfer.state.in_(ANNOUNCED), cases.c.is_announced)
    has_ended = and_(Transfer.ended_at >= since, Transfer.state.in_(REPORTED))
    statement = select(Transfer).join(cases, cases.c.id == Transfer.case_id).where(or_(is_announced, has_ended))
    if after is not None:
        day, last_id = after
        behind = and_(Transfer.planned_on == day, Transfer.id > last_id)
        statement = statement.where(or_(Transfer.planned_on > day, behind))
    return db.session.scalars(statement.order_by(Transfer.planned_on, Transfer.id).limit(limit)).all()
