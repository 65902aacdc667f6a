"""Drafts: a request is entered section by section, in any order, and left and found again at any point."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service
from ercms.cases.enums import MemberRelation
from ercms.cases.models import Case, CaseMember
from ercms.cases.references import new_reference
from ercms.cases.service import OWN_REFERENCE_LABEL, own_reference_of
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.extensions import db
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind
from workflows.readmission import CaseState

OBSERVATIONS_LABEL = "cases.observations"
MOST_MEMBERS = 20
# While a request for completion is open, the requesting authority may add to what it sent.
_EDITABLE = frozenset({CaseState.DRAFT, CaseState.INCOMPLETE})


def create_case(*, actor: Actor, values: Mapping[str, Any], organisation_id: str | None = None) -> Case:
    """Begin a draft, with an unnamed principal person.

    A requesting authority drafts for itself. A mission that received a request on paper names the authority.

    Raises:
        InvalidInput: the organisation is no requesting authority of the State named.
    """
    policy.check(actor, Permission.CASE_CREATE)
    state = values["requesting_state"]
    authority_id = _authority_for(actor=actor, state=state, organisation_id=organisation_id)
    person_id = persons.create_person()
    now = clock.now()
    case = Case(
        id=new_id(),
        reference=new_reference(clock.today().year),
        state=CaseState.DRAFT,
        kind=values["kind"],
        procedure=values["procedure"],
        requesting_state=state,
        requesting_organisation_id=authority_id,
        created_by_id=actor.user_id,
        principal_person_id=person_id,
        created_at=now,
        changed_at=now,
    )
    db.session.add(case)
    case.members.append(CaseMember(person_id=person_id, relation=MemberRelation.PRINCIPAL, position=0))
    db.session.flush()
    _write_head(case=case, values=values)
    db.session.flush()
    _record(actor, AuditAction.CASE_CREATED, case, {"kind": case.kind.value, "procedure": case.procedure.value})
    return case


def _authority_for(*, actor: Actor, state: str, organisation_id: str | None) -> str:
    if actor.organisation_kind is OrganisationKind.REQUESTING_AUTHORITY and actor.organisation_id:
        authority_id = actor.organisation_id
    else:
        authority_id = organisation_id or ""
    named = next(
        (o for o in accounts.list_organisations(kind=OrganisationKind.REQUESTING_AUTHORITY) if o.id == authority_id),
        None,
    )
    if named is None:
        raise InvalidInput("unknown_authority", fields={"organisation_id": ["unknown_authority"]})
    if state not in named.states or (actor.states and state not in actor.states):
        raise InvalidInput("state_not_of_authority", fields={"requesting_state": ["state_not_of_authority"]})
    return authority_id


def editable_case(*, actor: Actor, reference: str, expected_version: int | None = None) -> Case:
    """Return a case that this actor may still write to.

    Raises:
        Conflict: it has been sent and nothing was asked back.
    """
    case = service.get_case(actor=actor, reference=reference, permission=Permission.CASE_EDIT)
    service.check_version(case=case, expected_version=expected_version)
    if case.state not in _EDITABLE:
        raise Conflict("case_not_editable", reference=reference, state=case.state.value)
    return case


def save_head(*, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]) -> Case:
    """Write the head of the form. Once sent, whom it concerns and by which procedure stay as they were."""
    case = editable_case(actor=actor, reference=reference, expected_version=expected_version)
    if case.state is CaseState.DRAFT:
        if values["requesting_state"] != case.requesting_state:
            _authority_for(
                actor=actor, state=values["requesting_state"], organisation_id=case.requesting_organisation_id
            )
        case.kind = values["kind"]
        case.procedure = values["procedure"]
        case.requesting_state = values["requesting_state"]
    _write_head(case=case, values=values)
    service.touch(case=case)
    _record(actor, AuditAction.CASE_UPDATED, case, {"section": "request"})
    return case


def _write_head(*, case: Case, values: Mapping[str, Any]) -> None:
    own_reference = values.get("own_reference") or ""
    person_id = case.principal_person_id
    case.own_reference_sealed = (
        vault.seal_text(person_id=person_id, label=OWN_REFERENCE_LABEL, record_id=case.id, text=own_reference)
        if own_reference
        else None
    )
    vault.set_tokens(person_id=person_id, kind=TokenKind.OWN_REFERENCE, values=[own_reference] if own_reference else [])
    case.interview_requested = bool(values.get("interview_requested"))
    case.is_minor_alone = bool(values.get("is_minor_alone"))
    apprehended_on = values.get("apprehended_on")
    zone = ZoneInfo(agreements.zone_of(case.requesting_state))
    case.apprehended_at = datetime.combine(apprehended_on, time(12), zone) if apprehended_on else None
    case.apprehended_where = values.get("apprehended_where")
    case.presence_known_on = values.get("presence_known_on")


def head_of(*, case: Case) -> dict[str, Any]:
    """Return the head of the form as its schema writes it."""
    zone = ZoneInfo(agreements.zone_of(case.requesting_state))
    return {
        "kind": case.kind,
        "procedure": case.procedure,
        "requesting_state": case.requesting_state,
        "own_reference": own_reference_of(case=case),
        "interview_requested": case.interview_requested,
        "is_minor_alone": case.is_minor_alone,
        "apprehended_on": case.apprehended_at.astimezone(zone).date() if case.apprehended_at else None,
        "apprehended_where": case.apprehended_where,
        "presence_known_on": case.presence_known_on,
    }


def observations_of(*, case: Case) -> str:
    """Open part F of the joint form; empty when nothing was written."""
    if case.observations_sealed is None:
        return ""
    return vault.open_text(
        person_id=case.principal_person_id,
        label=OBSERVATIONS_LABEL,
        record_id=case.id,
        sealed=case.observations_sealed,
    )


def save_observations(*, actor: Actor, reference: str, expected_version: int | None, text: str) -> Case:
    """Write part F of the joint form."""
    case = editable_case(actor=actor, reference=reference, expected_version=expected_version)
    case.observations_sealed = (
        vault.seal_text(person_id=case.principal_person_id, label=OBSERVATIONS_LABEL, record_id=case.id, text=text)
        if text
        else None
    )
    service.touch(case=case)
    _record(actor, AuditAction.CASE_UPDATED, case, {"section": "observations"})
    return case


def save_compartment(
    *,
    actor: Actor,
    reference: str,
    expected_version: int | None,
    compartment: Compartment,
    values: Mapping[str, Any],
    person_id: str | None = None,
) -> Case:
    """Seal one section of one person of the application; without `person_id` the principal's."""
    case = editable_case(actor=actor, reference=reference, expected_version=expected_version)
    member = _member(case, person_id or case.principal_person_id)
    persons.write_compartment(person_id=member.person_id, compartment=compartment, values=values)
    if member.relation is MemberRelation.PRINCIPAL and compartment is Compartment.IDENTITY:
        case.has_name = bool(values.get("surname") or values.get("given_names"))
    if member.relation is MemberRelation.PRINCIPAL and compartment is Compartment.HEALTH:
        _note_safeguards(case, values)
    service.touch(case=case)
    _record(actor, AuditAction.CASE_UPDATED, case, {"section": compartment.value}, compartments=[compartment.value])
    return case


def _note_safeguards(case: Case, values: Mapping[str, Any]) -> None:
    named = ("minor_guardian", "minor_determination", "minor_receiving_adult")
    case.minor_safeguards_on = clock.today() if all(values.get(name) for name in named) else None


def add_member(
    *, actor: Actor, reference: str, expected_version: int | None, relation: MemberRelation, identity: Mapping[str, Any]
) -> CaseMember:
    """Add a spouse or a minor child to the application.

    Raises:
        InvalidInput: a second principal, or more members than a form holds.
    """
    case = editable_case(actor=actor, reference=reference, expected_version=expected_version)
    if relation is MemberRelation.PRINCIPAL:
        raise InvalidInput("one_principal_only", fields={"relation": ["one_principal_only"]})
    if len(case.members) >= MOST_MEMBERS:
        raise InvalidInput("too_many_members", fields={"relation": ["too_many_members"]})
    person_id = persons.create_person()
    persons.write_compartment(person_id=person_id, compartment=Compartment.IDENTITY, values=identity)
    position = max(member.position for member in case.members) + 1
    member = CaseMember(person_id=person_id, relation=relation, position=position)
    case.members.append(member)
    service.touch(case=case)
    _record(actor, AuditAction.CASE_UPDATED, case, {"section": "family"}, compartments=[Compartment.IDENTITY.value])
    return member


def remove_member(*, actor: Actor, reference: str, expected_version: int | None, person_id: str) -> Case:
    """Take a family member out of a draft and destroy what was entered about them."""
    case = editable_case(actor=actor, reference=reference, expected_version=expected_version)
    member = _member(case, person_id)
    if member.relation is MemberRelation.PRINCIPAL or case.state is not CaseState.DRAFT:
        raise Conflict("member_cannot_be_removed", reference=reference)
    case.members.remove(member)
    db.session.delete(member)
    vault.erase_person(person_id=person_id)
    service.touch(case=case)
    _record(actor, AuditAction.CASE_UPDATED, case, {"section": "family"})
    return case


def _member(case: Case, person_id: str) -> CaseMember:
    for member in case.members:
        if member.person_id == person_id:
            return member
    raise NotFound


def _record(
    actor: Actor,
    action: AuditAction,
    case: Case,
    payload: dict[str, Any],
    compartments: list[str] | None = None,
) -> None:
    audit.record_of_case(
        actor=actor,
        action=action,
        case_id=case.id,
        payload=payload,
        compartments=compartments or [],
    )
