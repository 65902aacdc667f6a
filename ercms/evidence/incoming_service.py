"""An upload before anything is written: who may send it, and what is left of it once it was opened and written anew.

Opening a foreign file takes up to a minute. Inside a unit of work every other writer would wait for it (decision 5), so
an upload is received first and the unit of work begins afterwards. What comes out of here is given to the services.
"""

from ercms.access.permissions import Permission
from ercms.cases import service as cases
from ercms.core.actor import Actor
from ercms.core.engine import is_writing
from ercms.core.unit_of_work import unit_of_work
from ercms.inspection import service as inspection
from ercms.inspection.service import Made, Readable


def received(*, name: str, stream: Readable) -> Made:
    """Return the clean copy of an upload whose sender may send it.

    Raises:
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
        RuntimeError: a unit of work is open, and every writer would wait for the file.
    """
    if is_writing():
        raise RuntimeError("an upload is received before the unit of work begins")
    return inspection.clean(stream=stream, name=name)


def received_for_case(*, actor: Actor, reference: str, name: str, stream: Readable) -> Made:
    """Return the clean copy of an upload to a case, once it is certain that the actor may add to the case at all.

    Raises:
        NotFound: there is no such case, or the actor may not know of it.
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
    """
    with unit_of_work():
        cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_ADD)
    return received(name=name, stream=stream)
