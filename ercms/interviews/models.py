"""Interviews by a mission, and the times that it offers for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ercms.cases.models import Case
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.interviews.enums import InterviewMode, InterviewOutcome
from workflows.interview import Appointment, InterviewState


class Interview(Base):
    """An interview of one person of a case by a mission, from the request to the protocol.

    `offer` counts the lists of times that the mission gave; the times of the last one count. `absences` counts how
    often the person did not come. What was said, asked, agreed and given as a reason is sealed under the person's key.
    """

    __tablename__ = "interviews"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    mission_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[InterviewState] = mapped_column(enum_column(InterviewState, "state"))
    is_of_application: Mapped[bool] = mapped_column(default=False)
    asked_by_id: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    request_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    mode: Mapped[InterviewMode | None] = mapped_column(enum_column(InterviewMode, "mode"))
    zone: Mapped[str | None] = mapped_column(String(60))
    place_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    offer: Mapped[int] = mapped_column(default=0)
    absences: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    contact_confirmed_by_id: Mapped[str | None] = mapped_column(String(32))
    contact_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    outcome: Mapped[InterviewOutcome | None] = mapped_column(enum_column(InterviewOutcome, "outcome"))
    protocol_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by_id: Mapped[str | None] = mapped_column(String(32))
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_by_id: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    case: Mapped[Case] = relationship(viewonly=True)
    slots: Mapped[list["InterviewSlot"]] = relationship(order_by="InterviewSlot.starts_at")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(
            "state != 'held' OR (outcome IS NOT NULL AND held_at IS NOT NULL AND protocol_sealed IS NOT NULL)",
            name="held_has_protocol",
        ),
        CheckConstraint(
            "state NOT IN ('agreed', 'held', 'missed') OR (starts_at IS NOT NULL AND contact_confirmed_at IS NOT NULL)",
            name="agreed_has_time_and_confirmation",
        ),
        CheckConstraint(
            "state NOT IN ('closed_without', 'cancelled') OR (ended_at IS NOT NULL AND reason_sealed IS NOT NULL)",
            name="ended_has_reason",
        ),
        CheckConstraint("absences BETWEEN 0 AND 2", name="two_appointments"),
        Index("ix_interviews_mission", "mission_id", "state"),
        Index("ix_interviews_state", "state", "asked_at"),
    )

    @property
    def offered(self) -> list["InterviewSlot"]:
        """Return the times of the last offer, the only ones that count."""
        return [slot for slot in self.slots if slot.offer == self.offer]


class InterviewSlot(Base):
    """A time that a mission offers, in minutes from its start."""

    __tablename__ = "interview_slots"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id"), index=True)
    offer: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime())
    minutes: Mapped[int]

    __table_args__ = (CheckConstraint("minutes BETWEEN 10 AND 480", name="minutes_of_a_day"),)

    @property
    def appointment(self) -> Appointment:
        """Return the stretch of time that it would take."""
        return Appointment(self.starts_at, self.minutes)
