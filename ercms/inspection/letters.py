"""DOCX: unpacked and packed again without its author, without what reaches outside, and not at all with programs in it.

Macros, controls, embedded objects and fields that fetch or run something are refused: the document says something else
without them. Addresses outside are emptied. The words can be read for a preview.
"""

import codecs
import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePath
from xml.etree import ElementTree

from ercms.inspection.kinds import DOCX, Refusal, Refused, Result

# The names in an archive may be written in this way; nothing can be loaded once the doors are closed.
codecs.lookup("cp437")
_UNPACKED_LIMIT = 60 * 1024 * 1024
_TEXT_PART_LIMIT = 12 * 1024 * 1024
_ENTRY_LIMIT = 2000
_MOST_PARAGRAPHS = 4000
_MOST_LETTERS = 400_000

_ACTIVE_PARTS = ("vbaproject", "vbadata", "activex", "embeddings/", "oleobject", "afchunk")
_ACTIVE_RELATIONS = ("/afchunk", "/oleobject", "/control", "/vbaproject", "/package", "/subdocument", "/frame")
_ACTIVE_FIELDS = re.compile(
    r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON|DATABASE|EMBED)\b", re.IGNORECASE
)
_AUTHORS = re.compile(rb"""\b(w:author|w:initials|w15:author|w15:userId)=("[^"]*"|'[^']*')""")
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOWHERE = "about:blank"

_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FORMATS = b"http://schemas.openxmlformats.org/"
_NO_AUTHOR = {
    "docProps/core.xml": _XML
    + b'<cp:coreProperties xmlns:cp="'
    + _FORMATS
    + b'package/2006/metadata/core-properties"/>',
    "docProps/app.xml": _XML + b'<Properties xmlns="' + _FORMATS + b'officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": _XML + b'<Properties xmlns="' + _FORMATS + b'officeDocument/2006/custom-properties"/>',
}


def clean(content: bytes, *, media_type: str) -> Result:
    """Return a document of the same parts that names nobody, reaches nothing and runs nothing.

    Raises:
        Refused: damaged, locked, with active content, or larger when unpacked than is sensible.
    """
    target = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            entries = source.infolist()
            _check(entries)
            left = _UNPACKED_LIMIT
            for entry in entries:
                part = _NO_AUTHOR.get(entry.filename) or _clean_part(entry.filename, _read_part(source, entry, left))
                left -= len(part)
                made.writestr(entry.filename, part)
    except (
        zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError
    ) as error:  # fmt: skip
        raise Refused(Refusal.DAMAGED) from error
    return Result(DOCX, None, target.getvalue())


def words(content: bytes, *, media_type: str) -> Result:
    """Return the text of a stored letter, a paragraph a line, in UTF-8.

    Raises:
        Refused: it cannot be read.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as source:
            body = _parsed(_read_part(source, source.getinfo("word/document.xml"), _TEXT_PART_LIMIT))
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, EOFError) as error:
        raise Refused(Refusal.DAMAGED) from error
    lines = []
    for paragraph in body.iter(f"{_WORDS}p"):
        text = "".join(_piece(node) for node in paragraph.iter())
        lines.append(" ".join(text.split()))
        if len(lines) >= _MOST_PARAGRAPHS:
            break
    return Result("text/plain", None, "\n".join(lines)[:_MOST_LETTERS].encode())


def _piece(node: ElementTree.Element) -> str:
    if node.tag == f"{_WORDS}t":
        return node.text or ""
    return " " if node.tag in {f"{_WORDS}tab", f"{_WORDS}br", f"{_WORDS}cr"} else ""


def _check(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if not {"[Content_Types].xml", "word/document.xml"} <= set(names) or len(set(names)) != len(names):
        raise Refused(Refusal.NOT_WHAT_IT_SAYS)
    if len(entries) > _ENTRY_LIMIT or sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
        raise Refused(Refusal.TOO_HEAVY)
    if any(part in name.lower() for name in names for part in _ACTIVE_PARTS):
        raise Refused(Refusal.ACTIVE)
    if any(name.startswith("/") or ".." in PurePath(name).parts or "\\" in name for name in names):
        raise Refused(Refusal.DAMAGED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(Refusal.LOCKED)


def _read_part(source: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """Read one part, however large it claims to be, and no more than what is left of the limit."""
    with source.open(entry) as part:
        read = part.read(left + 1)
    if len(read) > left:
        raise Refused(Refusal.TOO_HEAVY)
    return read


def _clean_part(name: str, part: bytes) -> bytes:
    if name.endswith(".rels"):
        return _inside_only(_parsed(part))
    if name == "[Content_Types].xml" or name.endswith(".xml"):
        _refuse_active(_parsed(part))
        return _AUTHORS.sub(rb'\1=""', part)
    return part


def _parsed(part: bytes) -> ElementTree.Element:
    """Return the tree of a part that declares nothing of its own: no entity, no document type, and UTF-8 alone.

    Raises:
        Refused: it does, or it is no XML.
    """
    if len(part) > _TEXT_PART_LIMIT:
        raise Refused(Refusal.TOO_HEAVY)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part:
        raise Refused(Refusal.ACTIVE)
    try:
        part.decode("utf-8")
        return ElementTree.fromstring(part)  # noqa: S314 - nothing that could expand or reach outside is left in it
    except (ElementTree.ParseError, UnicodeDecodeError) as error:
        raise Refused(Refusal.DAMAGED) from error


def _inside_only(relations: ElementTree.Element) -> bytes:
    """Return relationships whose targets lie inside the document; one outside keeps its place and leads nowhere."""
    ElementTree.register_namespace("", _RELATIONS)
    for relation in relations:
        if any(relation.get("Type", "").lower().endswith(active) for active in _ACTIVE_RELATIONS):
            raise Refused(Refusal.ACTIVE)
        target = relation.get("Target", "")
        if relation.get("TargetMode") == "External" or "://" in target or target.startswith(("\\\\", "//")):
            relation.set("Target", _NOWHERE)
            relation.set("TargetMode", "External")
    return _XML + ElementTree.tostring(relations)


def _refuse_active(tree: ElementTree.Element) -> None:
    """Refuse fields that fetch or run something; their code may be spread over many runs."""
    code = "".join(node.text or "" for node in tree.iter(f"{_WORDS}instrText"))
    simple = " ".join(node.get(f"{_WORDS}instr", "") for node in tree.iter(f"{_WORDS}fldSimple"))
    if _ACTIVE_FIELDS.search(code) or _ACTIVE_FIELDS.search(simple) or "macroEnabled" in _content_types(tree):
        raise Refused(Refusal.ACTIVE)


def _content_types(tree: ElementTree.Element) -> str:
    return " ".join(node.get("ContentType", "") for node in tree) if tree.tag.endswith("}Types") else ""
