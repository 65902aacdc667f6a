"""Prove that the audit is whole, or name the first entry that is not."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, text

from ercms.audit import canonical, checkpoints, spelling
from ercms.audit.checkpoints import Checkpoint
from ercms.audit.models import AuditChain

_CHAINS_AT_ONCE = 500

_HEADS_OF = select(AuditChain.chain, AuditChain.last_seq, AuditChain.last_hash).where(
    AuditChain.chain.in_(bindparam("chains", expanding=True))
)
_EMPTY_CHAIN = text(
    "SELECT c.chain FROM audit_chains c WHERE c.last_seq > 0"
    " AND NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.chain = c.chain) ORDER BY c.chain LIMIT 1"
)
_BROKEN_PROMISE = text(
    "SELECT h.chain, h.seq, e.hash FROM audit_checkpoint_heads h"
    " LEFT JOIN audit_entries e ON e.chain = h.chain AND e.seq = h.seq"
    " WHERE e.hash IS NULL OR e.hash <> h.hash ORDER BY h.chain, h.seq LIMIT 1"
)


class Flaw(StrEnum):
    """What is wrong at the first place where something is."""

    EDITED = "edited"
    MISSING = "missing"
    OUT_OF_PLACE = "out_of_place"
    TAIL_CUT = "tail_cut"
    TAIL_ADDED = "tail_added"
    REWRITTEN = "rewritten"
    CHECKPOINT_MISSING = "checkpoint_missing"
    CHECKPOINT_FORGED = "checkpoint_forged"
    CHECKPOINT_CONTRADICTED = "checkpoint_contradicted"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first flaw: an entry by its chain and number, or a checkpoint by its number."""

    flaw: Flaw
    chain: str
    seq: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was read, and the first flaw when there is one."""

    entries: int
    chains: int
    checkpoints: int
    finding: Finding | None

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.finding is None


def verify(*, kept: Checkpoint | None = None) -> Report:
    """Read the whole audit in order and check every hash, link, head and checkpoint.

    `kept` is a checkpoint that was stored elsewhere: only it shows that somebody replaced the audit together with
    its checkpoints. Everything is read from one moment, while others go on writing.
    """
    with spelling.one_moment() as connection:
        reader = _Reader(connection)
        finding = reader.first_flaw() or _first_lost_chain(connection)
        made = checkpoints.list_checkpoints(connection)
        finding = finding or _first_broken_promise(connection) or _first_bad_checkpoint(connection, made, kept)
    return Report(reader.entries, reader.chains, len(made), finding)


class _Reader:
    """One pass over all entries; the heads of finished chains are compared some hundreds at a time."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.entries = 0
        self.chains = 0
        self._ends: dict[str, tuple[int, str]] = {}

    def first_flaw(self) -> Finding | None:
        """Read until the first flaw or the end."""
        sha256 = hashlib.sha256
        chain, seq, last = "", 0, canonical.START
        for rows in spelling.partitions(self.connection):
            for row_chain, row_seq, claimed, own, spelled in rows:
                if row_chain != chain:
                    finding = self._end_chain(chain, seq, last)
                    if finding is not None:
                        return finding
                    chain, seq, last = row_chain, 0, canonical.START
                seq += 1
                if row_seq != seq:
                    return Finding(Flaw.MISSING if row_seq > seq else Flaw.OUT_OF_PLACE, chain, min(seq, row_seq))
                if sha256(spelled).hexdigest() != own:
                    return Finding(Flaw.EDITED, chain, seq)
                if claimed != last:
                    return Finding(Flaw.OUT_OF_PLACE, chain, seq)
                last = own
            self.entries += len(rows)
        return self._end_chain(chain, seq, last) or self._compare_heads()

    def _end_chain(self, chain: str, seq: int, last: str) -> Finding | None:
        if not chain:
            return None
        self.chains += 1
        self._ends[chain] = (seq, last)
        return self._compare_heads() if len(self._ends) >= _CHAINS_AT_ONCE else None

    def _compare_heads(self) -> Finding | None:
        found = self.connection.execute(_HEADS_OF, {"chains": list(self._ends)})
        heads = {row[0]: (row[1], row[2]) for row in found}
        for chain, (seq, last) in self._ends.items():
            head_seq, head_hash = heads.get(chain, (0, canonical.START))
            if seq < head_seq:
                return Finding(Flaw.TAIL_CUT, chain, seq + 1)
            if seq > head_seq:
                return Finding(Flaw.TAIL_ADDED, chain, head_seq + 1)
            if last != head_hash:
                return Finding(Flaw.REWRITTEN, chain, seq)
        self._ends.clear()
        return None


def _first_lost_chain(connection: Connection) -> Finding | None:
    chain = connection.execute(_EMPTY_CHAIN).scalar()
    return None if chain is None else Finding(Flaw.TAIL_CUT, chain, 1)


def _first_broken_promise(connection: Connection) -> Finding | None:
    """Find an entry that a checkpoint saw and that is gone or another now."""
    row = connection.execute(_BROKEN_PROMISE).one_or_none()
    if row is None:
        return None
    return Finding(Flaw.TAIL_CUT if row[2] is None else Flaw.REWRITTEN, row[0], row[1])


def _first_bad_checkpoint(connection: Connection, made: list[Checkpoint], kept: Checkpoint | None) -> Finding | None:
    """Check signatures and links of all checkpoints, and the tree of the newest and of the one kept elsewhere."""
    previous: str | None = None
    for number, checkpoint in enumerate(made, start=1):
        if not checkpoint.is_genuine():
            return Finding(Flaw.CHECKPOINT_FORGED, "checkpoint", number)
        if checkpoint.number != number or checkpoint.content["previous"] != previous:
            return Finding(Flaw.CHECKPOINT_MISSING, "checkpoint", number)
        previous = checkpoint.digest
    finding = _contradiction(connection, made[-1]) if made else None
    if finding is not None or kept is None:
        return finding
    if not kept.is_genuine():
        return Finding(Flaw.CHECKPOINT_FORGED, "checkpoint", kept.number)
    if kept.number > len(made) or made[kept.number - 1].statement != kept.statement:
        return Finding(Flaw.CHECKPOINT_MISSING, "checkpoint", kept.number)
    return _contradiction(connection, kept)


def _contradiction(connection: Connection, checkpoint: Checkpoint) -> Finding | None:
    heads = checkpoints.heads_as_of(connection, checkpoint.number)
    said = checkpoint.content
    if (said["root"], said["chains"], said["entries"]) == (heads.root, heads.chains, heads.entries):
        return None
    return Finding(Flaw.CHECKPOINT_CONTRADICTED, "checkpoint", checkpoint.number)
