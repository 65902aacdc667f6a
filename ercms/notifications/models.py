"""Notices to officers: codes and references, never a name."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, id_type, new_id
from ercms.extensions import Base


class Notification(Base):
    """One notice to an organisation, or to one officer of it."""

    __tablename__ = "notifications"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    case_reference: Mapped[str | None] = mapped_column(String(20))
    event: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        Index("ix_notifications_organisation", "organisation_id", "created_at"),
        Index(
            "ix_notifications_unread_desk",
            "organisation_id",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notifications_unread_user",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )
