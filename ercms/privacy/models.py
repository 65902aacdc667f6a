"""How long personal data are kept, what holds an erasure back, and what was erased, on signed reports."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ercms.cases.enums import CaseOutcome
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base


class RetentionRule(Base):
    """How many days the data of a case are kept after it ended in one way; where there is no row, the default holds."""

    __tablename__ = "retention_rules"
    __table_args__ = (CheckConstraint("days >= 30", name="days_are_enough"),)

    outcome: Mapped[CaseOutcome] = mapped_column(enum_column(CaseOutcome, "outcome"), primary_key=True)
    days: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    changed_by_id: Mapped[str] = mapped_column(String(32))

    __mapper_args__ = {"version_id_col": version}


class LegalHold(Base):
    """A ground on which the data of a case stay although their time is over; the reason is sealed."""

    __tablename__ = "legal_holds"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    until_on: Mapped[date | None]
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    set_by_id: Mapped[str] = mapped_column(String(32))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime())
    lifted_by_id: Mapped[str | None] = mapped_column(String(32))
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted_by_somebody"),
        Index("ix_legal_holds_case_id", "case_id", "lifted_at"),
    )


class ErasureReport(Base):
    """What one run erased, as the very text that was signed; references and counts, no person."""

    __tablename__ = "erasure_reports"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime())
    cases: Mapped[int]
    persons: Mapped[int]
    statement: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(128))


class CaseErasure(Base):
    """That the persons of a case were erased, when and by which rule; without a report until one names it."""

    __tablename__ = "case_erasures"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    outcome: Mapped[CaseOutcome] = mapped_column(enum_column(CaseOutcome, "outcome"))
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime())
    days: Mapped[int]
    persons: Mapped[int]
    files: Mapped[int]
    erased_at: Mapped[datetime] = mapped_column(UTCDateTime())
    report_number: Mapped[int | None] = mapped_column(ForeignKey("erasure_reports.number"), index=True)
