"""Named reads of interviews."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from ercms.extensions import db
from ercms.interviews.models import Interview
from workflows.interview import OPEN_STATES

MOST_LISTED = 200


def find_interview(interview_id: str) -> Interview | None:
    """Return an interview."""
    return db.session.get(Interview, interview_id)


def list_of_case(case_id: str) -> Sequence[Interview]:
    """Return the interviews of a case with the times offered, the latest asked for first."""
    statement = select(Interview).options(selectinload(Interview.slots)).where(Interview.case_id == case_id)
    return db.session.scalars(statement.order_by(Interview.asked_at.desc(), Interview.id)).all()


def list_in_sight(*, visible: Select[str], mission_id: str | None, are_open: bool) -> Sequence[Interview]:
    """Return interviews of the cases that `visible` names: the open ones, the longest asked for first, or the others.

    `mission_id` narrows them to those of one mission.
    """
    states = Interview.state.in_(OPEN_STATES)
    statement = select(Interview).where(Interview.case_id.in_(visible), states if are_open else ~states)
    if mission_id is not None:
        statement = statement.where(Interview.mission_id == mission_id)
    order = Interview.asked_at if are_open else Interview.asked_at.desc()
    return db.session.scalars(statement.order_by(order, Interview.id).limit(MOST_LISTED)).all()
