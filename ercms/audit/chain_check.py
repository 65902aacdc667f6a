"""Check one chain: every hash and link of it, its head, and what the checkpoints said of it.

That the checkpoints themselves are genuine and whole is the whole audit's check (`ercms.audit.verify`).
"""

import hashlib

from sqlalchemy import Connection, select

from ercms.audit import canonical
from ercms.audit.models import AuditChain, AuditCheckpointHead, AuditEntry
from ercms.audit.verify import Finding, Flaw, Report
from ercms.extensions import db

_COLUMNS = [AuditEntry.__table__.c[name] for name in (*canonical.FIELDS, "hash")]


def verify_chain(chain: str) -> Report:
    """Read a chain in order and name the first entry that is not as it was written.

    The chain's head is held until the transaction ends, so that nobody writes into the chain meanwhile.
    """
    connection = db.session.connection()
    head = _head(connection, chain)
    rows = connection.execute(select(*_COLUMNS).where(AuditEntry.chain == chain).order_by(AuditEntry.seq)).all()
    hashes = [str(row[-1]) for row in rows]
    promises = _promises(connection, chain)
    finding = (
        _first_flaw(chain, [tuple(row) for row in rows])
        or _flaw_of_head(chain, head, hashes)
        or _broken_promise(chain, promises, hashes)
    )
    return Report(len(rows), 1 if rows else 0, len(promises), finding)


def _head(connection: Connection, chain: str) -> tuple[int, str]:
    statement = select(AuditChain.last_seq, AuditChain.last_hash).where(AuditChain.chain == chain).with_for_update()
    found = connection.execute(statement).one_or_none()
    return (0, canonical.START) if found is None else (found[0], found[1])


def _promises(connection: Connection, chain: str) -> list[tuple[int, str]]:
    statement = select(AuditCheckpointHead.seq, AuditCheckpointHead.hash).where(AuditCheckpointHead.chain == chain)
    return [(row[0], row[1]) for row in connection.execute(statement.order_by(AuditCheckpointHead.seq))]


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


def _flaw_of_head(chain: str, head: tuple[int, str], hashes: list[str]) -> Finding | None:
    seq, last = head
    if len(hashes) < seq:
        return Finding(Flaw.TAIL_CUT, chain, len(hashes) + 1)
    if len(hashes) > seq:
        return Finding(Flaw.TAIL_ADDED, chain, seq + 1)
    if hashes and hashes[-1] != last:
        return Finding(Flaw.REWRITTEN, chain, len(hashes))
    return None


def _broken_promise(chain: str, promises: list[tuple[int, str]], hashes: list[str]) -> Finding | None:
    """Find an entry that a checkpoint saw and that is gone or another now."""
    for seq, promised in promises:
        if seq > len(hashes):
            return Finding(Flaw.TAIL_CUT, chain, seq)
        if hashes[seq - 1] != promised:
            return Finding(Flaw.REWRITTEN, chain, seq)
    return None
