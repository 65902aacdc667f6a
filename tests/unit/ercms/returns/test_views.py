"""The pages of transfers, through the client with form tokens on."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.cases import service as cases
from ercms.core import clock
from ercms.core.actor import Actor
from tests.conftest import TODAY, Client, csrf_token, new_client
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState

SignIn = Callable[..., TestResponse]
ARRIVAL_DAY = TODAY + timedelta(days=14)


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    with clock.fixed(TODAY):
        yield Cast(state="CH")


@pytest.fixture
def browser(app: Flask, sign_in: SignIn) -> Callable[[Actor], Client]:
    """Return a function that signs somebody in within a browser of their own."""

    def open_for(actor: Actor) -> Client:
        client = new_client(app)
        sign_in(client, accounts.get_user(actor.user_id))
        return client

    return open_for


def _version(cast: Cast, reference: str) -> str:
    return str(cases.get_case(actor=cast.worker, reference=reference).version)


def test_the_border_confirms_an_arrival(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    version = _version(cast, reference)
    with clock.fixed(ARRIVAL_DAY):
        border = browser(cast.border)
        assert reference in border.get("/transfers").text
        page = border.get(f"/transfers/{reference}")
        assert "Şıxəliyev" in page.text
        form = {"csrf_token": csrf_token(page.text), "version": version, "arrived_on": "2026-12-08"}
        answer = border.post(f"/transfers/{reference}/confirm", data=form, follow_redirects=True)
    assert "The arrival is confirmed." in answer.text
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.TRANSFERRED


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    cast: Cast, browser: Callable[[Actor], Client]
) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    border = browser(cast.border)
    page = border.get(f"/transfers/{reference}")
    form = {
        "csrf_token": csrf_token(page.text),
        "version": _version(cast, reference),
        "arrived_on": "2026-11-31",
        "arrived_at": "25:00",
        "arrival_note": "Came with two bags",
    }
    answer = border.post(f"/transfers/{reference}/confirm", data=form)
    assert answer.status_code == 422
    assert "This is not a date." in answer.text
    assert "Came with two bags" in answer.text


def test_an_act_on_an_older_version_is_a_conflict(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    border = browser(cast.border)
    page = border.get(f"/transfers/{reference}")
    form = {
        "csrf_token": csrf_token(page.text),
        "version": "1",
        "failure": "medical",
        "note": "Unfit to fly, says the doctor",
    }
    answer = border.post(f"/transfers/{reference}/failed", data=form)
    assert answer.status_code == 409
    assert "Unfit to fly, says the doctor" in answer.text
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.TRANSFER_NOTIFIED


def test_the_border_reports_that_somebody_did_not_arrive(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    border = browser(cast.border)
    page = border.get(f"/transfers/{reference}")
    form = {
        "csrf_token": csrf_token(page.text),
        "version": _version(cast, reference),
        "failure": "carrier",
        "note": "The flight was cancelled.",
    }
    answer = border.post(f"/transfers/{reference}/failed", data=form, follow_redirects=True)
    assert "did not arrive" in answer.text
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.TRANSFER_FAILED


def test_a_form_without_its_token_changes_nothing(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    answer = browser(cast.border).post(f"/transfers/{reference}/confirm", data={"arrived_on": "2026-11-24"})
    assert answer.status_code == 400
    assert cases.get_case(actor=cast.worker, reference=reference).state is CaseState.TRANSFER_NOTIFIED


def test_an_arrival_of_which_the_border_may_not_know_is_not_there(
    cast: Cast, browser: Callable[[Actor], Client]
) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_ISSUED)
    assert browser(cast.border).get(f"/transfers/{reference}").status_code == 404


def test_the_case_page_shows_documents_and_transfers(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    reference = make_case(cast, CaseState.TRANSFER_NOTIFIED)
    page = browser(cast.worker).get(f"/cases/{reference}/travel")
    assert page.status_code == 200
    assert "QS 0001234" in page.text
    assert "Heydar Aliyev International Airport" in page.text
