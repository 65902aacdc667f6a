"""What a supervisor does with a sealed case: seal, unseal, name readers and take them off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.cases import queries, seals, service
from ercms.cases.enums import SealGround
from ercms.cases.models import Case, CaseReader
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from ercms.core.text import msg
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from workflows.readmission import CaseState

CANNOT_READ = msg("Choose one of the officers offered.")

# Who may be named: whoever could have a part in a case. Nobody else's role opens a person's data.
_ROLES = (
    Role.SUPERVISOR,
    Role.CASE_WORKER,
    Role.CONSULAR_OFFICER,
    Role.VERIFIER,
    Role.BORDER_OFFICER,
    Role.REINTEGRATION_PARTNER,
    Role.DATA_PROTECTION_OFFICER,
)
# Whom a state needs: without a named one of that role, nobody there learns of the case.
_NEEDED: dict[CaseState, Role] = {
    CaseState.DOCUMENT_REQUESTED: Role.CONSULAR_OFFICER,
    CaseState.DOCUMENT_ISSUED: Role.BORDER_OFFICER,
    CaseState.TRANSFER_NOTIFIED: Role.BORDER_OFFICER,
}


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One reader of a sealed case; who was named by the system has no reason in words."""

    user_id: str
    name: str
    role: Role
    organisation: str
    is_active: bool
    reason: str | None
    added_by: str
    added_at: datetime
    is_last_supervisor: bool


@dataclass(frozen=True, slots=True)
class SealPage:
    """What a supervisor sees of the sealing of a case."""

    ground: SealGround | None
    reason: str | None
    sealed_by: str
    sealed_at: datetime | None
    readers: tuple[ReaderLine, ...]
    candidates: tuple[tuple[str, str], ...]
    needs: Role | None


def seal(*, actor: Actor, reference: str, expected_version: int | None, ground: SealGround, reason: str) -> Case:
    """Close a case to all but its first readers: the actor, the officer in charge, and whoever wrote the request.

    Raises:
        Conflict: `already_sealed`.
    """
    case = _case(actor, reference, expected_version)
    if case.is_sealed:
        raise Conflict("already_sealed", reference=reference)
    seals.begin(actor=actor, case=case, ground=ground, reason=reason)
    for user_id in dict.fromkeys((actor.user_id, case.assigned_to_id, case.created_by_id)):
        if user_id is not None:
            seals.name_reader(actor=actor, case=case, user_id=user_id, reason=None)
    service.touch(case=case)
    return case


def unseal(*, actor: Actor, reference: str, expected_version: int | None, reason: str) -> Case:
    """Open a sealed case to its usual readers again.

    Raises:
        Conflict: `not_sealed`.
    """
    case = _sealed_case(actor, reference, expected_version)
    seals.end(actor=actor, case=case, reason=reason)
    service.touch(case=case)
    return case


def add_reader(*, actor: Actor, reference: str, expected_version: int | None, user_id: str, reason: str) -> Case:
    """Let one officer more see a sealed case.

    Raises:
        Conflict: `not_sealed`.
        InvalidInput: this officer has no part in such a case.
    """
    case = _sealed_case(actor, reference, expected_version)
    if user_id not in {officer.id for officer in _candidates(case)}:
        raise InvalidInput(fields={"user_id": [CANNOT_READ]})
    seals.name_reader(actor=actor, case=case, user_id=user_id, reason=reason)
    service.touch(case=case)
    return case


def end_reader(*, actor: Actor, reference: str, user_id: str) -> Case:
    """Take one reader off.

    Raises:
        NotFound: there is no such reader.
        RuleRefused: `last_supervisor`, nobody would be left who can name others.
    """
    case = _sealed_case(actor, reference, None)
    readers = queries.list_readers(case.id)
    reader = next((one for one in readers if one.user_id == user_id), None)
    if reader is None:
        raise NotFound
    if _supervisors(readers) == {user_id}:
        raise RuleRefused("last_supervisor", reference=reference)
    seals.end_reader(actor=actor, case=case, reader=reader)
    service.touch(case=case)
    return case


def page_of(*, actor: Actor, reference: str) -> SealPage:
    """Return how a case is sealed, who may see it, and who can be named."""
    case = _case(actor, reference, None)
    sealing = queries.find_sealing(case.id)
    readers = queries.list_readers(case.id)
    reasons = _reasons(case, readers)
    people = {one.id: one for one in accounts.users_of(one.user_id for one in readers)}
    by_whom = {one.added_by_id for one in readers} | ({sealing.sealed_by_id} if sealing else set())
    names = accounts.user_names(by_whom)
    supervisors = _supervisors(readers)
    lines = [
        _line(
            people[one.user_id], one, reasons.get(one.id), names.get(one.added_by_id, ""), supervisors == {one.user_id}
        )
        for one in readers
    ]
    needed = _NEEDED.get(case.state)
    has_needed = any(line.role is needed and _is_at_home(people[line.user_id], needed) for line in lines)
    return SealPage(
        ground=sealing.ground if sealing else None,
        reason=_reason(case, sealing.id, sealing.reason_sealed) if sealing else None,
        sealed_by=names.get(sealing.sealed_by_id, "") if sealing else "",
        sealed_at=sealing.sealed_at if sealing else None,
        readers=tuple(lines),
        candidates=tuple(
            (one.id, f"{one.organisation_name}: {one.display_name}")
            for one in _candidates(case)
            if one.id not in people
        ),
        needs=needed if sealing and needed and not has_needed else None,
    )


def _reasons(case: Case, readers: Iterable[CaseReader]) -> dict[str, str | None]:
    """Open why each of these readers was named; whom the system named has no such text."""
    items = [
        SealedText(case.principal_person_id, seals.READER_LABEL, one.id, one.reason_sealed)
        for one in readers
        if one.reason_sealed is not None
    ]
    return {item.record_id: text for item, text in zip(items, vault.open_texts(items), strict=True)}


def _is_at_home(person: UserSummary, needed: Role) -> bool:
    """Tell whether a consular officer is one of a mission: those of the requesting authority issue no papers."""
    if needed is not Role.CONSULAR_OFFICER:
        return True
    return accounts.get_organisation(person.organisation_id).kind is OrganisationKind.MISSION


def _line(person: UserSummary, reader: CaseReader, reason: str | None, added_by: str, is_last: bool) -> ReaderLine:
    return ReaderLine(
        user_id=person.id,
        name=person.display_name,
        role=person.role,
        organisation=person.organisation_name,
        is_active=person.is_active,
        reason=reason,
        added_by=added_by,
        added_at=reader.added_at,
        is_last_supervisor=is_last,
    )


def _reason(case: Case, record_id: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    return vault.open_text(
        person_id=case.principal_person_id, label=seals.SEAL_LABEL, record_id=record_id, sealed=sealed
    )


def _candidates(case: Case) -> list[UserSummary]:
    """Return who could have a part in this case, organisation by organisation."""
    missions = accounts.list_missions(state=case.requesting_state)
    abroad = {case.requesting_organisation_id, *(mission.id for mission in missions)}
    found = [
        officer
        for role in _ROLES
        for officer in accounts.list_officers(role=role)
        if role is not Role.CONSULAR_OFFICER or officer.organisation_id in abroad
    ]
    return sorted(found, key=lambda one: (one.organisation_name, one.display_name))


def _supervisors(readers: Iterable[CaseReader]) -> set[str]:
    ids = {reader.user_id for reader in readers}
    return {one.id for one in accounts.list_officers(role=Role.SUPERVISOR) if one.id in ids}


def _case(actor: Actor, reference: str, expected_version: int | None) -> Case:
    case = service.get_case(actor=actor, reference=reference, permission=Permission.CASE_SEAL)
    service.check_version(case=case, expected_version=expected_version)
    return case


def _sealed_case(actor: Actor, reference: str, expected_version: int | None) -> Case:
    case = _case(actor, reference, expected_version)
    if not case.is_sealed:
        raise Conflict("not_sealed", reference=reference)
    return case
