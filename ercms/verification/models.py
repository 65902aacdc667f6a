"""Requests for completion, inquiries and decisions."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ercms.cases.models import Case
from ercms.core.db_types import Json, UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.verification.enums import (
    AnswerChannel,
    CarrierKind,
    DecisionOutcome,
    InquiryFinding,
    InquiryPurpose,
    RuleState,
)
from workflows.inquiry import InquiryState
from workflows.readmission import Proposal


class CompletionRequest(Base):
    """What SMS asks the requesting authority to add, and the answer."""

    __tablename__ = "completion_requests"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    question_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    asked_by_id: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by_id: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Inquiry(Base):
    """A question to one agency about one person, with the fields that go with it and no more."""

    __tablename__ = "inquiries"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    agency_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    purpose: Mapped[InquiryPurpose] = mapped_column(enum_column(InquiryPurpose, "purpose"))
    state: Mapped[InquiryState] = mapped_column(enum_column(InquiryState, "state"))
    fields: Mapped[list[str]] = mapped_column(JSON)
    question_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    due_on: Mapped[date | None]
    due_basis: Mapped[Json | None] = mapped_column(JSON)
    sent_by_id: Mapped[str] = mapped_column(String(32))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime())
    finding: Mapped[InquiryFinding | None] = mapped_column(enum_column(InquiryFinding, "finding"))
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by_id: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    answered_by: Mapped[AnswerChannel | None] = mapped_column(enum_column(AnswerChannel, "answered_by"))
    withdrawal_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    withdrawn_by_id: Mapped[str | None] = mapped_column(String(32))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    case: Mapped[Case] = relationship(viewonly=True)

    @property
    def is_sealed(self) -> bool:
        """Tell whether the case of the inquiry is there for named readers only."""
        return self.case.is_sealed

    @property
    def reader_ids(self) -> frozenset[str]:
        """Return for whom a sealed case is there."""
        return self.case.reader_ids

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(
            "state != 'answered' OR (finding IS NOT NULL AND answered_at IS NOT NULL)", name="answered_has_finding"
        ),
        CheckConstraint("state != 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn_has_withdrawn_at"),
        Index("ix_inquiries_agency", "agency_id", "state", "due_on"),
    )


class InquiryFile(Base):
    """A sealed file that an agency gave with its answer."""

    __tablename__ = "inquiry_files"

    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiries.id"), primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("stored_files.id"), primary_key=True)
    given_at: Mapped[datetime] = mapped_column(UTCDateTime())


class PurposeRule(Base):
    """What inquiries of one purpose may name and who may be asked, as two persons agreed on it.

    No agency named means that any may be asked. One rule of a purpose is in force at most; former ones stay.
    """

    __tablename__ = "inquiry_purpose_rules"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    purpose: Mapped[InquiryPurpose] = mapped_column(enum_column(InquiryPurpose, "purpose"))
    state: Mapped[RuleState] = mapped_column(enum_column(RuleState, "state"))
    fields: Mapped[list[str]] = mapped_column(JSON)
    defaults: Mapped[list[str]] = mapped_column(JSON)
    agency_ids: Mapped[list[str]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(400))
    proposed_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('in_force', 'superseded') "
            "OR (decided_by_id IS NOT NULL AND decided_by_id != proposed_by_id)",
            name="second_person_confirms",
        ),
        Index("ix_inquiry_purpose_rules_state", "state", "purpose"),
        Index(
            "uq_inquiry_purpose_rules_in_force",
            "purpose",
            unique=True,
            sqlite_where=text("state = 'in_force'"),
            postgresql_where=text("state = 'in_force'"),
        ),
    )


class Decision(Base):
    """A proposal with its ground and reasons, and what the second officer made of it."""

    __tablename__ = "decisions"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    proposal: Mapped[Proposal] = mapped_column(enum_column(Proposal, "proposal"))
    ground: Mapped[str] = mapped_column(String(60))
    reasons_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    proposed_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    outcome: Mapped[DecisionOutcome] = mapped_column(enum_column(DecisionOutcome, "outcome"))
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id != proposed_by_id", name="second_officer_decides"),
        CheckConstraint("(outcome = 'pending') = (decided_at IS NULL)", name="decided_has_decided_at"),
    )


class DecisionReference(Base):
    """A record of the case that a proposal rests on; it stays with the decision, whatever becomes of the record."""

    __tablename__ = "decision_references"

    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    kind: Mapped[CarrierKind] = mapped_column(enum_column(CarrierKind, "kind"), primary_key=True)
    record_id: Mapped[str] = mapped_column(id_type(), primary_key=True)
