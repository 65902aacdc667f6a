"""The tables of what people lay over the agreements' files: verified terms, statuses, days; and each change of the law.

Rows are kept: a rejected proposal and a day that was decided anew stay as history.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ercms.agreements.change_enums import DayKind, LawChangeKind, LawTextKind, ProposalState
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from workflows.terms import AgreementStatus, Unit

_DECIDED = "(state = 'proposed') = (decided_by_id IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)"
_BY_TWO = "state != 'confirmed' OR decided_by_id != proposed_by_id"


class ProposalColumns:
    """What every proposal of the four-eyes rule has: who proposed, who decided, and where it stands."""

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState, "state"))
    proposed_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


def _decided_by_two() -> tuple[CheckConstraint, CheckConstraint]:
    return (
        CheckConstraint(_DECIDED, name="decided_by_somebody"),
        CheckConstraint(_BY_TWO, name="confirmed_by_another"),
    )


class TermVerification(ProposalColumns, Base):
    """One reading of one term: what was read where, by whom, and who confirmed it. The value is kept as JSON."""

    __tablename__ = "term_verifications"

    agreement_id: Mapped[str] = mapped_column(String(60))
    term_name: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(500))
    unit: Mapped[Unit | None] = mapped_column(enum_column(Unit, "unit"))
    instrument: Mapped[str] = mapped_column(String(200))
    article: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(400))

    __table_args__ = (
        *_decided_by_two(),
        Index("ix_term_verifications_term", "agreement_id", "term_name", "proposed_at"),
        Index(
            "uq_term_verifications_open",
            "agreement_id",
            "term_name",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )


class StatusRecord(ProposalColumns, Base):
    """One step in the life of an agreement that a person recorded, with the day from which it has legal effect."""

    __tablename__ = "status_records"

    agreement_id: Mapped[str] = mapped_column(String(60), index=True)
    status: Mapped[AgreementStatus] = mapped_column(enum_column(AgreementStatus, "status"))
    effective_on: Mapped[date]
    instrument: Mapped[str] = mapped_column(String(200))
    article: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(400))

    __table_args__ = _decided_by_two()


class LawText(ProposalColumns, Base):
    """One imported text: a version of an agreement, an implementing protocol, or a partner whose agreement is pending.

    The text is kept as it was sent. `subject` is the identifier of what it describes; a text that was turned down or
    withdrawn gives it free again. `withdrawn_at` marks one that was confirmed and taken back before its day.
    """

    __tablename__ = "law_texts"

    kind: Mapped[LawTextKind] = mapped_column(enum_column(LawTextKind, "kind"))
    subject: Mapped[str] = mapped_column(String(60))
    effective_on: Mapped[date]
    content: Mapped[str] = mapped_column(Text())
    digest: Mapped[str] = mapped_column(String(64))
    withdrawn_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        *_decided_by_two(),
        CheckConstraint("(withdrawn_by_id IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_by_somebody"),
        CheckConstraint("withdrawn_at IS NULL OR state = 'confirmed'", name="withdrawn_when_confirmed"),
        Index(
            "uq_law_texts_subject",
            "subject",
            unique=True,
            sqlite_where=text("state != 'rejected' AND withdrawn_at IS NULL"),
            postgresql_where=text("state != 'rejected' AND withdrawn_at IS NULL"),
        ),
    )


class CalendarDay(Base):
    """One day of a calendar as a decision makes it; `ended_at` marks a row that a later decision replaced or undid."""

    __tablename__ = "calendar_days"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    calendar: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(enum_column(DayKind, "kind"))
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(400))
    recorded_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("(ended_by_id IS NULL) = (ended_at IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_calendar_days_current",
            "calendar",
            "day",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class LawChange(Base):
    """One change of what the law says here, and how far the open dates have been computed anew since.

    The latest row is what every process compares its memory with: a random identifier, so that a number which a
    transaction took and gave back is never mistaken for another's.
    """

    __tablename__ = "law_changes"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[LawChangeKind] = mapped_column(enum_column(LawChangeKind, "kind"))
    subject: Mapped[str] = mapped_column(String(60))
    made_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_case_id: Mapped[str] = mapped_column(String(32), default="")
    cases_total: Mapped[int | None]
    cases_done: Mapped[int] = mapped_column(default=0)
    cases_moved: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
