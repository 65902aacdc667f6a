"""Connections to the registers of agencies, and what became of each inquiry that went over one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column
from ercms.extensions import Base
from ercms.registries.enums import ExchangeState


class RegistryConnection(Base):
    """The register of one agency: where it is, whether it is used, and how its breaker stands."""

    __tablename__ = "registry_connections"

    agency_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    address: Mapped[str] = mapped_column(String(300))
    is_enabled: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    probe_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    last_error: Mapped[str | None] = mapped_column(String(60))
    last_error_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    last_ok_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __mapper_args__ = {"version_id_col": version}


class RegistryExchange(Base):
    """One inquiry on its way to a register and back.

    `subject` is a random word that goes with the person's data and must come back with the answer. `number` is that of
    the call that is due; a row of the outbox with another number is an old one.
    """

    __tablename__ = "registry_exchanges"

    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiries.id"), primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[ExchangeState] = mapped_column(enum_column(ExchangeState, "state"))
    subject: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(default=1)
    failures: Mapped[int] = mapped_column(default=0)
    bad_answers: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    last_error: Mapped[str | None] = mapped_column(String(60))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (Index("ix_registry_exchanges_agency", "agency_id", "state"),)
