"""What is put on record of a stored file: every act on one, and every look at one, in one form."""

from typing import Any

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import opening_service as openings
from ercms.cases.service import Case
from ercms.core.actor import Actor
from ercms.evidence.models import StoredFile


def record_file(
    *, actor: Actor, action: AuditAction, case: Case, file: StoredFile, purpose: str | None = None, **more: Any
) -> None:
    """Put an act on a file on record in its case's chain.

    `purpose` is the reason of an officer who looks outside their own work; `more` is what else the action lists.
    """
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(case.id),
        record_type="file",
        record_id=file.id,
        payload={"file_id": file.id, **more, **openings.on_record(purpose)},
        compartments=["documents"],
        purpose=purpose,
    )
