"""What is not there for somebody answers alike over pages and programs: another's case, and a sealed one."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.cases import sealing_service
from ercms.cases.enums import SealGround
from ercms.core.actor import Actor, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import Client, new_client
from tests.factories.accounts import make_user
from tests.factories.cases import Cast
from tests.factories.programs import make_key
from tests.functional.scene import Scene
from tests.functional.test_routes import Address, addresses, records, strangers, trespass

pytestmark = pytest.mark.usefixtures("fixed_clock")

# Parts of an address that name a record of a case that was sent; evidence and files of the scene are of the draft.
_OF_CASES = ("reference", "inquiry_id", "interview_id", "referral_id", "document_id", "service_id")


@pytest.fixture
def scene(app: Flask, sign_in: Callable[..., TestResponse]) -> Scene:
    return Scene(app, Cast(), sign_in)


def sealed(scene: Scene) -> dict[str, str]:
    """Make a record of each kind, and seal every case that was sent, with nobody named but its first readers."""
    theirs = records(scene)
    references = db.session.scalars(text("SELECT reference FROM cases WHERE state != 'draft'")).all()
    db.session.rollback()
    with unit_of_work():
        for reference in references:
            sealing_service.seal(
                actor=scene.cast.supervisor,
                reference=reference,
                expected_version=None,
                ground=SealGround.OTHER,
                reason="Threats",
            )
    return {name: theirs[name] for name in _OF_CASES if name in theirs}


def unnamed(cast: Cast) -> dict[str, Actor]:
    """Return officers who would see the cases of the scene, were they not sealed."""
    return {
        "case worker": cast.worker,
        "colleague": accounts.get_actor(make_user(Role.CONSULAR_OFFICER, organisation=cast.authority).id),
        "mission": cast.mission,
        "verifier": cast.verifier,
        "partner": cast.partner,
    }


def test_a_sealed_case_answers_every_page_as_one_that_is_not_there(scene: Scene) -> None:
    theirs = sealed(scene)
    wrong = []
    for who, actor in unnamed(scene.cast).items():
        client = new_client(scene.app)
        scene.sign_in(client, accounts.get_user(actor.user_id))
        found = trespass(scene, who, client, theirs)
        wrong += [line for line in found if any(value in line for value in theirs.values())]
    assert not wrong, "\n".join(wrong)


def _called(client: Client, key: str, address: Address, url: str) -> tuple[int, str]:
    """Call an operation; return the status and the answer without what differs between any two answers."""
    headers = {"Authorization": f"Bearer {key}", "If-Match": '"1"', "Idempotency-Key": re.sub(r"\W", "-", url)[-60:]}
    answer = client.open(url, method=address.method, headers=headers, json={})
    body = answer.get_data(as_text=True).replace(url, "")
    return answer.status_code, re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}|RA-2026-\w{7}-\w", "", body)


def _intrusions(scene: Scene, who: str, actor: Actor, theirs: dict[str, str]) -> list[str]:
    client, key, wrong = new_client(scene.app), make_key(actor), []
    for address in addresses(scene.app, theirs, is_program=True):
        status, body = _called(client, key, address, address.theirs)
        absent = _called(client, key, address, address.nobodys)
        # A body that does not fit is refused before anybody looks for the case.
        expected = (403, 404) if address.method == "GET" else (403, 404, 400, 422)
        if status not in expected or (status, body) != absent:
            wrong.append(f"{who}: {address.method} {address.theirs} {status}, absent {absent[0]}")
    return wrong


def test_programs_of_others_find_every_operation_as_if_there_were_nothing(scene: Scene) -> None:
    theirs = records(scene)
    wrong = []
    for who, actor in strangers().items():
        if actor.role is not Role.ADMINISTRATOR:
            wrong += _intrusions(scene, who, actor, theirs)
    assert not wrong, "\n".join(wrong)


def test_programs_of_whoever_is_no_reader_find_nothing_of_a_sealed_case(scene: Scene) -> None:
    theirs = sealed(scene)
    wrong = []
    for who, actor in unnamed(scene.cast).items():
        wrong += _intrusions(scene, who, actor, theirs)
    assert not wrong, "\n".join(wrong)
