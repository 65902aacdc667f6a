"""The keys of an installation and what may be done with them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ercms.core.errors import DamagedRecord
from ercms.vault.enums import KeyPurpose, KeyState
from ercms.vault.errors import KeyUnavailable

KEY_BYTES = 32
NONCE_BYTES = 12
ENCRYPTION_LIMIT = 2**32
"""Random 96-bit nonces allow 2^32 encryptions a key before a repeat is likelier than 2^-32 (SP 800-38D, 8.3)."""
ENCRYPTION_WARNING = 2**28
"""Where `flask keys status` begins to ask for a rotation: a sixteenth of the limit."""


class WrappedKey(NamedTuple):
    """A person's data key as it may be stored: unreadable without the key that is named."""

    key_id: str
    blob: bytes


class Signature(NamedTuple):
    """An Ed25519 signature and the key that made it."""

    key_id: str
    value: bytes


class KeyWrapper(Protocol):
    """Whatever wraps data keys: the keyring file, a key management service, a hardware module.

    `context` names the owner of the data key; a blob opens under the same context only.
    """

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Wrap a data key with the active key."""

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Open what `wrap` gave, with whichever key it names."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `material` is gone once it is destroyed, `public` stays so that old signatures can be checked."""

    id: str
    purpose: KeyPurpose
    state: KeyState
    created_at: str
    retired_at: str | None = None
    material: bytes | None = field(default=None, repr=False)
    public: bytes | None = None


def new_key(purpose: KeyPurpose, created_at: str) -> Key:
    """Make a random active key."""
    material = secrets.token_bytes(KEY_BYTES)
    public = None
    if purpose is KeyPurpose.SIGNATURE:
        public = Ed25519PrivateKey.from_private_bytes(material).public_key().public_bytes_raw()
    key_id = f"{purpose.value}-{created_at[:10]}-{secrets.token_hex(4)}"
    return Key(key_id, purpose, KeyState.ACTIVE, created_at, material=material, public=public)


class Keyring:
    """The keys of an installation as they stand at one moment; a `KeyWrapper`."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = tuple(keys)
        self._by_id = {key.id: key for key in self.keys}
        self._ciphers = {
            key.id: AESGCM(key.material)
            for key in self.keys
            if key.purpose is KeyPurpose.DATA and key.material is not None
        }

    def active(self, purpose: KeyPurpose) -> Key:
        """Return the key that new work of this purpose uses.

        Raises:
            KeyUnavailable: there is none.
        """
        for key in self.keys:
            if key.purpose is purpose and key.state is KeyState.ACTIVE:
                return key
        raise KeyUnavailable(f"The keyring has no active {purpose.value} key. Restore the keyring from its backup.")

    def usable(self, purpose: KeyPurpose) -> list[Key]:
        """Return the keys whose material is there, the active one first."""
        keys = [key for key in self.keys if key.purpose is purpose and key.material is not None]
        return sorted(keys, key=lambda key: key.state is not KeyState.ACTIVE)

    def find(self, key_id: str) -> Key:
        """Return a key by its identifier.

        Raises:
            KeyUnavailable: the keyring has never had it.
        """
        key = self._by_id.get(key_id)
        if key is None:
            raise KeyUnavailable(
                f"The keyring has no key {key_id}. This is the keyring of another installation, or an old copy:"
                " restore the one that belongs to this database."
            )
        return key

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Wrap a data key with the active key; the key's identifier and the context are bound to the blob."""
        key = self.active(KeyPurpose.DATA)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[key.id].encrypt(nonce, data_key, _wrap_binding(key.id, context))
        return WrappedKey(key.id, nonce + sealed)

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Open a wrapped data key.

        Raises:
            KeyUnavailable: the named key is unknown or destroyed.
            DamagedRecord: `wrapped_key`, it was changed or belongs elsewhere.
        """
        cipher = self._ciphers.get(wrapped.key_id)
        if cipher is None:
            self.find(wrapped.key_id)
            raise KeyUnavailable(f"The key {wrapped.key_id} was destroyed; what it wrapped cannot be read any more.")
        nonce, sealed = wrapped.blob[:NONCE_BYTES], wrapped.blob[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, sealed, _wrap_binding(wrapped.key_id, context))
        except (InvalidTag, ValueError) as error:
            raise DamagedRecord("wrapped_key") from error

    def sign(self, message: bytes) -> Signature:
        """Sign with the active signature key; the message itself must say what kind of statement it is."""
        key = self.active(KeyPurpose.SIGNATURE)
        if key.material is None:
            raise KeyUnavailable(
                f"The signature key {key.id} has no private part. Restore the keyring from its backup."
            )
        return Signature(key.id, Ed25519PrivateKey.from_private_bytes(key.material).sign(message))

    def is_signed(self, message: bytes, signature: Signature) -> bool:
        """Tell whether the signature is one of ours over exactly this message."""
        key = self._by_id.get(signature.key_id)
        if key is None or key.public is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature.value, message)
        except InvalidSignature:
            return False
        return True

    def session_secrets(self) -> list[bytes]:
        """Return what signs sessions: the present secret first, then those still accepted."""
        return [key.material for key in self.usable(KeyPurpose.SESSION) if key.material is not None]

    def public_keys(self) -> dict[str, bytes]:
        """Return the public halves of all signature keys, past ones included, by identifier."""
        return {key.id: key.public for key in self.keys if key.public is not None}


def _wrap_binding(key_id: str, context: bytes) -> bytes:
    return b"ercms/wrap/1\x00" + key_id.encode() + b"\x00" + context
