"""Files that wait for the malware scanner: shown to it once it can be asked, then open to their readers, or destroyed.

What waits is the clean copy, written anew from an upload that no scanner saw.
"""

import logging
from datetime import timedelta
from io import BytesIO

from ercms.accounts import service as accounts
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.core import outbox
from ercms.core.actor import SYSTEM
from ercms.core.errors import NotFound
from ercms.core.jobs import register_job
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import queries
from ercms.evidence.enums import Scan
from ercms.evidence.models import StoredFile
from ercms.evidence.records_service import record_file
from ercms.inspection import runtime
from ercms.inspection.clamd import Clamd, NoFinding, ScannerDown
from ercms.vault import files as sealed_files

INFECTED_TOPIC = "file.infected"
BETWEEN_LOOKS = timedelta(minutes=1)
FILES_A_LOOK = 50

_log = logging.getLogger(__name__)


def register_upkeep() -> None:
    """Let the worker ask the scanner about what waits for it."""
    register_job("malware_scans", BETWEEN_LOOKS, scan_waiting)


def scan_waiting() -> None:
    """Ask the scanner about the files that have waited longest.

    What waited when the scanner was taken out of the settings goes on waiting. A scanner that is still down ends the
    look: the next one goes on.
    """
    scanner = runtime.scanner()
    if scanner is None:
        return
    for file_id in queries.list_waiting_ids(limit=FILES_A_LOOK):
        try:
            _scan(scanner, file_id)
        except NoFinding:
            _log.warning("the malware scanner has no finding on a file", extra={"file_id": file_id})
            continue
        except ScannerDown:
            _log.warning("the malware scanner cannot be asked", extra={"kind": "clamd"})
            break


def _scan(scanner: Clamd, file_id: str) -> None:
    """Ask about one file outside any unit of work, then write down what was said."""
    with unit_of_work():
        file = queries.find_file(file_id)
        content = None if file is None else _content(file)
    signature = None if content is None else scanner.signature_in(BytesIO(content))
    with unit_of_work():
        file = queries.find_file(file_id)
        if file is None or file.scan != Scan.WAITING:
            return
        if content is None:
            # The person was erased meanwhile: nothing is left that anybody could open.
            file.scan = Scan.OFF
            return
        _decide(file, signature)


def _content(file: StoredFile) -> bytes | None:
    try:
        return b"".join(sealed_files.read(person_id=file.person_id, file_id=file.id))
    except NotFound:
        return None


def _decide(file: StoredFile, signature: str | None) -> None:
    case = cases.get_case_of_record(case_id=file.case_id)
    file.scan = Scan.CLEAN if signature is None else Scan.INFECTED
    named = {} if signature is None else {"signature": signature}
    record_file(actor=SYSTEM, action=AuditAction.FILE_SCANNED, case=case, file=file, outcome=file.scan.value, **named)
    if signature is None:
        return
    sealed_files.discard(file_id=file.id)
    outbox.enqueue(
        INFECTED_TOPIC,
        {
            "case_id": case.id,
            "reference": case.reference,
            "organisation_id": accounts.get_user(file.created_by_id).organisation_id,
        },
        key=f"{INFECTED_TOPIC}:{file.id}",
    )
