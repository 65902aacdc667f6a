"""The consular officer's pages, through the client, with sessions and CSRF."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.cases import drafting, service
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.persons import service as persons
from ercms.vault.enums import Compartment
from tests.conftest import csrf_token, new_client
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import act
from workflows.readmission import CaseKind, CaseState, CaseTrigger, Procedure

SignIn = Callable[..., TestResponse]


@pytest.fixture
def officer(app: object) -> UserSummary:
    home = make_organisation(OrganisationKind.REQUESTING_AUTHORITY, states=["CH"], name="Staatssekretariat (erfunden)")
    return make_user(Role.CONSULAR_OFFICER, organisation=home, name="Regula Muster")


@pytest.fixture
def browser(client: FlaskClient, officer: UserSummary, sign_in: SignIn) -> FlaskClient:
    sign_in(client, officer)
    return client


def send(client: FlaskClient, url: str, page: str | None = None, **fields: object) -> TestResponse:
    """Send a form with the token of its page and, unless given, the version that stands in it."""
    html = client.get(page or url).text
    data: dict[str, object] = {"csrf_token": csrf_token(html), **fields}
    found = re.search(r'name="version" value="(\d+)"', html)
    if found and "version" not in data:
        data["version"] = found.group(1)
    return client.post(url, data=data, content_type="multipart/form-data")


def begin(client: FlaskClient, **fields: str) -> str:
    """Begin a request through the page and return its reference."""
    usual = {"kind": "own_national", "procedure": "normal", "requesting_state": "CH", "own_reference": "N 123 456"}
    answer = send(client, "/requests/new", **(usual | fields))
    assert answer.status_code == 302, answer.text
    return answer.location.split("/")[2]


def test_a_request_is_entered_step_by_step_and_sent_for_a_receipt(browser: FlaskClient, officer: UserSummary) -> None:
    reference = begin(browser)
    at = f"/requests/{reference}"
    assert send(browser, f"{at}/person", surname="Əliyeva", given_names="Günel", birth_date="1990-02-03",
                nationalities=["AZ", "", ""]).location == f"{at}/contact"  # fmt: skip
    assert send(browser, f"{at}/contact", last_residence="Şəki").location == f"{at}/family"
    added = send(browser, f"{at}/family/new", relation="child", surname="Əliyev", given_names="Tural")
    assert added.location == f"{at}/family"
    assert "Əliyev, Tural" in browser.get(f"{at}/family").text
    assert send(browser, f"{at}/family", parents="Not known.").location == f"{at}/evidence"
    shown = send(browser, f"{at}/evidence", means="nationality.passport", number="C01234567", expires_on="2030-01-01",
                 file=(picture(), "pass.jpg"), asylum="no")  # fmt: skip
    assert shown.status_code == 302, shown.text
    page = browser.get(f"{at}/evidence").text
    assert "Proof" in page
    assert "pass.jpg" in page
    photo = send(
        browser, f"{at}/files", page=f"{at}/evidence", role="photograph", file=(picture(), "photo.jpg"), asylum="no"
    )
    assert photo.status_code == 302, photo.text
    saved = send(browser, f"{at}/circumstances", has_consent="true", care_needed="Insulin", observations="Two bags.")
    assert saved.location == f"{at}/check"
    check = browser.get(f"{at}/check").text
    for text in ("Əliyeva", "Günel", "03.02.1990", "Şəki", "Əliyev, Tural", "C01234567", "Insulin", "Two bags."):
        assert text in check
    assert "Art. 8(2)" in check
    sent = send(browser, f"{at}/submit", page=f"{at}/check")
    assert sent.location == f"{at}/receipt", sent.text
    receipt = browser.get(f"{at}/receipt").text
    assert reference in receipt
    assert browser.get(f"{at}/receipt.txt").text.startswith("ERCMS receipt")
    assert browser.get(f"{at}/check").status_code == 409
    actor = accounts.get_actor(officer.id)
    assert service.get_case(actor=actor, reference=reference).state is CaseState.SUBMITTED


def picture(size: tuple[int, int] = (40, 60)) -> BytesIO:
    """Return an invented picture."""
    target = BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(target, "JPEG")
    target.seek(0)
    return target


def test_the_list_shows_the_own_reference_and_leads_back_into_a_draft(browser: FlaskClient) -> None:
    reference = begin(browser)
    page = browser.get("/requests").text
    assert "N 123 456" in page
    assert f"/requests/{reference}/check" in page
    assert "Draft" in page


def test_the_list_is_narrowed_by_state_and_says_when_nothing_fits(browser: FlaskClient) -> None:
    reference = begin(browser)
    assert reference in browser.get("/requests?state=draft&kind=&due=").text
    page = browser.get("/requests?state=closed").text
    assert reference not in page
    assert "No request fits this filter" in page


@pytest.mark.parametrize(
    ("section", "fields", "message"),
    [
        ("person", {"birth_date": "1990-02-31", "surname": "Quliyev"}, "This is not a date"),
        ("person", {"surname": "Q" * 300}, "longer than the field allows"),
        ("circumstances", {"care_needed": "Insulin"}, "only with the person&#39;s express consent"),
        ("contact", {"phone": "1\u202e2", "last_residence": "Gəncə"}, "cannot be used here"),
    ],
)
def test_wrong_input_is_told_at_its_field_and_nothing_typed_is_lost(
    browser: FlaskClient, section: str, fields: dict[str, str], message: str
) -> None:
    reference = begin(browser)
    answer = send(browser, f"/requests/{reference}/{section}", **fields)
    assert answer.status_code == 422
    assert message in answer.text
    assert 'id="error-summary"' in answer.text
    for name, typed in fields.items():
        assert f'href="#f-{name}"' in answer.text or typed in answer.text


def test_a_stale_version_is_told_with_who_changed_what_and_keeps_what_was_typed(
    app: object, browser: FlaskClient, officer: UserSummary, sign_in: SignIn
) -> None:
    reference = begin(browser)
    colleague = make_user(
        Role.CONSULAR_OFFICER, organisation=accounts.get_organisation(officer.organisation_id), name="Beat Beispiel"
    )
    other = new_client(app)  # type: ignore[arg-type]
    sign_in(other, colleague)
    old = browser.get(f"/requests/{reference}/person").text
    assert send(other, f"/requests/{reference}/contact", district="Quba").status_code == 302
    typed = {"surname": "Səfərov", "csrf_token": csrf_token(old), "version": version_in(old)}
    stale = browser.post(f"/requests/{reference}/person", data=typed)
    assert stale.status_code == 409
    assert "Beat Beispiel" in stale.text
    assert "Residence and contact" in stale.text
    assert "Səfərov" in stale.text
    again = browser.post(f"/requests/{reference}/person", data=typed | {"version": version_in(stale.text)})
    assert again.status_code == 302
    case = service.get_case(actor=accounts.get_actor(officer.id), reference=reference)
    identity = persons.read_compartment(person_id=case.principal_person_id, compartment=Compartment.IDENTITY)
    assert identity["surname"] == "Səfərov"


def version_in(html: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found
    return found.group(1)


def test_saving_and_leaving_goes_back_to_the_list(browser: FlaskClient) -> None:
    reference = begin(browser)
    answer = send(browser, f"/requests/{reference}/person", surname="Quliyev", then="leave")
    assert answer.location == "/requests"
    assert "Quliyev" in browser.get("/requests").text


def test_without_a_name_the_request_stays_a_draft_and_says_why(browser: FlaskClient) -> None:
    reference = begin(browser)
    answer = send(browser, f"/requests/{reference}/submit", page=f"/requests/{reference}/check")
    assert answer.status_code == 422
    assert "At least one name of the person is needed" in answer.text


def test_what_a_form_does_not_show_keeps_what_stood_in_it(browser: FlaskClient, officer: UserSummary) -> None:
    actor = accounts.get_actor(officer.id)
    with unit_of_work():
        case = drafting.create_case(
            actor=actor,
            values={"kind": CaseKind.OWN_NATIONAL, "procedure": Procedure.ACCELERATED, "requesting_state": "CH"},
        )
        reference, person_id = case.reference, case.principal_person_id
        drafting.save_compartment(
            actor=actor, reference=reference, expected_version=None, compartment=Compartment.ITINERARY,
            values={"crossing_point": "Basel"},
        )  # fmt: skip
    assert send(browser, f"/requests/{reference}/journey", route="By road.").status_code == 302
    journey = persons.read_compartment(person_id=person_id, compartment=Compartment.ITINERARY)
    assert journey["crossing_point"] == "Basel"
    assert journey["route"] == "By road."


def test_an_emptied_field_of_the_head_is_empty_afterwards(browser: FlaskClient) -> None:
    reference = begin(browser, procedure="accelerated")
    at = f"/requests/{reference}/request"
    head = {"kind": "own_national", "procedure": "accelerated", "requesting_state": "CH"}
    send(browser, at, **head, apprehended_on="2026-11-20", interview_requested="true")
    assert "2026-11-20" in browser.get(at).text
    send(browser, at, **head)
    assert "2026-11-20" not in browser.get(at).text


def test_a_transit_asks_for_its_journey_and_an_ordinary_return_does_not(browser: FlaskClient) -> None:
    assert "/journey" not in browser.get(f"/requests/{begin(browser)}/person").text
    transit = begin(browser, kind="transit")
    assert "/journey" in browser.get(f"/requests/{transit}/person").text
    assert "State of final destination" in browser.get(f"/requests/{transit}/journey").text


def test_another_organisation_finds_no_such_request(app: object, browser: FlaskClient, sign_in: SignIn) -> None:
    reference = begin(browser)
    stranger = new_client(app)  # type: ignore[arg-type]
    sign_in(stranger, make_user(Role.CONSULAR_OFFICER))
    for page in ("person", "family", "evidence", "check", "receipt"):
        assert stranger.get(f"/requests/{reference}/{page}").status_code == 404
    assert reference not in stranger.get("/requests").text


def test_a_state_of_another_authority_is_refused_at_its_field(browser: FlaskClient) -> None:
    answer = send(browser, "/requests/new", kind="own_national", procedure="normal", requesting_state="DE")
    assert answer.status_code == 422
    assert "not one of the requesting authority" in answer.text


def test_a_forged_token_sends_nothing(browser: FlaskClient) -> None:
    reference = begin(browser)
    answer = browser.post(f"/requests/{reference}/person", data={"surname": "Quliyev", "csrf_token": "forged"})
    assert answer.status_code == 400
    assert "Quliyev" not in browser.get(f"/requests/{reference}/person").text


def test_a_refused_file_is_told_at_its_field_and_the_draft_is_intact(browser: FlaskClient) -> None:
    reference = begin(browser)
    at = f"/requests/{reference}"
    fake = (BytesIO(b"MZ\x90 this is a program"), "pass.pdf")
    answer = send(browser, f"{at}/evidence", means="nationality.passport", number="C0123", file=fake, asylum="no")
    assert answer.status_code == 422
    assert "not what its name says" in answer.text
    assert "C0123" in answer.text
    assert "No evidence is recorded yet" in browser.get(f"{at}/evidence").text


def test_a_family_member_is_removed_with_what_was_entered(browser: FlaskClient) -> None:
    reference = begin(browser)
    at = f"/requests/{reference}/family"
    send(browser, f"{at}/new", relation="spouse", surname="Həsənova")
    found = re.search(rf"{at}/([0-9a-f]{{32}})/remove", browser.get(at).text)
    assert found
    assert send(browser, f"{at}/{found.group(1)}/remove", page=at).status_code == 302
    assert "Həsənova" not in browser.get(at).text


def test_the_check_tells_the_reply_date_with_its_article_and_how_sure_it_is(
    fixed_clock: object, browser: FlaskClient
) -> None:
    page = browser.get(f"/requests/{begin(browser)}/check").text
    # Art. 8(2): 25 calendar days from the acknowledgement, the day of which is not counted.
    assert "19.12.2026" in page
    assert "Art. 8(2)" in page
    assert "Verified" in page


def test_a_foreigner_submitted_after_the_limit_is_told_so_and_not_stopped(browser: FlaskClient) -> None:
    reference = begin(browser, kind="third_country_national")
    at = f"/requests/{reference}"
    head = {"kind": "third_country_national", "procedure": "normal", "requesting_state": "CH"}
    send(browser, f"{at}/request", **head, presence_known_on="2020-01-01")
    send(browser, f"{at}/person", surname="Xyz")
    assert "The limit for submitting has passed" in browser.get(f"{at}/check").text
    assert send(browser, f"{at}/submit", page=f"{at}/check").status_code == 302


@pytest.fixture
def diplomat(app: object, client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    home = make_organisation(OrganisationKind.REQUESTING_AUTHORITY, states=["MD"])
    sign_in(client, make_user(Role.CONSULAR_OFFICER, organisation=home))
    return client


def test_without_an_agreement_in_force_no_date_is_promised(diplomat: FlaskClient) -> None:
    reference = begin(diplomat, requesting_state="MD")
    at = f"/requests/{reference}"
    send(diplomat, f"{at}/person", surname="Popescu")
    page = diplomat.get(f"{at}/check").text
    assert "Diplomatic channel: no treaty date." in page
    assert "Art. " not in page
    evidence = diplomat.get(f"{at}/evidence").text
    assert "Passport" in evidence
    assert "Prima facie" not in evidence
    assert send(diplomat, f"{at}/submit", page=f"{at}/check").status_code == 302


def test_a_return_without_an_application_asks_until_when_the_document_is_valid(browser: FlaskClient) -> None:
    at = f"/requests/{begin(browser, procedure='none')}"
    send(browser, f"{at}/person", surname="Quliyev")
    missing = send(browser, f"{at}/submit", page=f"{at}/check")
    assert missing.status_code == 422
    assert 'href="#f-document_valid_until"' in missing.text
    expired = send(browser, f"{at}/submit", page=f"{at}/check", document_valid_until="2020-01-01")
    assert expired.status_code == 422
    assert "The travel document has expired" in expired.text
    assert send(browser, f"{at}/submit", page=f"{at}/check", document_valid_until="2099-01-01").status_code == 302


def test_a_mission_enters_a_request_for_the_authority_that_sent_it_on_paper(
    client: FlaskClient, officer: UserSummary, sign_in: SignIn
) -> None:
    mission = make_organisation(OrganisationKind.MISSION, states=["CH", "LI"])
    sign_in(client, make_user(Role.CONSULAR_OFFICER, organisation=mission))
    assert "Staatssekretariat (erfunden)" in client.get("/requests/new").text
    nobody = send(client, "/requests/new", kind="own_national", procedure="normal", requesting_state="CH")
    assert nobody.status_code == 422
    reference = begin(client, organisation_id=officer.organisation_id)
    send(client, f"/requests/{reference}/person", surname="Quliyev")
    sent = send(client, f"/requests/{reference}/submit", page=f"/requests/{reference}/check")
    assert sent.status_code == 302, sent.text


def test_a_request_for_completion_opens_the_sections_again_but_not_whom_it_concerns(
    browser: FlaskClient, officer: UserSummary, make_actor: Callable[..., Actor]
) -> None:
    at = f"/requests/{(reference := begin(browser))}"
    send(browser, f"{at}/person", surname="Quliyev")
    send(browser, f"{at}/submit", page=f"{at}/check")
    worker = make_actor(Role.CASE_WORKER)
    act(worker, reference, CaseTrigger.ACKNOWLEDGE)
    act(worker, reference, CaseTrigger.REQUEST_COMPLETION, question="Where was the person born?")
    page = browser.get(f"{at}/request").text
    assert 'name="kind"' not in page
    assert send(browser, f"{at}/request", own_reference="N 999").status_code == 302
    assert send(browser, f"{at}/person", surname="Quliyev", birth_place="Şuşa").status_code == 302
    check = browser.get(f"{at}/check").text
    assert "Şuşa" in check
    assert "Send to the State Migration Service" not in check
    case = service.get_case(actor=accounts.get_actor(officer.id), reference=reference)
    assert (case.kind, case.requesting_state) == (CaseKind.OWN_NATIONAL, "CH")
