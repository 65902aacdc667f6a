"""What is accepted, how it begins, how large it may be, and why something is refused."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

SIZE_LIMIT = 20 * 1024 * 1024
PAGE_LIMIT = 400

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# A decoded picture takes four bytes a pixel, and one that is turned upright takes that twice. A JPEG is decoded at a
# half or a quarter of its size where it is larger than what is kept.
PIXEL_LIMITS = {JPEG: 64_000_000, PNG: 24_000_000, HEIC: 16_000_000}
KEPT_PIXELS = 16_000_000
# A progressive JPEG is held whole, at six bytes a pixel, before the first of it can be seen.
PROGRESSIVE_PIXELS = 20_000_000

ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png", DOCX: "docx"}
"""The kinds that are stored, and how their files are named when they are handed over."""

IMAGE_TYPES = frozenset({JPEG, PNG})
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.heif,.docx"
ACCEPTED_PICTURES = ".jpg,.jpeg,.png,.heic,.heif"

_NAMES = {
    PDF: frozenset({".pdf"}),
    JPEG: frozenset({".jpg", ".jpeg"}),
    PNG: frozenset({".png"}),
    HEIC: frozenset({".heic", ".heif"}),
    DOCX: frozenset({".docx"}),
}
_STARTS = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n", DOCX: b"PK\x03\x04"}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


class Refusal(StrEnum):
    """Why a file is not accepted."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_KIND = "wrong_kind"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    TWO_IN_ONE = "two_in_one"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    ACTIVE = "active"
    TOO_HEAVY = "too_heavy"


class Refused(Exception):
    """A file is not accepted; the code says why and nothing of the file is quoted."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Result:
    """What the work on a file gives: its kind, its number of pages (None where it has none to show), its content."""

    media_type: str
    pages: int | None
    content: bytes


def kind_of(start: bytes, name: str) -> str:
    """Return the media type by the first bytes, which the ending of the name has to agree with.

    Raises:
        Refused: another kind, or not what the name says.
    """
    ending = PurePath(name).suffix.lower()
    if not any(ending in endings for endings in _NAMES.values()):
        raise Refused(Refusal.WRONG_KIND)
    found = next((media_type for media_type, first in _STARTS.items() if start.startswith(first)), None)
    if found is None and start[4:8] == b"ftyp" and start[8:12] in _HEIC_BRANDS:
        found = HEIC
    if found is None or ending not in _NAMES[found]:
        raise Refused(Refusal.NOT_WHAT_IT_SAYS)
    return found


def refuse_second_file(content: bytes, media_type: str) -> None:
    """Refuse a file that another program would open as something else: an archive behind it, a PDF inside a picture.

    Raises:
        Refused: there are two files in one.
    """
    if b"PK\x05\x06" in content[-66_000:]:
        raise Refused(Refusal.TWO_IN_ONE)
    if media_type != PDF and b"%PDF-" in content:
        raise Refused(Refusal.TWO_IN_ONE)
