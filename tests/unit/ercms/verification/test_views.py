"""The pages of inquiries, through the door, with form tokens on."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.verification import inquiry_reading, inquiry_service
from ercms.verification.enums import InquiryPurpose
from tests.conftest import csrf_token
from tests.factories.cases import IDENTITY, Cast, act, make_case
from tests.functional.journey import picture
from workflows.readmission import CaseState, CaseTrigger

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

SignIn = Callable[..., TestResponse]


def _enter(client: FlaskClient, sign_in: SignIn, actor: Actor) -> None:
    sign_in(client, accounts.get_user(actor.user_id))


def _post(client: FlaskClient, page: str, target: str | None = None, **form: Any) -> TestResponse:
    token = csrf_token(client.get(page).text)
    return client.post(target or page, data={**form, "csrf_token": token})


def _inquiry(cast: Cast, reference: str) -> str:
    row = {
        "purpose": InquiryPurpose.CITIZENSHIP,
        "agency_id": cast.agency.id,
        "named": ["identity.surname"],
        "question": "Is this <b>person</b> a citizen?",
    }
    with unit_of_work():
        return inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})[0]


def _waiting(cast: Cast) -> list[InquiryPurpose]:
    return [row.purpose for row in inquiry_reading.list_for(actor=cast.verifier)[0]]


def test_an_agency_finds_opens_and_answers_an_inquiry(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference = make_case(cast)
    inquiry_id = _inquiry(cast, reference)
    _enter(client, sign_in, cast.verifier)
    listed = client.get("/inquiries").text
    assert reference in listed
    assert IDENTITY["surname"] not in listed
    page = client.get(f"/inquiries/{inquiry_id}").text
    assert IDENTITY["surname"] in page
    assert IDENTITY["birth_place"] not in page
    assert "Is this &lt;b&gt;person&lt;/b&gt; a citizen?" in page
    path = f"/inquiries/{inquiry_id}"
    answer = _post(client, path, f"{path}/answer", version="1", finding="confirmed", answer="Entry 77.")
    assert answer.status_code == 302
    assert _waiting(cast) == []


def test_an_answer_without_a_finding_keeps_what_was_typed(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    path = f"/inquiries/{_inquiry(cast, make_case(cast))}"
    _enter(client, sign_in, cast.verifier)
    answer = _post(client, path, f"{path}/answer", version="1", answer="Entry 77 of the register.")
    assert answer.status_code == 422
    assert "Entry 77 of the register." in answer.text
    assert "This is needed." in answer.text
    stale = _post(client, path, f"{path}/answer", version="9", finding="confirmed", answer="Entry 77 of the register.")
    assert stale.status_code == 409
    assert "Entry 77 of the register." in stale.text


def test_a_verifier_reaches_no_case_and_no_other_agencys_inquiry(client: FlaskClient, sign_in: SignIn) -> None:
    cast, other = Cast(), Cast(state="CH")
    reference = make_case(cast)
    inquiry_id = _inquiry(cast, reference)
    _enter(client, sign_in, other.verifier)
    assert client.get(f"/inquiries/{inquiry_id}").status_code == 404
    assert client.get(f"/cases/{reference}").status_code in {403, 404}
    assert client.get(f"/cases/{reference}/inquiries/new").status_code in {403, 404}


def test_several_inquiries_go_out_from_one_form(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference = make_case(cast)
    agency = cast.agency.id
    _enter(client, sign_in, cast.worker)
    path = f"/cases/{reference}/inquiries/new"
    form = {
        "inquiries-0-asked": "true",
        "inquiries-0-purpose": "citizenship",
        "inquiries-0-agency_id": agency,
        "inquiries-0-named": ["identity.surname", "identity.fin"],
        "inquiries-1-asked": "true",
        "inquiries-1-purpose": "security",
        "inquiries-1-agency_id": agency,
        "inquiries-1-named": "identity.surname",
        "inquiries-2-purpose": "civil_status",
        "inquiries-2-agency_id": "",
        "inquiries-2-named": "identity.surname",
    }
    assert _post(client, path, **form).status_code == 302
    assert sorted(_waiting(cast)) == [InquiryPurpose.CITIZENSHIP, InquiryPurpose.SECURITY]
    shown = client.get(f"/cases/{reference}/verification")
    assert shown.status_code == 200
    assert "Security check" in shown.text


def test_a_form_without_agency_or_fields_says_so_at_the_field(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference = make_case(cast)
    _ = cast.agency
    _enter(client, sign_in, cast.worker)
    path = f"/cases/{reference}/inquiries/new"
    form = {"inquiries-0-asked": "true", "inquiries-0-purpose": "security", "inquiries-0-question": "Anything known?"}
    answer = _post(client, path, **form)
    assert answer.status_code == 422
    for expected in ("Choose the agency that is asked.", "Choose at least one field", "Anything known?"):
        assert expected in answer.text
    nothing = _post(client, path, **{"inquiries-0-purpose": "security"})
    assert "Choose at least one inquiry." in nothing.text
    assert _waiting(cast) == []


def test_sms_withdraws_an_inquiry_from_its_page(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference = make_case(cast)
    path = f"/inquiries/{_inquiry(cast, reference)}"
    _enter(client, sign_in, cast.worker)
    assert _post(client, path, f"{path}/withdraw", version="1").status_code == 422
    assert _post(client, path, f"{path}/withdraw", version="1", reason="Asked twice.").status_code == 302
    assert "Asked twice." in client.get(f"/cases/{reference}/verification").text


def test_a_form_token_of_nobody_sends_nothing(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    path = f"/inquiries/{_inquiry(cast, make_case(cast))}"
    _enter(client, sign_in, cast.verifier)
    form = {"version": "1", "finding": "confirmed", "answer": "Entry 77.", "csrf_token": "forged"}
    assert client.post(f"{path}/answer", data=form).status_code == 400
    assert _waiting(cast) == [InquiryPurpose.CITIZENSHIP]


def test_the_requesting_side_sees_the_decision_and_nothing_of_the_inquiries(
    client: FlaskClient, sign_in: SignIn
) -> None:
    cast = Cast()
    reference = make_case(cast)
    _inquiry(cast, reference)
    act(cast.worker, reference, CaseTrigger.PROPOSE_REFUSAL, ground="not_a_national", reasons="Not established.")
    act(cast.supervisor, reference, CaseTrigger.CONFIRM_REFUSAL, note="The agency was slow.")
    _enter(client, sign_in, cast.requester)
    page = client.get(f"/cases/{reference}/verification").text
    assert "Not established." in page
    for hidden in ("The agency was slow.", cast.agency.name, "Put inquiries", "Is this"):
        assert hidden not in page


def test_inquiries_end_with_the_decision(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.ACCEPTED)
    _enter(client, sign_in, cast.worker)
    assert client.get(f"/cases/{reference}/inquiries/new").status_code == 422


def test_an_agency_gives_evidence_with_its_answer_and_the_service_opens_it(
    client: FlaskClient, sign_in: SignIn
) -> None:
    cast = Cast()
    reference = make_case(cast)
    inquiry_id = _inquiry(cast, reference)
    path = f"/inquiries/{inquiry_id}"
    _enter(client, sign_in, cast.verifier)
    answer = {"version": "1", "finding": "confirmed", "answer": "Entry 77."}
    bad = _post(client, path, f"{path}/answer", **answer, file=(BytesIO(b"MZ\x90\x00 a program"), "extract.jpg"))
    assert bad.status_code == 422
    assert "Entry 77." in bad.text
    good = _post(client, path, f"{path}/answer", **answer, file=(BytesIO(picture().read()), "extract.jpg"))
    assert good.status_code == 302, good.text
    assert "extract.jpg" in client.get(path).text
    client.post("/sign-out", data={"csrf_token": csrf_token(client.get(path).text)})
    _enter(client, sign_in, cast.worker)
    tab = client.get(f"/cases/{reference}/verification").text
    link = re.search(r'href="(/files/[0-9a-f]{32})[^"]*">extract.jpg', tab)
    assert link is not None
    assert client.get(link.group(1)).status_code == 200
    client.post("/sign-out", data={"csrf_token": csrf_token(client.get("/account/password").text)})
    _enter(client, sign_in, cast.requester)
    assert client.get(link.group(1)).status_code == 404
