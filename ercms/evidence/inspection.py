"""Open what was uploaded, judge it by its content, and write it anew without what nobody needs in it.

Pictures are decoded and encoded again, so that metadata and whatever hangs behind the picture are gone. Of a PDF only
the pages are carried over, with a list of harmless keys for annotations: scripts, actions, forms, attachments and
metadata have no way into the copy. A DOCX is unpacked and packed again without its author's data.
"""

import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

import pikepdf
from PIL import Image, ImageOps

from ercms.core.errors import InvalidInput
from ercms.core.text import msg

SIZE_LIMIT = 20 * 1024 * 1024
PIXEL_LIMIT = 40_000_000
PAGE_LIMIT = 400
_UNPACKED_LIMIT = 100 * 1024 * 1024
_ENTRY_LIMIT = 2000
_QUALITY = 90

EMPTY = msg("The file is empty.")
TOO_LARGE = msg("The file is larger than 20 MB.")
WRONG_KIND = msg("Only PDF, JPEG, PNG and DOCX files are accepted.")
NOT_WHAT_IT_SAYS = msg("The content of the file is not what its name says.")
TWO_IN_ONE = msg("The file holds a second file inside. Save the document or picture anew and send that.")
DAMAGED = msg("The file is damaged or incomplete and cannot be opened.")
TOO_MANY_PIXELS = msg("The picture has too many pixels. Make it smaller than 40 megapixels.")
TOO_MANY_PAGES = msg("The document has more than 400 pages. Send it in parts.")
LOCKED = msg("The document is protected by a password. Send it without one.")
ACTIVE = msg("The document contains macros or embedded programs. Send it as PDF.")

# How each accepted kind begins, and by which endings its names are known.
_SIGNATURES: tuple[tuple[str, bytes, frozenset[str]], ...] = (
    ("application/pdf", b"%PDF-", frozenset({".pdf"})),
    ("image/jpeg", b"\xff\xd8\xff", frozenset({".jpg", ".jpeg"})),
    ("image/png", b"\x89PNG\r\n\x1a\n", frozenset({".png"})),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04",
        frozenset({".docx"}),
    ),
)
IMAGE_TYPES = frozenset({"image/jpeg", "image/png"})
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
# What an annotation may keep: how it looks and where it stands, nothing that it does.
_ANNOTATION_KEYS = frozenset(
    {
        "/Type",
        "/Subtype",
        "/Rect",
        "/AP",
        "/AS",
        "/F",
        "/C",
        "/CA",
        "/Border",
        "/BS",
        "/Contents",
        "/QuadPoints",
        "/InkList",
        "/L",
        "/Vertices",
        "/IC",
        "/LE",
    }
)
_ANNOTATIONS_THAT_ACT = frozenset(
    {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/Link", "/Popup"}
)
_PAGE_KEYS = frozenset(
    {
        "/Type",
        "/Parent",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/Resources",
        "/Contents",
        "/Annots",
        "/UserUnit",
        "/Group",
    }
)
_ACTIVE_PARTS = ("vbaproject", "activex", "embeddings/", "oleobject")
_NO_AUTHOR = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that was opened and written anew."""

    media_type: str
    content: bytes


def inspect(*, content: bytes, name: str) -> CleanFile:
    """Return a clean copy of an upload.

    Raises:
        InvalidInput: it is none of the accepted kinds, not what its name says, or cannot be opened; the reason stands
            at the field `file`.
    """
    if not content:
        raise refused(EMPTY)
    if len(content) > SIZE_LIMIT:
        raise refused(TOO_LARGE)
    media_type = _kind_of(content, name)
    return CleanFile(media_type, _REWRITERS[media_type](content))


def refused(message: str) -> InvalidInput:
    """Return the refusal of an upload, to be shown at its field."""
    return InvalidInput("file_refused", fields={"file": [message]})


def _kind_of(content: bytes, name: str) -> str:
    ending = PurePath(name).suffix.lower()
    if not any(ending in endings for _, _, endings in _SIGNATURES):
        raise refused(WRONG_KIND)
    for media_type, start, endings in _SIGNATURES:
        if content.startswith(start):
            if ending not in endings:
                raise refused(NOT_WHAT_IT_SAYS)
            if media_type != "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
                _refuse_second_file(content, media_type)
            return media_type
    raise refused(NOT_WHAT_IT_SAYS)


def _refuse_second_file(content: bytes, media_type: str) -> None:
    """Refuse a file that another program would open as something else: an archive behind it, a PDF inside a picture."""
    if b"PK\x05\x06" in content[-66_000:]:
        raise refused(TWO_IN_ONE)
    if media_type in IMAGE_TYPES and b"%PDF-" in content:
        raise refused(TWO_IN_ONE)


def _rewrite_image(kind: str) -> Callable[[bytes], bytes]:
    def rewrite(content: bytes) -> bytes:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                opened = Image.open(BytesIO(content), formats=(kind,))
            if opened.width * opened.height > PIXEL_LIMIT:
                raise refused(TOO_MANY_PIXELS)
            opened.load()
            picture = _plain(opened, kind)
            target = BytesIO()
            options = {"quality": _QUALITY} if kind == "JPEG" else {}
            picture.save(target, kind, **options)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise refused(TOO_MANY_PIXELS) from error
        except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
            raise refused(DAMAGED) from error
        return target.getvalue()

    return rewrite


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """Return the upright pixels and nothing else of a picture."""
    upright = ImageOps.exif_transpose(picture)
    if kind == "JPEG":
        plain = upright if upright.mode in {"RGB", "L"} else upright.convert("RGB")
    else:
        plain = upright if upright.mode in {"RGB", "RGBA", "L", "LA"} else upright.convert("RGBA")
    plain.info = {}
    return plain


def _rewrite_pdf(content: bytes) -> bytes:
    try:
        with pikepdf.open(BytesIO(content)) as source, pikepdf.new() as clean:
            if len(source.pages) > PAGE_LIMIT:
                raise refused(TOO_MANY_PAGES)
            if len(source.pages) == 0:
                raise refused(DAMAGED)
            for page in source.pages:
                _strip_page(page.obj)
            clean.pages.extend(source.pages)
            target = BytesIO()
            clean.save(target)
    except pikepdf.PasswordError as error:
        raise refused(LOCKED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, OverflowError) as error:
        raise refused(DAMAGED) from error
    return target.getvalue()


def _strip_page(page: pikepdf.Object) -> None:
    annotations = [annotation for annotation in page.get("/Annots", []) if _is_shown(annotation)]
    for annotation in annotations:
        for key in list(annotation.keys()):
            if key not in _ANNOTATION_KEYS:
                del annotation[key]
    if "/Annots" in page:
        page["/Annots"] = pikepdf.Array(annotations)
    for key in list(page.keys()):
        if key not in _PAGE_KEYS:
            del page[key]


def _is_shown(annotation: pikepdf.Object) -> bool:
    is_dictionary = isinstance(annotation, pikepdf.Dictionary)
    return is_dictionary and str(annotation.get("/Subtype", "")) not in _ANNOTATIONS_THAT_ACT


def _rewrite_docx(content: bytes) -> bytes:
    target = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as clean:
            entries = source.infolist()
            _check_docx(entries)
            left = _UNPACKED_LIMIT
            for entry in entries:
                part = _NO_AUTHOR.get(entry.filename) or _read_part(source, entry, left)
                left -= len(part)
                clean.writestr(entry.filename, part)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise refused(DAMAGED) from error
    return target.getvalue()


def _check_docx(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if not {"[Content_Types].xml", "word/document.xml"} <= set(names) or len(set(names)) != len(names):
        raise refused(NOT_WHAT_IT_SAYS)
    if len(entries) > _ENTRY_LIMIT or sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
        raise refused(DAMAGED)
    if any(part in name.lower() for name in names for part in _ACTIVE_PARTS):
        raise refused(ACTIVE)
    if any(name.startswith("/") or ".." in PurePath(name).parts or "\\" in name for name in names):
        raise refused(DAMAGED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused(LOCKED)


def _read_part(source: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Read one part, however large it claims to be, and no more than what is left of the limit."""
    with source.open(entry) as part:
        read = part.read(left + 1)
    if len(read) > left:
        raise refused(DAMAGED)
    return read


_REWRITERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": _rewrite_pdf,
    "image/jpeg": _rewrite_image("JPEG"),
    "image/png": _rewrite_image("PNG"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _rewrite_docx,
}
