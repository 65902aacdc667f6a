"""The pages of travel documents, through the client with form tokens on."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.cases import drafting
from ercms.cases.enums import MemberRelation
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.travel_documents import listing_service
from tests.conftest import TODAY, Client, csrf_token, new_client
from tests.factories.cases import Cast, act, make_case, make_draft
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


def test_the_mission_finds_what_it_is_asked_for_with_the_way_to_record_it(
    cast: Cast, browser: Callable[[Actor], Client]
) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    page = browser(cast.mission).get("/travel-documents")
    assert "Şıxəliyev" in page.text
    assert f"/cases/{reference}/do/issue_document" in page.text


def test_the_requesting_authority_sees_what_it_waits_for_but_records_nothing(
    cast: Cast, browser: Callable[[Actor], Client]
) -> None:
    reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    page = browser(cast.requester).get("/travel-documents")
    assert reference in page.text
    assert "issue_document" not in page.text


def test_the_document_of_a_family_member_is_recorded_on_its_own_page(
    cast: Cast, browser: Callable[[Actor], Client]
) -> None:
    _request_with_child(cast)
    child = next(line for line in listing_service.list_requested(actor=cast.mission).lines if not line.is_principal)
    mission = browser(cast.mission)
    address = f"/travel-documents/{child.id}/issue"
    page = mission.get(address)
    assert "Nuray" in page.text
    form = {"csrf_token": csrf_token(page.text), "number": "QS 9", "issued_on": "2026-11-24"}
    refused = mission.post(address, data={**form, "valid_until": "2026-11-23"})
    assert refused.status_code == 422
    assert "The document would end before it was issued." in refused.text
    accepted = mission.post(address, data={**form, "valid_until": "2027-02-24"}, follow_redirects=True)
    assert "The document is recorded." in accepted.text
    assert mission.get(address).status_code == 404


def _request_with_child(cast: Cast) -> None:
    reference = make_draft(cast)
    assert cast.mission
    with unit_of_work():
        drafting.add_member(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            relation=MemberRelation.CHILD,
            identity={"surname": "Şıxəliyeva", "given_names": "Nuray"},
        )
    act(cast.requester, reference, T.SUBMIT)
    act(cast.worker, reference, T.ACKNOWLEDGE)
    act(cast.worker, reference, T.PROPOSE_ACCEPTANCE, ground="own_national", reasons="The register confirms it.")
    act(cast.supervisor, reference, T.CONFIRM_ACCEPTANCE)
    act(cast.worker, reference, T.REQUEST_DOCUMENT)


def test_the_border_has_no_list_of_documents(cast: Cast, browser: Callable[[Actor], Client]) -> None:
    assert browser(cast.border).get("/travel-documents").status_code == 403
