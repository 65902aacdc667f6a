"""Texts of the law by programs: compared, checked, proposed and tried; confirmed by nobody but a person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from ercms.agreements import service, text_service
from ercms.agreements.models import LawText
from ercms.audit import service as audit
from ercms.cases.clock_service import count_closed_since
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.factories.cases import Cast, make_case
from tests.factories.programs import Program
from tests.unit.ercms.agreements.test_texts import BEGINS, EU, NEXT, PROTOCOL
from tests.unit.ercms.api.conftest import ProgramOf

FAULTY = NEXT.replace('unit = "months"', 'unit = "moons"', 1)
SPAN = {"state": "ME", "first_on": "2026-01-01", "last_on": "2026-12-31"}


@pytest.fixture
def negotiator(cast: Cast, program_of: ProgramOf) -> Program:
    return program_of(cast.supervisor)


def test_two_versions_stand_side_by_side_with_their_sources(requester: Program) -> None:
    found = requester.get("/agreements/compare?first=eu@2014-09-01&second=switzerland@2017-04-01").json
    reply = next(pair for pair in found["terms"] if pair["name"] == "reply.normal")
    assert (reply["likeness"], reply["first"]["value"], reply["second"]["value"]) == ("different", 15, 25)
    assert reply["first"]["source"]["article"]
    assert reply["first"]["confidence"] == service.get_agreement("eu@2014-09-01").term("reply.normal").confidence.value
    assert {"lists", "evidence"} <= set(found)
    assert requester.get("/agreements/compare?first=eu@2014-09-01").status_code == 422
    assert requester.get("/agreements/compare?first=eu@2014-09-01&second=eu@1900-01-01").status_code == 404


def test_a_text_is_checked_with_its_faults_by_line_or_its_differences(negotiator: Program) -> None:
    faulty = negotiator.post("/agreements/check", json={"text": FAULTY}).json
    assert (faulty["is_good"], faulty["changes"]) == (False, [])
    lines = FAULTY.split("\n")
    assert [lines[fault["line"] - 1].strip() for fault in faulty["faults"]] == ['unit = "moons"']
    good = negotiator.post("/agreements/check", json={"text": NEXT}).json
    assert (good["is_good"], good["subject"], good["compared_with"]) == (True, "eu@2027-01-01", "eu@2014-09-01")
    (change,) = good["changes"]
    assert (change["part"], change["name"], change["kind"]) == ("terms", "reply.normal", "changed")
    assert (change["before"]["value"], change["after"]["value"], change["after"]["unit"]) == (15, 20, "calendar_days")
    protocol = negotiator.post("/agreements/check", json={"text": PROTOCOL}).json
    assert (protocol["is_good"], protocol["kind"], protocol["subject"]) == (True, "protocol", "eu:DE@2027-02-01")
    assert db.session.scalar(select(func.count()).select_from(LawText)) == 0


def test_a_program_proposes_and_only_a_person_confirms(
    negotiator: Program, cast: Cast, make_actor: Callable[..., Actor]
) -> None:
    body = {"text": NEXT, "effective_on": BEGINS.isoformat()}
    refused = negotiator.post("/agreements/texts", json={**body, "text": FAULTY})
    assert (refused.status_code, refused.json["code"]) == (422, "bad_law_text")
    assert "moons" in FAULTY.split("\n")[refused.json["faults"][0]["line"] - 1]
    first = negotiator.post("/agreements/texts", once="once", json=body)
    again = negotiator.post("/agreements/texts", once="once", json=body)
    assert (first.status_code, first.json) == (201, {"id": again.json["id"], "state": "proposed"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["Location"] == again.headers["Location"]
    assert negotiator.post("/agreements/texts", json=body).json["code"] == "version_on_record"
    assert service.agreement_id_for(state="DE", on=BEGINS) == "eu@2014-09-01"

    record_id = first.json["id"]
    read = negotiator.get(f"/agreements/texts/{record_id}").json
    assert (read["state"], read["text"], read["checked"]["is_good"]) == ("proposed", NEXT, True)
    assert [one["id"] for one in negotiator.get("/agreements/texts").json["texts"]] == [record_id]
    assert not any("_by" in name for name in read)
    for word in ("confirm", "reject", "withdraw"):
        assert negotiator.post(f"/agreements/texts/{record_id}/{word}", json={}).status_code == 404
    with unit_of_work():
        text_service.confirm(actor=make_actor(Role.ADMINISTRATOR), record_id=record_id, count_closed=count_closed_since)
    assert negotiator.get(f"/agreements/texts/{record_id}").json["state"] == "confirmed"
    assert service.agreement_id_for(state="DE", on=BEGINS) == "eu@2027-01-01"
    proposed = next(line for line in audit.history(chain="system") if line.action.value == "agreement.imported")
    assert (proposed.actor_id, proposed.channel) == (cast.supervisor.user_id, "api")


def test_the_other_side_and_case_workers_see_no_draft(cast: Cast, program_of: ProgramOf, requester: Program) -> None:
    for program in (requester, program_of(cast.worker)):
        assert program.get("/agreements/texts").status_code == 403
        assert program.post("/agreements/check", json={"text": EU}).status_code == 403
        assert program.post("/agreements/what-if", json={**SPAN, "agreement": "eu@2014-09-01"}).status_code == 403
        assert program.post("/agreements/texts", json={"text": NEXT, "effective_on": "2027-01-01"}).status_code == 403


def test_what_if_under_a_version_and_under_a_draft_and_nothing_is_written(
    app: Flask, negotiator: Program, fixed_clock: datetime
) -> None:
    with clock.fixed(fixed_clock - timedelta(days=18)):
        make_case(Cast(state="ME"))
    known = negotiator.post("/agreements/what-if", json={**SPAN, "agreement": "eu@2014-09-01"}).json
    # Fifteen days are over on the eighteenth, twenty are not.
    assert (known["agreement"], known["cases"], known["unanswered"], known["running"]) == ("eu@2014-09-01", 1, 1, 0)
    db.session.rollback()
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SELECT", "PRAGMA", "BEGIN", "SAVEPOINT", "SET ", "SHOW ")):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    drafted = negotiator.post("/agreements/what-if", json={**SPAN, "text": NEXT}).json
    event.remove(db.engine, "before_cursor_execute", note)
    assert (drafted["agreement"], drafted["unanswered"], drafted["running"]) == ("eu@2027-01-01", 0, 1)
    assert (drafted["reply_term"]["value"], drafted["reply_term"]["unit"]) == (20, "calendar_days")
    assert written == []
    faulty = negotiator.post("/agreements/what-if", json={**SPAN, "text": FAULTY})
    assert (faulty.status_code, faulty.json["code"]) == (422, "bad_law_text")
    assert negotiator.post("/agreements/what-if", json=SPAN).status_code == 422
    both = {**SPAN, "text": NEXT, "agreement": "eu@2014-09-01"}
    assert negotiator.post("/agreements/what-if", json=both).status_code == 422
