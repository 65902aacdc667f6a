"""Put together what a person is told of their own data: what is held, from whom, who saw it, what was passed on.

Viewers are named by organisation and role, never by name: an officer of a security body must not become known in this
way, and a list with gaps would say who is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import VIEWS, AuditAction
from ercms.audit.service import AuditLine
from ercms.cases import lookup_service
from ercms.cases import viewing_service as viewing
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.photographs import service as photographs
from ercms.photographs.service import Finding
from ercms.privacy import marks_service
from ercms.privacy.enums import SheetLanguage
from ercms.privacy.marks_service import MarkView
from ercms.privacy.receivers_service import PASSED_ON
from ercms.vault import service as vault
from ercms.vault.enums import Compartment

NO_SUCH_CASE = msg("There is no case with this reference.")
NO_SUCH_PERSON = msg("The case has no person of this number.")
DATA_ERASED = msg("The personal data of this case were erased. There is nothing left to tell.")


@dataclass(frozen=True, slots=True)
class View:
    """That data were seen: on which day, by whom, how often, which compartments."""

    first_at: datetime
    organisation: str
    role: str
    action: AuditAction
    purpose: str | None
    compartments: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class PassedOn:
    """That data went to somebody: when, to whom, which fields, for which purpose."""

    at: datetime
    organisation: str
    action: AuditAction
    purpose: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Everything that the sheet says, before it is put into words."""

    reference: str
    made_at: datetime
    number: int
    authority: str
    requesting_state: str
    received_at: datetime | None
    compartments: Mapping[Compartment, Mapping[str, Any]]
    files: int
    views: tuple[View, ...]
    passed_on: tuple[PassedOn, ...]
    marks: tuple[MarkView, ...]
    findings: tuple[Finding, ...] = ()


def make_sheet(*, actor: Actor, reference: str, number: int, language: SheetLanguage) -> SheetFacts:
    """Return what the sheet of one person of a case says, and record that it was made.

    `number` counts the persons of the application from one, the principal first.

    Raises:
        PermissionRefused: the actor makes no sheets.
        InvalidInput: there is no such case or person for this actor, or the data were erased.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    policy.check(actor, Permission.PERSON_ACCESS_SHEET)
    case = _case(actor, reference)
    members = sorted(case.members, key=lambda member: member.position)
    if number > len(members):
        raise InvalidInput(fields={"number": [NO_SUCH_PERSON]})
    person_id = members[number - 1].person_id
    if vault.erased_at(person_id=person_id) is not None:
        raise InvalidInput(fields={"reference": [DATA_ERASED]})
    written = vault.written_compartments(person_id=person_id)
    opened = {one: vault.open(person_id=person_id, compartment=one) for one in Compartment if one in written}
    others = {member.person_id for member in members} - {person_id}
    history = audit.history(chain=audit.case_chain(case.id))
    lines = [line for line in history if line.record_id not in others]
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.PERSON_ACCESS_SHEET_MADE,
        record=("person", person_id),
        payload={"language": language.value},
        compartments=[one.value for one in opened],
    )
    return SheetFacts(
        reference=case.reference,
        made_at=clock.now(),
        number=number,
        authority=accounts.get_organisation(case.requesting_organisation_id).name,
        requesting_state=case.requesting_state,
        received_at=case.submitted_at,
        compartments=opened,
        files=vault.count_files(person_id=person_id),
        views=_views(lines),
        passed_on=_passed_on(lines),
        marks=tuple(marks_service.of_person(person_id=person_id)),
        findings=photographs.findings_on(person_id=person_id),
    )


def _case(actor: Actor, reference: str) -> lookup_service.Case:
    """Return the case; one that this actor may make no sheet of answers as one that does not exist."""
    case_id = lookup_service.find_case_id(reference=reference)
    case = None if case_id is None else lookup_service.cases_of_records(case_ids=[case_id])[case_id]
    if case is None or not policy.allows(actor, Permission.PERSON_ACCESS_SHEET, case):
        raise InvalidInput(fields={"reference": [NO_SUCH_CASE]})
    return case


def _views(lines: list[AuditLine]) -> tuple[View, ...]:
    """Put views of one day, by the same role of the same organisation and of the same compartments, together."""
    seen = [line for line in lines if line.action in VIEWS and line.result == "done"]
    names = accounts.organisation_names({line.organisation_id or "" for line in seen})
    groups: dict[tuple[Any, ...], list[AuditLine]] = {}
    for line in seen:
        day = line.at.date()
        key = (day, line.organisation_id, line.role, line.action, line.purpose, line.compartments)
        groups.setdefault(key, []).append(line)
    return tuple(
        View(
            first_at=group[0].at,
            organisation=names.get(group[0].organisation_id or "", ""),
            role=group[0].role,
            action=group[0].action,
            purpose=group[0].purpose,
            compartments=group[0].compartments,
            count=len(group),
        )
        for group in groups.values()
    )


def _passed_on(lines: list[AuditLine]) -> tuple[PassedOn, ...]:
    sent = [line for line in lines if line.action in PASSED_ON]
    names = accounts.organisation_names({str(line.payload.get(PASSED_ON[line.action], "")) for line in sent})
    return tuple(
        PassedOn(
            at=line.at,
            organisation=names.get(str(line.payload.get(PASSED_ON[line.action], "")), ""),
            action=line.action,
            purpose=line.purpose,
            fields=tuple(str(field) for field in line.payload.get("fields") or ()),
        )
        for line in sent
    )
