"""A document as it is looked at: its page as a picture or its words, its versions, its translations; all on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ercms.accounts import service as accounts
from ercms.audit.actions import AuditAction
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.evidence import queries, service
from ercms.evidence.access_service import open_file
from ercms.evidence.lines import CHANGE_LABEL, FileLine, file_lines
from ercms.evidence.models import StoredFile
from ercms.evidence.records_service import record_look
from ercms.inspection import service as inspection
from ercms.inspection.kinds import DOCX, Refused
from ercms.inspection.service import Made
from ercms.vault import files as sealed_files
from ercms.vault import service as vault
from ercms.vault.service import SealedText

ZOOMS = (50, 100, 150, 200, 300)
SMALL = 20
_WIDTH_AT_100 = 900
_PARAGRAPHS = 40


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document: who put it there, when, and why in place of the one before."""

    file_id: str
    stored_at: datetime
    stored_by: str
    reason: str | None
    is_present: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document with what stands around it; `paragraphs` are the words of a letter, which has no picture."""

    file: FileLine
    reference: str
    case_version: int
    page: int
    pages: int
    paragraphs: tuple[str, ...] | None
    versions: tuple[Version, ...]
    translations: tuple[FileLine, ...]
    original: FileLine | None
    is_held: bool
    is_present: bool
    may_replace: bool
    may_set_aside: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a page is drawn from: the sealed content, to be opened piece by piece outside the unit of work."""

    media_type: str
    chunks: Iterator[bytes]


def zooms_beside(zoom: int) -> tuple[int | None, int | None]:
    """Return the next larger and the next smaller zoom, in per cent; None where there is none."""
    larger = min((one for one in ZOOMS if one > zoom), default=None)
    return larger, max((one for one in ZOOMS if one < zoom), default=None)


def look(*, actor: Actor, file_id: str, page: int) -> DocumentPage:
    """Open a document at one page, and put that on record.

    Raises:
        NotFound: there is no such document or page, or the actor may not know of it.
    """
    case, file = open_file(actor=actor, file_id=file_id)
    words = _words(file) if file.media_type == DOCX else None
    pages = max(1, -(-len(words) // _PARAGRAPHS)) if words is not None else file.pages or 1
    if not 1 <= page <= pages:
        raise NotFound
    record_look(actor=actor, action=AuditAction.EVIDENCE_VIEWED, case=case, file=file)
    versions = queries.list_versions(file)
    shown = queries.list_translations(versions[0].id) if not file.is_held else []
    original = queries.find_file(file.translation_of_id) if file.translation_of_id else None
    lines = {line.id: line for line in file_lines([file, *shown, *([original] if original else [])])}
    start = (page - 1) * _PARAGRAPHS
    may_write = service.may_write(actor=actor, case=case)
    return DocumentPage(
        file=lines[file.id],
        reference=case.reference,
        case_version=case.version,
        page=page,
        pages=pages,
        paragraphs=None if words is None else tuple(words[start : start + _PARAGRAPHS]),
        versions=_versions(versions),
        translations=tuple(lines[other.id] for other in shown if other.id != file.id),
        original=lines.get(original.id) if original else None,
        is_held=file.is_held,
        is_present=file.replaced_by_id is None,
        may_replace=may_write
        and not file.is_held
        and file.replaced_by_id is None
        and file.is_internal is service.is_internal_author(actor),
        may_set_aside=service.may_check(actor=actor, case=case) and not file.is_held and not file.is_internal,
    )


def open_for_drawing(*, actor: Actor, file_id: str, page: int) -> Drawing:
    """Open a document to draw one of its pages, and put on record which.

    Raises:
        NotFound: there is no such document, it has no pages to be drawn, or the actor may not know of it.
    """
    case, file = open_file(actor=actor, file_id=file_id)
    if file.media_type == DOCX or not 1 <= page <= (file.pages or 1):
        raise NotFound
    chunks = sealed_files.read(person_id=file.person_id, file_id=file.id)
    record_look(
        actor=actor,
        action=AuditAction.FILE_READ,
        case=case,
        file=file,
        size=file.size,
        media_type=file.media_type,
        page=page,
    )
    return Drawing(file.media_type, chunks)


def draw(*, drawing: Drawing, page: int, zoom: int, turn: int) -> Made:
    """Draw a page, in the limited process; to be called when no unit of work is open.

    Raises:
        NotFound: the page cannot be drawn.
    """
    try:
        return inspection.draw(
            stream=_Pieces(drawing.chunks),
            media_type=drawing.media_type,
            page=page,
            width=_WIDTH_AT_100 * zoom // 100,
            turn=turn,
        )
    except Refused as error:
        raise NotFound("page_not_drawn") from error


class _Pieces:
    """Chunks as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        if not self._rest:
            self._rest = next(self._chunks, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def _words(file: StoredFile) -> list[str]:
    try:
        return inspection.read_words(stream=_Pieces(sealed_files.read(person_id=file.person_id, file_id=file.id)))
    except Refused as error:
        raise NotFound("page_not_drawn") from error


def _versions(files: list[StoredFile]) -> tuple[Version, ...]:
    names = accounts.user_names(file.created_by_id for file in files)
    noted = [file for file in files if file.change_note_sealed is not None]
    opened = vault.open_texts(
        SealedText(file.person_id, CHANGE_LABEL, file.id, file.change_note_sealed or b"") for file in noted
    )
    reasons = {file.id: text for file, text in zip(noted, opened, strict=True)}
    return tuple(
        Version(file.id, file.created_at, names.get(file.created_by_id, ""), reasons.get(file.id), number == 0)
        for number, file in enumerate(files)
    )
