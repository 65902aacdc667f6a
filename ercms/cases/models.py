"""The tables of a readmission case.

What the process must know of a document, a transfer or a referral without opening their tables stands on the case
row itself (see `docs/adr/0002-case-summary-columns.md`), so that a database check can repeat what a state implies.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ercms.cases.enums import ApprehensionPlace, MemberRelation, SealGround, StopGround
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from workflows.readmission import CaseKind, CaseState, CaseTrigger, Procedure, Proposal

# Where a case without a due date stands in the queue: a real value, so that one index gives the order on every engine.
LAST_OF_ALL = date(9999, 12, 31)

_AFTER_ACCEPTANCE = (
    "'accepted', 'document_requested', 'document_issued', 'transfer_notified', 'transferred', 'transfer_failed', "
    "'acceptance_expired', 'referral_offered', 'referred', 'reintegrating', 'taken_back'"
)
_AFTER_ARRIVAL = "'transferred', 'referral_offered', 'referral_declined', 'referred', 'reintegrating', 'taken_back'"


class Case(Base):
    """One readmission application, from draft to closure."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[CaseState] = mapped_column(enum_column(CaseState, "state"))
    kind: Mapped[CaseKind] = mapped_column(enum_column(CaseKind, "kind"))
    procedure: Mapped[Procedure] = mapped_column(enum_column(Procedure, "procedure"))
    requesting_state: Mapped[str] = mapped_column(String(2))
    requesting_organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    agreement_id: Mapped[str | None] = mapped_column(String(60))
    created_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    assigned_to_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    principal_person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    own_reference_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    observations_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    has_name: Mapped[bool] = mapped_column(default=False)
    interview_requested: Mapped[bool] = mapped_column(default=False)
    is_sealed: Mapped[bool] = mapped_column(default=False)
    is_minor_alone: Mapped[bool] = mapped_column(default=False)
    minor_safeguards_on: Mapped[date | None]
    apprehended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    apprehended_where: Mapped[ApprehensionPlace | None] = mapped_column(
        enum_column(ApprehensionPlace, "apprehended_where")
    )
    presence_known_on: Mapped[date | None]

    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    consent_deemed_on: Mapped[date | None]
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    lapsed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    taken_up_again_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    interview_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    interviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    interview_dropped: Mapped[bool] = mapped_column(default=False, server_default=false())
    document_requested_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    document_reissue_requested_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    document_issued_on: Mapped[date | None]
    transfer_notified_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    transferred_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    proposal: Mapped[Proposal | None] = mapped_column(enum_column(Proposal, "proposal"))
    proposed_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    document_valid_until: Mapped[date | None]
    transfer_on: Mapped[date | None]
    referral_partner_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    is_referral_finished: Mapped[bool] = mapped_column(default=False)

    is_suspended: Mapped[bool] = mapped_column(default=False)
    reply_due_on: Mapped[date | None]
    document_due_on: Mapped[date | None]
    transfer_due_on: Mapped[date | None]
    error_window_ends_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    queue_on: Mapped[date] = mapped_column(default=LAST_OF_ALL)
    next_due_kind: Mapped[str | None] = mapped_column(String(40))
    next_due_has_effect: Mapped[bool] = mapped_column(default=False)

    members: Mapped[list["CaseMember"]] = relationship(order_by="CaseMember.position", back_populates="case")
    clocks: Mapped[list["CaseClock"]] = relationship(order_by="CaseClock.computed_at")
    readers: Mapped[list["CaseReader"]] = relationship(
        primaryjoin="and_(CaseReader.case_id == Case.id, CaseReader.ended_at.is_(None))", viewonly=True
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="past_draft_has_submitted_at"
        ),
        CheckConstraint(
            f"state NOT IN ({_AFTER_ACCEPTANCE}) OR accepted_at IS NOT NULL OR procedure = 'none'",
            name="past_acceptance_has_accepted_at",
        ),
        CheckConstraint(
            "state != 'decision_proposed' OR (proposal IS NOT NULL AND proposed_by_id IS NOT NULL)",
            name="proposed_has_proposal",
        ),
        CheckConstraint(
            "state NOT IN ('refused', 'accepted') OR decided_at IS NOT NULL", name="decided_has_decided_at"
        ),
        CheckConstraint(
            "state != 'document_issued' OR document_valid_until IS NOT NULL OR kind = 'transit'",
            name="issued_has_valid_until",
        ),
        CheckConstraint("state != 'transfer_notified' OR transfer_on IS NOT NULL", name="notified_has_transfer_on"),
        CheckConstraint(
            f"state NOT IN ({_AFTER_ARRIVAL}) OR transferred_at IS NOT NULL", name="arrived_has_transferred_at"
        ),
        CheckConstraint(
            "state NOT IN ('referred', 'reintegrating') OR referral_partner_id IS NOT NULL", name="referred_has_partner"
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_closed_at"),
        Index("ix_cases_queue", "queue_on", "id"),
        Index("ix_cases_state_queue", "state", "queue_on", "id"),
        Index("ix_cases_assigned", "assigned_to_id", "queue_on", "id"),
        Index("ix_cases_organisation", "requesting_organisation_id", "changed_at", "id"),
        Index("ix_cases_requesting_state", "requesting_state", "changed_at", "id"),
        Index("ix_cases_changed", "changed_at", "id"),
        Index("ix_cases_sealed", "id", sqlite_where=text("is_sealed = 1"), postgresql_where=text("is_sealed")),
    )

    @property
    def interview_owed_since(self) -> datetime | None:
        """Return since when an interview is owed: one called off, or to which the person never came, is not."""
        if self.interview_dropped:
            return None
        return self.interview_asked_at or (self.submitted_at if self.interview_requested else None)

    @property
    def reader_ids(self) -> frozenset[str]:
        """Return who may see the case while it is sealed; asked for sealed cases alone."""
        return frozenset(reader.user_id for reader in self.readers)


class CaseMember(Base):
    """A person of the application: the principal, a spouse, a minor child."""

    __tablename__ = "case_members"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), unique=True)
    relation: Mapped[MemberRelation] = mapped_column(enum_column(MemberRelation, "relation"))
    position: Mapped[int]

    case: Mapped[Case] = relationship(back_populates="members")


class CaseTransition(Base):
    """One move of a case; the reason, where one was given, is sealed under the principal's key."""

    __tablename__ = "case_transitions"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    case_version: Mapped[int]
    trigger: Mapped[CaseTrigger] = mapped_column(enum_column(CaseTrigger, "trigger"))
    source: Mapped[CaseState] = mapped_column(enum_column(CaseState, "source"))
    destination: Mapped[CaseState] = mapped_column(enum_column(CaseState, "destination"))
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    actor_id: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[str | None] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(40))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("ix_case_transitions_case", "case_id", "at"),
        Index("ix_case_transitions_trigger", "trigger", "at"),
    )


class CaseClock(Base):
    """One due date as it was computed; a later computation supersedes it and keeps it."""

    __tablename__ = "case_clocks"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    started_on: Mapped[date | None]
    due_on: Mapped[date | None]
    held_on: Mapped[date | None]
    has_legal_effect: Mapped[bool] = mapped_column(default=False)
    is_internal: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[str] = mapped_column(String(20))
    term_name: Mapped[str | None] = mapped_column(String(60))
    arithmetic: Mapped[str]
    calendar_version: Mapped[str | None] = mapped_column(String(60))
    rests_on_estimate: Mapped[bool] = mapped_column(default=False)
    computed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    met_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        Index("ix_case_clocks_case", "case_id", "status"),
        Index("ix_case_clocks_due", "status", "due_on"),
    )


class ClockStop(Base):
    """A dated stop of a case's clocks with its legal ground; there may be many."""

    __tablename__ = "clock_stops"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    ground: Mapped[StopGround] = mapped_column(enum_column(StopGround, "ground"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by_id: Mapped[str] = mapped_column(String(32))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_by_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_start"),)


class ClockExtension(Base):
    """An extension of one limit, with who approved it and on what paper."""

    __tablename__ = "clock_extensions"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    length: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20))
    notified_on: Mapped[date]
    ground_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by_id: Mapped[str] = mapped_column(String(32))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime())

    __table_args__ = (CheckConstraint("length > 0", name="length_is_positive"),)


class SilenceRecord(Base):
    """The sealed record of a silence: which limit passed, and who had been warned of it when. Signed, never changed."""

    __tablename__ = "silence_records"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime())
    statement: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(128))


class CaseSealing(Base):
    """A span of time in which a case is visible to its named readers only."""

    __tablename__ = "case_sealings"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    ground: Mapped[SealGround] = mapped_column(enum_column(SealGround, "ground"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_by_id: Mapped[str] = mapped_column(String(32))
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    end_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_by_id: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_case_sealings_current",
            "case_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class CaseReader(Base):
    """Somebody who may see a sealed case, and why; the row stays when the reading has ended."""

    __tablename__ = "case_readers"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    added_by_id: Mapped[str] = mapped_column(String(32))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_by_id: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_case_readers_current",
            "user_id",
            "case_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class SavedView(Base):
    """A named filter of an officer's work queue; it holds codes only."""

    __tablename__ = "saved_views"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(1000))
