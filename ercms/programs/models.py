"""The keys of programs, and what a program has already asked for once."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, id_type, new_id
from ercms.extensions import Base


class ApiKey(Base):
    """A key with which a program acts as one user of one organisation; only a digest of its secret is here."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_somebody"),
        Index("ix_api_keys_organisation_id", "organisation_id"),
    )

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(id_type(), ForeignKey("organisations.id"))
    acting_user_id: Mapped[str] = mapped_column(id_type(), ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(80))
    secret_digest: Mapped[str] = mapped_column(String(64))
    expires_on: Mapped[date | None]
    created_by_id: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    revoked_by_id: Mapped[str | None] = mapped_column(String(32))


class KeptAnswer(Base):
    """The answer to a request that a program may send twice: codes and references, from which it is made again.

    Both digests are keyed with the program's secret, which is not in this database: they confirm no guess about what
    was sent. `status` is empty while the request is being carried out.
    """

    __tablename__ = "api_answers"
    __table_args__ = (
        UniqueConstraint("api_key_id", "key_digest"),
        Index("ix_api_answers_created_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    api_key_id: Mapped[str] = mapped_column(id_type(), ForeignKey("api_keys.id"))
    key_digest: Mapped[str] = mapped_column(String(64))
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    reference: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int | None]
    case_state: Mapped[str | None] = mapped_column(String(40))
    record_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
