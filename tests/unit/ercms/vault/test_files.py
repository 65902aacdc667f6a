"""Sealed files: whole or not at all, in constant memory, gone with their person."""

import io
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from ercms.core.db_types import new_id
from ercms.core.errors import DamagedRecord, InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.vault import files, service

CHUNK = files.CHUNK_BYTES
SEALED_CHUNK = CHUNK + 16
HEADER = 28


class Dripping:
    """A stream that gives less than it was asked for, as a socket does."""

    def __init__(self, content: bytes) -> None:
        self.inner = io.BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self.inner.read(min(size, 1000))


class Endless:
    """A stream of zeros that is never held in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int, /) -> bytes:
        given = min(size, self.left)
        self.left -= given
        return bytes(given)


@pytest.fixture
def person_id(app: Flask) -> str:
    with unit_of_work():
        return service.create_person()


def store(person_id: str, content: bytes) -> str:
    file_id = new_id()
    with unit_of_work():
        files.store(person_id=person_id, file_id=file_id, stream=io.BytesIO(content))
    return file_id


def read(person_id: str, file_id: str) -> bytes:
    return b"".join(files.read(person_id=person_id, file_id=file_id))


def fail_after(act: Callable[[], object]) -> None:
    """Do something and fail in the same unit of work."""
    with unit_of_work():
        act()
        raise RuntimeError


def on_disk(settings: Settings, file_id: str) -> Path:
    return settings.files_path / file_id[:2] / file_id


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_a_file_of_any_size_comes_back_as_it_was(person_id: str, size: int) -> None:
    content = os.urandom(size)

    assert read(person_id, store(person_id, content)) == content


def test_a_stream_may_give_less_than_it_is_asked_for(person_id: str) -> None:
    content = os.urandom(CHUNK + 1234)
    file_id = new_id()
    with unit_of_work():
        facts = files.store(person_id=person_id, file_id=file_id, stream=Dripping(content))

    assert facts.size == len(content)
    assert read(person_id, file_id) == content


def test_the_name_and_the_content_on_disk_say_nothing(person_id: str, settings: Settings) -> None:
    file_id = store(person_id, b"Rashad Aliyev passport" * 100)
    path = on_disk(settings, file_id)

    assert b"Aliyev" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_cut_doubled_or_reordered_file_is_damage(person_id: str, settings: Settings) -> None:
    file_id = store(person_id, os.urandom(3 * CHUNK))
    path = on_disk(settings, file_id)
    whole = path.read_bytes()
    header, chunks = whole[:HEADER], [whole[HEADER + n * SEALED_CHUNK :][:SEALED_CHUNK] for n in range(3)]

    for damaged in (
        header + b"".join(chunks[:2]),
        header + chunks[0],
        header,
        header[:10],
        b"",
        header + chunks[1] + chunks[0] + chunks[2],
        header + chunks[0] + chunks[0] + chunks[1] + chunks[2],
        header + chunks[0] + chunks[2],
        whole + chunks[2],
        whole + b"x",
        whole[:-1],
        b"X" + whole[1:],
        whole[:20] + bytes([whole[20] ^ 1]) + whole[21:],
        whole[: HEADER + 5] + bytes([whole[HEADER + 5] ^ 1]) + whole[HEADER + 6 :],
    ):
        path.write_bytes(damaged)
        with pytest.raises(DamagedRecord):
            read(person_id, file_id)
    path.write_bytes(whole)
    assert len(read(person_id, file_id)) == 3 * CHUNK


def test_a_file_cannot_take_the_place_of_another(person_id: str, settings: Settings) -> None:
    one, two = store(person_id, b"one"), store(person_id, b"two")
    on_disk(settings, two).write_bytes(on_disk(settings, one).read_bytes())

    with pytest.raises(DamagedRecord):
        read(person_id, two)


def test_a_file_opens_for_its_person_only(person_id: str) -> None:
    file_id = store(person_id, b"content")
    with unit_of_work():
        other = service.create_person()

    with pytest.raises(DamagedRecord):
        read(other, file_id)


def test_a_stream_that_is_too_long_leaves_nothing(person_id: str, settings: Settings) -> None:
    file_id = new_id()
    with pytest.raises(InvalidInput) as caught, unit_of_work():
        files.store(person_id=person_id, file_id=file_id, stream=Endless(5 * CHUNK), limit=2 * CHUNK)

    assert caught.value.code == "file_too_large"
    assert [path for path in settings.files_path.rglob("*") if path.is_file()] == []


def test_memory_does_not_grow_with_the_file(person_id: str) -> None:
    file_id = new_id()
    tracemalloc.start()
    with unit_of_work():
        files.store(person_id=person_id, file_id=file_id, stream=Endless(200 * CHUNK))
    size = sum(len(chunk) for chunk in files.read(person_id=person_id, file_id=file_id))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size == 200 * CHUNK
    assert peak < 20 * CHUNK


def test_equal_files_of_two_persons_cannot_be_told_to_be_equal(person_id: str) -> None:
    with unit_of_work():
        other = service.create_person()
        facts = [
            files.store(person_id=who, file_id=new_id(), stream=io.BytesIO(b"same"))
            for who in (person_id, person_id, other)
        ]

    assert facts[0] == facts[1]
    assert facts[0].sha256_hmac != facts[2].sha256_hmac


@pytest.mark.parametrize("file_id", ["../../etc/passwd", "", "A" * 32, "a" * 31, "a" * 33])
def test_a_name_that_is_no_identifier_reaches_no_file(person_id: str, file_id: str) -> None:
    with pytest.raises(NotFound):
        read(person_id, file_id)


def test_an_unknown_file_is_not_found(person_id: str) -> None:
    with pytest.raises(NotFound):
        files.read(person_id=person_id, file_id=new_id())


def test_files_leave_the_disk_with_their_person_but_only_once_that_is_certain(
    person_id: str, settings: Settings
) -> None:
    file_id = store(person_id, b"content")
    with pytest.raises(RuntimeError):
        fail_after(lambda: service.erase_person(person_id=person_id))
    assert read(person_id, file_id) == b"content"

    with unit_of_work():
        service.erase_person(person_id=person_id)
    assert not on_disk(settings, file_id).exists()
    with pytest.raises(NotFound) as caught:
        files.read(person_id=person_id, file_id=file_id)
    assert caught.value.code == "person_erased"


def test_a_sweep_removes_what_crashes_left_and_nothing_else(person_id: str, settings: Settings) -> None:
    kept, erased = store(person_id, b"kept"), new_id()
    with unit_of_work():
        other = service.create_person()
        files.store(person_id=other, file_id=erased, stream=io.BytesIO(b"erased"))
    with unit_of_work():
        service.erase_person(person_id=other)
    on_disk(settings, erased).write_bytes(b"left by a crash after the commit")
    stray = on_disk(settings, new_id())
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stored, then rolled back")
    young = on_disk(settings, new_id())
    young.parent.mkdir(exist_ok=True)
    young.write_bytes(b"still being stored")
    for path in (stray, on_disk(settings, kept)):
        os.utime(path, (1, 1))

    with unit_of_work():
        assert files.sweep() == 2
    assert not on_disk(settings, erased).exists()
    assert not stray.exists()
    assert young.exists()
    assert read(person_id, kept) == b"kept"
    with unit_of_work():
        assert files.sweep() == 0
