"""Who may do what: the whole table, and what a refusal tells."""

from dataclasses import dataclass

import pytest

from ercms.access import policy
from ercms.access.permissions import Permission as Permit
from ercms.access.permissions import permission_for_trigger
from ercms.access.policy import ScopeKind
from ercms.core.actor import SYSTEM, Actor, OrganisationKind, Role
from ercms.core.errors import NotFound, PermissionRefused


@dataclass
class Case:
    requesting_organisation_id: str = "bamf"
    requesting_state: str = "DE"
    state: str = "submitted"
    assigned_to_id: str | None = None
    created_by_id: str | None = None
    referral_partner_id: str | None = None
    is_sealed: bool = False
    reader_ids: frozenset[str] = frozenset()


@dataclass
class Inquiry:
    agency_id: str = "interior"
    is_sealed: bool = False
    reader_ids: frozenset[str] = frozenset()


@dataclass
class Referral:
    partner_id: str = "restart"
    is_open: bool = True
    is_sealed: bool = False
    reader_ids: frozenset[str] = frozenset()


def actor(role: Role, organisation: str, kind: OrganisationKind, *states: str) -> Actor:
    return Actor(f"{role}-{organisation}", role, organisation, kind, frozenset(states))


REQUESTER = actor(Role.CONSULAR_OFFICER, "bamf", OrganisationKind.REQUESTING_AUTHORITY, "DE")
OTHER_REQUESTER = actor(Role.CONSULAR_OFFICER, "sem", OrganisationKind.REQUESTING_AUTHORITY, "CH")
SAME_STATE = actor(Role.CONSULAR_OFFICER, "other-de", OrganisationKind.REQUESTING_AUTHORITY, "DE")
MISSION = actor(Role.CONSULAR_OFFICER, "berlin", OrganisationKind.MISSION, "DE", "AT")
OTHER_MISSION = actor(Role.CONSULAR_OFFICER, "bern", OrganisationKind.MISSION, "CH")
WORKER = actor(Role.CASE_WORKER, "sms", OrganisationKind.MIGRATION_SERVICE)
SUPERVISOR = actor(Role.SUPERVISOR, "sms", OrganisationKind.MIGRATION_SERVICE)
VERIFIER = actor(Role.VERIFIER, "interior", OrganisationKind.AGENCY)
OTHER_VERIFIER = actor(Role.VERIFIER, "justice", OrganisationKind.AGENCY)
BORDER = actor(Role.BORDER_OFFICER, "border", OrganisationKind.BORDER_SERVICE)
PARTNER = actor(Role.REINTEGRATION_PARTNER, "restart", OrganisationKind.REINTEGRATION_PARTNER)
OTHER_PARTNER = actor(Role.REINTEGRATION_PARTNER, "ngo", OrganisationKind.REINTEGRATION_PARTNER)
ANALYST = actor(Role.ANALYST, "un", OrganisationKind.STATISTICS)
DPO = actor(Role.DATA_PROTECTION_OFFICER, "sms", OrganisationKind.MIGRATION_SERVICE)
ADMINISTRATOR = actor(Role.ADMINISTRATOR, "sms", OrganisationKind.MIGRATION_SERVICE)

EVERYBODY = (
    REQUESTER, OTHER_REQUESTER, SAME_STATE, MISSION, OTHER_MISSION, WORKER, SUPERVISOR, VERIFIER, OTHER_VERIFIER,
    BORDER, PARTNER, OTHER_PARTNER, ANALYST, DPO, ADMINISTRATOR, SYSTEM,
)  # fmt: skip

SMS = {WORKER, SUPERVISOR}
ABROAD = {REQUESTER, MISSION}
PARTIES = SMS | ABROAD


def each(permissions: list[Permit], allowed: set[Actor]) -> dict[Permit, set[Actor]]:
    return dict.fromkeys(permissions, allowed)


# On a case of `bamf` that has been sent and is not at the border, and on objects put to `interior` and `restart`.
ON_A_CASE = {
    **each(
        [
            Permit.CASE_READ, Permit.CASE_PRINT, Permit.CASE_HISTORY, Permit.CASE_REQUEST_DOCUMENT,
            Permit.CASE_REISSUE_DOCUMENT, Permit.EVIDENCE_READ, Permit.DECISION_READ, Permit.LETTER_READ,
            Permit.MESSAGE_READ, Permit.MESSAGE_SEND, Permit.DOCUMENT_READ, Permit.DOCUMENT_REQUEST,
            Permit.TRANSFER_READ, Permit.PERSON_CONTEST, Permit.INTERVIEW_READ, Permit.INTERVIEW_RELEASE,
        ],
        PARTIES,
    ),
    **each(
        [
            Permit.CASE_EDIT, Permit.CASE_SUBMIT, Permit.CASE_REGISTER_WITHOUT_APPLICATION, Permit.CASE_WITHDRAW,
            Permit.CASE_COMPLETE, Permit.CASE_NOTIFY_TRANSFER, Permit.CASE_CANCEL_TRANSFER, Permit.EVIDENCE_REMOVE,
            Permit.CASE_RECORD_TRANSFER_FAILURE, Permit.TRANSFER_NOTIFY, Permit.TRANSFER_CANCEL,
            Permit.INTERVIEW_CHOOSE,
        ],
        {REQUESTER},
    ),
    **each(
        [
            Permit.CASE_ASSIGN, Permit.CASE_OPEN, Permit.CASE_STOP, Permit.CASE_ACKNOWLEDGE,
            Permit.CASE_REQUEST_COMPLETION,
            Permit.CASE_PROPOSE_ACCEPTANCE, Permit.CASE_PROPOSE_REFUSAL, Permit.CASE_REPLY_LATE, Permit.CASE_TAKE_BACK,
            Permit.CASE_OFFER_REFERRAL, Permit.CASE_DECLINE_REFERRAL, Permit.CASE_REFER, Permit.CASE_CLOSE,
            Permit.CASE_RETURN_REFERRAL, Permit.CASE_REVOKE_CONSENT, Permit.EVIDENCE_CHECK, Permit.INQUIRY_SEND,
            Permit.PHOTOGRAPH_COMPARE,
            Permit.INQUIRY_READ, Permit.INQUIRY_CANCEL, Permit.DECISION_SHEET_READ,
            Permit.INTERVIEW_ASK, Permit.INTERVIEW_CLOSE,
            Permit.NOTE_READ, Permit.NOTE_WRITE, Permit.TRANSFER_OBJECT,
            Permit.REFERRAL_OFFER, Permit.REFERRAL_SEND, Permit.REFERRAL_READ, Permit.REFERRAL_CLOSE,
            Permit.REFERRAL_REVOKE,
        ],
        SMS,
    ),
    **each([Permit.CASE_LAPSE, Permit.CASE_EXPIRE_ACCEPTANCE], SMS | {SYSTEM}),
    **each(
        [
            Permit.CASE_SEND_BACK, Permit.CASE_CONFIRM_ACCEPTANCE, Permit.CASE_CONFIRM_REFUSAL, Permit.CASE_REOPEN,
            Permit.CASE_SEAL,
            Permit.CASE_RECORD_DEEMED_CONSENT, Permit.CASE_RENEW_ACCEPTANCE,
        ],
        {SUPERVISOR},
    ),
    **each(
        [Permit.CASE_ISSUE_DOCUMENT, Permit.DOCUMENT_ISSUE, Permit.DOCUMENT_REFUSE, Permit.INTERVIEW_RECORD],
        {MISSION},
    ),
    Permit.CASE_RECORD_STANDARD_DOCUMENT: ABROAD,
    **each([Permit.DOCUMENT_CANCEL, Permit.INTERVIEW_OFFER], SMS | {MISSION}),
    Permit.INTERVIEW_CANCEL: SMS | {REQUESTER},
    Permit.EVIDENCE_ADD: SMS | {REQUESTER},
    **each([Permit.CASE_CONFIRM_ARRIVAL, Permit.TRANSFER_CONFIRM], set()),
    **each([Permit.CASE_START_REINTEGRATION, Permit.REFERRAL_ANSWER, Permit.REFERRAL_REPORT], set()),
    Permit.INQUIRY_ANSWER: set(),
}  # fmt: skip

REQUESTING_ROLES = {REQUESTER, OTHER_REQUESTER, SAME_STATE, MISSION, OTHER_MISSION}
SIGNED_IN = set(EVERYBODY) - {SYSTEM}

# Without an object: lists, pages of the house, and running the system.
WITHOUT_OBJECT = {
    Permit.CASE_CREATE: REQUESTING_ROLES,
    Permit.CASE_LIST: REQUESTING_ROLES | SMS | {BORDER},
    **each(
        [Permit.CASE_SEARCH, Permit.CASE_EXPORT, Permit.DOCUMENT_LIST, Permit.INTERVIEW_LIST], REQUESTING_ROLES | SMS
    ),
    Permit.INQUIRY_LIST: {VERIFIER, OTHER_VERIFIER, MISSION, OTHER_MISSION} | SMS,
    Permit.TRANSFER_LIST: REQUESTING_ROLES | SMS | {BORDER},
    **each([Permit.DUPLICATE_READ, Permit.DUPLICATE_DECIDE], SMS),
    Permit.DUPLICATE_LINK: {SUPERVISOR},
    Permit.MRZ_READ: REQUESTING_ROLES | SMS | {BORDER},
    Permit.VIEW_SAVE: REQUESTING_ROLES | SMS | {BORDER},
    Permit.MANIFEST_READ: SMS | {BORDER},
    Permit.REFERRAL_LIST: SMS | {PARTNER, OTHER_PARTNER},
    **each(
        [Permit.NOTIFICATION_READ, Permit.AGREEMENT_READ, Permit.ACCOUNT_OWN, Permit.HOME_READ], SIGNED_IN
    ),
    Permit.AGREEMENT_PROPOSE: {SUPERVISOR, ADMINISTRATOR},
    Permit.AGREEMENT_VERIFY: {SUPERVISOR},
    Permit.AGREEMENT_CONFIRM: {SUPERVISOR, ADMINISTRATOR},
    Permit.AGREEMENT_EXPLORE: {SUPERVISOR, ADMINISTRATOR, SYSTEM},
    **each(
        [Permit.INQUIRY_PURPOSE_READ, Permit.INQUIRY_PURPOSE_PROPOSE, Permit.INQUIRY_PURPOSE_CONFIRM],
        {SUPERVISOR, ADMINISTRATOR},
    ),
    Permit.REGISTRY_MANAGE: {ADMINISTRATOR},
    Permit.PROVIDER_MANAGE: {ADMINISTRATOR},
    Permit.STATISTICS_READ: SMS | {ANALYST},
    Permit.AUDIT_READ: {DPO},
    Permit.PERSON_ACCESS_SHEET: {DPO, SUPERVISOR},
    Permit.PRIVACY_MANAGE: {DPO, SYSTEM},
    **each([Permit.USER_MANAGE, Permit.ORGANISATION_MANAGE, Permit.API_KEY_MANAGE], {ADMINISTRATOR, SYSTEM}),
    **each(
        [
            Permit.AGREEMENT_MANAGE, Permit.CALENDAR_MANAGE, Permit.KEY_MANAGE,
            Permit.WEBHOOK_MANAGE, Permit.SYSTEM_READ,
        ],
        {ADMINISTRATOR},
    ),
}  # fmt: skip


def test_every_permission_stands_in_the_policy_and_in_this_test() -> None:
    assert set(policy.TABLE) == set(Permit)
    assert set(ON_A_CASE) | set(WITHOUT_OBJECT) == set(Permit)


@pytest.mark.parametrize("permission", ON_A_CASE)
def test_who_may_act_on_a_case(permission: Permit) -> None:
    allowed = {someone for someone in EVERYBODY if policy.allows(someone, permission, Case())}
    assert allowed == ON_A_CASE[permission]


@pytest.mark.parametrize("permission", WITHOUT_OBJECT)
def test_who_may_open_what_needs_no_object(permission: Permit) -> None:
    assert {someone for someone in EVERYBODY if policy.allows(someone, permission)} == WITHOUT_OBJECT[permission]


@pytest.mark.parametrize("permission", list(Permit))
def test_a_route_is_open_to_whoever_may_act_on_some_object(permission: Permit) -> None:
    objects = [
        *(Case(state=state, referral_partner_id="restart") for state in ("draft", "submitted", "transfer_notified")),
        Inquiry(),
        Referral(),
    ]
    for someone in EVERYBODY:
        if any(policy.allows(someone, permission, one) for one in objects):
            assert policy.allows(someone, permission)


def test_a_draft_is_its_authors_alone() -> None:
    readers = {someone for someone in EVERYBODY if policy.allows(someone, Permit.CASE_READ, Case(state="draft"))}
    assert readers == {REQUESTER}


def test_whoever_drafts_for_another_authority_keeps_the_draft_in_hand() -> None:
    draft = Case(state="draft", created_by_id=MISSION.user_id)
    assert {someone for someone in EVERYBODY if policy.allows(someone, Permit.CASE_READ, draft)} == ABROAD


def test_the_partner_moves_the_case_that_is_referred_to_it_and_opens_none() -> None:
    referred = Case(state="referred", referral_partner_id="restart")
    moving = {someone for someone in EVERYBODY if policy.allows(someone, Permit.CASE_START_REINTEGRATION, referred)}
    assert moving == {PARTNER}
    assert not policy.allows(PARTNER, Permit.CASE_READ, referred)


@pytest.mark.parametrize("state", ["transfer_notified", "transferred", "transfer_failed"])
def test_the_border_service_sees_a_case_once_a_transfer_is_announced(state: str) -> None:
    assert policy.allows(BORDER, Permit.CASE_READ, Case(state=state))
    assert policy.allows(BORDER, Permit.CASE_CONFIRM_ARRIVAL, Case(state=state))


def test_an_inquiry_is_answered_by_the_agency_it_was_put_to() -> None:
    answering = {someone for someone in EVERYBODY if policy.allows(someone, Permit.INQUIRY_ANSWER, Inquiry())}
    assert answering == {VERIFIER}
    assert policy.allows(MISSION, Permit.INQUIRY_ANSWER, Inquiry("berlin"))


def test_a_partner_sees_a_referral_while_its_grant_runs() -> None:
    assert policy.allows(PARTNER, Permit.REFERRAL_READ, Referral())
    assert not policy.allows(OTHER_PARTNER, Permit.REFERRAL_READ, Referral())
    assert not policy.allows(PARTNER, Permit.REFERRAL_READ, Referral(is_open=False))


@pytest.mark.parametrize("someone", [OTHER_REQUESTER, SAME_STATE, OTHER_MISSION, VERIFIER, PARTNER, ANALYST, DPO])
def test_what_one_may_not_see_does_not_exist(someone: Actor) -> None:
    with pytest.raises(NotFound):
        policy.check(someone, Permit.CASE_READ, Case())


def test_what_one_sees_but_may_not_do_is_refused() -> None:
    with pytest.raises(PermissionRefused) as refusal:
        policy.check(WORKER, Permit.CASE_CONFIRM_ACCEPTANCE, Case())
    assert refusal.value.facts == {"permission": "case:confirm_acceptance"}


def test_an_administrator_and_a_data_protection_officer_open_no_case() -> None:
    for someone in (ADMINISTRATOR, DPO, ANALYST):
        assert not [permit for permit in ON_A_CASE if policy.allows(someone, permit, Case())]


def test_the_permission_of_a_trigger_is_named_after_it() -> None:
    assert permission_for_trigger("confirm_arrival") is Permit.CASE_CONFIRM_ARRIVAL
    with pytest.raises(ValueError, match="case:fly"):
        permission_for_trigger("fly")


@pytest.mark.parametrize(
    ("someone", "kind"),
    [
        (WORKER, ScopeKind.ALL),
        (SUPERVISOR, ScopeKind.ALL),
        (SYSTEM, ScopeKind.ALL),
        (REQUESTER, ScopeKind.ORGANISATION),
        (MISSION, ScopeKind.MISSION),
        (BORDER, ScopeKind.BORDER),
        (VERIFIER, ScopeKind.NONE),
        (PARTNER, ScopeKind.NONE),
        (ANALYST, ScopeKind.NONE),
        (DPO, ScopeKind.NONE),
        (ADMINISTRATOR, ScopeKind.NONE),
    ],
)
def test_how_wide_a_list_of_cases_is(someone: Actor, kind: ScopeKind) -> None:
    assert policy.case_scope(someone).kind is kind


@pytest.mark.parametrize("obj", [Case(is_sealed=True), Inquiry(is_sealed=True), Referral(is_sealed=True)])
def test_what_is_sealed_is_there_for_nobody_but_its_readers_whatever_their_role(obj: object) -> None:
    for one in EVERYBODY:
        for permission in set(Permit):
            if one is SYSTEM:
                continue
            assert not policy.allows(one, permission, obj)
            with pytest.raises(NotFound):
                policy.check(one, permission, obj)


def test_a_reader_of_a_sealed_case_may_what_the_role_may_and_no_more() -> None:
    case = Case(is_sealed=True, reader_ids=frozenset({WORKER.user_id, ANALYST.user_id}))
    for permission in set(Permit):
        for one in (WORKER, ANALYST):
            assert policy.allows(one, permission, case) == policy.allows(one, permission, Case())


def test_what_cannot_say_whether_it_is_sealed_is_taken_to_be() -> None:
    class Unknown:
        agency_id = "interior"

    assert not policy.allows(VERIFIER, Permit.INQUIRY_READ, Unknown())
