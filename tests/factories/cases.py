"""Invented cases, driven through the real services to any state of the first half of the thread, and beyond by acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from ercms.accounts import service as accounts
from ercms.accounts.service import OrganisationSummary
from ercms.casefile.actions import ACTIONS
from ercms.cases import drafting
from ercms.cases.service import get_case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, SharedField
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.vault.enums import Compartment
from tests.factories.accounts import make_organisation, make_user
from workflows.readmission import CaseKind, CaseState, CaseTrigger, Procedure

T = CaseTrigger

IDENTITY = {
    "surname": "Şıxəliyev",
    "given_names": "Rəşad",
    "patronymic": "Vüqar oğlu",
    "birth_place": "Gəncə",
    "fin": "5ZK7QXA",
}


@dataclass
class Cast:
    """Who works on the cases of a test; each is made when first asked for."""

    state: str = "DE"

    @cached_property
    def authority(self) -> OrganisationSummary:
        return make_organisation(OrganisationKind.REQUESTING_AUTHORITY, states=[self.state])

    @cached_property
    def service(self) -> OrganisationSummary:
        return make_organisation(OrganisationKind.MIGRATION_SERVICE)

    @cached_property
    def mission_office(self) -> OrganisationSummary:
        return make_organisation(OrganisationKind.MISSION, states=[self.state])

    @cached_property
    def agency(self) -> OrganisationSummary:
        return make_organisation(OrganisationKind.AGENCY)

    @cached_property
    def requester(self) -> Actor:
        return _actor(Role.CONSULAR_OFFICER, self.authority)

    @cached_property
    def worker(self) -> Actor:
        return _actor(Role.CASE_WORKER, self.service)

    @cached_property
    def supervisor(self) -> Actor:
        return _actor(Role.SUPERVISOR, self.service)

    @cached_property
    def administrator(self) -> Actor:
        return _actor(Role.ADMINISTRATOR, self.service)

    @cached_property
    def mission(self) -> Actor:
        return _actor(Role.CONSULAR_OFFICER, self.mission_office)

    @cached_property
    def verifier(self) -> Actor:
        return _actor(Role.VERIFIER, self.agency)

    @cached_property
    def border(self) -> Actor:
        return _actor(Role.BORDER_OFFICER, make_organisation(OrganisationKind.BORDER_SERVICE))

    @cached_property
    def partner(self) -> Actor:
        return _actor(Role.REINTEGRATION_PARTNER, make_organisation(OrganisationKind.REINTEGRATION_PARTNER))


def _actor(role: Role, organisation: OrganisationSummary) -> Actor:
    return accounts.get_actor(make_user(role, organisation=organisation).id)


def make_draft(
    cast: Cast,
    *,
    kind: CaseKind = CaseKind.OWN_NATIONAL,
    procedure: Procedure = Procedure.NORMAL,
    identity: Mapping[str, Any] | None = None,
) -> str:
    """Draft a request with a name and return its reference."""
    with unit_of_work():
        values = {"kind": kind, "procedure": procedure, "requesting_state": cast.state}
        case = drafting.create_case(actor=cast.requester, values=values)
        drafting.save_compartment(
            actor=cast.requester,
            reference=case.reference,
            expected_version=None,
            compartment=Compartment.IDENTITY,
            values=IDENTITY if identity is None else identity,
        )
        return case.reference


def act(actor: Actor, reference: str, trigger: CaseTrigger, /, **values: Any) -> None:
    """Carry one act out, as the pages do."""
    with unit_of_work():
        ACTIONS[trigger].perform(actor=actor, reference=reference, expected_version=None, values=values)


_WAYS: dict[CaseState, tuple[CaseTrigger, ...]] = {
    CaseState.DRAFT: (),
    CaseState.SUBMITTED: (T.SUBMIT,),
    CaseState.UNDER_VERIFICATION: (T.SUBMIT, T.ACKNOWLEDGE),
    CaseState.INCOMPLETE: (T.SUBMIT, T.ACKNOWLEDGE, T.REQUEST_COMPLETION),
    CaseState.WITHDRAWN: (T.SUBMIT, T.WITHDRAW),
    CaseState.DECISION_PROPOSED: (T.SUBMIT, T.ACKNOWLEDGE, T.PROPOSE_ACCEPTANCE),
    CaseState.REFUSED: (T.SUBMIT, T.ACKNOWLEDGE, T.PROPOSE_REFUSAL, T.CONFIRM_REFUSAL),
}
_WAYS[CaseState.ACCEPTED] = (*_WAYS[CaseState.DECISION_PROPOSED], T.CONFIRM_ACCEPTANCE)
_WAYS[CaseState.DOCUMENT_REQUESTED] = (*_WAYS[CaseState.ACCEPTED], T.REQUEST_DOCUMENT)
_WAYS[CaseState.DOCUMENT_ISSUED] = (*_WAYS[CaseState.DOCUMENT_REQUESTED], T.ISSUE_DOCUMENT)
_WAYS[CaseState.TRANSFER_NOTIFIED] = (*_WAYS[CaseState.DOCUMENT_ISSUED], T.NOTIFY_TRANSFER)
_WAYS[CaseState.TRANSFER_FAILED] = (*_WAYS[CaseState.TRANSFER_NOTIFIED], T.RECORD_TRANSFER_FAILURE)
_WAYS[CaseState.TRANSFERRED] = (*_WAYS[CaseState.TRANSFER_NOTIFIED], T.CONFIRM_ARRIVAL)
_WAYS[CaseState.REFERRAL_OFFERED] = (*_WAYS[CaseState.TRANSFERRED], T.OFFER_REFERRAL)
_WAYS[CaseState.REFERRAL_DECLINED] = (*_WAYS[CaseState.REFERRAL_OFFERED], T.DECLINE_REFERRAL)
_WAYS[CaseState.REFERRED] = (*_WAYS[CaseState.REFERRAL_OFFERED], T.REFER)
_WAYS[CaseState.REINTEGRATING] = (*_WAYS[CaseState.REFERRED], T.START_REINTEGRATION)


def make_case(cast: Cast, state: CaseState = CaseState.UNDER_VERIFICATION, **draft: Any) -> str:
    """Drive a request to a state and return its reference."""
    # The authority of the State and its mission are there before any case is.
    assert cast.mission.states == {cast.state}
    reference = make_draft(cast, **draft)
    for trigger in _WAYS[state]:
        actor, values = usual_act(cast, trigger)
        act(actor, reference, trigger, **values)
    assert get_case(actor=cast.requester, reference=reference).state is state
    return reference


def _consent(cast: Cast) -> dict[str, Any]:
    today = clock.today()
    return {
        "partner_id": cast.partner.organisation_id,
        "consent_purpose": ConsentPurpose.REINTEGRATION_SUPPORT,
        "consented_fields": [SharedField.FULL_NAME, SharedField.RETURN_DATE],
        "consented_on": today,
        "consent_until": today + timedelta(days=365),
    }


def usual_act(cast: Cast, trigger: CaseTrigger) -> tuple[Actor, dict[str, Any]]:
    """Return who usually carries an act out, and with what."""
    today = clock.today()
    usual: dict[CaseTrigger, tuple[str, dict[str, Any]]] = {
        T.SUBMIT: ("requester", {}),
        T.WITHDRAW: ("requester", {"reason": "The person left on their own."}),
        T.ACKNOWLEDGE: ("worker", {}),
        T.REQUEST_COMPLETION: ("worker", {"question": "Please send the birth certificate."}),
        T.PROPOSE_ACCEPTANCE: ("worker", {"ground": "own_national", "reasons": "The register confirms nationality."}),
        T.PROPOSE_REFUSAL: ("worker", {"ground": "not_a_national", "reasons": "No register knows the person."}),
        T.CONFIRM_ACCEPTANCE: ("supervisor", {}),
        T.CONFIRM_REFUSAL: ("supervisor", {}),
        T.REQUEST_DOCUMENT: ("requester", {}),
        T.ISSUE_DOCUMENT: (
            "mission",
            {"number": "QS 0001234", "issued_on": today, "valid_until": today + timedelta(days=150)},
        ),
        T.NOTIFY_TRANSFER: (
            "requester",
            {
                "transfer_on": today + timedelta(days=14),
                "means": TransferMeans.SCHEDULED_FLIGHT,
                "crossing_point": "Heydar Aliyev International Airport",
            },
        ),
        T.RECORD_TRANSFER_FAILURE: (
            "border",
            {"failure": TransferFailure.CARRIER, "note": "The flight was cancelled."},
        ),
        T.CONFIRM_ARRIVAL: ("border", {"arrived_on": today}),
        T.OFFER_REFERRAL: ("worker", {"areas": [AssistanceArea.ACCOMMODATION, AssistanceArea.EMPLOYMENT]}),
        T.DECLINE_REFERRAL: ("worker", {}),
        T.REFER: ("worker", _consent(cast) if trigger is T.REFER else {}),
        T.START_REINTEGRATION: ("partner", {}),
    }
    role, values = usual[trigger]
    actor: Actor = getattr(cast, role)
    return actor, values
