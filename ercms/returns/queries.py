"""Named reads of transfers."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, func, select

from ercms.extensions import db
from ercms.returns.models import Transfer
from workflows.transfer import TransferState

LONGEST_LIST = 300


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


def list_planned_between(
    first: date, last: date, *, states: Iterable[TransferState], case_ids: Select[str] | None = None
) -> Sequence[Transfer]:
    """Return the transfers planned in a span of days, by day, of all cases or of some."""
    statement = select(Transfer).where(Transfer.planned_on.between(first, last), Transfer.state.in_(list(states)))
    if case_ids is not None:
        statement = statement.where(Transfer.case_id.in_(case_ids))
    return db.session.scalars(statement.order_by(Transfer.planned_on, Transfer.id).limit(LONGEST_LIST)).all()
