"""Named reads of limits and alarms."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from ercms.core.actor import Role
from ercms.core.errors import NotFound
from ercms.extensions import db
from ercms.reading.models import ReadingAlarm, ReadingLimit


def find_limit(role: Role) -> ReadingLimit | None:
    """Return what was set for a role, if anything ever was."""
    return db.session.get(ReadingLimit, role)


def list_limits() -> Sequence[ReadingLimit]:
    """Return what was set, for all roles."""
    return db.session.scalars(select(ReadingLimit)).all()


def find_alarm(user_id: str, channel: str, since: datetime) -> ReadingAlarm | None:
    """Return the newest alarm on a reader's channel since an instant."""
    statement = (
        select(ReadingAlarm)
        .where(ReadingAlarm.user_id == user_id, ReadingAlarm.channel == channel, ReadingAlarm.raised_at >= since)
        .order_by(ReadingAlarm.raised_at.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def list_alarms(*, is_marked: bool, limit: int) -> Sequence[ReadingAlarm]:
    """Return the alarms that somebody looked into, or those that wait, the newest first."""
    marked = ReadingAlarm.mark.is_not(None) if is_marked else ReadingAlarm.mark.is_(None)
    statement = select(ReadingAlarm).where(marked).order_by(ReadingAlarm.raised_at.desc(), ReadingAlarm.id)
    return db.session.scalars(statement.limit(limit)).all()


def count_waiting() -> int:
    """Count the alarms that nobody has looked into."""
    statement = select(func.count()).select_from(ReadingAlarm).where(ReadingAlarm.mark.is_(None))
    return db.session.scalar(statement) or 0


def get_alarm(alarm_id: str) -> ReadingAlarm:
    """Return an alarm.

    Raises:
        NotFound: there is none of this identifier.
    """
    alarm = db.session.get(ReadingAlarm, alarm_id)
    if alarm is None:
        raise NotFound
    return alarm
