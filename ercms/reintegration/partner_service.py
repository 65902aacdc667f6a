"""What a reintegration partner sees and does: the referrals granted to it, the consented fields, its own work.

A grant that has ended answers as if there had never been one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service as lookup
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, NotFound
from ercms.extensions import db
from ercms.marks import service as marks
from ercms.marks.enums import Standing
from ercms.persons import service as persons
from ercms.reintegration import grants, queries
from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, SharedField
from ercms.reintegration.models import Referral, ReferralReport, ReferralService
from ercms.reintegration.service import (
    REPORT_LABEL,
    SERVICE_LABEL,
    ReportLine,
    ServiceLine,
    record,
    work_on,
)
from ercms.reintegration.sharing import SharedFacts, open_shared
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from workflows.referral import SHARED_STATES, ReferralState, ReferralTrigger


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One line of the list of referrals; the name is there only where its sharing was consented to."""

    id: str
    reference: str
    name: str | None
    partner: str | None
    state: ReferralState
    areas: tuple[AssistanceArea, ...]
    referred_at: datetime | None
    consent_until: date | None


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A referral as its partner sees it; `case_version` is what an act on it rests on."""

    id: str
    reference: str
    case_version: int
    state: ReferralState
    partner: str
    areas: tuple[AssistanceArea, ...]
    purpose: ConsentPurpose | None
    shared_fields: tuple[SharedField, ...]
    facts: SharedFacts
    referred_at: datetime | None
    consented_on: date | None
    consent_until: date | None
    services: tuple[ServiceLine, ...]
    reports: tuple[ReportLine, ...]
    standings: tuple[Standing, ...]
    may_answer: bool
    may_report: bool
    may_revoke: bool


def list_referrals(*, actor: Actor) -> tuple[ReferralRow, ...]:
    """Return the referrals whose grant to the actor's organisation runs; for SMS those that any partner has."""
    policy.check(actor, Permission.REFERRAL_LIST)
    is_partner = policy.allows(actor, Permission.REFERRAL_ANSWER)
    hidden = lookup.hidden_case_ids(actor=actor)
    if is_partner and actor.organisation_id:
        found = queries.list_granted(actor.organisation_id, clock.today(), hidden)
    else:
        found = queries.list_in_states(SHARED_STATES, hidden)
    cases_by_id = lookup.cases_of_records(case_ids={referral.case_id for referral in found})
    shown = [
        referral
        for referral in found
        if not is_partner or grants.grant_of(referral=referral, case=cases_by_id[referral.case_id]).is_open
    ]
    named = [one for one in shown if not is_partner or SharedField.FULL_NAME in one.consented_fields]
    if shown:
        audit.record(
            actor=actor,
            action=AuditAction.CASE_LISTED,
            chain=audit.organisation_chain(actor.organisation_id),
            record_type="list",
            record_id="referrals",
            payload={"references": [cases_by_id[referral.case_id].reference for referral in shown]},
            compartments=[Compartment.IDENTITY] if named else [],
        )
    return _rows(shown, named, cases_by_id)


def _rows(shown: list[Referral], named: list[Referral], cases_by_id: Mapping[str, Case]) -> tuple[ReferralRow, ...]:
    names = persons.names_of(person_ids={referral.person_id for referral in named})
    name_of = {one.id: names[one.person_id].display for one in named if one.person_id in names}
    partners = accounts.organisation_names([referral.partner_id for referral in shown if referral.partner_id])
    return tuple(
        ReferralRow(
            id=referral.id,
            reference=cases_by_id[referral.case_id].reference,
            name=name_of.get(referral.id),
            partner=partners.get(referral.partner_id or ""),
            state=referral.state,
            areas=tuple(AssistanceArea(area) for area in referral.areas),
            referred_at=referral.referred_at,
            consent_until=referral.consent_until,
        )
        for referral in shown
    )


def open_referral(*, actor: Actor, referral_id: str) -> ReferralPage:
    """Open a referral with the consented fields and no others, and record which compartments were opened for it.

    Raises:
        NotFound: there is no such referral, or the grant has ended.
    """
    referral, case = grants.get_granted(actor=actor, referral_id=referral_id, permission=Permission.REFERRAL_READ)
    fields = tuple(SharedField(field) for field in referral.consented_fields)
    facts, compartments = open_shared(case=case, person_id=referral.person_id, fields=fields)
    services, reports = work_on([referral])
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.REFERRAL_VIEWED,
        record=("person", referral.person_id),
        payload={"referral_id": referral.id, "partner": referral.partner_id},
        compartments=compartments,
    )
    grant = grants.grant_of(referral=referral, case=case)
    is_at_work = referral.state is ReferralState.IN_PROGRESS
    is_waiting = referral.state is ReferralState.REFERRED
    return ReferralPage(
        id=referral.id,
        reference=case.reference,
        case_version=case.version,
        state=referral.state,
        partner=accounts.organisation_names([referral.partner_id or ""]).get(referral.partner_id or "", ""),
        areas=tuple(AssistanceArea(area) for area in referral.areas),
        purpose=referral.consent_purpose,
        shared_fields=fields,
        facts=facts,
        referred_at=referral.referred_at,
        consented_on=referral.consented_on,
        consent_until=referral.consent_until,
        services=services.get(referral.id, ()),
        reports=reports.get(referral.id, ()),
        standings=marks.standings_of(person_ids=[referral.person_id]),
        may_answer=is_waiting and policy.allows(actor, Permission.REFERRAL_ANSWER, grant),
        may_report=is_at_work and policy.allows(actor, Permission.REFERRAL_REPORT, grant),
        may_revoke=policy.allows(actor, Permission.REFERRAL_REVOKE, grant),
    )


def reference_of(*, actor: Actor, referral_id: str, permission: Permission) -> str:
    """Return the case reference behind a referral, for an act of its partner.

    Raises:
        NotFound: there is no such referral, or the grant has ended.
    """
    _, case = grants.get_granted(actor=actor, referral_id=referral_id, permission=permission)
    return case.reference


def add_service(*, actor: Actor, referral_id: str, values: Mapping[str, Any]) -> ReferralService:
    """Record a service in one of the five areas.

    Raises:
        Conflict: `referral_not_at_work`.
    """
    referral, case = _at_work(actor, referral_id)
    service = ReferralService(
        referral_id=referral.id,
        area=values["area"],
        state=values["state"],
        description_sealed=b"",
        provided_on=values.get("provided_on"),
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session.add(service)
    db.session.flush()
    service.description_sealed = vault.seal_text(
        person_id=referral.person_id, label=SERVICE_LABEL, record_id=service.id, text=values["description"]
    )
    db.session.flush()
    _record_service(actor, case, referral, service)
    return service


def change_service(*, actor: Actor, referral_id: str, service_id: str, values: Mapping[str, Any]) -> ReferralService:
    """Record how far a service has come.

    Raises:
        NotFound: the referral has no such service.
        Conflict: `referral_not_at_work`.
    """
    referral, case = _at_work(actor, referral_id)
    service = queries.find_service(service_id)
    if service is None or service.referral_id != referral.id:
        raise NotFound
    _apply_service(service, values)
    _record_service(actor, case, referral, service)
    return service


def _apply_service(service: ReferralService, values: Mapping[str, Any]) -> None:
    service.state = values["state"]
    service.provided_on = values.get("provided_on", service.provided_on)
    db.session.flush()


def _record_service(actor: Actor, case: Case, referral: Referral, service: ReferralService) -> None:
    payload = {
        "service_id": service.id,
        "area": service.area.value,
        "on": service.provided_on,
        "status": service.state.value,
    }
    record(actor, AuditAction.SERVICE_RECORDED, case, referral, payload)


def add_report(*, actor: Actor, referral_id: str, values: Mapping[str, Any]) -> ReferralReport:
    """Keep a progress report.

    Raises:
        Conflict: `referral_not_at_work`.
    """
    referral, case = _at_work(actor, referral_id)
    return _add_report(actor, case, referral, values["text"])


def _add_report(actor: Actor, case: Case, referral: Referral, text: str) -> ReferralReport:
    report = ReferralReport(
        referral_id=referral.id, text_sealed=b"", recorded_by_id=actor.user_id, recorded_at=clock.now()
    )
    db.session.add(report)
    db.session.flush()
    report.text_sealed = vault.seal_text(
        person_id=referral.person_id, label=REPORT_LABEL, record_id=report.id, text=text
    )
    db.session.flush()
    record(actor, AuditAction.PROGRESS_REPORTED, case, referral, {"report_id": report.id})
    return report


def finish_referral(*, actor: Actor, referral_id: str, values: Mapping[str, Any]) -> None:
    """End the referral with its outcome, so that SMS may close the case; the partner's grant ends with it.

    Raises:
        Conflict: `referral_not_at_work`.
    """
    referral, case = grants.get_granted(actor=actor, referral_id=referral_id, permission=Permission.REFERRAL_CLOSE)
    _check_at_work(referral, case)
    if values.get("text"):
        _add_report(actor, case, referral, values["text"])
    referral.outcome = values["outcome"]
    referral.finished_at = clock.now()
    grants.fire(referral, ReferralTrigger.COMPLETE, has_outcome=True)
    cases.note_referral_finished(case=case)
    finished = {"partner": referral.partner_id, "outcome": values["outcome"].value}
    record(actor, AuditAction.REFERRAL_FINISHED, case, referral, finished)


def _at_work(actor: Actor, referral_id: str) -> tuple[Referral, Case]:
    referral, case = grants.get_granted(actor=actor, referral_id=referral_id, permission=Permission.REFERRAL_REPORT)
    _check_at_work(referral, case)
    return referral, case


def _check_at_work(referral: Referral, case: Case) -> None:
    if referral.state is not ReferralState.IN_PROGRESS:
        raise Conflict("referral_not_at_work", reference=case.reference)
