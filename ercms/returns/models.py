"""Attempts to transfer a person."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.returns.enums import TransferFailure, TransferMeans
from workflows.transfer import TransferState


class Transfer(Base):
    """One attempt; a failed flight is a row of its own and never bends the case."""

    __tablename__ = "transfers"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    attempt: Mapped[int]
    state: Mapped[TransferState] = mapped_column(enum_column(TransferState, "state"))
    planned_on: Mapped[date]
    means: Mapped[TransferMeans] = mapped_column(enum_column(TransferMeans, "means"))
    crossing_point: Mapped[str] = mapped_column(String(80))
    details_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    notified_by_id: Mapped[str] = mapped_column(String(32))
    notified_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_by_id: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    failure: Mapped[TransferFailure | None] = mapped_column(enum_column(TransferFailure, "failure"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("case_id", "attempt"),
        CheckConstraint("state != 'failed' OR failure IS NOT NULL", name="failed_has_failure"),
        Index("ix_transfers_arrivals", "state", "planned_on"),
    )
