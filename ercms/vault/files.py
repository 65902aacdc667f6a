"""Sealed files on disk: AES-256-GCM in chunks (the STREAM construction), in constant memory.

A file is a header (format, random salt, random nonce prefix) and chunks of 64 KiB, each with its tag. A chunk's nonce
holds its number and whether it is the last, so that a cut, doubled or reordered file does not open. The key is derived
from the person's data key, the file's identifier and the salt. The name on disk is the identifier.

STREAM: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", CRYPTO 2015.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete

from ercms.core import clock
from ercms.core.errors import DamagedRecord, InvalidInput, NotFound
from ercms.core.unit_of_work import after_commit
from ercms.extensions import db
from ercms.vault import envelope, queries, runtime
from ercms.vault.data_keys import log_damage, sub_key_of
from ercms.vault.models import PersonFile
from ercms.vault.queries import KeyRow

CHUNK_BYTES = 64 * 1024
_MAGIC = b"ERCF\x01"
_SALT_BYTES = 16
_PREFIX_BYTES = 7
_HEADER_BYTES = len(_MAGIC) + _SALT_BYTES + _PREFIX_BYTES
_TAG_BYTES = 16
_FILE_ID = re.compile(r"[0-9a-f]{32}")


class Readable(Protocol):
    """Whatever gives bytes: an upload, an open file, a buffer."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class StoredFileFacts:
    """What is known of a stored file: its size, and a keyed digest of its content that dies with the person's key."""

    size: int
    sha256_hmac: str


def store(*, person_id: str, file_id: str, stream: Readable, limit: int | None = None) -> StoredFileFacts:
    """Seal a stream into the file store.

    The file gets its name only when it is whole and on the disk. A unit of work that is rolled back afterwards leaves
    a file that nobody can open; `sweep` removes it.

    Raises:
        NotFound: there is no such person, or `person_erased`.
        InvalidInput: `file_too_large`, the stream is longer than `limit` bytes; nothing is kept.
    """
    row = queries.get_key_row(person_id)
    target = _path_of(runtime.files_path(), file_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f"{file_id}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("xb") as file:
            draft.chmod(0o600)
            facts = _seal_stream(row, file_id, stream, file, limit)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        _sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    db.session.add(PersonFile(file_id=file_id, person_id=person_id, stored_at=clock.now()))
    db.session.flush()
    return facts


def read(*, person_id: str, file_id: str) -> Iterator[bytes]:
    """Return the content of a file, chunk by chunk.

    Key and file are looked up at once, so that a missing one is known before an answer begins. Each chunk has been
    verified when it is given; the last one proves that nothing is missing.

    Raises:
        NotFound: there is no such person or file, or `person_erased`.
        DamagedRecord: `record_damaged`, at the first chunk that does not verify.
    """
    row = queries.get_key_row(person_id)
    path = _path_of(runtime.files_path(), file_id)
    if not path.is_file():
        raise NotFound
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if len(header) != _HEADER_BYTES or not header.startswith(_MAGIC):
        raise _damaged(person_id, file_id)
    return _open_chunks(path, header, _Chunks(row, file_id, header))


def discard(*, file_id: str) -> None:
    """Destroy one file of a living person: nobody finds it any more, and once that is committed it leaves the disk."""
    folder = runtime.files_path()
    db.session.execute(delete(PersonFile).where(PersonFile.file_id == file_id))
    after_commit(lambda: remove_from_disk(folder, [file_id]))


def sweep(*, limit: int = 500, min_age_seconds: int = 86_400) -> int:
    """Remove files of erased persons, and unfinished or unknown ones of some age; return how many.

    For the worker: it can be stopped and repeated at any moment.
    """
    folder = runtime.files_path()
    erased = queries.list_erased_file_ids(limit)
    remove_from_disk(folder, erased)
    db.session.execute(delete(PersonFile).where(PersonFile.file_id.in_(erased)))
    oldest = clock.now().timestamp() - min_age_seconds
    aged = [path for path in folder.glob("??/*") if path.stat().st_mtime < oldest]
    known = queries.list_known_file_ids([path.name for path in aged])
    strays = [path for path in aged if path.name not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(erased) + len(strays)


def remove_from_disk(folder: Path, file_ids: Iterable[str]) -> None:
    """Remove sealed files; those already gone are no matter."""
    for file_id in file_ids:
        _path_of(folder, file_id).unlink(missing_ok=True)


class _Chunks:
    """The cipher of one file: a chunk's number and its being the last are in the nonce."""

    def __init__(self, row: KeyRow, file_id: str, header: bytes) -> None:
        salt = header[len(_MAGIC) : len(_MAGIC) + _SALT_BYTES]
        self._cipher = AESGCM(sub_key_of(row, f"file/{file_id}/{salt.hex()}"))
        self._prefix = header[-_PREFIX_BYTES:]
        self._bound_to = envelope.binding("file", row.person_id, file_id, row.key_version) + header
        self.place = (row.person_id, file_id)

    def seal(self, number: int, is_last: bool, chunk: bytes) -> bytes:
        return self._cipher.encrypt(self._nonce(number, is_last), chunk, self._bound_to)

    def open(self, number: int, is_last: bool, chunk: bytes) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(number, is_last), chunk, self._bound_to)
        except (InvalidTag, ValueError) as error:
            raise _damaged(*self.place) from error

    def _nonce(self, number: int, is_last: bool) -> bytes:
        return self._prefix + number.to_bytes(4, "big") + (b"\x01" if is_last else b"\x00")


def _seal_stream(row: KeyRow, file_id: str, stream: Readable, file: BinaryIO, limit: int | None) -> StoredFileFacts:
    header = _MAGIC + secrets.token_bytes(_SALT_BYTES) + secrets.token_bytes(_PREFIX_BYTES)
    chunks = _Chunks(row, file_id, header)
    mac = hmac.new(sub_key_of(row, "file-digest"), digestmod=hashlib.sha256)
    file.write(header)
    size = 0
    for number, (chunk, is_last) in enumerate(_with_last(_in_chunks(stream, CHUNK_BYTES))):
        size += len(chunk)
        if limit is not None and size > limit:
            raise InvalidInput("file_too_large", limit_bytes=limit)
        mac.update(chunk)
        file.write(chunks.seal(number, is_last, chunk))
    return StoredFileFacts(size, mac.hexdigest())


def _open_chunks(path: Path, header: bytes, chunks: _Chunks) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(len(header))
        for number, (chunk, is_last) in enumerate(_with_last(_in_chunks(file, CHUNK_BYTES + _TAG_BYTES))):
            yield chunks.open(number, is_last, chunk)


def _in_chunks(stream: Readable, size: int) -> Iterator[bytes]:
    """Give chunks of exactly this size and a shorter, perhaps empty, remainder only when there is one."""
    buffer = bytearray()
    while piece := stream.read(size - len(buffer)):
        buffer += piece
        if len(buffer) == size:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Tell of each chunk whether it is the last; an empty stream has one empty chunk, which is."""
    held = next(chunks, b"")
    for chunk in chunks:
        yield held, False
        held = chunk
    yield held, True


def _path_of(folder: Path, file_id: str) -> Path:
    if not _FILE_ID.fullmatch(file_id):
        raise NotFound
    return folder / file_id[:2] / file_id


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(person_id: str, file_id: str) -> DamagedRecord:
    log_damage("file", person_id, file_id)
    return DamagedRecord("record_damaged", file_id=file_id)
