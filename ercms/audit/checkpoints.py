"""Signed statements on where all chains stand, to be kept away from this machine.

A hash chain alone does not show that its tail was cut. A checkpoint signs the Merkle root over the heads of all
chains, and the hash of the checkpoint before it.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, text

from ercms.audit import canonical, queries, service
from ercms.audit.actions import AuditAction
from ercms.audit.merkle import MerkleTree
from ercms.audit.models import AuditCheckpoint
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import InvalidInput
from ercms.extensions import db
from ercms.vault import service as vault
from ercms.vault.keys import Signature

TYPE = "ercms.audit.checkpoint/1"

_WRITE_HEADS = text(
    "INSERT INTO audit_checkpoint_heads (chain, seq, hash, number)"
    " SELECT e.chain, e.seq, e.hash, :number FROM audit_chains c"
    " JOIN audit_entries e ON e.chain = c.chain AND e.seq = c.last_seq"
    " WHERE NOT EXISTS (SELECT 1 FROM audit_checkpoint_heads h WHERE h.chain = c.chain AND h.seq = c.last_seq)"
)
_HEADS = text(
    "SELECT h.chain, h.seq, h.hash FROM audit_checkpoint_heads h WHERE h.number <= :number AND h.seq ="
    " (SELECT max(o.seq) FROM audit_checkpoint_heads o WHERE o.chain = h.chain AND o.number <= :number)"
    " ORDER BY h.chain"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A statement, exactly as it was signed, with its signature."""

    statement: str
    key_id: str
    signature: str

    @property
    def content(self) -> dict[str, Any]:
        """Return what the statement says."""
        content: dict[str, Any] = json.loads(self.statement)
        return content

    @property
    def number(self) -> int:
        """Return which checkpoint this is, counted from one."""
        return int(self.content["number"])

    @property
    def digest(self) -> str:
        """Return what the next checkpoint names as the one before it."""
        return hashlib.sha256(self.statement.encode()).hexdigest()

    def to_text(self) -> str:
        """Return the checkpoint as it is mailed, printed, or given to another authority."""
        return canonical.statement_text(
            {"statement": self.statement, "key_id": self.key_id, "signature": self.signature}
        )

    def is_genuine(self) -> bool:
        """Tell whether this installation signed exactly this statement."""
        try:
            signature = bytes.fromhex(self.signature)
        except ValueError:
            return False
        return vault.is_signed(self.statement.encode(), Signature(self.key_id, signature))


@dataclass(frozen=True, slots=True)
class Heads:
    """The Merkle root over the chains' heads, with how many chains and entries it speaks for."""

    root: str
    chains: int
    entries: int


def make_checkpoint(*, actor: Actor) -> Checkpoint:
    """Sign where all chains stand now; the act itself is on record in the system's chain afterwards."""
    last = queries.find_last_checkpoint()
    number = 1 if last is None else last.number + 1
    db.session.execute(_WRITE_HEADS, {"number": number})
    heads = heads_as_of(db.session(), number)
    statement = canonical.statement_text(
        {
            "type": TYPE,
            "number": number,
            "made_at": service.instant_text(clock.now()),
            "chains": heads.chains,
            "entries": heads.entries,
            "root": heads.root,
            "previous": None if last is None else _checkpoint_of(last).digest,
        }
    )
    signature = vault.sign(statement.encode())
    made = Checkpoint(statement, signature.key_id, signature.value.hex())
    db.session.execute(
        insert(AuditCheckpoint).values(
            number=number, statement=made.statement, key_id=made.key_id, signature=made.signature
        )
    )
    service.record(
        actor=actor,
        action=AuditAction.CHECKPOINT_MADE,
        chain=service.SYSTEM_CHAIN,
        record_type="checkpoint",
        record_id=str(number),
        payload={"number": number, "root": heads.root, "chains": heads.chains, "key_id": made.key_id},
    )
    return made


def heads_as_of(connection: queries.Reads, number: int) -> Heads:
    """Return the root over the heads that checkpoint `number` speaks for, from the stored heads."""
    tree = MerkleTree()
    entries = 0
    for chain, seq, entry_hash in connection.execute(_HEADS, {"number": number}):
        tree.add(canonical.entry_text([chain, seq, entry_hash]).encode())
        entries += seq
    return Heads(tree.root(), tree.size, entries)


def list_checkpoints(connection: Connection | None = None) -> list[Checkpoint]:
    """Return all checkpoints on record, oldest first; on a connection of its own where the moment matters."""
    rows = queries.list_checkpoints(db.session() if connection is None else connection)
    return [Checkpoint(statement, key_id, signature) for statement, key_id, signature in rows]


def checkpoint_from(content: str) -> Checkpoint:
    """Read a checkpoint that was kept elsewhere.

    Raises:
        InvalidInput: `checkpoint_malformed`.
    """
    try:
        document = json.loads(content)
        found = Checkpoint(document["statement"], document["key_id"], document["signature"])
        bytes.fromhex(found.signature)
        is_one = found.content["type"] == TYPE and found.number > 0
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("checkpoint_malformed") from error
    if not is_one:
        raise InvalidInput("checkpoint_malformed")
    return found


def _checkpoint_of(row: AuditCheckpoint) -> Checkpoint:
    return Checkpoint(row.statement, row.key_id, row.signature)
