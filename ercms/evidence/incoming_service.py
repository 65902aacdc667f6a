"""An upload before anything is written: who may send it, and what is left of it once it was scanned and written anew.

Opening a foreign file takes up to a minute. Inside a unit of work every other writer would wait for it (decision 5), so
an upload is received first and the unit of work begins afterwards. What comes out of here is given to the services.

Where a malware scanner is configured it sees the upload as it was sent, before anything here opens it. A scanner that
cannot be asked refuses nobody: what was made of the file waits for it, and is opened by nobody meanwhile.
"""

from dataclasses import dataclass
from typing import BinaryIO

from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.core.actor import Actor
from ercms.core.engine import is_writing
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence.enums import Scan
from ercms.inspection import runtime
from ercms.inspection import service as inspection
from ercms.inspection.clamd import ScannerDown
from ercms.inspection.service import Made, Readable

INFECTED = msg("The malware scanner found something in this file. It was not stored; have the device checked.")


@dataclass(frozen=True, slots=True)
class Received:
    """The clean copy of an upload, and what the scanner said of the upload."""

    made: Made
    scan: Scan


Upload = Readable | Received


class _Infected(Exception):
    """The scanner found something, which it calls by this name."""


class _Scanned:
    """What an upload is shown to on its way, before it is opened: the scanner, where there is one."""

    def __init__(self) -> None:
        self.scan = Scan.OFF

    def __call__(self, source: BinaryIO) -> None:
        scanner = runtime.scanner()
        if scanner is None:
            return
        try:
            signature = scanner.signature_in(source)
        except ScannerDown:
            self.scan = Scan.WAITING
            return
        if signature is not None:
            raise _Infected(signature)
        self.scan = Scan.CLEAN


def received(*, actor: Actor, case_id: str, name: str, stream: Readable) -> Received:
    """Return the clean copy of an upload whose sender may send it.

    Raises:
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
        RuntimeError: a unit of work is open, and every writer would wait for the file.
    """
    if is_writing():
        raise RuntimeError("an upload is received before the unit of work begins")
    scanned = _Scanned()
    try:
        made = inspection.clean(stream=stream, name=name, before=scanned)
    except _Infected as found:
        with unit_of_work():
            audit.record_of_case(
                actor=actor,
                action=AuditAction.FILE_REFUSED,
                case_id=case_id,
                payload={"code": "infected", "signature": str(found)},
            )
        raise InvalidInput("file_infected", fields={"file": [INFECTED]}) from found
    return Received(made, scanned.scan)


def received_for_case(*, actor: Actor, reference: str, name: str, stream: Readable) -> Received:
    """Return the clean copy of an upload to a case, once it is certain that the actor may add to the case at all.

    Raises:
        NotFound: there is no such case, or the actor may not know of it.
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
    """
    with unit_of_work():
        case = cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_ADD)
        case_id = case.id
    return received(actor=actor, case_id=case_id, name=name, stream=stream)


def at_hand(*, upload: Upload, name: str) -> Received:
    """Return what was received, or open now what was not: no scanner has seen that yet, and where there is one it will.

    Raises:
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
    """
    return upload if isinstance(upload, Received) else unseen(inspection.clean(stream=upload, name=name))


def unseen(made: Made) -> Received:
    """Return a clean copy of what no scanner has seen: where there is one, it waits for it."""
    return Received(made, Scan.OFF if runtime.scanner() is None else Scan.WAITING)
