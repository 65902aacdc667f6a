"""What would have been under another version: hand-counted cases, and nothing written."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from ercms.agreements.models import LawText
from ercms.cases import whatif_service
from ercms.cases.whatif_service import WhatIf
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import InvalidInput, NotFound, PermissionRefused
from ercms.extensions import db
from tests.conftest import csrf_token, new_client
from tests.factories.cases import Cast, act, make_case
from workflows.agreement_files import agreement_paths, load_internal
from workflows.readmission import CaseState, CaseTrigger

pytestmark = pytest.mark.usefixtures("app")
MakeActor = Callable[..., Actor]
SWISS, EU = "switzerland@2017-04-01", "eu@2014-09-01"
GROUND = load_internal().list_of("diplomatic_acceptance_grounds")[0].code
DRAFT = (
    next(path for path in agreement_paths() if path.name.startswith("switzerland-"))
    .read_text(encoding="utf-8")
    .replace("value = 25\n", "value = 21\n", 1)
)
MARCH = datetime.fromisoformat("2026-03-02T10:00+04:00")


def ask(actor: Actor, agreement_id: str = SWISS, state: str = "ME") -> WhatIf:
    return whatif_service.what_if(
        actor=actor,
        agreement_id=agreement_id,
        state=state,
        first_on=date(2026, 1, 1),
        last_on=date(2026, 12, 31),
    )


def three_requests() -> Cast:
    """Three requests of a State without an agreement in force: answered after 20 and after 28 days, and never."""
    cast = Cast(state="ME")
    with clock.fixed(MARCH):
        references = [make_case(cast) for _ in range(3)]
    for reference, days in zip(references, (20, 28), strict=False):
        with clock.fixed(MARCH + timedelta(days=days)):
            act(cast.worker, reference, CaseTrigger.PROPOSE_ACCEPTANCE, ground=GROUND, reasons="Register.")
            act(cast.supervisor, reference, CaseTrigger.CONFIRM_ACCEPTANCE)
    return cast


def test_a_pending_partner_under_the_terms_of_another(fixed_clock: datetime, make_actor: MakeActor) -> None:
    three_requests()
    found = ask(make_actor(Role.SUPERVISOR))
    # Switzerland: 25 calendar days from the acknowledgement, so until 27 March; silence means nothing.
    assert (found.cases, found.in_time, found.late, found.unanswered) == (3, 1, 1, 1)
    assert found.bound == 0
    assert found.late_now == 0
    march = next(load for load in found.months if load.month == "2026-03")
    assert (march.received, march.due_now, march.due_then, march.late_then) == (3, 0, 3, 2)


def test_a_version_that_sees_consent_in_silence_would_have_bound(fixed_clock: datetime, make_actor: MakeActor) -> None:
    three_requests()
    found = ask(make_actor(Role.ADMINISTRATOR), EU)
    assert (found.in_time, found.late, found.unanswered, found.bound) == (0, 2, 1, 3)


def test_nothing_is_written_and_nothing_sealed_is_read(fixed_clock: datetime, make_actor: MakeActor) -> None:
    three_requests()
    supervisor = make_actor(Role.SUPERVISOR)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    ask(supervisor)
    event.remove(db.engine, "before_cursor_execute", note)
    assert not [s for s in statements if s.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [s for s in statements if "_sealed" in s.replace("is_sealed", "") and "FROM cases" in s]


def test_other_states_and_other_days_are_left_out(fixed_clock: datetime, make_actor: MakeActor) -> None:
    three_requests()
    assert ask(make_actor(Role.SUPERVISOR), state="RS").cases == 0
    early = whatif_service.what_if(
        actor=make_actor(Role.SUPERVISOR),
        agreement_id=SWISS,
        state="ME",
        first_on=date(2026, 1, 1),
        last_on=date(2026, 3, 1),
    )
    assert early.cases == 0


def test_a_state_that_no_agreement_names_borrows_a_calendar_and_says_so(make_actor: MakeActor) -> None:
    found = ask(make_actor(Role.SUPERVISOR), state="TR")
    assert found.is_calendar_borrowed
    assert not ask(make_actor(Role.SUPERVISOR), state="ME").is_calendar_borrowed


def test_bad_input_is_refused(make_actor: MakeActor) -> None:
    supervisor = make_actor(Role.SUPERVISOR)
    with pytest.raises(NotFound):
        ask(supervisor, "nowhere@2020")
    with pytest.raises(InvalidInput):
        whatif_service.what_if(
            actor=supervisor, agreement_id=SWISS, state="ME", first_on=date(2026, 2, 1), last_on=date(2026, 1, 1)
        )
    with pytest.raises(PermissionRefused):
        ask(make_actor(Role.CASE_WORKER))


def test_page_and_command_show_the_same(
    app: Flask, fixed_clock: datetime, make_user: Callable[..., Any], sign_in: Callable[..., Any]
) -> None:
    three_requests()
    client = new_client(app)
    sign_in(client, make_user(Role.SUPERVISOR))
    assert client.get("/agreements/what-if").status_code == 200
    query = f"agreement={SWISS}&state=ME&first_on=2026-01-01&last_on=2026-12-31"
    page = client.get(f"/agreements/what-if?{query}")
    assert page.status_code == 200
    assert "2026-03" in page.text
    bad = client.get("/agreements/what-if?agreement=x&state=ME&first_on=2026-02-30&last_on=2026-03-01")
    assert bad.status_code == 422
    args = ["agreements", "what-if", "--agreement", SWISS, "--state", "me", "--from", "2026-01-01"]
    printed = app.test_cli_runner().invoke(args=[*args, "--json"])
    document = json.loads(printed.stdout)
    assert (document["cases"], document["late"], document["unanswered"]) == (3, 1, 1)
    assert CaseState.ACCEPTED.value not in printed.stdout
    assert "2026-03" in app.test_cli_runner().invoke(args=args).stdout


def test_a_draft_is_tried_on_the_page_and_the_command_line_and_kept_nowhere(
    app: Flask, fixed_clock: datetime, make_user: Callable[..., Any], sign_in: Callable[..., Any], tmp_path: Path
) -> None:
    three_requests()
    client = new_client(app)
    sign_in(client, make_user(Role.SUPERVISOR))
    address = "/agreements/what-if/draft"
    values = {"state": "ME", "first_on": "2026-01-01", "last_on": "2026-12-31"}
    data = {**values, "text": DRAFT, "csrf_token": csrf_token(client.get(address).text)}
    page = client.post(address, data=data, content_type="multipart/form-data")
    assert page.status_code == 200
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    # Replies came after 20 and after 28 days, and never.
    assert "21 calendar days" in shown
    assert "Replies in time 1 Replies too late 1 Never answered, limit over 1" in shown
    faulty = client.post(
        address, data={**data, "text": DRAFT.replace("value = 21", "value = -21")}, content_type="multipart/form-data"
    )
    assert faulty.status_code == 422
    assert re.search(r"Line \d+", faulty.text)
    assert client.post(address, data={**data, "text": ""}, content_type="multipart/form-data").status_code == 422
    assert db.session.scalar(select(func.count()).select_from(LawText)) == 0
    file = tmp_path / "draft.toml"
    file.write_text(DRAFT, encoding="utf-8")
    args = ["agreements", "what-if", "--file", str(file), "--state", "me", "--from", "2026-01-01", "--json"]
    document = json.loads(app.test_cli_runner().invoke(args=args).stdout)
    assert (document["cases"], document["in_time"], document["reply_term"]["value"]) == (3, 1, 21)
    both = app.test_cli_runner().invoke(args=[*args, "--agreement", SWISS])
    assert both.exit_code == 2
    file.write_text(DRAFT.replace("value = 21", "value = -21"), encoding="utf-8")
    refused = app.test_cli_runner().invoke(args=args)
    assert refused.exit_code == 1
    assert re.search(r"draft\.toml:\d+: terms", refused.output)
