"""The scenes of files: a register's photograph beside the one that was sent, a new version, a translation."""

from collections.abc import Callable
from io import BytesIO

from ercms.demonstration import papers, reception
from ercms.demonstration.play import Play, read
from ercms.evidence import queries
from ercms.evidence.enums import FileRole, Scan
from ercms.evidence.incoming_service import Received
from ercms.photographs import service as photographs
from ercms.photographs.enums import PhotographFinding
from ercms.photographs.schemas import FindingRequest
from ercms.verification import inquiry_service


def _give_picture(play: Play) -> None:
    """Let the agency of the first inquiry give the photograph of its register, before it answers."""
    inquiry_id, officer = play.open_inquiries[0]
    name, content = papers.any_portrait(play.chance)
    play.name(officer)
    made = Received(papers.cleaned(stream=BytesIO(content), name=name), Scan.OFF)
    inquiry_service.give_file(actor=officer, inquiry_id=inquiry_id, name=f"register-{name}", stream=made)


def _compare(play: Play) -> None:
    """Let the case worker look at the two photographs and say what is to be seen."""
    play.name(play.case_worker)
    pair = photographs.open_pair(actor=play.case_worker, reference=play.reference)
    if pair.left is None or pair.right is None:
        raise LookupError("the story compares photographs that nobody gave")
    raw = {
        "version": pair.version,
        "sent": pair.left.file.id,
        "other": pair.right.file.id,
        "finding": PhotographFinding.SAME.value,
        "reasons": play.text("photograph_finding"),
    }
    photographs.record(
        actor=play.case_worker,
        reference=play.reference,
        expected_version=pair.version,
        values=read(FindingRequest(), raw),
    )


def _translate(play: Play) -> None:
    """Let the requesting authority put a translation to the first document of the request."""
    reception.upload(
        play,
        papers.any_scan(play.chance),
        translation_of_id=_document_id(play),
        translation_language=play.text("translation_language"),
        translator=play.text("translator"),
        is_certified="true",
    )


def _replace(play: Play) -> None:
    """Let the requesting authority send a better copy of the first document of the request."""
    reception.upload(
        play, papers.any_scan(play.chance), replaces_id=_document_id(play), change_note=play.text("new_version")
    )


def _document_id(play: Play) -> str:
    return next(
        file.id
        for file in queries.list_shown_files(play.case_id)
        if file.role is FileRole.EVIDENCE and file.translation_of_id is None
    )


SCENES: dict[str, Callable[[Play], None]] = {
    "register_picture": _give_picture,
    "photographs_compared": _compare,
    "translation": _translate,
    "new_version": _replace,
}
