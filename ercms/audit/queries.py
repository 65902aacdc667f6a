"""Named reads of the audit."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, text
from sqlalchemy.orm import Session

from ercms.audit.models import AuditChain, AuditCheckpoint, AuditEntry
from ercms.extensions import db

Reads = Connection | Session
"""What a query may be run on."""

_OPEN_CHAIN = text(
    "INSERT INTO audit_chains (chain, last_seq, last_hash) VALUES (:chain, 0, :start) ON CONFLICT (chain) DO NOTHING"
)

_HEAD = (
    select(AuditChain.last_seq, AuditChain.last_hash).where(AuditChain.chain == bindparam("chain")).with_for_update()
)


def lock_chain(chain: str, start: str) -> tuple[int, str]:
    """Take hold of a chain's head until the transaction ends, making it at first use; return its number and hash."""
    found = db.session.execute(_HEAD, {"chain": chain}).one_or_none()
    if found is None:
        db.session.execute(_OPEN_CHAIN, {"chain": chain, "start": start})
        found = db.session.execute(_HEAD, {"chain": chain}).one()
    return found[0], found[1]


def list_entries(
    *criteria: ColumnElement[bool], newest_first: bool = False, limit: int | None = None, offset: int = 0
) -> list[AuditEntry]:
    """Return entries that meet the criteria, in the order of time."""
    order: list[Any] = [AuditEntry.at, AuditEntry.chain, AuditEntry.seq]
    if newest_first:
        order = [column.desc() for column in order]
    statement = select(AuditEntry).where(*criteria).order_by(*order).limit(limit).offset(offset)
    return list(db.session.scalars(statement))


def count_entries(*criteria: ColumnElement[bool]) -> int:
    """Count the entries that meet the criteria."""
    return db.session.scalar(select(func.count()).select_from(AuditEntry).where(*criteria)) or 0


def is_action(actions: Collection[str]) -> ColumnElement[bool]:
    """Return the criterion that an entry is of one of these actions."""
    return AuditEntry.action.in_([str(action) for action in actions])


def find_last_checkpoint() -> AuditCheckpoint | None:
    """Return the newest checkpoint, if one was ever made."""
    return db.session.scalar(select(AuditCheckpoint).order_by(AuditCheckpoint.number.desc()).limit(1))


def list_checkpoints(source: Reads) -> list[tuple[str, str, str]]:
    """Return statement, key and signature of all checkpoints, oldest first."""
    columns = (AuditCheckpoint.statement, AuditCheckpoint.key_id, AuditCheckpoint.signature)
    return [(row[0], row[1], row[2]) for row in source.execute(select(*columns).order_by(AuditCheckpoint.number))]
