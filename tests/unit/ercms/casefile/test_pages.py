"""The case page and the queue, through the client, with sessions and CSRF."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.casefile.actions import ACTIONS
from ercms.cases import service, steps, worklist
from ercms.core.actor import Actor, Role
from ercms.core.unit_of_work import unit_of_work
from tests.conftest import csrf_token
from tests.factories.cases import Cast, make_case
from tests.unit.ercms.cases.test_service import submitted
from workflows.readmission import CaseState, CaseTrigger

MakeUser = Callable[..., UserSummary]
SignIn = Callable[..., TestResponse]


@pytest.fixture
def officer(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor(Role.CONSULAR_OFFICER)


@pytest.fixture
def worker(make_user: MakeUser) -> UserSummary:
    return make_user(Role.CASE_WORKER)


def acknowledged(officer: Actor, worker: UserSummary) -> str:
    """Make a case that was sent and whose receipt was acknowledged."""
    reference = submitted(officer)
    with unit_of_work():
        steps.acknowledge(actor=accounts.get_actor(worker.id), reference=reference, expected_version=None, values={})
    return reference


def version_of(html: str) -> str:
    """Return the version that the page's form carries."""
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found
    return found.group(1)


def test_there_is_a_form_and_a_function_for_every_trigger() -> None:
    assert set(ACTIONS) == set(CaseTrigger)


def test_the_head_says_where_the_case_is_what_is_due_and_what_may_be_done(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = acknowledged(officer, worker)
    sign_in(client, worker)
    page = client.get(f"/cases/{reference}").text
    assert "Sərkərova" in page
    assert "Under verification" in page
    assert "Art." in page
    assert "Propose acceptance" in page
    assert "Confirm acceptance" not in page


def test_every_tab_that_is_offered_opens(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    page = client.get(f"/cases/{reference}").text
    tabs = set(re.findall(rf'href="(/cases/{reference}/[a-z]+)"', page))
    assert len(tabs) >= 8
    assert {tab: client.get(tab).status_code for tab in tabs} == dict.fromkeys(tabs, 200)


def test_opening_a_case_is_written_down_with_what_was_opened(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    client.get(f"/cases/{reference}/health")
    case = service.get_case(actor=officer, reference=reference)
    last = audit.history(chain=f"case:{case.id}")[-1]
    assert last.action == "case.viewed"
    assert "health" in last.compartments


def test_an_act_goes_through_its_form(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    form = client.get(f"/cases/{reference}/do/acknowledge").text
    answer = client.post(
        f"/cases/{reference}/do/acknowledge", data={"csrf_token": csrf_token(form), "version": version_of(form)}
    )
    assert answer.status_code == 302
    assert service.get_case(actor=officer, reference=reference).state is CaseState.UNDER_VERIFICATION


def test_a_stale_form_tells_who_was_faster_and_keeps_what_was_typed(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = acknowledged(officer, worker)
    sign_in(client, worker)
    form = client.get(f"/cases/{reference}/do/request_completion").text
    with unit_of_work():
        steps.withdraw(actor=officer, reference=reference, expected_version=None, values={"reason": "Left"})
    answer = client.post(
        f"/cases/{reference}/do/request_completion",
        data={"csrf_token": csrf_token(form), "version": version_of(form), "question": "Which school was it?"},
    )
    assert answer.status_code == 409
    assert accounts.get_user(officer.user_id).display_name in answer.text
    assert "Which school was it?" in answer.text
    assert service.get_case(actor=officer, reference=reference).state is CaseState.WITHDRAWN


def test_a_missing_field_is_told_at_the_field_and_nothing_typed_is_lost(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = acknowledged(officer, worker)
    sign_in(client, worker)
    form = client.get(f"/cases/{reference}/do/propose_refusal").text
    answer = client.post(
        f"/cases/{reference}/do/propose_refusal",
        data={"csrf_token": csrf_token(form), "version": version_of(form), "reasons": "No trace in any register"},
    )
    assert answer.status_code == 422
    assert 'href="#f-ground"' in answer.text
    assert "No trace in any register" in answer.text


@pytest.mark.parametrize("trigger", ["nonsense", "confirm_arrival", "notify_transfer"])
def test_the_form_of_an_act_that_is_not_the_actors_does_not_exist(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn, trigger: str
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    assert client.get(f"/cases/{reference}/do/{trigger}").status_code == 404


def test_ten_megabytes_in_a_text_field_are_refused_and_nothing_changes(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = acknowledged(officer, worker)
    sign_in(client, worker)
    form = client.get(f"/cases/{reference}/do/request_completion").text
    answer = client.post(
        f"/cases/{reference}/do/request_completion",
        data={"csrf_token": csrf_token(form), "version": version_of(form), "question": "x" * 10_000_000},
    )
    assert answer.status_code == 413
    assert "This is too large" in answer.text
    assert service.get_case(actor=officer, reference=reference).state is CaseState.UNDER_VERIFICATION


def test_a_forged_form_token_is_refused_and_nothing_changes(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    answer = client.post(f"/cases/{reference}/do/acknowledge", data={"csrf_token": "forged", "version": "1"})
    assert answer.status_code == 400
    assert service.get_case(actor=officer, reference=reference).state is CaseState.SUBMITTED


def test_another_organisations_case_and_one_that_is_not_there_answer_alike(
    client: FlaskClient, officer: Actor, make_user: MakeUser, sign_in: SignIn
) -> None:
    reference = submitted(officer)
    sign_in(client, make_user(Role.CONSULAR_OFFICER))
    hidden = client.get(f"/cases/{reference}")
    absent = client.get("/cases/RA-2026-0000000-0")
    assert (hidden.status_code, len(hidden.data)) == (absent.status_code, len(absent.data)) == (404, len(hidden.data))


def test_the_queue_shows_filters_assigns_and_saves(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    page = client.get("/queue?state=submitted").text
    assert reference in page
    token = csrf_token(page)
    assigned = client.post(
        "/queue/assign", data={"csrf_token": token, "reference": [reference], "officer_id": worker.id}
    )
    assert assigned.status_code == 302
    assert reference in client.get("/queue?assigned=me").text
    assert reference not in client.get("/queue?assigned=nobody").text
    client.post("/queue/views", data={"csrf_token": token, "name": "Just in", "query": "state=submitted"})
    assert "Just in" in client.get("/queue").text


@pytest.mark.parametrize("page", ["/queue", "/requests"])
def test_a_filter_that_is_sent_with_empty_fields_filters_by_the_others(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn, page: str
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    rest = "kind=&requesting_state=&assigned=&due="
    assert f"/cases/{reference}" in client.get(f"{page}?state=submitted&{rest}").text
    assert f"/cases/{reference}" not in client.get(f"{page}?state=withdrawn&{rest}").text


def test_a_search_is_posted_and_finds_by_reference(
    client: FlaskClient, officer: Actor, worker: UserSummary, sign_in: SignIn
) -> None:
    reference = submitted(officer)
    sign_in(client, worker)
    token = csrf_token(client.get("/search").text)
    found = client.post("/search", data={"csrf_token": token, "q": reference.lower()})
    assert found.status_code == 200
    assert f"/cases/{reference}" in found.text


def test_the_other_side_does_not_see_a_proposal_before_it_is_confirmed(
    client: FlaskClient, make_user: MakeUser, sign_in: SignIn
) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.DECISION_PROPOSED)
    with unit_of_work():
        rows = worklist.list_own(actor=cast.requester, wanted={}).rows
        asked = worklist.list_own(actor=cast.requester, wanted={"state": [CaseState.DECISION_PROPOSED]}).rows
    sign_in(client, accounts.get_user(cast.requester.user_id))
    page = client.get(f"/cases/{reference}").text
    assert [row.state for row in rows] == [CaseState.UNDER_VERIFICATION]
    assert asked == ()
    assert "Under verification" in page
    assert "Decision proposed" not in page
