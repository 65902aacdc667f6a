"""The pages on which a term is verified, through the client."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from ercms.agreements import service
from ercms.core.actor import Role
from tests.conftest import Client, csrf_token, new_client
from workflows.terms import Confidence

ADDRESS = "/agreements/eu@2014-09-01/terms/reply.normal"
READ = {"instrument": "Agreement EU-Azerbaijan", "article": "11(2)", "reference": "OJ L 128, 30.4.2014, p. 17"}

pytestmark = pytest.mark.usefixtures("fixed_clock")


@pytest.fixture
def browser(app: Flask, make_user: Callable[..., Any], sign_in: Callable[..., Any]) -> Callable[[Role], Client]:
    def make(role: Role) -> Client:
        client = new_client(app)
        sign_in(client, make_user(role))
        return client

    return make


def post(client: Client, address: str, page: str = ADDRESS, **values: str) -> Any:
    return client.post(address, data={**values, "csrf_token": csrf_token(client.get(page).text)})


def test_two_supervisors_verify_a_term_on_its_page(browser: Callable[[Role], Client]) -> None:
    first, second = browser(Role.SUPERVISOR), browser(Role.SUPERVISOR)
    answer = post(first, ADDRESS, **READ, value="15", unit="calendar_days")
    assert answer.status_code == 302
    waiting = first.get(ADDRESS).text
    assert "somebody else has to confirm it" in waiting
    page = second.get(ADDRESS).text
    confirm = re.search(r'action="([^"]+/confirm)"', page)
    assert confirm
    assert post(first, confirm[1]).status_code == 422
    assert post(second, confirm[1]).status_code == 302
    assert service.get_agreement("eu@2014-09-01").term("reply.normal").confidence is Confidence.VERIFIED
    after = second.get(ADDRESS).text
    assert "OJ L 128" in after
    assert "Confirmed" in after
    changes = second.get("/agreements/changes").text
    assert "eu@2014-09-01" in changes
    assert "Readings and verification" in second.get("/agreements/eu@2014-09-01").text


def test_a_bad_value_comes_back_with_its_reason(browser: Callable[[Role], Client]) -> None:
    answer = post(browser(Role.SUPERVISOR), ADDRESS, **READ, value="-3", unit="calendar_days")
    assert answer.status_code == 422
    assert "one or more" in answer.text
    assert 'value="-3"' in answer.text


def test_every_term_has_its_page(browser: Callable[[Role], Client]) -> None:
    client = browser(Role.SUPERVISOR)
    for name in service.get_agreement("eu@2014-09-01").terms:
        assert client.get(f"/agreements/eu@2014-09-01/terms/{name}").status_code == 200, name


def test_others_read_the_page_and_may_not_propose(browser: Callable[[Role], Client]) -> None:
    client = browser(Role.CASE_WORKER)
    page = client.get(ADDRESS)
    assert page.status_code == 200
    assert "Propose the reading" not in page.text
    token = re.search(r'name="csrf_token"\s+value="([^"]+)"', page.text)
    data = {**READ, "value": "15", "unit": "calendar_days", "csrf_token": token[1] if token else ""}
    assert client.post(ADDRESS, data=data).status_code == 403


def test_an_unknown_term_is_not_found(browser: Callable[[Role], Client]) -> None:
    assert browser(Role.SUPERVISOR).get("/agreements/eu@2014-09-01/terms/none.such").status_code == 404
