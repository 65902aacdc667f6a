"""Check one chain: every hash and link of it, its head, and what the checkpoints said of it.

That the checkpoints themselves are genuine and whole is the whole audit's check (`ercms.audit.verify`).
"""

import hashlib

from sqlalchemy import Connection, func, select

from ercms.audit import canonical
from ercms.audit.models import AuditChain, AuditCheckpointHead, AuditEntry
from ercms.audit.verify import Finding, Flaw, Report, one_moment

_COLUMNS = [AuditEntry.__table__.c[name] for name in (*canonical.FIELDS, "hash")]


def verify_chain(chain: str) -> Report:
    """Read a chain in order and name the first entry that is not as it was written."""
    with one_moment() as connection:
        rows = connection.execute(select(*_COLUMNS).where(AuditEntry.chain == chain).order_by(AuditEntry.seq)).all()
        hashes = [str(row[-1]) for row in rows]
        finding = (
            _first_flaw(chain, [tuple(row) for row in rows])
            or _flaw_of_head(connection, chain, hashes)
            or _broken_promise(connection, chain, hashes)
        )
        promises = connection.scalar(
            select(func.count()).select_from(AuditCheckpointHead).where(AuditCheckpointHead.chain == chain)
        )
    return Report(len(rows), 1 if rows else 0, promises or 0, finding)


def _first_flaw(chain: str, rows: list[tuple[object, ...]]) -> Finding | None:
    last = canonical.START
    for expected, row in enumerate(rows, start=1):
        seq, claimed, own = int(str(row[1])), row[-2], row[-1]
        if seq != expected:
            return Finding(Flaw.MISSING, chain, expected)
        if hashlib.sha256(canonical.entry_text(row[:-1]).encode()).hexdigest() != own:
            return Finding(Flaw.EDITED, chain, seq)
        if claimed != last:
            return Finding(Flaw.OUT_OF_PLACE, chain, seq)
        last = str(own)
    return None


def _flaw_of_head(connection: Connection, chain: str, hashes: list[str]) -> Finding | None:
    head = connection.execute(
        select(AuditChain.last_seq, AuditChain.last_hash).where(AuditChain.chain == chain)
    ).one_or_none()
    seq, last = (0, canonical.START) if head is None else (head[0], head[1])
    if len(hashes) < seq:
        return Finding(Flaw.TAIL_CUT, chain, len(hashes) + 1)
    if len(hashes) > seq:
        return Finding(Flaw.TAIL_ADDED, chain, seq + 1)
    if hashes and hashes[-1] != last:
        return Finding(Flaw.REWRITTEN, chain, len(hashes))
    return None


def _broken_promise(connection: Connection, chain: str, hashes: list[str]) -> Finding | None:
    """Find an entry that a checkpoint saw and that is gone or another now."""
    promises = connection.execute(
        select(AuditCheckpointHead.seq, AuditCheckpointHead.hash)
        .where(AuditCheckpointHead.chain == chain)
        .order_by(AuditCheckpointHead.seq)
    )
    for seq, promised in promises:
        if seq > len(hashes):
            return Finding(Flaw.TAIL_CUT, chain, seq)
        if hashes[seq - 1] != promised:
            return Finding(Flaw.REWRITTEN, chain, seq)
    return None
