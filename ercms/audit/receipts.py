"""Signed receipts: what was received, when, under which reference, for the other authority to check without an account.

The digest is salted and the salt stands on the receipt: who holds both the receipt and what was sent can compare them,
and nobody can try out guesses on the digest alone.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.audit import canonical, service
from ercms.core.errors import InvalidInput
from ercms.vault import service as vault
from ercms.vault.keys import Signature

TYPE = "ercms.receipt/1"
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Receipt:
    """A statement, exactly as it was signed, with its signature."""

    statement: str
    key_id: str
    signature: str

    @property
    def content(self) -> dict[str, Any]:
        """Return what the receipt says: type, act, reference, time, salt, digest."""
        content: dict[str, Any] = json.loads(self.statement)
        return content

    @property
    def digest(self) -> str:
        """Return the salted digest of what was received."""
        return str(self.content["digest"])

    def to_text(self) -> str:
        """Return the receipt as it is handed over and stored."""
        return canonical.statement_text(
            {"statement": self.statement, "key_id": self.key_id, "signature": self.signature}
        )


def make_receipt(*, act: str, reference: str, received_at: datetime, content: dict[str, Any]) -> Receipt:
    """Sign that `content` was received; `act` is a code such as `submission` or `reply`."""
    salt = secrets.token_hex(_SALT_BYTES)
    statement = canonical.statement_text(
        {
            "type": TYPE,
            "act": act,
            "reference": reference,
            "received_at": service.instant_text(received_at),
            "salt": salt,
            "digest": digest_of(content, salt=salt),
        }
    )
    signature = vault.sign(statement.encode())
    return Receipt(statement, signature.key_id, signature.value.hex())


def digest_of(content: dict[str, Any], *, salt: str) -> str:
    """Return SHA-256 over the salt's bytes and the content as canonical JSON (sorted keys, no spaces, ASCII)."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical.statement_text(content).encode()).hexdigest()


def check_receipt(text: str) -> Receipt:
    """Return a receipt that this installation signed, whichever of its keys did.

    Raises:
        InvalidInput: `receipt_malformed`, or `receipt_forged`: no key of this installation signed exactly this.
    """
    try:
        document = json.loads(text)
        receipt = Receipt(document["statement"], document["key_id"], document["signature"])
        signature = Signature(receipt.key_id, bytes.fromhex(receipt.signature))
        is_one = receipt.content["type"] == TYPE
        statement = receipt.statement.encode()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("receipt_malformed") from error
    if not is_one:
        raise InvalidInput("receipt_malformed")
    if not vault.is_signed(statement, signature):
        raise InvalidInput("receipt_forged")
    return receipt


def matches(receipt: Receipt, content: dict[str, Any]) -> bool:
    """Tell whether a receipt speaks of exactly this content."""
    return secrets.compare_digest(digest_of(content, salt=str(receipt.content["salt"])), receipt.digest)
