"""Hostile files really sent through the limited process: each is refused, and neither process needs much memory."""

import shutil
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ercms.core.errors import InvalidInput
from ercms.inspection import service
from ercms.inspection.kinds import DOCX, JPEG, PAGE_LIMIT, PDF, PNG, SIZE_LIMIT, Refusal, Refused
from tests.factories import files
from tests.factories.files import docx, picture, written
from tests.unit.ercms.inspection.test_contents import png_bomb

MOST_KIB = 200 * 1024


def zip_bomb() -> bytes:
    """Return a DOCX of some 100 kB that unpacks to 100 MB."""
    target = BytesIO(docx())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/a.bmp", "w") as part:
        for _ in range(100):
            part.write(bytes(1024 * 1024))
    return target.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str, Refusal]] = {
    "empty": (lambda: b"", "a.pdf", Refusal.EMPTY),
    "too large": (lambda: b"%PDF-" + bytes(SIZE_LIMIT), "a.pdf", Refusal.TOO_LARGE),
    "polyglot": (lambda: picture() + docx(), "a.jpg", Refusal.TWO_IN_ONE),
    "bomb in an archive": (zip_bomb, "a.docx", Refusal.TOO_HEAVY),
    "bomb in a picture": (lambda: png_bomb(60_000), "a.png", Refusal.TOO_MANY_PIXELS),
    "20,000 pages": (lambda: written(files.pdf(20_000)), "a.pdf", Refusal.TOO_MANY_PAGES),
    "truncated": (lambda: picture(size=(600, 600))[:-400], "a.jpg", Refusal.DAMAGED),
    "macros": (lambda: docx(**{"word/vbaProject.bin": b"x"}), "a.docx", Refusal.ACTIVE),
    "another kind": (lambda: b"MZ\x90", "../../a.pdf\0.exe", Refusal.WRONG_KIND),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_a_hostile_upload_is_refused_with_the_reason(which: str) -> None:
    make, name, refusal = HOSTILE[which]
    with pytest.raises(InvalidInput) as refused:
        service.clean(stream=BytesIO(make()), name=name)
    assert refused.value.fields == {"file": [service.REASONS[refusal]]}


@pytest.mark.parametrize("kind", ["turned", "large", "pages"])
def test_the_heaviest_accepted_files_stay_within_the_memory(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content, name = {
        "turned": lambda: (picture(size=(4000, 4000), exif=exif), "a.jpg"),
        "large": lambda: (picture(size=(9000, 7000), quality=30), "a.jpg"),
        "pages": lambda: (written(files.pdf(PAGE_LIMIT)), "a.pdf"),
    }[kind]()
    made = service.clean(stream=BytesIO(content), name=name)
    made.content.close()
    assert 0 < made.peak_kib < MOST_KIB


@pytest.mark.parametrize(("content", "name", "media_type"), [
    (picture(), "a.jpg", JPEG), (picture("PNG"), "a.png", PNG), (files.HEIC, "a.heic", JPEG),
    (written(files.pdf()), "a.pdf", PDF), (docx(), "a.docx", DOCX),
])  # fmt: skip
def test_every_accepted_kind_passes_through_the_process(content: bytes, name: str, media_type: str) -> None:
    made = service.clean(stream=BytesIO(content), name=name)
    kept = b"".join(made.chunks())
    assert (made.media_type, made.size) == (media_type, len(kept))
    if media_type == DOCX:
        assert service.read_words(stream=BytesIO(kept)) == ["Invented letter"]


def test_every_reason_has_its_words() -> None:
    assert set(service.REASONS) == set(Refusal)


# A module of this shape is what the child loads; this one misbehaves in each way that a parser may.
MISBEHAVING = """
import ctypes, os, socket, sys
from ercms.inspection.kinds import Result
def memory(content): return Result("text/plain", None, bytes(300 * 1024 * 1024))
def crash(content): ctypes.string_at(0)
def output(content):
    while True: os.write(1, bytes(1024 * 1024))
def error(content): raise LookupError(content.decode())
def told(content):
    found = []
    for name, act in {
        "file": lambda: open("/etc/hostname"), "socket": socket.socket, "process": lambda: os.fork() or os._exit(0),
    }.items():
        try: act()
        except OSError: found.append(name + " refused")
        else: found.append(name + " allowed")
    return Result("text/plain", None, "\\n".join(found + sorted(os.environ)).encode())
"""


@pytest.fixture
def misbehaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], service.Made]:
    """Run a parser that misbehaves in the child; its module is found in a copy of the package."""
    folder = tmp_path / "ercms" / "inspection"
    shutil.copytree(Path(service.__file__).parent, folder)
    (folder.parent / "__init__.py").touch()
    (folder / "wrong.py").write_text(MISBEHAVING)
    monkeypatch.setattr(service, "_ROOT", tmp_path)

    def run(act: str, content: bytes) -> service.Made:
        with service._held(BytesIO(content)) as source:
            return service.run("wrong", act, source, {})

    return run


@pytest.mark.parametrize(("act", "refusal"), [
    ("memory", Refusal.TOO_HEAVY), ("crash", Refusal.TOO_HEAVY),
    ("output", Refusal.DAMAGED), ("error", Refusal.DAMAGED),
])  # fmt: skip
def test_a_parser_that_misbehaves_ends_as_a_refusal(
    misbehaving: Callable[[str, bytes], service.Made], act: str, refusal: Refusal, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Refused) as refused:
        misbehaving(act, b"Leyla Qasimova")
    assert refused.value.refusal is refusal
    assert "Qasimova" not in caplog.text


def test_the_child_opens_nothing_and_inherits_nothing(
    misbehaving: Callable[[str, bytes], service.Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERCMS_KEYRING", "/secret")
    told = b"".join(misbehaving("told", b"").chunks()).decode().split("\n")
    assert told[:2] == ["file refused", "socket refused"]
    assert set(told[3:]) <= {"LC_ALL", "LC_CTYPE"}


def test_a_page_is_drawn_as_a_picture_and_turned() -> None:
    content = written(files.pdf(2))
    made = service.draw(stream=BytesIO(content), media_type=PDF, page=2, width=300, turn=0)
    with Image.open(BytesIO(b"".join(made.chunks()))) as page:
        assert (page.format, page.size, made.pages) == ("PNG", (300, 300), 2)
    turned = service.draw(stream=BytesIO(picture(size=(60, 90))), media_type=JPEG, page=1, width=300, turn=90)
    with Image.open(BytesIO(b"".join(turned.chunks()))) as page:
        assert (page.format, page.size) == ("PNG", (90, 60))
    with pytest.raises(Refused):
        service.draw(stream=BytesIO(content), media_type=PDF, page=3, width=300, turn=0)
