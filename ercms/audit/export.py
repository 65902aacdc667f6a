"""Write the whole audit into an archive that anybody can check with the script inside it."""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from ercms.audit import check_archive, checkpoints, service, spelling
from ercms.audit.actions import AuditAction
from ercms.core.actor import Actor
from ercms.vault import service as vault

_HEADS = text("SELECT number, chain, seq, hash FROM audit_checkpoint_heads ORDER BY number, chain")
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Archive:
    """What was written: how many entries and chains, and the SHA-256 of the file."""

    entries: int
    chains: int
    digest: str


def export_archive(*, actor: Actor, target: Path) -> Archive:
    """Write the archive and put the act on record.

    `entries.txt` has a line an entry, its hash and the exact text that was hashed; `checkpoints.json` the signed
    statements with the heads that each added; `keys.json` the public keys; `check_archive.py` the check.
    """
    with spelling.one_moment() as connection, zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        entries, chains = _write_entries(connection, archive)
        archive.writestr("checkpoints.json", json.dumps(_checkpoints(connection), indent=1))
        keys = {key_id: public.hex() for key_id, public in vault.signature_keys().items()}
        archive.writestr("keys.json", json.dumps({"algorithm": "Ed25519", "keys": keys}, indent=1))
        archive.write(Path(check_archive.__file__), "check_archive.py")
    target.chmod(0o600)
    written = Archive(entries, chains, _digest_of(target))
    service.record(
        actor=actor,
        action=AuditAction.AUDIT_EXPORTED,
        chain=service.SYSTEM_CHAIN,
        record_type="audit",
        record_id="all",
        payload={"entries": entries, "chains": chains, "digest": written.digest},
    )
    return written


def _write_entries(connection: Connection, archive: zipfile.ZipFile) -> tuple[int, int]:
    entries = chains = 0
    last = None
    with archive.open("entries.txt", "w", force_zip64=True) as lines:
        for rows in spelling.partitions(connection):
            for chain, _, _, own, spelled in rows:
                chains += chain != last
                last = chain
                lines.write(b"%s %s\n" % (own.encode(), spelled))
            entries += len(rows)
    return entries, chains


def _checkpoints(connection: Connection) -> list[dict[str, Any]]:
    heads: dict[int, list[tuple[str, int, str]]] = {}
    for number, chain, seq, entry_hash in connection.execute(_HEADS):
        heads.setdefault(number, []).append((chain, seq, entry_hash))
    return [
        {
            "statement": made.statement,
            "key_id": made.key_id,
            "signature": made.signature,
            "heads": heads.get(made.number, []),
        }
        for made in checkpoints.list_checkpoints(connection)
    ]


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
