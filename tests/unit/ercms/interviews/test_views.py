"""The pages of an interview, from the question to the protocol, as each side uses them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.core import clock
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import Client, csrf_token, new_client
from tests.factories.cases import Cast, make_case

pytestmark = pytest.mark.usefixtures("fixed_clock")
LINK = "https://video.example/room/77"
SAID = "She named the street by the bazaar."


@pytest.fixture
def browse(app: Flask, sign_in: Callable[..., TestResponse]) -> Callable[[Any], Client]:
    def as_somebody(actor: Any) -> Client:
        client = new_client(app)
        sign_in(client, accounts.get_user(actor.user_id))
        return client

    return as_somebody


def _send(client: Client, page: str, act: str, expected: int = 302, **data: Any) -> str:
    html = client.get(page).text
    version = re.search(r'name="version" value="(\d+)"', html)
    form = {"csrf_token": csrf_token(html), "version": version[1] if version else "1", **data}
    answer = client.post(f"{page}{act}", data=form)
    assert answer.status_code == expected, (act, answer.status_code, answer.text[-3000:])
    return answer.headers["Location"] if expected == 302 else answer.text


def test_an_interview_from_the_question_to_the_protocol(browse: Callable[[Any], Client]) -> None:
    cast = Cast()
    reference = make_case(cast)
    worker, mission, requester = (browse(actor) for actor in (cast.worker, cast.mission, cast.requester))
    new = f"/cases/{reference}/interviews/new"
    assert "Ask for an interview" in worker.get(f"/cases/{reference}/verification").text
    form = worker.get(f"/cases/{reference}/interviews/new").text
    # The languages of an interpreter are no languages of the pages: the switch in the head offers three.
    assert len(set(re.findall(r'<button[^>]*name="language"[^>]*value="(\w+)"', form))) == 3
    assert re.search(r'<option value="az">\s*Azerbaijani', form)
    form = {"csrf_token": csrf_token(worker.get(new).text), "mission_id": cast.mission_office.id, "question": "Where?"}
    page = worker.post(new, data=form).headers["Location"]
    assert reference in mission.get("/interviews").text
    day = (clock.now() + timedelta(days=3)).date()
    offer = {"mode": "video", "zone": "Europe/Berlin", "minutes": "45"}
    starts = [f"{day}T09:30", f"{day}T14:00", "", ""]
    for link, message in (("", "Give the link"), ("http://video.example/x", "A link begins with https")):
        assert message in _send(mission, page, "/offer", 422, **offer, starts=starts, link=link)
    _send(mission, page, "/offer", **offer, starts=starts, link=LINK)
    html = requester.get(page).text
    assert "09:30 (Europe/Berlin)" in html
    assert "12:30 in Baku" in html
    slots = re.findall(r'name="slot_id" value="(\w+)"', html)
    assert len(slots) == 2
    assert "No time is agreed on before" in _send(requester, page, "/choose", 422, slot_id=slots[0])
    _send(requester, page, "/choose", slot_id=slots[0], is_contact_allowed="true")
    assert "Record the protocol" not in mission.get(page).text
    with unit_of_work():
        db.session.execute(text("UPDATE interviews SET starts_at = asked_at"))
    db.session.remove()
    typed = {"language_observed": "Azerbaijani, fluent", "protocol": SAID}
    assert SAID in _send(mission, page, "/hold", 422, **typed)
    _send(mission, page, "/hold", outcome="confirmed", **typed)
    for who in (mission.get(page), worker.get(page), worker.get(f"/cases/{reference}/verification")):
        assert SAID in who.text
        assert "Nationality confirmed" in who.text
    for who in (requester.get(page), requester.get(f"/cases/{reference}/verification")):
        assert SAID not in who.text
        assert "Nationality confirmed" not in who.text
        assert "Told with the reply" in who.text


@pytest.mark.parametrize(
    ("local", "message"),
    [
        ("2027-03-28T02:30", "there is no such time"),
        ("2026-10-25T02:30", "there are two such times"),
        ("soon", "not a day with a time"),
    ],
)
def test_a_time_that_the_clock_of_the_place_shows_never_or_twice_is_refused(
    browse: Callable[[Any], Client], local: str, message: str
) -> None:
    cast = Cast()
    reference = make_case(cast)
    worker, mission = browse(cast.worker), browse(cast.mission)
    new = f"/cases/{reference}/interviews/new"
    form = {"csrf_token": csrf_token(worker.get(new).text), "mission_id": cast.mission_office.id}
    page = worker.post(new, data=form).headers["Location"]
    offer = {"mode": "in_person", "place": "Room 4", "zone": "Europe/Berlin", "minutes": "45"}
    html = _send(mission, page, "/offer", 422, **offer, starts=[local])
    assert message in html
    assert "Room 4" in html
