"""Looking at a case outside one's own work: the reason first, for a limited time, and read by somebody else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from config import Settings
from ercms.access.runtime import init_access
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.casefile import page as casefile
from ercms.cases import opening_service, sealing_service, service, worklist
from ercms.cases.enums import OpeningPurpose, SealGround
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import ReasonNeeded
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import TODAY, csrf_token, new_client
from tests.factories.accounts import make_user
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState

S = CaseState


@pytest.fixture
def cast(app: Flask, settings: Settings) -> Iterator[Cast]:
    app.config["SETTINGS"] = Settings.for_tests(settings.instance_path, opening_minutes=60)
    init_access(app)
    with clock.fixed(TODAY):
        yield Cast()


def colleague(cast: Cast, role: Role = Role.CASE_WORKER) -> Actor:
    return accounts.get_actor(make_user(role, organisation=cast.service).id)


def given_to(cast: Cast, officer: Actor, state: CaseState = S.UNDER_VERIFICATION) -> str:
    reference = make_case(cast, state)
    with unit_of_work():
        worklist.assign(actor=cast.supervisor, references=[reference], officer_id=officer.user_id)
    return reference


def is_asked(actor: Actor, reference: str) -> bool:
    try:
        with unit_of_work():
            casefile.open_page(actor=actor, reference=reference)
    except ReasonNeeded as error:
        return error.facts == {"reference": reference}
    return False


def test_daily_work_is_not_asked_and_everything_else_is(cast: Cast) -> None:
    other, worker, supervisor = colleague(cast), cast.worker, cast.supervisor
    unassigned, mine = make_case(cast), given_to(cast, worker)
    theirs, proposed = given_to(cast, other), given_to(cast, other, S.DECISION_PROPOSED)
    assert [is_asked(worker, one) for one in (unassigned, mine, theirs, proposed)] == [False, False, True, True]
    assert [is_asked(supervisor, one) for one in (unassigned, mine, theirs, proposed)] == [False, True, True, False]
    for outside in (cast.requester, cast.mission):
        assert not is_asked(outside, theirs)
    with unit_of_work():
        db.session.execute(
            text("UPDATE cases SET state = 'closed', closed_at = changed_at WHERE reference = :mine"), {"mine": mine}
        )
    db.session.expire_all()
    assert is_asked(worker, mine)


def test_assigning_and_reading_a_sealed_case_as_its_reader_ask_for_nothing(cast: Cast) -> None:
    other = colleague(cast)
    reference = given_to(cast, other)
    with unit_of_work():
        assert worklist.assign(actor=cast.worker, references=[reference], officer_id=None) == 1
        worklist.assign(actor=cast.supervisor, references=[reference], officer_id=other.user_id)
        sealing_service.seal(
            actor=cast.supervisor, reference=reference, expected_version=None, ground=SealGround.OTHER, reason="Threats"
        )
    assert not is_asked(cast.supervisor, reference)


def test_a_reason_opens_one_case_to_one_officer_until_it_runs_out(cast: Cast) -> None:
    other, third = colleague(cast), colleague(cast)
    reference, second = given_to(cast, other), given_to(cast, other)
    with unit_of_work():
        until = opening_service.give_reason(
            actor=cast.worker, reference=reference, purpose=OpeningPurpose.STANDING_IN, words="Aytən Nəbiyeva is ill"
        )
    assert until == TODAY + timedelta(hours=1)
    asked = [is_asked(cast.worker, reference), is_asked(cast.worker, second), is_asked(third, reference)]
    assert asked == [False, True, True]
    with clock.fixed(until):
        assert is_asked(cast.worker, reference)
    case = service.get_case(actor=cast.worker, reference=reference)
    lines = audit.history(chain=audit.case_chain(case.id))
    viewed = [line for line in lines if line.action is AuditAction.CASE_VIEWED]
    assert [(line.purpose, line.payload.get("break_glass")) for line in viewed] == [("standing_in", True)]
    given = next(line for line in lines if line.action is AuditAction.CASE_OPENED)
    assert given.purpose == "standing_in"
    assert "Nəbiyeva" not in str(given.payload)
    stored = db.session.execute(text("SELECT words_sealed FROM case_openings")).scalar_one()
    assert "Nəbiyeva".encode() not in bytes(stored)


def test_an_officer_is_asked_goes_on_and_the_data_protection_officer_marks_the_reason(
    app: Flask, cast: Cast, sign_in: Callable[..., TestResponse]
) -> None:
    reference = given_to(cast, colleague(cast))
    worker, officer = new_client(app), new_client(app)
    sign_in(worker, accounts.get_user(cast.worker.user_id))
    sign_in(officer, make_user(Role.DATA_PROTECTION_OFFICER, organisation=cast.service))
    asked = worker.get(f"/cases/{reference}/persons")
    assert asked.status_code == 302
    page = worker.get(asked.location)
    assert "Şıxəliyev" not in page.text
    data = {"csrf_token": csrf_token(page.text), "next": f"/cases/{reference}/persons", "purpose": "person_asked"}
    assert worker.post(f"/cases/{reference}/reason", data=data).status_code == 422
    opened = worker.post(f"/cases/{reference}/reason", data={**data, "words": "The sister rang"})
    assert opened.location == f"/cases/{reference}/persons"
    assert "Şıxəliyev" in worker.get(opened.location).text
    away = worker.post(
        f"/cases/{reference}/reason", data={**data, "words": "Again", "next": "https://elsewhere.example/"}
    )
    assert away.location == f"/cases/{reference}"
    reviewed = officer.get("/audit/openings")
    assert "The sister rang" in reviewed.text
    opening_id = db.session.execute(text("SELECT id FROM case_openings ORDER BY opened_at")).scalars().first()
    marked = officer.post(
        f"/audit/openings/{opening_id}/mark", data={"csrf_token": csrf_token(reviewed.text), "mark": "questioned"}
    )
    assert marked.status_code == 302
    assert "Questioned" in officer.get("/audit/openings?marked=yes").text
    assert worker.get("/audit/openings").status_code == 403


def test_the_reason_of_a_case_that_is_not_there_is_not_asked_for(
    app: Flask, cast: Cast, sign_in: Callable[..., TestResponse]
) -> None:
    reference = given_to(cast, colleague(cast))
    with unit_of_work():
        sealing_service.seal(
            actor=cast.supervisor, reference=reference, expected_version=None, ground=SealGround.OTHER, reason="Threats"
        )
    worker = new_client(app)
    sign_in(worker, accounts.get_user(cast.worker.user_id))
    for address in ("/cases/{}", "/cases/{}/reason"):
        pages = [worker.get(address.format(one)) for one in (reference, "RA-2026-0000000-0")]
        assert [page.status_code for page in pages] == [404, 404]
