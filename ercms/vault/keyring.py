"""The keyring file: JSON with mode 0600, outside the database, replaced whole or not at all."""

import base64
import binascii
import fcntl
import json
import os
import secrets
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ercms.core import clock
from ercms.vault.enums import KeyPurpose, KeyState
from ercms.vault.errors import KeyringUnavailable
from ercms.vault.keys import Key, Keyring, new_key

FORMAT = "ercms-keyring/1"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def create(path: Path) -> Keyring:
    """Make a keyring with one active key for each purpose.

    Raises:
        KeyringUnavailable: there is a file already; it is never overwritten, since all data would be lost with it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        if path.exists():
            raise KeyringUnavailable(f"There is a keyring at {path} already. Use `flask keys rotate` for new keys.")
        keyring = Keyring(new_key(purpose, _timestamp()) for purpose in KeyPurpose)
        _write(path, keyring)
    return keyring


def load(path: Path) -> Keyring:
    """Read a keyring.

    Raises:
        KeyringUnavailable: it is missing, open to others, or not a keyring; the message says how to mend it.
    """
    _inspect(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError("unknown format")
        return Keyring(_key_from(row) for row in content["keys"])
    except (OSError, ValueError, KeyError, TypeError, binascii.Error):
        # The cause is cut off: a decoding error quotes what it could not read, which may be key material.
        raise KeyringUnavailable(
            f"The keyring at {path} cannot be read as a keyring. Restore it from its backup."
        ) from None


def prepare(purpose: KeyPurpose) -> Key:
    """Make a key for `rotate`, so that its name can be on record before it is in use."""
    return new_key(purpose, _timestamp())


def rotate(path: Path, purpose: KeyPurpose, prepared: Key | None = None) -> Key:
    """Add a new active key of this purpose; the old one still reads, and no more."""
    fresh = prepared or prepare(purpose)

    def add(keyring: Keyring) -> list[Key]:
        retired = [
            replace(key, state=KeyState.DECRYPT_ONLY, retired_at=_timestamp())
            if key.purpose is purpose and key.state is KeyState.ACTIVE
            else key
            for key in keyring.keys
        ]
        return [*retired, fresh]

    return _change(path, add).active(purpose)


def destroy(path: Path, key_id: str) -> Key:
    """Remove the material of a retired key for good; its name stays on record.

    Whether nothing needs it any more is the caller's to prove: `ercms.vault.rotate.destroy_key` does.

    Raises:
        KeyringUnavailable: the key is active.
    """

    def remove(keyring: Keyring) -> list[Key]:
        if keyring.find(key_id).state is KeyState.ACTIVE:
            raise KeyringUnavailable(f"The key {key_id} is active. Use `flask keys rotate` first.")
        return [
            replace(key, state=KeyState.DESTROYED, material=None) if key.id == key_id else key for key in keyring.keys
        ]

    return _change(path, remove).find(key_id)


class KeyringFile:
    """A keyring that follows its file: a rotation by another process counts from the next use on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        self._keyring: Keyring | None = None

    @property
    def keyring(self) -> Keyring:
        """Return the keys as the file has them now.

        Raises:
            KeyringUnavailable: the file is missing, open to others, or not a keyring.
        """
        seen = _inspect(self.path)
        with self._lock:
            if self._keyring is None or seen != self._seen:
                self._keyring = load(self.path)
                self._seen = seen
            return self._keyring


def _inspect(path: Path) -> tuple[int, ...]:
    try:
        facts = path.stat()
    except OSError:
        raise KeyringUnavailable(
            f"There is no readable keyring at {path}. A new installation makes one with `flask keys create`;"
            " an existing one needs its own keyring back from the backup."
        ) from None
    if not stat.S_ISREG(facts.st_mode):
        raise KeyringUnavailable(f"The keyring at {path} is not a file. Point the setting at the keyring file.")
    if facts.st_mode & _OPEN_TO_OTHERS:
        raise KeyringUnavailable(
            f"The keyring at {path} is open to other accounts of this machine (mode"
            f" {stat.S_IMODE(facts.st_mode):04o}). Run `chmod 600 {path}`, and rotate the keys if others were there."
        )
    return (facts.st_ino, facts.st_mtime_ns, facts.st_size, facts.st_mode)


def _change(path: Path, edit: Callable[[Keyring], list[Key]]) -> Keyring:
    with _locked(path):
        keyring = Keyring(edit(load(path)))
        _write(path, keyring)
    return keyring


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, keyring: Keyring) -> None:
    content = json.dumps({"format": FORMAT, "keys": [_row_of(key) for key in keyring.keys]}, indent=1) + "\n"
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _timestamp() -> str:
    return clock.now().isoformat(timespec="seconds")


def _row_of(key: Key) -> dict[str, str | None]:
    return {
        "id": key.id,
        "purpose": key.purpose.value,
        "state": key.state.value,
        "created_at": key.created_at,
        "retired_at": key.retired_at,
        "material": _encoded(key.material),
        "public": _encoded(key.public),
    }


def _key_from(row: dict[str, Any]) -> Key:
    return Key(
        id=row["id"],
        purpose=KeyPurpose(row["purpose"]),
        state=KeyState(row["state"]),
        created_at=row["created_at"],
        retired_at=row["retired_at"],
        material=_decoded(row["material"]),
        public=_decoded(row["public"]),
    )


def _encoded(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode("ascii")


def _decoded(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value, validate=True)
