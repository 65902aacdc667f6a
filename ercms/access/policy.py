"""Who may do what: one table from permission to predicates, of which one must hold. What is not granted is refused.

A refusal tells nothing that the actor could not see anyway: a record that the actor may not see answers as if it did
not exist.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ercms.access import predicates as who
from ercms.access.permissions import Permission
from ercms.access.predicates import Predicate
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import NotFound, PermissionRefused

_SMS = (who.is_case_worker_of_case, who.is_supervisor_of_case)
_SUPERVISOR = (who.is_supervisor_of_case,)
_REQUESTING = (who.is_own_organisation,)
_MISSION = (who.is_host_state_of_mission,)
_BORDER = (who.is_at_the_border,)
_PARTNER = (who.is_referral_partner,)
_PARTNER_OF_CASE = (who.is_partner_of_case,)
_DRAFTING = (who.is_own_organisation, who.is_own_draft)
_AGENCY = (who.is_assigned_agency,)
_ABROAD = _REQUESTING + _MISSION
_PARTIES = _ABROAD + _SMS

_CASE: dict[Permission, tuple[Predicate, ...]] = {
    Permission.CASE_CREATE: (who.is_requesting_side,),
    Permission.CASE_READ: (*_PARTIES, *_BORDER, who.is_own_draft),
    Permission.CASE_OPEN: _SMS,
    Permission.CASE_LIST: (who.is_requesting_side, who.is_case_worker, who.is_supervisor, who.is_border_officer),
    Permission.CASE_EDIT: _DRAFTING,
    Permission.CASE_ASSIGN: _SMS,
    Permission.CASE_SEAL: _SUPERVISOR,
    Permission.CASE_STOP: _SMS,
    Permission.CASE_SEARCH: (who.is_requesting_side, who.is_case_worker, who.is_supervisor),
    Permission.CASE_EXPORT: (who.is_requesting_side, who.is_case_worker, who.is_supervisor),
    Permission.CASE_PRINT: _PARTIES,
    Permission.CASE_HISTORY: (*_PARTIES, *_BORDER),
    Permission.PERSON_CONTEST: _PARTIES,
}

_TRIGGERS: dict[Permission, tuple[Predicate, ...]] = {
    Permission.CASE_SUBMIT: _DRAFTING,
    Permission.CASE_REGISTER_WITHOUT_APPLICATION: _DRAFTING,
    Permission.CASE_WITHDRAW: _DRAFTING,
    Permission.CASE_ACKNOWLEDGE: _SMS,
    Permission.CASE_REQUEST_COMPLETION: _SMS,
    Permission.CASE_COMPLETE: _REQUESTING,
    Permission.CASE_PROPOSE_ACCEPTANCE: _SMS,
    Permission.CASE_PROPOSE_REFUSAL: _SMS,
    Permission.CASE_SEND_BACK: _SUPERVISOR,
    Permission.CASE_CONFIRM_ACCEPTANCE: _SUPERVISOR,
    Permission.CASE_CONFIRM_REFUSAL: _SUPERVISOR,
    Permission.CASE_LAPSE: (*_SMS, who.is_system),
    Permission.CASE_RECORD_DEEMED_CONSENT: _SUPERVISOR,
    Permission.CASE_REPLY_LATE: _SMS,
    Permission.CASE_REOPEN: _SUPERVISOR,
    Permission.CASE_REQUEST_DOCUMENT: _PARTIES,
    Permission.CASE_ISSUE_DOCUMENT: _MISSION,
    Permission.CASE_RECORD_STANDARD_DOCUMENT: _ABROAD,
    Permission.CASE_REISSUE_DOCUMENT: _PARTIES,
    Permission.CASE_NOTIFY_TRANSFER: _REQUESTING,
    Permission.CASE_CANCEL_TRANSFER: _REQUESTING,
    Permission.CASE_CONFIRM_ARRIVAL: _BORDER,
    Permission.CASE_RECORD_TRANSFER_FAILURE: (*_BORDER, *_REQUESTING),
    Permission.CASE_EXPIRE_ACCEPTANCE: (*_SMS, who.is_system),
    Permission.CASE_RENEW_ACCEPTANCE: _SUPERVISOR,
    Permission.CASE_TAKE_BACK: _SMS,
    Permission.CASE_OFFER_REFERRAL: _SMS,
    Permission.CASE_DECLINE_REFERRAL: _SMS,
    Permission.CASE_REFER: _SMS,
    Permission.CASE_RETURN_REFERRAL: (*_PARTNER_OF_CASE, *_SMS),
    Permission.CASE_START_REINTEGRATION: _PARTNER_OF_CASE,
    Permission.CASE_REVOKE_CONSENT: (*_PARTNER_OF_CASE, *_SMS),
    Permission.CASE_CLOSE: _SMS,
}

_PARTS_OF_A_CASE: dict[Permission, tuple[Predicate, ...]] = {
    Permission.EVIDENCE_READ: (*_PARTIES, who.is_own_draft),
    Permission.EVIDENCE_ADD: (*_DRAFTING, *_SMS),
    Permission.EVIDENCE_REMOVE: _DRAFTING,
    Permission.EVIDENCE_CHECK: _SMS,
    Permission.PHOTOGRAPH_COMPARE: _SMS,
    Permission.INQUIRY_SEND: _SMS,
    Permission.INQUIRY_READ: (*_SMS, *_AGENCY),
    Permission.INQUIRY_LIST: (who.is_verifier, who.is_mission, who.is_case_worker, who.is_supervisor),
    Permission.INQUIRY_ANSWER: _AGENCY,
    Permission.INQUIRY_CANCEL: _SMS,
    Permission.INTERVIEW_ASK: _SMS,
    Permission.INTERVIEW_READ: _PARTIES,
    Permission.INTERVIEW_LIST: (who.is_requesting_side, who.is_case_worker, who.is_supervisor),
    Permission.INTERVIEW_OFFER: (*_MISSION, *_SMS),
    Permission.INTERVIEW_CHOOSE: _REQUESTING,
    Permission.INTERVIEW_RELEASE: _PARTIES,
    Permission.INTERVIEW_RECORD: _MISSION,
    Permission.INTERVIEW_CLOSE: _SMS,
    Permission.INTERVIEW_CANCEL: (*_REQUESTING, *_SMS),
    Permission.DUPLICATE_READ: (who.is_case_worker, who.is_supervisor),
    Permission.DUPLICATE_DECIDE: (who.is_case_worker, who.is_supervisor),
    Permission.DUPLICATE_LINK: (who.is_supervisor,),
    Permission.MRZ_READ: (who.is_requesting_side, who.is_case_worker, who.is_supervisor, who.is_border_officer),
    Permission.DECISION_READ: _PARTIES,
    Permission.DECISION_SHEET_READ: _SMS,
    Permission.LETTER_READ: _PARTIES,
    Permission.MESSAGE_READ: _PARTIES,
    Permission.MESSAGE_SEND: _PARTIES,
    Permission.NOTE_READ: _SMS,
    Permission.NOTE_WRITE: _SMS,
    Permission.DOCUMENT_READ: (*_PARTIES, *_BORDER),
    Permission.DOCUMENT_LIST: (who.is_requesting_side, who.is_case_worker, who.is_supervisor),
    Permission.DOCUMENT_REQUEST: _PARTIES,
    Permission.DOCUMENT_ISSUE: _MISSION,
    Permission.DOCUMENT_REFUSE: _MISSION,
    Permission.DOCUMENT_CANCEL: (*_MISSION, *_SMS),
    Permission.TRANSFER_READ: (*_PARTIES, *_BORDER),
    Permission.TRANSFER_LIST: (who.is_requesting_side, who.is_case_worker, who.is_supervisor, who.is_border_officer),
    Permission.TRANSFER_NOTIFY: _REQUESTING,
    Permission.TRANSFER_CANCEL: _REQUESTING,
    Permission.TRANSFER_CONFIRM: _BORDER,
    Permission.TRANSFER_OBJECT: (*_SMS, *_BORDER),
    Permission.MANIFEST_READ: (who.is_case_worker, who.is_supervisor, who.is_border_officer),
    Permission.REFERRAL_OFFER: _SMS,
    Permission.REFERRAL_SEND: _SMS,
    Permission.REFERRAL_READ: (*_PARTNER, *_SMS),
    Permission.REFERRAL_LIST: (who.is_partner, who.is_case_worker, who.is_supervisor),
    Permission.REFERRAL_ANSWER: _PARTNER,
    Permission.REFERRAL_REPORT: _PARTNER,
    Permission.REFERRAL_CLOSE: (*_PARTNER, *_SMS),
    Permission.REFERRAL_REVOKE: (*_PARTNER, *_SMS),
}

_HOUSE: dict[Permission, tuple[Predicate, ...]] = {
    Permission.NOTIFICATION_READ: (who.anybody,),
    Permission.VIEW_SAVE: (who.is_requesting_side, who.is_case_worker, who.is_supervisor, who.is_border_officer),
    Permission.AGREEMENT_READ: (who.anybody,),
    Permission.AGREEMENT_PROPOSE: (who.is_supervisor, who.is_administrator),
    Permission.AGREEMENT_MANAGE: (who.is_administrator,),
    Permission.AGREEMENT_VERIFY: (who.is_supervisor,),
    Permission.AGREEMENT_CONFIRM: (who.is_supervisor, who.is_administrator),
    Permission.AGREEMENT_EXPLORE: (who.is_supervisor, who.is_administrator, who.is_system),
    Permission.CALENDAR_MANAGE: (who.is_administrator,),
    Permission.INQUIRY_PURPOSE_READ: (who.is_supervisor, who.is_administrator),
    Permission.INQUIRY_PURPOSE_PROPOSE: (who.is_supervisor, who.is_administrator),
    Permission.INQUIRY_PURPOSE_CONFIRM: (who.is_supervisor, who.is_administrator),
    Permission.STATISTICS_READ: (who.is_analyst, who.is_case_worker, who.is_supervisor),
    Permission.AUDIT_READ: (who.is_data_protection_officer,),
    Permission.PERSON_ACCESS_SHEET: (who.is_data_protection_officer, who.is_supervisor_of_case),
    Permission.PRIVACY_MANAGE: (who.is_data_protection_officer, who.is_system),
    Permission.USER_MANAGE: (who.is_administrator, who.is_system),
    Permission.ORGANISATION_MANAGE: (who.is_administrator, who.is_system),
    Permission.KEY_MANAGE: (who.is_administrator,),
    Permission.API_KEY_MANAGE: (who.is_administrator, who.is_system),
    Permission.REGISTRY_MANAGE: (who.is_administrator,),
    Permission.PROVIDER_MANAGE: (who.is_administrator,),
    Permission.WEBHOOK_MANAGE: (who.is_administrator,),
    Permission.SYSTEM_READ: (who.is_administrator,),
    Permission.ACCOUNT_OWN: (who.anybody,),
    Permission.HOME_READ: (who.anybody,),
}

TABLE: dict[Permission, tuple[Predicate, ...]] = {**_CASE, **_TRIGGERS, **_PARTS_OF_A_CASE, **_HOUSE}

_SEEN_THROUGH: dict[str, Permission] = {"inquiry": Permission.INQUIRY_READ, "referral": Permission.REFERRAL_READ}


def allows(actor: Actor, permission: Permission, obj: Any = None) -> bool:
    """Tell whether the actor may do this with `obj`.

    Without an object: whether the actor's role may do it with any object at all, which is what routes and menus ask.
    """
    if obj is None:
        return _role_may(actor, permission)
    return who.may_know_of(actor, obj) and any(predicate(actor, obj) for predicate in TABLE.get(permission, ()))


def check(actor: Actor, permission: Permission, obj: Any = None) -> None:
    """Refuse unless the actor may do this with `obj`.

    Raises:
        NotFound: the actor may not know that the object exists.
        PermissionRefused: the actor may see the object but not do this.
    """
    if allows(actor, permission, obj):
        return
    if obj is not None and not _sees(actor, obj):
        raise NotFound()
    raise PermissionRefused(permission=permission.value)


def _sees(actor: Actor, obj: Any) -> bool:
    """Tell whether the actor may open this object, by what kind of object it is."""
    if not who.may_know_of(actor, obj):
        return False
    readings = [Permission.CASE_READ] if isinstance(obj, who.CaseLike) else []
    if isinstance(obj, who.InquiryLike):
        readings.append(_SEEN_THROUGH["inquiry"])
    if isinstance(obj, who.ReferralLike):
        readings.append(_SEEN_THROUGH["referral"])
    return any(predicate(actor, obj) for reading in readings for predicate in TABLE[reading])


_OF_ANY_OBJECT: dict[Predicate, Predicate] = {
    who.is_case_worker_of_case: who.is_case_worker,
    who.is_supervisor_of_case: who.is_supervisor,
    who.is_own_organisation: who.is_requesting_side,
    who.is_host_state_of_mission: who.is_mission,
    who.is_at_the_border: who.is_border_officer,
    who.is_referral_partner: who.is_partner,
    who.is_partner_of_case: who.is_partner,
    who.is_own_draft: who.is_requesting_side,
}


def _role_may(actor: Actor, permission: Permission) -> bool:
    """Ask the predicates that look at the actor alone."""
    for predicate in TABLE.get(permission, ()):
        if predicate is who.is_assigned_agency:
            if who.is_verifier(actor, None) or who.is_mission(actor, None):
                return True
        elif _OF_ANY_OBJECT.get(predicate, predicate)(actor, None):
            return True
    return False


class ScopeKind(StrEnum):
    """How wide an actor sees in a list of cases."""

    ALL = "all"
    ORGANISATION = "organisation"
    MISSION = "mission"
    BORDER = "border"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CaseScope:
    """The cases that `CASE_READ` would open to an actor, said in a way that a query can use.

    Sealed cases are left out of it by `ercms.cases.sight`, for whoever is not among their readers.

    ALL: every case but drafts. ORGANISATION: those of `organisation_id`. MISSION: those of `organisation_id`, and those
    of the host `states` but drafts. BORDER: those in `who.BORDER_STATES`.
    """

    kind: ScopeKind
    organisation_id: str | None = None
    states: frozenset[str] = frozenset()


def case_scope(actor: Actor) -> CaseScope:
    """Return which cases an actor's lists, searches, counts and exports may draw on."""
    if actor.is_system or who.is_case_worker(actor, None) or who.is_supervisor(actor, None):
        return CaseScope(ScopeKind.ALL)
    if who.is_mission(actor, None):
        return CaseScope(ScopeKind.MISSION, actor.organisation_id, actor.states)
    if who.is_requesting_side(actor, None) and actor.organisation_kind is OrganisationKind.REQUESTING_AUTHORITY:
        return CaseScope(ScopeKind.ORGANISATION, actor.organisation_id)
    if actor.role is Role.BORDER_OFFICER:
        return CaseScope(ScopeKind.BORDER)
    return CaseScope(ScopeKind.NONE)
