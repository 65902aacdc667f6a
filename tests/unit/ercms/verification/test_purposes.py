"""Which data may go to whom for which purpose: narrowed by two persons, never widened."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from ercms.accounts import service as accounts
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import Conflict, InvalidInput, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.verification import inquiry_service, purpose_service
from ercms.verification.enums import InquiryPurpose
from ercms.verification.labels import PURPOSE_TEXTS
from tests.conftest import csrf_token
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, make_case

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

SECURITY = InquiryPurpose.SECURITY


def _propose(actor: Actor, **changes: Any) -> str:
    usual = {
        "purpose": SECURITY,
        "named": ["identity.surname", "identity.birth_date"],
        "defaults": ["identity.surname"],
        "agency_ids": [],
        "source": "Letter 14/2026 of the agency",
    }
    with unit_of_work():
        return purpose_service.propose(actor=actor, values={**usual, **changes}).id


def _confirm(actor: Actor, rule_id: str) -> None:
    with unit_of_work():
        purpose_service.confirm(actor=actor, rule_id=rule_id)


def _ask(cast: Cast, reference: str, **row: Any) -> None:
    usual = {"purpose": SECURITY, "agency_id": cast.agency.id, "named": ["identity.surname"], "asked": True}
    with unit_of_work():
        values = {"inquiries": [{**usual, **row}]}
        inquiry_service.send(actor=cast.worker, reference=reference, values=values)


def test_a_rule_holds_once_a_second_person_confirmed_it_and_then_narrows_what_goes() -> None:
    cast = Cast()
    reference, other = make_case(cast), make_organisation(OrganisationKind.AGENCY)
    administrator = accounts.get_actor(make_user(Role.ADMINISTRATOR).id)
    rule_id = _propose(administrator, agency_ids=[other.id])
    _ask(cast, reference, named=["identity.birth_place"])
    with pytest.raises(RuleRefused):
        _confirm(administrator, rule_id)
    with pytest.raises(PermissionRefused):
        _confirm(cast.worker, rule_id)
    _confirm(cast.supervisor, rule_id)
    setting = purpose_service.settings()[SECURITY]
    assert (setting.fields, setting.defaults) == (
        ("identity.surname", "identity.birth_date"),
        {"identity.surname"},
    )
    with pytest.raises(InvalidInput) as refusal:
        _ask(cast, reference, named=["identity.birth_place"], agency_id=other.id)
    assert refusal.value.code == "field_not_for_purpose"
    with pytest.raises(InvalidInput) as refusal:
        _ask(cast, reference)
    assert refusal.value.fields == {"inquiries-0-agency_id": [inquiry_service.AGENCY_NOT_FOR_PURPOSE]}
    _ask(cast, reference, agency_id=other.id)
    with pytest.raises(Conflict):
        _confirm(cast.supervisor, rule_id)


def test_a_later_rule_takes_the_place_of_the_former_one() -> None:
    cast = Cast()
    administrator = accounts.get_actor(make_user(Role.ADMINISTRATOR).id)
    _confirm(cast.supervisor, _propose(administrator))
    _confirm(cast.supervisor, _propose(administrator, named=["identity.surname"], source="Letter 15/2026"))
    setting = purpose_service.settings()[SECURITY]
    assert (setting.fields, setting.source) == (("identity.surname",), "Letter 15/2026")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"named": ["health.care_needed"]}, "named"),
        ({"named": ["contact.phone"], "defaults": []}, "named"),
        ({"defaults": ["identity.given_names"]}, "defaults"),
        ({"agency_ids": ["nobody"]}, "agency_ids"),
    ],
)
def test_no_rule_goes_beyond_what_a_purpose_may_ever_name(changes: dict[str, Any], field: str) -> None:
    administrator = accounts.get_actor(make_user(Role.ADMINISTRATOR).id)
    with pytest.raises(InvalidInput) as refusal:
        _propose(administrator, **changes)
    assert field in refusal.value.fields


def test_every_text_of_the_data_file_is_marked_for_translation() -> None:
    assert set(purpose_service.default_texts()) == {str(text) for text in PURPOSE_TEXTS}


def test_the_page_proposes_and_a_second_person_confirms(client: FlaskClient, sign_in: Any) -> None:
    cast = Cast()
    sign_in(client, make_user(Role.ADMINISTRATOR))
    page = client.get("/inquiry-rules/edit?purpose=security").text
    form = {"csrf_token": csrf_token(page), "purpose": "security", "named": ["identity.surname"], "source": ""}
    again = client.post("/inquiry-rules", data=form)
    assert again.status_code == 422
    assert "This is needed." in again.text
    assert client.post("/inquiry-rules", data={**form, "source": "Letter 14/2026"}).status_code == 302
    assert "somebody else has to confirm it" in client.get("/inquiry-rules").text
    client.post("/sign-out", data={"csrf_token": form["csrf_token"]})
    sign_in(client, accounts.get_user(cast.supervisor.user_id))
    listed = client.get("/inquiry-rules").text
    rule_id = listed.split('name="rule_id" value="')[1].split('"')[0]
    confirmation = {"csrf_token": csrf_token(listed), "rule_id": rule_id}
    assert client.post("/inquiry-rules/confirm", data=confirmation).status_code == 302
    assert purpose_service.settings()[SECURITY].fields == ("identity.surname",)
