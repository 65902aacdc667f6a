"""Named reads of interviews."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import selectinload

from ercms.extensions import db
from ercms.interviews.models import Interview, InterviewSlot
from workflows.interview import OPEN_STATES, Appointment, InterviewState

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


def list_agreed(*, mission_id: str, since: datetime, without: str) -> list[Appointment]:
    """Return the appointments agreed on at a mission that begin after an instant, but that of one interview."""
    slot = and_(
        InterviewSlot.interview_id == Interview.id,
        InterviewSlot.offer == Interview.offer,
        InterviewSlot.starts_at == Interview.starts_at,
    )
    statement = (
        select(InterviewSlot.starts_at, InterviewSlot.minutes)
        .select_from(Interview)
        .join(InterviewSlot, slot)
        .where(Interview.mission_id == mission_id, Interview.state == InterviewState.AGREED)
        .where(Interview.starts_at > since, Interview.id != without)
    )
    return [Appointment(starts_at, minutes) for starts_at, minutes in db.session.execute(statement)]


def hold_appointments(mission_id: str) -> None:
    """Let nobody else agree on an appointment at a mission until this transaction ends."""
    states = (InterviewState.SLOTS_OFFERED, InterviewState.AGREED)
    statement = select(Interview.id).where(Interview.mission_id == mission_id, Interview.state.in_(states))
    db.session.execute(statement.order_by(Interview.id).with_for_update()).all()
