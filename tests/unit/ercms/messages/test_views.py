"""The messages of a case through the door."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from tests.conftest import csrf_token
from tests.factories.cases import Cast, make_case

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

SignIn = Callable[..., TestResponse]


def test_a_message_is_written_and_read_on_the_page_of_the_case(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference = make_case(cast)
    sign_in(client, accounts.get_user(cast.requester.user_id))
    path = f"/cases/{reference}/messages"
    body = "Line one\nof <script>alert(1)</script>"
    token = csrf_token(client.get(path).text)
    assert client.post(path, data={"body": body, "csrf_token": token}).status_code == 302
    page = client.get(path).text
    assert "of &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Not read yet" in page


@pytest.mark.parametrize("body", ["", "x" * 4001, "turned \u202e round"])
def test_a_message_that_cannot_be_sent_is_not_lost(client: FlaskClient, sign_in: SignIn, body: str) -> None:
    cast = Cast()
    reference = make_case(cast)
    sign_in(client, accounts.get_user(cast.requester.user_id))
    path = f"/cases/{reference}/messages"
    token = csrf_token(client.get(path).text)
    answer = client.post(path, data={"body": body, "csrf_token": token})
    assert answer.status_code == 422
    assert f">{body}</textarea>" in answer.text


def test_another_organisation_is_told_that_there_is_no_such_case(client: FlaskClient, sign_in: SignIn) -> None:
    reference = make_case(Cast())
    stranger = Cast(state="CH").requester
    sign_in(client, accounts.get_user(stranger.user_id))
    token = csrf_token(client.get("/notices").text)
    answer = client.post(f"/cases/{reference}/messages", data={"body": "Hello", "csrf_token": token})
    assert answer.status_code == 404
