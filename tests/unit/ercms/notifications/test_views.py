"""The notices through the door, in three languages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.core.actor import Role
from ercms.notifications.enums import NoticeEvent
from ercms.notifications.labels import LIMITS, STEPS, event_text
from tests.conftest import csrf_token
from tests.factories.accounts import make_user
from tests.factories.cases import Cast, make_case
from workflows.warnings import load_schedule

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

SignIn = Callable[..., TestResponse]
Deliver = Callable[[], None]


def test_notices_are_listed_counted_and_lead_to_their_case(
    client: FlaskClient, sign_in: SignIn, deliver: Deliver
) -> None:
    cast = Cast()
    reference = make_case(cast)
    deliver()
    sign_in(client, accounts.get_user(cast.requester.user_id))
    page = client.get("/notices").text
    assert "Receipt of the request is confirmed" in page
    assert ">1<span" in page
    place = page.split('action="/notices/')[2].split('"')[0]
    answer = client.post(f"/notices/{place}", data={"csrf_token": csrf_token(page)})
    assert answer.headers["Location"] == f"/cases/{reference}"
    assert ">1<span" not in client.get("/notices").text


def test_all_notices_can_be_marked_as_read_at_once(client: FlaskClient, sign_in: SignIn, deliver: Deliver) -> None:
    cast = Cast()
    make_case(cast)
    make_case(cast)
    deliver()
    sign_in(client, accounts.get_user(cast.requester.user_id))
    token = csrf_token(client.get("/notices").text)
    assert client.post("/notices/read", data={"csrf_token": token}).status_code == 302
    assert "Mark all as read" not in client.get("/notices").text


def test_somebody_without_notices_is_told_so(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, make_user(Role.ANALYST))
    assert "There are no notices." in client.get("/notices").text


def test_every_event_and_every_warning_has_words_in_every_language() -> None:
    schedule = load_schedule()
    assert {kind.value for kind in schedule.owed_by} == set(LIMITS)
    assert {step.code for step in schedule.steps} == set(STEPS)
    events = [event.value for event in NoticeEvent]
    events += [f"deadline.{kind}.{step}" for kind in LIMITS for step in STEPS]
    for event in events:
        with force_locale("en"):
            english = event_text(event)
        for language in ("az", "ru"):
            with force_locale(language):
                assert event_text(event) != english
