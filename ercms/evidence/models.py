"""Evidence and the sealed files that carry it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.evidence.enums import AsylumAnswer, FileRole, HoldOutcome, HoldReason, Scan
from ercms.extensions import Base


class EvidenceItem(Base):
    """One means of evidence, classified under the case's agreement when it was recorded.

    What the requested State's own officers add is internal: the requesting side does not see it.
    """

    __tablename__ = "evidence_items"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    code: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(40))
    weight: Mapped[str] = mapped_column(String(20))
    weight_reason: Mapped[str] = mapped_column(String(60))
    weight_confidence: Mapped[str] = mapped_column(String(20))
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    is_false: Mapped[bool] = mapped_column(default=False)
    is_rebutted: Mapped[bool] = mapped_column(default=False)
    is_internal: Mapped[bool] = mapped_column(default=False)
    check_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    rebuttal_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    checked_by_id: Mapped[str | None] = mapped_column(String(32))
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_by_id: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class StoredFile(Base):
    """One sealed file; its own name is sealed, the name on disk is the system's."""

    __tablename__ = "stored_files"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    evidence_id: Mapped[str | None] = mapped_column(ForeignKey("evidence_items.id"), index=True)
    role: Mapped[FileRole] = mapped_column(enum_column(FileRole, "role"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    created_by_id: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    replaced_by_id: Mapped[str | None] = mapped_column(String(32), index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    is_internal: Mapped[bool] = mapped_column(default=False)
    pages: Mapped[int | None]
    change_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    translation_of_id: Mapped[str | None] = mapped_column(String(32), index=True)
    translation_language: Mapped[str | None] = mapped_column(String(40))
    translator_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_certified: Mapped[bool | None]
    asylum_answer: Mapped[AsylumAnswer | None] = mapped_column(String(20))
    is_objected: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_held: Mapped[bool] = mapped_column(default=False, server_default=false())
    scan: Mapped[Scan] = mapped_column(String(20), default=Scan.OFF, server_default="off")

    __table_args__ = (
        Index("ix_stored_files_case", "case_id", "role"),
        Index("ix_stored_files_scan", "scan", "created_at"),
    )


class HeldFile(Base):
    """A document set aside because it may come from an asylum procedure, and what its one named officer decided.

    Until then the document exists for that officer alone.
    """

    __tablename__ = "held_files"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    file_id: Mapped[str] = mapped_column(ForeignKey("stored_files.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[HoldReason] = mapped_column(enum_column(HoldReason, "reason"))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    replaces_id: Mapped[str | None] = mapped_column(String(32))
    held_by_id: Mapped[str] = mapped_column(String(32))
    held_at: Mapped[datetime] = mapped_column(UTCDateTime())
    outcome: Mapped[HoldOutcome | None] = mapped_column(enum_column(HoldOutcome, "outcome"))
    decision_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_has_decided_at"),
        Index("ix_held_files_officer", "officer_id", "outcome"),
    )


class SubmissionReceipt(Base):
    """What was received with a submission, sealed, and the signed statement that it was."""

    __tablename__ = "submission_receipts"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), unique=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime())
    digest: Mapped[str] = mapped_column(String(64))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    statement: Mapped[str] = mapped_column(String(400))
    key_id: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(128))
