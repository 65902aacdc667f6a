"""The exact bytes that are hashed and signed. Whoever checks the audit from outside builds the same."""

import hashlib
import json
from typing import Any

FIELDS = (
    "chain",
    "seq",
    "at",
    "actor_id",
    "organisation_id",
    "role",
    "channel",
    "address",
    "request_id",
    "action",
    "record_type",
    "record_id",
    "compartments",
    "purpose",
    "result",
    "payload",
    "prev_hash",
)
"""The hashed columns of an entry, in the order in which they are hashed."""

START = "0" * 64
"""What the first entry of a chain names as the hash before it."""

entry_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""An entry as a JSON array of its fields, without spaces: what is hashed, and a line of the export."""


def entry_hash(fields: list[Any] | tuple[Any, ...]) -> str:
    """Return the hash of an entry from its fields in the order of `FIELDS`."""
    return hashlib.sha256(entry_text(fields).encode()).hexdigest()


def statement_text(statement: dict[str, Any]) -> str:
    """Return a statement as canonical JSON: sorted keys, no spaces, ASCII only."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), allow_nan=False)
