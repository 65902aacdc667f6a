"""Prove that the audit is whole, or name the first entry that is not."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from ercms.audit import checkpoints, spelling, stretch_process, stretches
from ercms.audit.checkpoints import Checkpoint
from ercms.audit.models import AuditChain
from ercms.audit.stretches import Cut, Finding, Flaw, Outcome, Stretch

__all__ = ["Finding", "Flaw", "Report", "verify"]

_MOST_PROCESSES = 8
_WORTH_A_PROCESS = 50_000

_HEADS = select(AuditChain.chain, AuditChain.last_seq).order_by(AuditChain.chain)
_HASH_OF = text("SELECT hash FROM audit_entries WHERE chain = :chain AND seq = :seq")
_EMPTY_CHAIN = text(
    "SELECT c.chain FROM audit_chains c WHERE c.last_seq > 0"
    " AND NOT EXISTS (SELECT 1 FROM audit_entries e WHERE e.chain = c.chain) ORDER BY c.chain LIMIT 1"
)
_BROKEN_PROMISE = text(
    "SELECT h.chain, h.seq, e.hash FROM audit_checkpoint_heads h"
    " LEFT JOIN audit_entries e ON e.chain = h.chain AND e.seq = h.seq"
    " WHERE e.hash IS NULL OR e.hash <> h.hash ORDER BY h.chain, h.seq LIMIT 1"
)


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


def verify(*, kept: Checkpoint | None = None, parts: int | None = None) -> Report:
    """Read the whole audit in order and check every hash, link, head and checkpoint.

    `kept` is a checkpoint that was stored elsewhere: only it shows that somebody replaced the audit together with
    its checkpoints. Everything is read from one moment, while others go on writing.
    """
    with spelling.one_moment() as connection:
        read = _read(connection, parts)
        finding = read.finding or _first_lost_chain(connection)
        made = checkpoints.list_checkpoints(connection)
        finding = finding or _first_broken_promise(connection) or _first_bad_checkpoint(connection, made, kept)
    return Report(read.entries, read.chains, len(made), finding)


def _read(connection: Connection, parts: int | None) -> Outcome:
    """Check all entries, in as many stretches at once as there are processors, once that is worth starting them."""
    heads = [(row[0], row[1]) for row in connection.execute(_HEADS)]
    total = sum(last_seq for _, last_seq in heads)
    if parts is None:
        parts = min(_MOST_PROCESSES, len(os.sched_getaffinity(0))) if total >= _WORTH_A_PROCESS else 1
    return _in_stretches(connection, _stretches(connection, heads, parts))


def _stretches(connection: Connection, heads: Sequence[tuple[str, int]], parts: int) -> list[Stretch]:
    """Cut the audit into stretches of much the same length; what a head says decides the length and nothing else."""
    total = sum(last_seq for _, last_seq in heads)
    cuts: list[Cut | None] = [None]
    for part in range(1, parts):
        cut = _cut_at(connection, heads, total * part // parts)
        former = cuts[-1]
        if cut is not None and (former is None or (former.chain, former.seq) < (cut.chain, cut.seq)):
            cuts.append(cut)
    return [Stretch(after, until) for after, until in zip(cuts, [*cuts[1:], None], strict=True)]


def _cut_at(connection: Connection, heads: Sequence[tuple[str, int]], place: int) -> Cut | None:
    """Return the entry at about this place in the audit; None when there is none where the heads say."""
    passed = 0
    for chain, last_seq in heads:
        if passed + last_seq > place:
            seq = max(1, place - passed)
            own = connection.execute(_HASH_OF, {"chain": chain, "seq": seq}).scalar()
            return None if own is None else Cut(chain, seq, own)
        passed += last_seq
    return None


def _in_stretches(connection: Connection, parts: Sequence[Stretch]) -> Outcome:
    """Check the first stretch here and the others in processes of their own; the first flaw is that of the first."""
    connect = _how_to_connect(connection)
    processes = [
        stretch_process.start(dialect=connection.dialect.name, connect=connect, stretch=one) for one in parts[1:]
    ]
    entries = chains = 0
    try:
        for number, stretch in enumerate(parts):
            outcome = stretch_process.outcome_of(processes[number - 1]) if number else None
            # A process that could not finish is no finding: its stretch is read here.
            outcome = outcome or stretches.check(spelling.source_of(connection), stretch)
            entries, chains = entries + outcome.entries, chains + outcome.chains
            if outcome.finding is not None:
                return Outcome(entries, chains, outcome.finding)
    finally:
        for process in processes:
            stretch_process.stop(process)
    return Outcome(entries, chains, None)


def _how_to_connect(connection: Connection) -> dict[str, Any]:
    if connection.dialect.name == "sqlite":
        return {"database": connection.engine.url.database}
    options = connection.dialect.create_connect_args(connection.engine.url)[1]
    return {name: value for name, value in options.items() if isinstance(value, str | int)}


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
