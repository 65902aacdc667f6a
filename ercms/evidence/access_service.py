"""Who may open a stored file: the one question that each way to its content asks."""

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.evidence import firewall_service, queries, service
from ercms.evidence.enums import Scan
from ercms.evidence.models import StoredFile


def open_file(*, actor: Actor, file_id: str) -> tuple[Case, StoredFile]:
    """Return a file and its case once the actor may open it; the caller puts the opening on record.

    A document that is set aside opens to its named officer alone, one that waits for the scanner to nobody.

    Raises:
        NotFound: there is no such file, or the actor may not know of it.
    """
    file = queries.find_file(file_id)
    if file is None:
        raise NotFound
    case = cases.get_case_of_record(case_id=file.case_id)
    policy.check(actor, Permission.EVIDENCE_READ, case)
    if file.is_internal and not service.is_internal_author(actor):
        raise NotFound
    if file.is_held and not firewall_service.is_decider(actor=actor, file=file):
        raise NotFound
    if file.scan in {Scan.WAITING, Scan.INFECTED}:
        raise NotFound
    return case, file
