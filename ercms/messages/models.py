"""Messages within a case."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, id_type, new_id
from ercms.extensions import Base


class Message(Base):
    """One message between SMS and the requesting authority; its text is sealed under the principal's key."""

    __tablename__ = "messages"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    author_organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime())

    __table_args__ = (Index("ix_messages_case", "case_id", "sent_at"),)


class MessageReading(Base):
    """When an organisation first read a message."""

    __tablename__ = "message_readings"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    read_by_id: Mapped[str] = mapped_column(id_type())
    read_at: Mapped[datetime] = mapped_column(UTCDateTime())

    __table_args__ = (UniqueConstraint("message_id", "organisation_id"),)
