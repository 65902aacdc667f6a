"""The pages of a reintegration partner, through the client with form tokens on."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.cases import service as cases
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.reintegration import partner_service
from tests.conftest import TODAY, Client, csrf_token, new_client
from tests.factories.cases import Cast, act, make_case
from workflows.readmission import CaseState, CaseTrigger

T = CaseTrigger


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with clock.fixed(TODAY):
        yield Cast(state="CH")


@pytest.fixture
def browser(app: Flask, sign_in: Callable[..., TestResponse]) -> Callable[[Actor], Client]:
    """Return a function that signs somebody in within a browser of their own."""

    def open_for(actor: Actor) -> Client:
        client = new_client(app)
        sign_in(client, accounts.get_user(actor.user_id))
        return client

    return open_for


def _address(cast: Cast) -> str:
    with unit_of_work():
        (row,) = partner_service.list_referrals(actor=cast.partner)
    return f"/referrals/{row.id}"


def _send(client: Client, cast: Cast, reference: str, address: str, **form: str) -> TestResponse:
    token = csrf_token(client.get("/referrals").text)
    version = str(cases.get_case(actor=cast.worker, reference=reference).version)
    return client.post(address, data={"csrf_token": token, "version": version, **form}, follow_redirects=True)


def test_a_partner_works_from_the_list_to_the_end(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.REFERRED)
    address = _address(cast)
    client = browser(cast.partner)
    assert address in client.get("/referrals").text
    assert "Şıxəliyev" in client.get(address).text
    assert "You have taken the referral on." in _send(client, cast, reference, f"{address}/accept").text
    service = {"area": "employment", "state": "planned", "description": "A course in welding"}
    assert "A course in welding" in _send(client, cast, reference, f"{address}/services", **service).text
    with unit_of_work():
        (recorded,) = partner_service.open_referral(actor=cast.partner, referral_id=address.rsplit("/", 1)[1]).services
    changed = _send(client, cast, reference, f"{address}/services/{recorded.id}", state="delivered")
    assert "delivered" in changed.text
    assert "All is well." in _send(client, cast, reference, f"{address}/reports", text="All is well.").text
    finished = _send(client, cast, reference, f"{address}/finish", outcome="sustained")
    assert "The referral is finished." in finished.text
    assert client.get(address).status_code == 404


def test_a_referral_is_given_back_with_a_reason_only(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.REFERRED)
    address = _address(cast)
    client = browser(cast.partner)
    refused = _send(client, cast, reference, f"{address}/decline", reason=" ")
    assert refused.status_code == 422
    assert "This is needed." in refused.text
    accepted = _send(client, cast, reference, f"{address}/decline", reason="We have no place.")
    assert "The referral has been given back." in accepted.text
    assert client.get(address).status_code == 404


def test_a_consent_taken_back_closes_the_page(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.REFERRED)
    address = _address(cast)
    client = browser(cast.partner)
    assert "Nothing more is shared." in _send(client, cast, reference, f"{address}/revoke").text
    assert client.get(address).status_code == 404


def test_a_partner_is_given_no_case_page(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.REFERRED)
    client = browser(cast.partner)
    for path in (f"/cases/{reference}", f"/cases/{reference}/do/start_reintegration"):
        assert client.get(path).status_code in {403, 404}


def test_an_act_on_an_older_version_is_a_conflict(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.REFERRED)
    address = _address(cast)
    client = browser(cast.partner)
    token = csrf_token(client.get("/referrals").text)
    answer = client.post(f"{address}/accept", data={"csrf_token": token, "version": "1"})
    assert answer.status_code == 409
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.REFERRED


def test_the_case_page_shows_the_support_to_the_service_only(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.REINTEGRATING)
    page = browser(cast.worker).get(f"/cases/{reference}/reintegration")
    assert page.status_code == 200
    assert "support under way" in page.text
    assert browser(cast.requester).get(f"/cases/{reference}/reintegration").status_code == 404


def test_the_service_finishes_a_referral_on_the_page(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.REINTEGRATING)
    address = _address(cast)
    client = browser(cast.worker)
    page = client.get(f"/cases/{reference}/reintegration")
    assert address in page.text
    finished = _send(client, cast, reference, f"{address}/finish", outcome="contact_lost")
    assert "The case can be closed." in finished.text
    act(cast.worker, reference, T.CLOSE)
