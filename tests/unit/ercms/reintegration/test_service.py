"""Referrals through the real services: consent, partner, and who may see what until when."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.persons import service as persons
from ercms.reintegration import partner_service as partner
from ercms.reintegration import service
from ercms.reintegration.enums import (
    AssistanceArea,
    ConsentPurpose,
    ReferralOutcome,
    ServiceState,
    SharedField,
)
from ercms.reintegration.partner_service import ReferralPage
from ercms.vault.enums import Compartment
from tests.conftest import TODAY
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, act, make_case
from workflows.readmission import CaseState, CaseTrigger
from workflows.referral import ReferralState

T = CaseTrigger
PHONE = "+994 50 123 45 67"
HEALTH = "A wheelchair"


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with clock.fixed(TODAY):
        yield Cast(state="CH")


def _consent(cast: Cast, *fields: SharedField, **more: Any) -> dict[str, Any]:
    return {
        "partner_id": cast.partner.organisation_id,
        "consent_purpose": ConsentPurpose.REINTEGRATION_SUPPORT,
        "consented_fields": list(fields) or [SharedField.FULL_NAME],
        "consented_on": clock.today(),
        "consent_until": clock.today() + timedelta(days=30),
        **more,
    }


def _refer(cast: Cast, *fields: SharedField, **more: Any) -> str:
    reference = make_case(cast, CaseState.REFERRAL_OFFERED)
    person_id = cases.get_case(actor=cast.worker, reference=reference).principal_person_id
    with unit_of_work():
        persons.write_compartment(
            person_id=person_id, compartment=Compartment.CONTACT, values={"phone": PHONE, "district": "Lənkəran"}
        )
        persons.write_compartment(
            person_id=person_id,
            compartment=Compartment.HEALTH,
            values={"has_consent": True, "care_needed": HEALTH},
        )
    act(cast.worker, reference, T.REFER, **_consent(cast, *fields, **more))
    return reference


def _rows(actor: Actor) -> list[str]:
    with unit_of_work():
        return [row.id for row in partner.list_referrals(actor=actor)]


def _only(actor: Actor) -> str:
    (referral_id,) = _rows(actor)
    return referral_id


def _open(actor: Actor, referral_id: str) -> ReferralPage:
    with unit_of_work():
        return partner.open_referral(actor=actor, referral_id=referral_id)


def _do(function: Any, cast: Cast, referral_id: str, values: Mapping[str, Any], **more: Any) -> Any:
    with unit_of_work():
        return function(actor=cast.partner, referral_id=referral_id, values=values, **more)


def _state(cast: Cast, reference: str) -> CaseState:
    return cases.get_case(actor=cast.worker, reference=reference).state


def test_a_partner_sees_the_consented_fields_and_nothing_else(cast: Cast) -> None:
    _refer(cast, SharedField.PHONE)
    page = _open(cast.partner, _only(cast.partner))
    assert page.facts.phone == PHONE
    assert page.facts.full_name is None
    assert page.facts.district is None
    assert page.facts.needs is None
    assert "Şıxəliyev" not in str(page)
    assert HEALTH not in str(page)


def test_only_the_compartments_of_the_consented_fields_are_opened(cast: Cast) -> None:
    reference = _refer(cast, SharedField.PHONE)
    _open(cast.partner, _only(cast.partner))
    person_id = cases.get_case(actor=cast.worker, reference=reference).principal_person_id
    (view,) = audit.views_of(record_type="person", record_id=person_id)
    assert view.action is AuditAction.REFERRAL_VIEWED
    assert view.compartments == ("contact",)


def test_all_fields_are_shared_when_all_are_consented_to(cast: Cast) -> None:
    _refer(cast, *SharedField)
    facts = _open(cast.partner, _only(cast.partner)).facts
    assert facts.full_name == "Şıxəliyev, Rəşad Vüqar oğlu"
    assert facts.district == "Lənkəran"
    assert facts.needs == HEALTH
    assert facts.family_members == ()
    assert facts.return_date is not None


def test_a_list_shows_a_name_only_where_it_may(cast: Cast) -> None:
    _refer(cast, SharedField.PHONE)
    _refer(cast, SharedField.FULL_NAME)
    with unit_of_work():
        names = {row.name for row in partner.list_referrals(actor=cast.partner)}
    assert names == {None, "Şıxəliyev, Rəşad Vüqar oğlu"}


def test_another_partner_finds_nothing(cast: Cast) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    other = Cast(state="CH").partner
    assert _rows(other) == []
    with pytest.raises(NotFound):
        _open(other, referral_id)
    with pytest.raises(NotFound):
        act(other, reference, T.START_REINTEGRATION)


def test_a_partner_never_opens_the_case(cast: Cast) -> None:
    reference = _refer(cast)
    with pytest.raises(NotFound):
        cases.get_case(actor=cast.partner, reference=reference)


@pytest.mark.parametrize("trigger", [T.START_REINTEGRATION, T.RETURN_REFERRAL, T.REVOKE_CONSENT])
def test_the_grant_ends_with_the_last_day_of_the_consent(cast: Cast, trigger: CaseTrigger) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    with clock.fixed(TODAY + timedelta(days=30)):
        assert _open(cast.partner, referral_id).may_answer
    with clock.fixed(TODAY + timedelta(days=31)):
        assert _rows(cast.partner) == []
        with pytest.raises(NotFound):
            _open(cast.partner, referral_id)
        with pytest.raises(NotFound):
            act(cast.partner, reference, trigger, reason="Too late.")


def test_consent_given_tomorrow_is_refused_at_its_field(cast: Cast) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _refer(cast, consented_on=clock.today() + timedelta(days=1))
    assert list(refusal.value.fields) == ["consented_on"]


def test_consent_that_is_over_is_refused_at_its_field(cast: Cast) -> None:
    past = clock.today() - timedelta(days=1)
    with pytest.raises(InvalidInput) as refusal:
        _refer(cast, consented_on=past, consent_until=past)
    assert list(refusal.value.fields) == ["consent_until"]


def test_an_organisation_that_is_no_partner_is_refused(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="unknown_partner"):
        _refer(cast, partner_id=cast.authority.id)


def test_a_partner_that_declines_sees_nothing_any_more_and_the_offer_stands(cast: Cast) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    act(cast.partner, reference, T.RETURN_REFERRAL, reason="We have no place.")
    assert _state(cast, reference) is CaseState.REFERRAL_OFFERED
    assert _rows(cast.partner) == []
    with pytest.raises(NotFound):
        _open(cast.partner, referral_id)
    with unit_of_work():
        case = cases.get_case(actor=cast.worker, reference=reference)
        states = {line.state: line for line in service.for_case(actor=cast.worker, case=case)}
    assert set(states) == {ReferralState.DECLINED_BY_PARTNER, ReferralState.OFFERED}
    assert states[ReferralState.DECLINED_BY_PARTNER].answer == "We have no place."
    assert states[ReferralState.OFFERED].consented_fields == ()


def test_another_partner_needs_another_consent(cast: Cast) -> None:
    reference = _refer(cast, SharedField.FULL_NAME)
    act(cast.worker, reference, T.RETURN_REFERRAL, reason="The partner never answered.")
    second = _second_partner()
    act(cast.worker, reference, T.REFER, **_consent(cast, SharedField.PHONE, partner_id=second.organisation_id))
    assert _rows(cast.partner) == []
    assert _open(second, _only(second)).shared_fields == (SharedField.PHONE,)


def _second_partner() -> Actor:
    organisation = make_organisation(OrganisationKind.REINTEGRATION_PARTNER)
    user = make_user(Role.REINTEGRATION_PARTNER, organisation=organisation)
    return Actor(user.id, Role.REINTEGRATION_PARTNER, organisation.id, OrganisationKind.REINTEGRATION_PARTNER)


@pytest.mark.parametrize("who", ["partner", "worker"])
@pytest.mark.parametrize("has_begun", [False, True])
def test_taking_consent_back_ends_the_sharing_at_once(cast: Cast, who: str, has_begun: bool) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    if has_begun:
        act(cast.partner, reference, T.START_REINTEGRATION)
    act(getattr(cast, who), reference, T.REVOKE_CONSENT)
    assert _state(cast, reference) is CaseState.REFERRAL_DECLINED
    with pytest.raises(NotFound):
        _open(cast.partner, referral_id)
    with pytest.raises(NotFound):
        act(cast.partner, reference, T.START_REINTEGRATION)


def test_whoever_declined_may_be_offered_support_again(cast: Cast) -> None:
    reference = make_case(cast, CaseState.REFERRAL_DECLINED)
    act(cast.worker, reference, T.OFFER_REFERRAL, areas=[AssistanceArea.EDUCATION])
    act(cast.worker, reference, T.REFER, **_consent(cast))
    assert _state(cast, reference) is CaseState.REFERRED


def test_the_partner_works_reports_and_finishes_and_the_service_closes(cast: Cast) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    act(cast.partner, reference, T.START_REINTEGRATION)
    entry = {"area": AssistanceArea.EMPLOYMENT, "state": ServiceState.PLANNED, "description": "A course in welding"}
    recorded = _do(partner.add_service, cast, referral_id, entry)
    change = {"state": ServiceState.DELIVERED, "provided_on": clock.today()}
    _do(partner.change_service, cast, referral_id, change, service_id=recorded.id)
    _do(partner.add_report, cast, referral_id, {"text": "The course went well."})
    page = _open(cast.partner, referral_id)
    assert [(line.state, line.description) for line in page.services] == [
        (ServiceState.DELIVERED, "A course in welding")
    ]
    assert [line.text for line in page.reports] == ["The course went well."]
    with pytest.raises(RuleRefused, match="referral_not_finished"):
        act(cast.worker, reference, T.CLOSE)
    db.session.rollback()
    _do(partner.finish_referral, cast, referral_id, {"outcome": ReferralOutcome.SUSTAINED, "text": "A job was found."})
    with pytest.raises(NotFound):
        _open(cast.partner, referral_id)
    act(cast.worker, reference, T.CLOSE)
    assert _state(cast, reference) is CaseState.CLOSED


def test_what_the_partner_writes_is_sealed(cast: Cast) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    act(cast.partner, reference, T.START_REINTEGRATION)
    _do(partner.add_report, cast, referral_id, {"text": "Lives with an uncle."})
    for table in ("referrals", "referral_reports", "audit_entries"):
        stored = db.session.connection().exec_driver_sql(f"SELECT * FROM {table}").mappings().all()  # noqa: S608
        assert stored
        assert "uncle" not in str([dict(row) for row in stored])


def test_nothing_is_recorded_before_the_referral_is_taken_on(cast: Cast) -> None:
    _refer(cast)
    with pytest.raises(Conflict, match="referral_not_at_work"):
        _do(partner.add_report, cast, _only(cast.partner), {"text": "Too early."})


def test_a_service_of_another_referral_is_not_found(cast: Cast) -> None:
    first, second = _refer(cast), _refer(cast)
    for reference in (first, second):
        act(cast.partner, reference, T.START_REINTEGRATION)
    one, other = _rows(cast.partner)
    entry = {"area": AssistanceArea.EDUCATION, "state": ServiceState.PLANNED, "description": "School"}
    recorded = _do(partner.add_service, cast, one, entry)
    with pytest.raises(NotFound):
        _do(partner.change_service, cast, other, {"state": ServiceState.ONGOING}, service_id=recorded.id)


def test_the_service_may_finish_a_referral_whose_consent_ran_out(cast: Cast) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    act(cast.partner, reference, T.START_REINTEGRATION)
    with clock.fixed(TODAY + timedelta(days=31)):
        with unit_of_work():
            partner.finish_referral(
                actor=cast.worker, referral_id=referral_id, values={"outcome": ReferralOutcome.CONTACT_LOST}
            )
        act(cast.worker, reference, T.CLOSE)
    assert _state(cast, reference) is CaseState.CLOSED


def test_the_partner_loses_sight_of_a_person_who_is_taken_back(cast: Cast) -> None:
    reference = _refer(cast)
    referral_id = _only(cast.partner)
    act(cast.worker, reference, T.TAKE_BACK, reason="Readmitted in error.")
    assert _rows(cast.partner) == []
    with pytest.raises(NotFound):
        _open(cast.partner, referral_id)


def test_the_requesting_side_learns_nothing_of_the_support(cast: Cast) -> None:
    reference = _refer(cast)
    case = cases.get_case(actor=cast.requester, reference=reference)
    assert service.for_case(actor=cast.requester, case=case) == ()
    with pytest.raises(PermissionRefused):
        act(cast.requester, reference, T.REVOKE_CONSENT)
