"""Referrals to reintegration partners: offered, consented to, passed on, taken on, given back, revoked.

Refusing support or taking consent back changes nothing about the readmission itself. The partner moves the case only
through its referral and never opens the case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission, permission_for_trigger
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.service import Act, Case, CaseTransition
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.extensions import db
from ercms.marks import service as marks
from ercms.reintegration import grants, queries
from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, ReferralOutcome, ServiceState, SharedField
from ercms.reintegration.models import Referral, ReferralReport, ReferralService
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from workflows.readmission import CaseTrigger
from workflows.referral import ReferralState, ReferralTrigger

NOTE_LABEL = "referrals.note"
ANSWER_LABEL = "referrals.answer"
CONSENT_LABEL = "referrals.consent_note"
SERVICE_LABEL = "referral_services.description"
REPORT_LABEL = "referral_reports.text"
_UNKNOWN_PARTNER = msg("Choose one of the partners offered.")
_CONSENT_IN_FUTURE = msg("The consent would be given in the future.")
_CONSENT_OVER = msg("The consent would be over already.")


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service of a partner."""

    id: str
    area: AssistanceArea
    state: ServiceState
    description: str | None
    provided_on: date | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of a partner."""

    id: str
    text: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ReferralForCase:
    """A referral as SMS sees it on the case page; `is_open` tells whether the partner sees the consented fields now."""

    id: str
    state: ReferralState
    partner: str | None
    areas: tuple[AssistanceArea, ...]
    purpose: ConsentPurpose | None
    consented_fields: tuple[SharedField, ...]
    consented_on: date | None
    consent_until: date | None
    consent_revoked_at: datetime | None
    consent_note: str | None
    note: str | None
    answer: str | None
    offered_at: datetime
    referred_at: datetime | None
    answered_at: datetime | None
    finished_at: datetime | None
    outcome: ReferralOutcome | None
    is_open: bool
    may_finish: bool
    services: tuple[ServiceLine, ...]
    reports: tuple[ReportLine, ...]


def offer_referral(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Offer support to a person who arrived, in one or more of the five areas."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = cases.advance(actor=actor, case=case, trigger=CaseTrigger.OFFER_REFERRAL, expected_version=expected_version)
    areas = [AssistanceArea(area).value for area in values["areas"]]
    referral = _new_referral(actor=actor, case=case, areas=areas, note=values.get("note"))
    record(actor, AuditAction.REFERRAL_OFFERED, case, referral, {})
    return moved


def _new_referral(*, actor: Actor, case: Case, areas: Sequence[str], note: str | None) -> Referral:
    referral = Referral(
        case_id=case.id,
        person_id=case.principal_person_id,
        state=ReferralState.OFFERED,
        areas=list(areas),
        consented_fields=[],
        offered_by_id=actor.user_id,
        offered_at=clock.now(),
    )
    db.session.add(referral)
    db.session.flush()
    referral.note_sealed = sealed_for(referral, NOTE_LABEL, note)
    db.session.flush()
    return referral


def refer(*, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]) -> CaseTransition:
    """Pass the person to one partner, with the consent to that partner and one purpose, and to certain fields only.

    Raises:
        InvalidInput: the partner is none, or the consent does not hold today.
    """
    case = cases.get_case(actor=actor, reference=reference)
    _check_consent(values)
    marks.check_disclosure(person_ids=[case.principal_person_id])
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.REFER,
        act=Act(has_consent=True, values={"referral_partner_id": values["partner_id"]}),
        expected_version=expected_version,
    )
    referral = grants.present_referral(case=case)
    shared = {SharedField(field) for field in values["consented_fields"]}
    referral.partner_id = values["partner_id"]
    referral.consent_purpose = values["consent_purpose"]
    referral.consented_fields = [field.value for field in SharedField if field in shared]
    referral.consented_on, referral.consent_until = values["consented_on"], values["consent_until"]
    referral.consent_note_sealed = sealed_for(referral, CONSENT_LABEL, values.get("consent_note"))
    referral.referred_at = clock.now()
    grants.fire(referral, ReferralTrigger.REFER)
    granted = {"partner": referral.partner_id, "fields": referral.consented_fields, "until": referral.consent_until}
    record(actor, AuditAction.REFERRAL_SENT, case, referral, granted)
    return moved


def _check_consent(values: Mapping[str, Any]) -> None:
    if values["partner_id"] not in {partner_id for partner_id, _ in partner_options()}:
        raise InvalidInput("unknown_partner", fields={"partner_id": [_UNKNOWN_PARTNER]})
    if values["consented_on"] > clock.today():
        raise InvalidInput("consent_in_future", fields={"consented_on": [_CONSENT_IN_FUTURE]})
    if values["consent_until"] < clock.today():
        raise InvalidInput("consent_over", fields={"consent_until": [_CONSENT_OVER]})


def partner_options() -> list[tuple[str, str]]:
    """Return the reintegration partners as (identifier, name), for the choice at a referral."""
    return [(one.id, one.name) for one in accounts.list_organisations(kind=OrganisationKind.REINTEGRATION_PARTNER)]


def decline_referral(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Record that the person wants no support."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = cases.advance(
        actor=actor, case=case, trigger=CaseTrigger.DECLINE_REFERRAL, expected_version=expected_version
    )
    referral = grants.present_referral(case=case)
    _answer(referral, values.get("note"))
    grants.fire(referral, ReferralTrigger.DECLINE_BY_PERSON)
    record(actor, AuditAction.REFERRAL_DECLINED, case, referral, {})
    return moved


def start_reintegration(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Take the referral on and begin the support: an act of the partner."""
    case, referral = _for_partner_or_service(actor, reference, CaseTrigger.START_REINTEGRATION)
    moved = cases.advance(
        actor=actor, case=case, trigger=CaseTrigger.START_REINTEGRATION, expected_version=expected_version
    )
    _answer(referral, values.get("note"))
    grants.fire(referral, ReferralTrigger.ACCEPT)
    grants.fire(referral, ReferralTrigger.START)
    record(actor, AuditAction.REFERRAL_ACCEPTED, case, referral, {"partner": referral.partner_id})
    return moved


def return_referral(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Give the referral back: the partner declines it, or SMS takes it back; the grant ends.

    The offer to the person stands on, as a new record without a consent: another partner needs another one.
    """
    case, referral = _for_partner_or_service(actor, reference, CaseTrigger.RETURN_REFERRAL)
    reason = values.get("reason")
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.RETURN_REFERRAL,
        act=Act(reason=reason),
        expected_version=expected_version,
    )
    is_partner = actor.organisation_kind is OrganisationKind.REINTEGRATION_PARTNER
    _answer(referral, reason)
    trigger = ReferralTrigger.DECLINE_BY_PARTNER if is_partner else ReferralTrigger.DISCONTINUE
    grants.fire(referral, trigger, has_reason=bool(reason))
    record(actor, AuditAction.REFERRAL_RETURNED, case, referral, {"partner": referral.partner_id})
    _new_referral(actor=actor, case=case, areas=referral.areas, note=opened(referral, NOTE_LABEL, referral.note_sealed))
    return moved


def revoke_consent(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Record that the person takes the consent back: nothing more is shared from this moment on."""
    case, referral = _for_partner_or_service(actor, reference, CaseTrigger.REVOKE_CONSENT)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.REVOKE_CONSENT,
        act=Act(values={"referral_partner_id": None}),
        expected_version=expected_version,
    )
    _answer(referral, values.get("note"))
    referral.consent_revoked_at = clock.now()
    grants.fire(referral, ReferralTrigger.REVOKE_CONSENT)
    record(actor, AuditAction.CONSENT_REVOKED, case, referral, {"consent_id": referral.id})
    return moved


def _for_partner_or_service(actor: Actor, reference: str, trigger: CaseTrigger) -> tuple[Case, Referral]:
    """Return the case and its open referral for an act that is the partner's too.

    The partner may not read the case: it is found by the permission to move it, and then the grant must still run.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=permission_for_trigger(trigger.value))
    referral = grants.present_referral(case=case)
    policy.check(actor, Permission.REFERRAL_READ, grants.grant_of(referral=referral, case=case))
    return case, referral


def for_case(*, actor: Actor, case: Case) -> tuple[ReferralForCase, ...]:
    """Return the referrals of a case with the partners' work, the last one first; nothing to whom is not of SMS."""
    if not policy.allows(actor, Permission.REFERRAL_OFFER, case):
        return ()
    referrals = list(reversed(queries.list_of_case(case.id)))
    partners = accounts.organisation_names([one.partner_id for one in referrals if one.partner_id])
    services, reports = work_on(referrals)
    return tuple(
        _for_case(actor, case, one, partners, services.get(one.id, ()), reports.get(one.id, ())) for one in referrals
    )


def _for_case(
    actor: Actor,
    case: Case,
    referral: Referral,
    partners: Mapping[str, str],
    services: tuple[ServiceLine, ...],
    reports: tuple[ReportLine, ...],
) -> ReferralForCase:
    grant = grants.grant_of(referral=referral, case=case)
    is_at_work = referral.state is ReferralState.IN_PROGRESS
    return ReferralForCase(
        id=referral.id,
        state=referral.state,
        partner=partners.get(referral.partner_id or ""),
        areas=tuple(AssistanceArea(area) for area in referral.areas),
        purpose=referral.consent_purpose,
        consented_fields=tuple(SharedField(field) for field in referral.consented_fields),
        consented_on=referral.consented_on,
        consent_until=referral.consent_until,
        consent_revoked_at=referral.consent_revoked_at,
        consent_note=opened(referral, CONSENT_LABEL, referral.consent_note_sealed),
        note=opened(referral, NOTE_LABEL, referral.note_sealed),
        answer=opened(referral, ANSWER_LABEL, referral.answer_sealed),
        offered_at=referral.offered_at,
        referred_at=referral.referred_at,
        answered_at=referral.answered_at,
        finished_at=referral.finished_at,
        outcome=referral.outcome,
        is_open=grant.is_open,
        may_finish=is_at_work and policy.allows(actor, Permission.REFERRAL_CLOSE, grant),
        services=services,
        reports=reports,
    )


def work_on(
    referrals: Sequence[Referral],
) -> tuple[dict[str, tuple[ServiceLine, ...]], dict[str, tuple[ReportLine, ...]]]:
    """Open the services and reports of referrals, by the referral's identifier; the caller has checked who asks."""
    person_of = {referral.id: referral.person_id for referral in referrals}
    services, reports = queries.list_services(person_of), queries.list_reports(person_of)
    texts = vault.open_texts(
        [SealedText(person_of[s.referral_id], SERVICE_LABEL, s.id, s.description_sealed) for s in services]
        + [SealedText(person_of[r.referral_id], REPORT_LABEL, r.id, r.text_sealed) for r in reports]
    )
    by_service: dict[str, tuple[ServiceLine, ...]] = {}
    by_report: dict[str, tuple[ReportLine, ...]] = {}
    for service, text in zip(services, texts[: len(services)], strict=True):
        line = _service_line(service, text)
        by_service[service.referral_id] = (*by_service.get(service.referral_id, ()), line)
    authors = accounts.user_names([report.recorded_by_id for report in reports])
    for report, text in zip(reports, texts[len(services) :], strict=True):
        entry = _report_line(report, text, authors)
        by_report[report.referral_id] = (*by_report.get(report.referral_id, ()), entry)
    return by_service, by_report


def _service_line(service: ReferralService, text: str | None) -> ServiceLine:
    return ServiceLine(service.id, service.area, service.state, text, service.provided_on, service.recorded_at)


def _report_line(report: ReferralReport, text: str | None, authors: Mapping[str, str]) -> ReportLine:
    return ReportLine(report.id, text, authors.get(report.recorded_by_id, ""), report.recorded_at)


def sealed_for(referral: Referral, label: str, text: str | None) -> bytes | None:
    """Seal a text of a referral; nothing for nothing."""
    if not text:
        return None
    return vault.seal_text(person_id=referral.person_id, label=label, record_id=referral.id, text=text)


def opened(referral: Referral, label: str, sealed: bytes | None) -> str | None:
    """Open a text of a referral; nothing for nothing."""
    if sealed is None:
        return None
    return vault.open_text(person_id=referral.person_id, label=label, record_id=referral.id, sealed=sealed)


def _answer(referral: Referral, text: str | None) -> None:
    referral.answered_at = clock.now()
    referral.answer_sealed = sealed_for(referral, ANSWER_LABEL, text)


def record(actor: Actor, action: AuditAction, case: Case, referral: Referral, payload: Mapping[str, Any]) -> None:
    """Write an act on a referral into the audit of its case."""
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(case.id),
        record_type="referral",
        record_id=referral.id,
        payload={"referral_id": referral.id, **payload} if "referral_id" in action.payload_keys else dict(payload),
    )
