"""Search by name, duplicates and machine-readable zones, through the pages."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.cases.service import get_case
from ercms.core import outbox
from ercms.core.actor import Actor, Role
from ercms.persons import service as persons
from ercms.vault.enums import Compartment
from tests.conftest import Client, csrf_token, new_client
from tests.factories.accounts import make_user
from tests.factories.cases import Cast, act, make_case, make_draft
from workflows.readmission import CaseState, CaseTrigger

SignIn = Callable[..., TestResponse]

KAMIL = {"surname": "Əliyev", "given_names": "Kamil", "birth_date": date(1988, 4, 17)}
ALIJEW = {"surname": "Alijew", "given_names": "Kamil", "birth_date": date(1988, 4, 17)}


@pytest.fixture
def cast(app: Flask, fixed_clock: object) -> Cast:
    return Cast()


def as_user(app: Flask, sign_in: SignIn, role: Role, cast: Cast) -> Client:
    home = cast.authority if role is Role.CONSULAR_OFFICER else cast.service
    return signed_in(app, sign_in, make_user(role, organisation=home))


def signed_in(app: Flask, sign_in: SignIn, user: UserSummary) -> Client:
    client = new_client(app)
    sign_in(client, user)
    return client


def send(client: Client, path: str, page: str, **values: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get(page).text), **values})


def deliver() -> None:
    while outbox.deliver_due():
        pass
    assert outbox.list_dead() == []


def two_requests(cast: Cast) -> tuple[str, str]:
    """Return a refused request, and a new one for the same person in a German spelling."""
    refused = make_case(cast, CaseState.REFUSED, identity=KAMIL)
    again = make_draft(cast, identity=ALIJEW)
    act(cast.requester, again, CaseTrigger.SUBMIT)
    deliver()
    return refused, again


def sound_zone() -> str:
    """Return a zone whose check digits fit."""

    def digit(text: str) -> str:
        weights = (7, 3, 1) * 20
        return str(sum(w * (0 if c == "<" else int(c, 36)) for c, w in zip(text, weights, strict=False)) % 10)

    number, born, expires, own = "C01234567", "880417", "300417", "5ZK7QXA".ljust(14, "<")
    second = f"{number}{digit(number)}AZE{born}{digit(born)}M{expires}{digit(expires)}{own}{digit(own)}"
    whole = second[:10] + second[13:20] + second[21:43]
    return f"{'P<AZEALIYEV<<KAMIL'.ljust(44, '<')}\n{second}{digit(whole)}"


def test_a_search_by_name_says_who_was_found_under_which_name_and_why(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    reference = make_case(cast, CaseState.SUBMITTED, identity=KAMIL)
    client = as_user(app, sign_in, Role.CASE_WORKER, cast)
    page = send(client, "/search/name", "/search", name="Alijew Kamil", born="1988").text
    assert reference in page
    assert "Əliyev, Kamil" in page
    assert "1 person found by name" in page
    assert "German j for y" in page
    assert "Same name" in page


def test_a_requesting_authority_finds_its_own_cases_only(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    elsewhere = Cast(state="NO")
    theirs = make_case(elsewhere, CaseState.SUBMITTED, identity=KAMIL)
    mine = make_case(cast, CaseState.SUBMITTED, identity=ALIJEW)
    client = as_user(app, sign_in, Role.CONSULAR_OFFICER, cast)
    page = send(client, "/search/name", "/search", name="Əliyev, Kamil", born="").text
    assert mine in page
    assert theirs not in page
    assert "compares each request with all others" in page


@pytest.mark.parametrize(
    ("name", "born", "message"),
    [
        ("", "1988", "This is needed."),
        ("Əliyev", "1988", "Give surname and given name."),
        ("Əliyev, Kamil", "88", "Give a year"),
        ("Əliyev, Kamil", "1988-13-40", "Give a year"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(
    app: Flask, cast: Cast, sign_in: SignIn, name: str, born: str, message: str
) -> None:
    client = as_user(app, sign_in, Role.CASE_WORKER, cast)
    answer = send(client, "/search/name", "/search", name=name, born=born)
    assert answer.status_code == 422
    assert message in answer.text


@pytest.mark.parametrize("born", ["1988", "1988-04-17", "17.04.1988", ""])
def test_the_birth_year_may_be_a_date_in_either_order_or_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, born: str
) -> None:
    reference = make_case(cast, CaseState.SUBMITTED, identity=KAMIL)
    client = as_user(app, sign_in, Role.CASE_WORKER, cast)
    assert reference in send(client, "/search/name", "/search", name="Aliyev, Kamil", born=born).text


def test_a_new_request_after_a_refusal_shows_the_earlier_one_to_sms_alone(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    refused, again = two_requests(cast)
    page = as_user(app, sign_in, Role.CASE_WORKER, cast).get(f"/cases/{again}").text
    assert refused in page
    assert "What is new in this one?" in page
    theirs = as_user(app, sign_in, Role.CONSULAR_OFFICER, cast).get(f"/cases/{again}").text
    assert refused not in theirs
    assert "Earlier case" not in theirs


def test_a_pair_is_compared_and_decided(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    refused, again = two_requests(cast)
    client = as_user(app, sign_in, Role.CASE_WORKER, cast)
    queue = client.get("/duplicates").text
    assert refused in queue
    assert again in queue
    path = str(re.findall(r'href="(/duplicates/[0-9a-f]{32})"', queue)[0])
    page = client.get(path).text
    assert "date of birth agrees" in page
    assert "Əliyev" in page
    assert "Alijew" in page
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    bare = send(client, path, path, version=version)
    assert bare.status_code == 422
    assert "This is needed." in bare.text
    done = send(client, path, path, version=version, decision="same_person", reason="One FIN in the register.")
    assert done.status_code == 302
    assert again not in client.get("/duplicates").text
    assert again in client.get("/duplicates?show=decided").text
    assert "One FIN in the register." in client.get(path).text
    late = send(client, path, path, version=version, decision="not_the_same", reason="No.")
    assert late.status_code == 409


def test_a_pair_is_joined_by_a_supervisor_shown_as_one_and_taken_apart(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    refused, again = two_requests(cast)
    worker, supervisor = (as_user(app, sign_in, role, cast) for role in (Role.CASE_WORKER, Role.SUPERVISOR))
    path = str(re.findall(r'href="(/duplicates/[0-9a-f]{32})"', worker.get("/duplicates").text)[0])
    send(worker, path, path, version=version_in(worker, path), decision="same_person", reason="One FIN.")
    assert "Confirm and join" not in worker.get(path).text
    version = version_in(supervisor, path)
    joined = send(supervisor, f"{path}/join", path, version=version)
    assert joined.location == f"{path}/person"
    person = worker.get(f"{path}/person").text
    assert all(text in person for text in (refused, again, "Əliyev, Kamil", "Alijew, Kamil"))
    assert "Joined: one person" in worker.get(f"/cases/{again}").text
    assert send(supervisor, f"{path}/join", path, version=version).status_code == 409
    apart = f"{path}/take-apart"
    assert send(supervisor, apart, path, version=version_in(supervisor, path)).status_code == 422
    version = version_in(supervisor, path)
    assert send(supervisor, apart, path, version=version, reason="Another father.").status_code == 302
    assert worker.get(f"{path}/person").status_code == 404
    assert "Another father." in worker.get(path).text


def version_in(client: Client, path: str) -> str:
    return str(re.findall(r'name="version" value="(\d+)"', client.get(path).text)[0])


def test_the_pages_of_duplicates_are_closed_to_the_requesting_side(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    two_requests(cast)
    pair = re.findall(
        r'href="(/duplicates/[0-9a-f]{32})"', as_user(app, sign_in, Role.CASE_WORKER, cast).get("/duplicates").text
    )[0]
    client = as_user(app, sign_in, Role.CONSULAR_OFFICER, cast)
    assert client.get("/duplicates").status_code == 403
    assert client.get(pair).status_code == 403


def test_a_zone_is_read_and_the_error_points_at_the_character(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    client = as_user(app, sign_in, Role.CASE_WORKER, cast)
    page = send(client, "/mrz", "/mrz", zone=sound_zone()).text
    assert "All check digits fit" in page
    assert "ALIYEV" in page
    assert "do not prove" in page
    spoilt = sound_zone().replace("880417", "880418", 1)
    page = send(client, "/mrz", "/mrz", zone=spoilt).text
    assert "Line 2, character 20" in page
    assert "<mark>" in page
    assert "do not prove" in page


@pytest.mark.parametrize("zone", ["", "hello", "\x02P<AZE\x03", "<" * 900, "ə" * 88, "<script>"])
def test_whatever_is_sent_as_a_zone_is_answered(app: Flask, cast: Cast, sign_in: SignIn, zone: str) -> None:
    client = as_user(app, sign_in, Role.CASE_WORKER, cast)
    answer = send(client, "/mrz", "/mrz", zone=zone)
    assert answer.status_code in {200, 422}
    assert "<script>" not in answer.text


def test_a_zone_fills_a_request_and_shows_what_would_be_overwritten(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    reference = make_draft(cast, identity={"surname": "Əliyev", "given_names": "Kamil"})
    user = make_user(Role.CONSULAR_OFFICER, organisation=cast.authority)
    client = signed_in(app, sign_in, user)
    path = f"/requests/{reference}/mrz"
    assert path in client.get(f"/requests/{reference}/person").text
    page = send(client, path, path, zone=sound_zone()).text
    assert "would be overwritten" in page
    marked = set(re.findall(r'name="take" value="(\w+)" id="take-\w+" checked', page))
    assert marked == {"document_number", "birth_date", "sex", "nationalities", "fin"}
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    answer = send(client, f"{path}/take", path, zone=sound_zone(), version=version, take=sorted(marked))
    assert answer.status_code == 302
    identity = identity_of(accounts.get_actor(user.id), reference)
    assert identity["surname"] == "Əliyev"
    assert (identity["birth_date"], identity["fin"], identity["sex"]) == ("1988-04-17", "5ZK7QXA", "male")
    form = client.get(f"/requests/{reference}/person").text
    assert "5 fields were filled from the zone." in form
    assert "C01234567" in form


def test_what_is_overwritten_is_named_and_its_value_does_not_travel_in_a_cookie(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    reference = make_draft(cast, identity={"surname": "Həsənli", "given_names": "Kamil"})
    client = as_user(app, sign_in, Role.CONSULAR_OFFICER, cast)
    path = f"/requests/{reference}/mrz"
    version = re.findall(r'name="version" value="(\d+)"', send(client, path, path, zone=sound_zone()).text)[0]
    send(client, f"{path}/take", path, zone=sound_zone(), version=version, take=["surname"])
    page = client.get(f"/requests/{reference}/person").text
    assert "Overwritten: Surname." in page
    assert "Həsənli" not in page


def test_a_stale_request_is_not_written_over(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    reference = make_draft(cast, identity=KAMIL)
    client = as_user(app, sign_in, Role.CONSULAR_OFFICER, cast)
    path = f"/requests/{reference}/mrz"
    answer = send(client, f"{path}/take", path, zone=sound_zone(), version="1", take=["surname"])
    assert answer.status_code == 409
    assert "Somebody else has changed this request meanwhile" in answer.text


def identity_of(actor: Actor, reference: str) -> dict[str, object]:
    case = get_case(actor=actor, reference=reference)
    return persons.read_compartment(person_id=case.principal_person_id, compartment=Compartment.IDENTITY)


def test_a_pair_that_was_opened_is_on_record_in_both_cases(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    both = two_requests(cast)
    client = as_user(app, sign_in, Role.CASE_WORKER, cast)
    client.get(str(re.findall(r'href="(/duplicates/[0-9a-f]{32})"', client.get("/duplicates").text)[0]))
    for reference in both:
        case = get_case(actor=cast.worker, reference=reference)
        assert audit.history(chain=f"case:{case.id}")[-1].payload == {"page": "duplicate"}
