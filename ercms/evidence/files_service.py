"""Files of a case: inspected, written anew, sealed; read by whom the policy lets.

A file of a draft can be removed. Once the request has been sent, a file can only be replaced, and the former one stays.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from ercms.access.permissions import Permission
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.core.text import msg
from ercms.evidence import firewall_service, incoming_service, queries, service
from ercms.evidence.access_service import open_file
from ercms.evidence.enums import FileRole
from ercms.evidence.incoming_service import Received, Upload
from ercms.evidence.lines import CHANGE_LABEL, TRANSLATOR_LABEL
from ercms.evidence.models import StoredFile
from ercms.evidence.records_service import record_file, record_look
from ercms.extensions import db
from ercms.inspection.kinds import ENDINGS, IMAGE_TYPES
from ercms.vault import files as sealed_files
from ercms.vault import service as vault
from workflows.readmission import CaseState

MOST_FILES = 100
_LONGEST_NAME = 200

TOO_MANY = msg("A request holds at most 100 files.")
NO_PICTURE = msg("A photograph is a JPEG, PNG or HEIC picture.")
UNKNOWN_EVIDENCE = msg("Choose one of the pieces of evidence of this request.")
UNKNOWN_FILE = msg("The file to be replaced is not there any more.")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file to be given out: its content in chunks and the name that the system gives it."""

    media_type: str
    name: str
    size: int
    chunks: Iterator[bytes]


def store_file(
    *,
    actor: Actor,
    reference: str,
    expected_version: int | None,
    values: Mapping[str, Any],
    name: str,
    stream: Upload,
) -> StoredFile:
    """Inspect an upload, seal its clean copy, and put it to the case; `values` are those of `UploadRequest`.

    `stream` is what `incoming_service` made of the upload before the unit of work began; what was not received there
    is inspected here. A file in place of another keeps its role, person and evidence, and so does a translation.

    Raises:
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
        Conflict: `case_not_editable`.
    """
    case = service.writable_case(actor=actor, reference=reference, expected_version=expected_version)
    replaced = _related(actor, case, values.get("replaces_id"))
    original = _related(actor, case, values.get("translation_of_id"))
    place = _place_of(case, values, replaced or original)
    if len(queries.list_files(case.id)) >= MOST_FILES:
        raise _refused(TOO_MANY)
    held = firewall_service.question(actor=actor, values=values)
    received = incoming_service.at_hand(upload=stream, name=name)
    made = received.made
    if place.role is FileRole.PHOTOGRAPH and made.media_type not in IMAGE_TYPES:
        made.content.close()
        raise _refused(NO_PICTURE)
    file = _put(actor, case, place, received, name)
    _describe(file, values, replaced, original)
    if held is not None:
        replaces_id = replaced.id if replaced is not None else None
        firewall_service.hold(actor=actor, case=case, file=file, why=held, replaces_id=replaces_id)
    elif replaced is not None:
        replace_file(former=replaced, by=file)
    cases.touch(case=case)
    record_file(
        actor=actor,
        action=AuditAction.FILE_STORED,
        case=case,
        file=file,
        **_described(file),
        **({"translation_of_id": file.translation_of_id} if file.translation_of_id else {}),
    )
    return file


def replace_file(*, former: StoredFile, by: StoredFile) -> None:
    """Put a file in the place of a former one, which stays; its translations go on under the new one."""
    former.replaced_by_id = by.id
    for translation in queries.list_translations(former.id):
        translation.translation_of_id = by.id


def remove_file(*, actor: Actor, reference: str, expected_version: int | None, file_id: str) -> Case:
    """Take a file out of a draft.

    Raises:
        Conflict: the request has been sent; the file can be replaced, not removed.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_REMOVE)
    cases.check_version(case=case, expected_version=expected_version)
    if case.state is not CaseState.DRAFT:
        raise Conflict("evidence_was_sent", reference=reference, state=case.state.value)
    file = _file_of(case, file_id)
    file.removed_at = clock.now()
    cases.touch(case=case)
    record_file(actor=actor, action=AuditAction.FILE_REMOVED, case=case, file=file, kind=file.role.value)
    return case


def read_file(*, actor: Actor, file_id: str) -> OpenedFile:
    """Open a file for whoever may read the evidence of its case, and put that on record.

    Raises:
        NotFound: there is no such file, or the actor may not know of it.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case, file = open_file(actor=actor, file_id=file_id)
    record_look(actor=actor, action=AuditAction.FILE_READ, case=case, file=file, **_described(file))
    chunks = sealed_files.read(person_id=file.person_id, file_id=file.id)
    return OpenedFile(
        media_type=file.media_type,
        name=f"ercms-{file.id[:12]}.{ENDINGS[file.media_type]}",
        size=file.size,
        chunks=chunks,
    )


class _Digested:
    """A stream that keeps the SHA-256 of what was read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.sha256 = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        piece = self._stream.read(size)
        self.sha256.update(piece)
        return piece


def _refused(message: str) -> InvalidInput:
    return InvalidInput("file_refused", fields={"file": [message]})


@dataclass(frozen=True, slots=True)
class _Place:
    """What a file is to its case, and whose; a file of an item of evidence is sealed with the item's person."""

    role: FileRole
    person_id: str
    evidence_id: str | None


def _place_of(case: Case, values: Mapping[str, Any], model: StoredFile | None) -> _Place:
    if model is not None:
        return _Place(model.role, model.person_id, model.evidence_id)
    role = values.get("role") or FileRole.SUPPORTING
    evidence_id = values.get("evidence_id")
    if not evidence_id:
        return _Place(role, service.person_of(case=case, person_id=values.get("person_id")), None)
    item = queries.find_item(case.id, evidence_id)
    if item is None:
        raise InvalidInput("unknown_evidence", fields={"evidence_id": [UNKNOWN_EVIDENCE]})
    return _Place(role, item.person_id, item.id)


def _put(actor: Actor, case: Case, place: _Place, received: Received, name: str) -> StoredFile:
    """Seal the clean copy and write its row."""
    file_id, made = new_id(), received.made
    with made.content:
        content = _Digested(made.content)
        facts = sealed_files.store(person_id=place.person_id, file_id=file_id, stream=content)
    file = StoredFile(
        id=file_id,
        case_id=case.id,
        person_id=place.person_id,
        evidence_id=place.evidence_id,
        role=place.role,
        name_sealed=_sealed(place.person_id, service.NAME_LABEL, file_id, _base_name(name)),
        media_type=made.media_type,
        size=facts.size,
        digest=content.sha256.hexdigest(),
        is_internal=service.is_internal_author(actor),
        pages=made.pages,
        is_objected=False,
        is_held=False,
        scan=received.scan,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    db.session.add(file)
    return file


def _describe(
    file: StoredFile, values: Mapping[str, Any], replaced: StoredFile | None, original: StoredFile | None
) -> None:
    """Write down what was said of a file: the answers of the firewall, why it replaces another, who translated it."""
    answer = values.get("asylum")
    file.asylum_answer, file.is_objected = answer and answer.value, bool(values.get("is_objected"))
    if replaced is not None and values.get("change_note"):
        file.change_note_sealed = _sealed(file.person_id, CHANGE_LABEL, file.id, values["change_note"])
    if replaced is not None:
        file.translation_of_id, file.translation_language = replaced.translation_of_id, replaced.translation_language
        file.is_certified = replaced.is_certified
    if original is not None:
        file.translation_of_id, file.translation_language = original.id, values.get("translation_language")
        file.is_certified = bool(values.get("is_certified"))
        if values.get("translator"):
            file.translator_sealed = _sealed(file.person_id, TRANSLATOR_LABEL, file.id, values["translator"])


def _sealed(person_id: str, label: str, record_id: str, text: str) -> bytes:
    return vault.seal_text(person_id=person_id, label=label, record_id=record_id, text=text)


def _related(actor: Actor, case: Case, file_id: str | None) -> StoredFile | None:
    """Return the file of this case that a new one replaces or translates."""
    if not file_id:
        return None
    file = queries.find_file(file_id)
    is_there = file is not None and file.case_id == case.id and file.replaced_by_id is None and not file.is_held
    if not is_there or file is None or file.is_internal is not service.is_internal_author(actor):
        raise InvalidInput("unknown_file", fields={"file": [UNKNOWN_FILE]})
    return file


def _file_of(case: Case, file_id: str) -> StoredFile:
    file = queries.find_file(file_id)
    if file is None or file.case_id != case.id:
        raise NotFound
    return file


def _base_name(name: str) -> str:
    """Return the name without any path, in letters that can be shown."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in base if letter.isprintable())[-_LONGEST_NAME:]


def _described(file: StoredFile) -> dict[str, Any]:
    """Return what the record says of the content of a file: nothing that it is called or holds."""
    return {"kind": file.role.value, "size": file.size, "media_type": file.media_type}
