"""What makes a case sealed, and who may see it then: the rows, the texts, and what the system does by itself."""

from datetime import timedelta

from sqlalchemy import select

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import queries
from ercms.cases.enums import SealGround
from ercms.cases.models import Case, CaseReader, CaseSealing
from ercms.core import clock, jobs
from ercms.core.actor import SYSTEM, Actor, Role
from ercms.core.db_types import new_id
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.persons.enums import Vulnerability
from ercms.vault import service as vault
from ercms.vault.enums import Compartment

SEAL_LABEL = "case_sealings.reason"
END_LABEL = "case_sealings.end_reason"
READER_LABEL = "case_readers.reason"

_BY_VULNERABILITY = {
    Vulnerability.POSSIBLE_TRAFFICKING.value: SealGround.TRAFFICKING,
    Vulnerability.UNACCOMPANIED_CHILD.value: SealGround.MINOR_ALONE,
}


def register_upkeep() -> None:
    """Let no sealed case be left without a supervisor who reads it."""
    jobs.register_job("sealed_cases_have_a_supervisor", timedelta(hours=1), name_missing_supervisors)


def seal_what_was_sent(*, actor: Actor, case: Case) -> None:
    """Seal a case whose request says that a child is alone, or that trafficking is possible.

    Whoever wrote or sent it, the officer in charge and every supervisor are its first readers; a supervisor narrows
    them. What a supervisor has unsealed is not sealed again on the same ground.
    """
    ground = _ground_in(case)
    if ground is None or case.is_sealed or ground in queries.list_grounds_of_sealings(case.id):
        return
    begin(actor=SYSTEM, case=case, ground=ground, reason=None)
    first = [actor.user_id, case.created_by_id, case.assigned_to_id, *_supervisor_ids()]
    for user_id in dict.fromkeys(one for one in first if one is not None and one != SYSTEM.user_id):
        name_reader(actor=SYSTEM, case=case, user_id=user_id, reason=None)


def _ground_in(case: Case) -> SealGround | None:
    """Return the gravest ground that the request gives; trafficking goes before a child alone."""
    opened = vault.open_many(person_ids=[one.person_id for one in case.members], compartment=Compartment.HEALTH)
    said = {code for health in opened.values() for code in health.get("vulnerabilities") or ()}
    grounds = {_BY_VULNERABILITY[code] for code in said if code in _BY_VULNERABILITY}
    if case.is_minor_alone:
        grounds.add(SealGround.MINOR_ALONE)
    return SealGround.TRAFFICKING if SealGround.TRAFFICKING in grounds else next(iter(grounds), None)


def _supervisor_ids() -> list[str]:
    return [officer.id for officer in accounts.list_officers(role=Role.SUPERVISOR)]


def begin(*, actor: Actor, case: Case, ground: SealGround, reason: str | None) -> None:
    """Seal a case; the caller names its readers in the same unit of work."""
    sealing = CaseSealing(
        id=new_id(), case_id=case.id, ground=ground, sealed_by_id=actor.user_id, sealed_at=clock.now()
    )
    if reason:
        sealing.reason_sealed = _sealed(case, SEAL_LABEL, sealing.id, reason)
    db.session.add(sealing)
    case.is_sealed = True
    audit.record_of_case(
        actor=actor,
        action=AuditAction.CASE_SEALED,
        case_id=case.id,
        payload={"kind": ground.value, "has_text": bool(reason)},
    )


def end(*, actor: Actor, case: Case, reason: str) -> None:
    """Unseal a case: it is there again for whoever it would be there for otherwise."""
    sealing = queries.find_sealing(case.id)
    if sealing is None:
        return
    sealing.ended_at, sealing.ended_by_id = clock.now(), actor.user_id
    sealing.end_reason_sealed = _sealed(case, END_LABEL, sealing.id, reason)
    for reader in queries.list_readers(case.id):
        reader.ended_at, reader.ended_by_id = clock.now(), actor.user_id
    case.is_sealed = False
    audit.record_of_case(
        actor=actor,
        action=AuditAction.CASE_UNSEALED,
        case_id=case.id,
        payload={"kind": sealing.ground.value, "has_text": True},
    )
    _forget_readers(case)


def name_reader(*, actor: Actor, case: Case, user_id: str, reason: str | None) -> None:
    """Let somebody see a sealed case; whoever sees it already stays as they were named."""
    if any(reader.user_id == user_id for reader in queries.list_readers(case.id)):
        return
    reader = CaseReader(id=new_id(), case_id=case.id, user_id=user_id, added_by_id=actor.user_id, added_at=clock.now())
    if reason:
        reader.reason_sealed = _sealed(case, READER_LABEL, reader.id, reason)
    db.session.add(reader)
    audit.record_of_case(
        actor=actor,
        action=AuditAction.READER_NAMED,
        case_id=case.id,
        payload={"user_id": user_id, "has_text": bool(reason)},
    )
    _forget_readers(case)


def end_reader(*, actor: Actor, case: Case, reader: CaseReader) -> None:
    """Take somebody off; a case that was theirs to work on is nobody's then."""
    reader.ended_at, reader.ended_by_id = clock.now(), actor.user_id
    if case.assigned_to_id == reader.user_id:
        case.assigned_to_id = None
    audit.record_of_case(
        actor=actor, action=AuditAction.READER_ENDED, case_id=case.id, payload={"user_id": reader.user_id}
    )
    _forget_readers(case)


def name_missing_supervisors() -> None:
    """Name every supervisor in the sealed cases whose supervisors have all left."""
    with unit_of_work():
        supervisors = _supervisor_ids()
        for case in queries.list_sealed_without(supervisors):
            for user_id in supervisors:
                name_reader(actor=SYSTEM, case=case, user_id=user_id, reason=None)


def reader_ids_of(case_id: str) -> frozenset[str] | None:
    """Return who may see a case while it is sealed; None for one that is not."""
    is_sealed = db.session.scalar(select(Case.is_sealed).where(Case.id == case_id))
    return frozenset(reader.user_id for reader in queries.list_readers(case_id)) if is_sealed else None


def _sealed(case: Case, label: str, record_id: str, text: str) -> bytes:
    return vault.seal_text(person_id=case.principal_person_id, label=label, record_id=record_id, text=text)


def _forget_readers(case: Case) -> None:
    db.session.flush()
    db.session.expire(case, ["readers"])
