"""Check a receipt for whoever holds one, without an account: what it says, and whether this installation said it."""

import json
from dataclasses import dataclass, replace

from ercms.audit import receipts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core.actor import SYSTEM
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.evidence.enums import ReceiptVerdict
from ercms.evidence.submission_service import STATEMENT_TITLE
from ercms.vault import service as vault
from ercms.vault.keys import Signature

NO_RECEIPT = msg("This is no receipt. Paste the whole text of the file, from the first line to the signature.")
_MARKS = {"key": "key_id", "ed25519": "signature", "public": "public_key"}
_SIGNATURE_DIGITS = 128


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check; `lines` is the statement, shown only when it is genuine."""

    verdict: ReceiptVerdict
    lines: tuple[str, ...]
    key_id: str


@dataclass(frozen=True, slots=True)
class _Parts:
    statement: str
    key_id: str
    signature: bytes


def check(*, text: str, address: str | None) -> Checked:
    """Tell whether this installation signed exactly this receipt; a false one is put on record.

    Both forms are understood: the file that is handed over, and the JSON of the interface.

    Raises:
        InvalidInput: at the field `text`, it is no receipt.
    """
    parts = _parts_of(text.replace("\r\n", "\n").strip())
    if parts.key_id not in vault.signature_keys():
        verdict = ReceiptVerdict.FOREIGN
    elif vault.is_signed(parts.statement.encode(), Signature(parts.key_id, parts.signature)):
        verdict = ReceiptVerdict.VALID
    else:
        verdict = ReceiptVerdict.CHANGED
    if verdict is not ReceiptVerdict.VALID:
        audit.record(
            actor=replace(SYSTEM, channel="web", address=address),
            action=AuditAction.RECEIPT_CHECKED,
            chain=audit.SYSTEM_CHAIN,
            record_type="receipt",
            record_id=verdict.value,
            payload={"code": verdict.value},
            result="refused",
        )
    lines = tuple(parts.statement.split("\n")) if verdict is ReceiptVerdict.VALID else ()
    return Checked(verdict, lines, parts.key_id)


def public_keys() -> dict[str, str]:
    """Return the public signature keys in hexadecimal, past ones included, by identifier."""
    return {key_id: public.hex() for key_id, public in vault.signature_keys().items()}


def _parts_of(text: str) -> _Parts:
    statement, marks = _from_json(text) if text.startswith("{") else _from_lines(text)
    key_id, signature = marks.get("key_id", ""), marks.get("signature", "")
    if not _is_statement(statement) or not key_id or len(signature) != _SIGNATURE_DIGITS:
        raise InvalidInput("receipt_malformed", fields={"text": [NO_RECEIPT]})
    try:
        return _Parts(statement, key_id, bytes.fromhex(signature))
    except ValueError as error:
        raise InvalidInput("receipt_malformed", fields={"text": [NO_RECEIPT]}) from error


def _from_lines(text: str) -> tuple[str, dict[str, str]]:
    statement, marks = [], {}
    for line in (line.strip() for line in text.split("\n")):
        name, _, value = line.partition(": ")
        if name in _MARKS:
            marks[_MARKS[name]] = value.strip()
        elif line:
            statement.append(line)
    return "\n".join(statement), marks


def _from_json(text: str) -> tuple[str, dict[str, str]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return "", {}
    marks = {name: document.get(name, "") for name in ("key_id", "signature", "statement")}
    if not all(isinstance(value, str) for value in marks.values()):
        return "", {}
    return marks["statement"], marks


def _is_statement(statement: str) -> bool:
    """Tell whether this is a statement of receipt: a signature under something else proves no receipt."""
    if statement.startswith(f"{STATEMENT_TITLE}\n"):
        return True
    try:
        content = json.loads(statement)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.get("type") == receipts.TYPE
