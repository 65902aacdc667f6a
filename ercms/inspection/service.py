"""Start the child process that opens a foreign file, and hand over what comes out of it.

The child is a fresh interpreter: it inherits no environment, no open file and no secret of this process, has its own
limits of memory and time, and can open nothing once it has begun (`limits`). Whatever a parser does there, a crash
included, ends as a refusal here. Files pass through anonymous memory (memfd), never over the disk.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.inspection.kinds import DOCX, ENDINGS, PDF, SIZE_LIMIT, Refusal, Refused, kind_of

WALL_SECONDS = 60
AT_ONCE = 2
_ROOT = Path(__file__).resolve().parents[2]
_PIECE = 256 * 1024
_LONGEST_HEAD = 1000

REASONS: Mapping[Refusal, str] = {
    Refusal.EMPTY: msg("The file is empty."),
    Refusal.TOO_LARGE: msg("The file is larger than 20 MB."),
    Refusal.WRONG_KIND: msg("Only PDF, JPEG, PNG, HEIC and DOCX files are accepted."),
    Refusal.NOT_WHAT_IT_SAYS: msg("The content of the file is not what its name says."),
    Refusal.TWO_IN_ONE: msg("The file holds a second file inside. Save the document or picture anew and send that."),
    Refusal.DAMAGED: msg("The file is damaged or incomplete and cannot be opened."),
    Refusal.TOO_MANY_PIXELS: msg(
        "The picture has too many pixels. JPEG may have 64 megapixels, PNG 24, HEIC 16: make it smaller."
    ),
    Refusal.TOO_MANY_PAGES: msg("The document has more than 400 pages. Send it in parts."),
    Refusal.LOCKED: msg("The document is protected by a password. Send it without one."),
    Refusal.ACTIVE: msg(
        "The document contains macros, embedded objects or fields that fetch something. Send it as PDF."
    ),
    Refusal.TOO_HEAVY: msg(
        "Opening the file needs more memory or time than is allowed. Save it anew in a simpler form."
    ),
}

# One process opens this many files at a time; further ones wait, so that ten uploads do not take ten times the memory.
_places = threading.BoundedSemaphore(AT_ONCE)
_log = logging.getLogger(__name__)


class Readable(Protocol):
    """Whatever gives bytes: an upload, an open file, a buffer."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Made:
    """What the child made: kind, number of pages, size in bytes, its peak of memory, and the content, read once."""

    media_type: str
    pages: int | None
    size: int
    peak_kib: int
    content: BinaryIO

    def chunks(self) -> Iterator[bytes]:
        """Give the content piece by piece, and let go of it."""
        with self.content:
            while piece := self.content.read(_PIECE):
                yield piece


def clean(*, stream: Readable, name: str, before: Callable[[BinaryIO], None] | None = None) -> Made:
    """Return a clean copy of an upload: opened, and written anew without what nobody needs in it.

    `before` is shown the upload as it was sent, once size and kind are good and before it is opened.

    Raises:
        InvalidInput: it is none of the accepted kinds, not what its name says, or cannot be opened; the reason stands
            at the field `file`.
    """
    try:
        with _held(stream) as source:
            start = os.pread(source.fileno(), 64, 0)
            if not start:
                raise Refused(Refusal.EMPTY)
            media_type = kind_of(start, name)
            if before is not None:
                before(source)
            module = {PDF: "pdf", DOCX: "letters"}.get(media_type, "pictures")
            return run(module, "clean", source, {"media_type": media_type})
    except Refused as error:
        raise refused(error.refusal) from error


def draw(*, stream: Readable, media_type: str, page: int, width: int, turn: int) -> Made:
    """Return one page of a stored file as a PNG of about a width in pixels, turned clockwise.

    Raises:
        Refused: the page cannot be drawn.
    """
    arguments = {"media_type": media_type, "width": width, "turn": turn}
    with _held(stream) as source:
        if media_type == PDF:
            return run("pdf_pages", "draw", source, {**arguments, "page": page})
        return run("pictures", "draw", source, arguments)


def read_words(*, stream: Readable) -> list[str]:
    """Return the paragraphs of a stored letter.

    Raises:
        Refused: it cannot be read.
    """
    with _held(stream) as source:
        made = run("letters", "words", source, {"media_type": DOCX})
    return b"".join(made.chunks()).decode().split("\n")


def refused(refusal: Refusal) -> InvalidInput:
    """Return the refusal of an upload, to be shown at its field."""
    return InvalidInput("file_refused", fields={"file": [REASONS[refusal]]}, refusal=refusal.value)


def run(module: str, act: str, source: BinaryIO, arguments: Mapping[str, Any]) -> Made:
    """Run one function of a module of this package in a child process, on a file.

    Raises:
        Refused: the child refuses, runs into one of its limits, or crashes.
    """
    target = _memory_file()
    code = (
        f"import sys; sys.path.insert(0, {str(_ROOT)!r})\n"
        "from ercms.inspection import limits; limits.restrain()\n"
        f"from ercms.inspection import child, {module} as work; child.main(work.{act})\n"
    )
    with _places:
        os.lseek(source.fileno(), 0, os.SEEK_SET)
        process = subprocess.Popen(  # noqa: S603 - this interpreter, code of this module, arguments that are numbers
            [sys.executable, "-I", "-B", "-c", code, json.dumps(arguments)],
            stdin=source, stdout=target, stderr=subprocess.DEVNULL, cwd="/", env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        try:
            status = process.wait(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
    return _outcome(target, status, module)


def _outcome(target: BinaryIO, status: int, module: str) -> Made:
    try:
        target.seek(0)
        head = target.readline(_LONGEST_HEAD)
        if status != 0 or not head.endswith(b"\n"):
            # A signal means a limit or a crash, another status an error that nobody foresaw: the file is at fault.
            _log.warning("a file could not be inspected", extra={"kind": module, "status": status})
            raise Refused(Refusal.TOO_HEAVY if status < 0 else Refusal.DAMAGED)
        told = json.loads(head)
        if "refused" in told:
            raise Refused(Refusal(told["refused"]))
        if told["media_type"] not in {*ENDINGS, "text/plain"}:
            raise Refused(Refusal.DAMAGED)
    except Refused:
        target.close()
        raise
    pages = told["pages"]
    made = Made(told["media_type"], None if pages is None else int(pages), int(told["size"]), told["peak_kib"], target)
    # Whoever refuses later, or was asked the same before, reads nothing of it; it is let go of all the same.
    weakref.finalize(made, target.close)
    return made


def _held(stream: Readable) -> BinaryIO:
    """Return a file in memory with the content of a stream, of which no more than one byte too many is read.

    Raises:
        Refused: it is larger than allowed.
    """
    held, left = _memory_file(), SIZE_LIMIT
    while piece := stream.read(min(left + 1, _PIECE)):
        left -= len(piece)
        if left < 0:
            held.close()
            raise Refused(Refusal.TOO_LARGE)
        held.write(piece)
    held.flush()
    return held


def _memory_file() -> BinaryIO:
    """Return an anonymous file in memory; elsewhere than on Linux, one without a name on the disk."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("ercms", os.MFD_CLOEXEC), "w+b")
    return tempfile.TemporaryFile("w+b")
