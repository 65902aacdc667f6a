"""What is put on record of a stored file: every act on one, and every look at one, in one form."""

from typing import Any

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case
from ercms.core.actor import Actor
from ercms.evidence.models import StoredFile

_COMPARTMENTS = ["documents"]


def record_file(*, actor: Actor, action: AuditAction, case: Case, file: StoredFile, **more: Any) -> None:
    """Put an act on a file on record in its case's chain; `more` is what else the action lists."""
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(case.id),
        record_type="file",
        record_id=file.id,
        payload={"file_id": file.id, **more},
        compartments=_COMPARTMENTS,
    )


def record_look(*, actor: Actor, action: AuditAction, case: Case, file: StoredFile, **more: Any) -> None:
    """Put a look at a file on record, with the reason of an officer who looks outside their own work.

    Raises:
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    viewing.record_view(
        actor=actor,
        case=case,
        action=action,
        record=("file", file.id),
        payload={"file_id": file.id, **more},
        compartments=_COMPARTMENTS,
    )
