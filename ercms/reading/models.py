"""From how many files on reading is unusual, and when somebody read that many. What was read stands in the audit."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.actor import Role
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.reading.enums import AlarmMark


class ReadingLimit(Base):
    """What the data protection officer set for a role in place of the default; `hours` is the time looked back on."""

    __tablename__ = "reading_limits"
    __table_args__ = (
        CheckConstraint("hours BETWEEN 1 AND 168", name="a_week_at_most"),
        CheckConstraint("alarm_at >= 1 AND stop_at > alarm_at", name="alarm_before_stop"),
    )

    role: Mapped[Role] = mapped_column(enum_column(Role, "role"), primary_key=True)
    hours: Mapped[int] = mapped_column(SmallInteger)
    alarm_at: Mapped[int]
    stop_at: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    changed_by_id: Mapped[str] = mapped_column(String(32))

    __mapper_args__ = {"version_id_col": version}


class ReadingAlarm(Base):
    """That a user, or a program that acts as one, opened unusually many files; one row for one stretch of reading."""

    __tablename__ = "reading_alarms"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    channel: Mapped[str] = mapped_column(String(20))
    files: Mapped[int]
    hours: Mapped[int] = mapped_column(SmallInteger)
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime())
    stops: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    released_by_id: Mapped[str | None] = mapped_column(String(32))
    mark: Mapped[AlarmMark | None] = mapped_column(enum_column(AlarmMark, "mark"))
    marked_by_id: Mapped[str | None] = mapped_column(String(32))
    marked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("(mark IS NULL) = (marked_at IS NULL)", name="marked_has_marked_at"),
        CheckConstraint("(stops = 0) = (stopped_at IS NULL)", name="stopped_has_stopped_at"),
        Index("ix_reading_alarms_user", "user_id", "channel", "raised_at"),
        Index("ix_reading_alarms_raised", "raised_at", "id"),
    )
