"""Tables of the audit. Entries, checkpoints and their heads are never changed or removed: triggers refuse it.

Everything that is hashed is stored as the very text that is hashed, so that no driver and no database can give back
another spelling of it. There is no foreign key: an entry outlives whatever it speaks of.
"""

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ercms.extensions import Base

CHAIN = String(80).with_variant(String(80, collation="C"), "postgresql")
"""Chains sort by their bytes on every database: a checkpoint's tree is built in that order."""


class AuditEntry(Base):
    """One act; `hash` is SHA-256 over all other columns in their order, `prev_hash` among them."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_record_type_record_id", "record_type", "record_id"),
        # What one actor did is counted at each look of theirs (`ercms.audit.seen_service`), out of this index alone.
        Index("ix_audit_entries_actor_id_at", "actor_id", "at", "action", "channel", "chain"),
        Index("ix_audit_entries_action_at", "action", "at"),
        Index("ix_audit_entries_at", "at", "chain", "seq"),
        {"sqlite_with_rowid": False},
    )

    chain: Mapped[str] = mapped_column(CHAIN, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(27))
    actor_id: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(60))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(String(80))
    compartments: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str | None] = mapped_column(String(80))
    result: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditChain(Base):
    """The head of a chain: the row that two writers of one chain take turns at."""

    __tablename__ = "audit_chains"

    chain: Mapped[str] = mapped_column(CHAIN, primary_key=True)
    last_seq: Mapped[int] = mapped_column(Integer)
    last_hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """A signed statement on all chains at one moment, as the very text that was signed."""

    __tablename__ = "audit_checkpoints"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    statement: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(128))


class AuditCheckpointHead(Base):
    """Where one chain stood at a checkpoint; written only when it had grown since the one before."""

    __tablename__ = "audit_checkpoint_heads"

    chain: Mapped[str] = mapped_column(CHAIN, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(Integer, index=True)
