"""Files that others than the parties give to a case: an agency with its answer, a mission with its protocol.

They are inspected and sealed like every upload, and they are internal: the requesting side never sees them.
"""

import hashlib
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.evidence import incoming_service, queries, service
from ercms.evidence.enums import FileRole
from ercms.evidence.incoming_service import Upload
from ercms.evidence.lines import FileLine
from ercms.evidence.models import StoredFile
from ercms.extensions import db
from ercms.vault import files as sealed_files
from ercms.vault import service as vault

_LONGEST_NAME = 200


def keep(*, actor: Actor, case: Case, person_id: str, name: str, stream: Upload) -> str:
    """Seal a file as an internal one of the case, inspected where that was not done before; return its identifier.

    The caller has checked that the actor may give it.

    Raises:
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
    """
    received = incoming_service.at_hand(upload=stream, name=name)
    made = received.made
    with made.content:
        clean = made.content.read()
    file_id = new_id()
    facts = sealed_files.store(person_id=person_id, file_id=file_id, stream=BytesIO(clean))
    base = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    file = StoredFile(
        id=file_id,
        case_id=case.id,
        person_id=person_id,
        role=FileRole.SUPPORTING,
        name_sealed=vault.seal_text(
            person_id=person_id, label=service.NAME_LABEL, record_id=file_id, text=base[-_LONGEST_NAME:]
        ),
        media_type=made.media_type,
        size=facts.size,
        digest=hashlib.sha256(clean).hexdigest(),
        is_internal=True,
        pages=made.pages,
        scan=received.scan,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    db.session.add(file)
    db.session.flush()
    payload: dict[str, Any] = {"file_id": file.id, "kind": file.role.value, "size": file.size}
    audit.record(
        actor=actor,
        action=AuditAction.FILE_STORED,
        chain=audit.case_chain(case.id),
        record_type="file",
        record_id=file.id,
        payload={**payload, "media_type": file.media_type},
        compartments=["documents"],
    )
    return file_id


def lines_of(file_ids: Iterable[str]) -> dict[str, FileLine]:
    """Return these files as a list shows them, by identifier; removed ones are left out."""
    return {line.id: line for line in service.file_lines(queries.list_files_by_id(file_ids))}
