"""How one value is sealed: AES-256-GCM under a sub-key of its person, bound to its place.

Sealed bytes are a format byte, a random 96-bit nonce, and the ciphertext with its tag. The associated data name the
person, the key version and the place (compartment, or label and record), so that no ciphertext can be moved.
"""

import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ercms.core.errors import DamagedRecord
from ercms.vault.keys import KEY_BYTES, NONCE_BYTES

FORMAT = b"\x01"
_PAD_TO = 256


def new_data_key() -> bytes:
    """Return a random data key for one person."""
    return secrets.token_bytes(KEY_BYTES)


def sub_key(data_key: bytes, *, person_id: str, use: str) -> bytes:
    """Derive the key of one use (a compartment, a column of texts, a file) from a person's data key."""
    info = b"ercms/sub-key/1\x00" + use.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=person_id.encode(), info=info).derive(data_key)


def binding(*parts: str | int) -> bytes:
    """Join what a ciphertext is bound to; each part carries its length, so that no two lists join alike."""
    encoded = [str(part).encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def seal(key: bytes, plaintext: bytes, bound_to: bytes) -> bytes:
    """Seal bytes under a sub-key."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, plaintext, FORMAT + bound_to)


def open_sealed(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Open sealed bytes.

    Raises:
        DamagedRecord: `sealed_value`, they were changed, cut, or sealed for another place.
    """
    if sealed[:1] != FORMAT:
        raise DamagedRecord("sealed_value")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, FORMAT + bound_to)
    except (InvalidTag, ValueError) as error:
        raise DamagedRecord("sealed_value") from error


def document_bytes(document: dict[str, Any]) -> bytes:
    """Return a document as canonical JSON, padded with spaces so that its length says little."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    return text + b" " * (-len(text) % _PAD_TO)


def document_from(plaintext: bytes) -> dict[str, Any]:
    """Return the document of opened bytes.

    Raises:
        DamagedRecord: `sealed_value`, they hold something else.
    """
    try:
        document = json.loads(plaintext)
    except ValueError as error:
        raise DamagedRecord("sealed_value") from error
    if not isinstance(document, dict):
        raise DamagedRecord("sealed_value")
    return document
