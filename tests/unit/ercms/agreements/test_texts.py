"""Texts of the law that administrators import: versions, protocols and pending partners, and hostile files."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ercms.agreements import overlay, partner_service, service, text_service
from ercms.agreements.enums import AgreementStatus
from ercms.agreements.models import LawText
from ercms.cases.clock_service import count_closed_since
from ercms.cases.models import Case
from ercms.core import clock, outbox
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict, InvalidInput, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import Client, csrf_token, new_client
from tests.factories.cases import Cast, make_case
from workflows.agreement_files import agreement_paths
from workflows.readmission import CaseState
from workflows.terms import Confidence, Unit

pytestmark = pytest.mark.usefixtures("fixed_clock")
MakeActor = Callable[..., Actor]
EU = next(path for path in agreement_paths() if path.name.startswith("eu-")).read_text(encoding="utf-8")
BEGINS = date(2027, 1, 1)
NEXT = EU.replace('version = "2014-09-01"', 'version = "2027-01-01"').replace("value = 15\n", "value = 20\n", 1)
PROTOCOL = """
[protocol]
agreement = "eu"
state = "DE"
version = "2027-02-01"
title = "Implementing protocol with Germany"

[references]
P1 = "Official gazette 7/2027, p. 3"

[terms."reply.normal"]
value = 10
unit = "working_days"
confidence = "verified"
source = { instrument = "Implementing protocol with Germany", article = "4(2)", reference = "P1" }

[lists]
contacts = [
  { code = "requesting", text = "Federal Police", confidence = "verified", source = { instrument = "P" } },
]
"""
PARTNER = {"state": "GE", "zone": "Asia/Tbilisi", "instrument": 'Statement "of" \\ a ministry', "reference": "No. 5"}


def propose(actor: Actor, text: str = NEXT, on: date = BEGINS) -> str:
    with unit_of_work():
        return text_service.propose(actor=actor, text=text, effective_on=on, count_closed=count_closed_since).id


def confirm(actor: Actor, record_id: str) -> None:
    with unit_of_work():
        text_service.confirm(actor=actor, record_id=record_id, count_closed=count_closed_since)


def bring(make_actor: MakeActor, text: str = NEXT, on: date = BEGINS) -> str:
    record_id = propose(make_actor(Role.ADMINISTRATOR), text, on)
    confirm(make_actor(Role.ADMINISTRATOR), record_id)
    return record_id


def records() -> list[LawText]:
    return list(db.session.scalars(select(LawText)))


def test_new_cases_come_under_a_confirmed_version_from_its_day_and_old_ones_keep_theirs(make_actor: MakeActor) -> None:
    before = make_case(Cast(state="DE"), CaseState.UNDER_VERIFICATION)
    first, second = make_actor(Role.ADMINISTRATOR), make_actor(Role.ADMINISTRATOR)
    record_id = propose(first)
    assert service.agreement_id_for(state="DE", on=BEGINS) == "eu@2014-09-01"
    with pytest.raises(RuleRefused, match="own_proposal"):
        confirm(first, record_id)
    confirm(second, record_id)
    with pytest.raises(Conflict):
        confirm(second, record_id)
    assert service.agreement_id_for(state="DE", on=BEGINS) == "eu@2027-01-01"
    assert service.agreement_id_for(state="DE", on=BEGINS - timedelta(days=1)) == "eu@2014-09-01"
    with clock.fixed(clock.now() + timedelta(days=200)):
        after = make_case(Cast(state="DE"), CaseState.UNDER_VERIFICATION)
    outbox.deliver_due()
    ids = {case.reference: case.agreement_id for case in db.session.scalars(select(Case))}
    assert (ids[before], ids[after]) == ("eu@2014-09-01", "eu@2027-01-01")
    due = {reference: limit_of(reference) for reference in (before, after)}
    assert due == {before: 15, after: 20}


def limit_of(reference: str) -> int | None:
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    assert case.reply_due_on
    assert case.submitted_at
    return (case.reply_due_on - case.submitted_at.date()).days


def test_the_text_is_kept_as_it_was_sent(make_actor: MakeActor) -> None:
    record_id = bring(make_actor)
    record, text = text_service.get_text(actor=make_actor(Role.SUPERVISOR), record_id=record_id)
    assert text == NEXT
    assert text_service.text_of(agreement_id="eu@2027-01-01") == NEXT
    assert text_service.text_of(agreement_id="eu@2014-09-01") == EU
    assert record.effective_on == BEGINS


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        (NEXT.replace('unit = "months"', 'unit = "moons"', 1), BEGINS, "bad_law_text"),
        (NEXT.replace("value = 20\n", "value = -20\n", 1), BEGINS, "bad_law_text"),
        (re.sub(r'source = \{[^}]*"11" ?\}\n', "", NEXT, count=1), BEGINS, "bad_law_text"),
        (EU, BEGINS, "version_on_record"),
        (NEXT.replace('key = "eu"', 'key = "other"'), BEGINS, "two_in_force"),
        (PROTOCOL.replace('"DE"', '"CH"'), BEGINS, "bad_law_text"),
        (PROTOCOL.replace('"reply.normal"', '"reply.imagined"'), BEGINS, "bad_law_text"),
        (PROTOCOL.replace('"verified"', '"inferred"', 1), BEGINS, "bad_law_text"),
    ],
)
def test_a_text_that_cannot_be_is_refused_and_nothing_is_written(
    make_actor: MakeActor, text: str, on: date, code: str
) -> None:
    with pytest.raises(InvalidInput, match=code):
        propose(make_actor(Role.ADMINISTRATOR), text, on)
    assert records() == []
    assert service.agreement_id_for(state="DE", on=BEGINS) == "eu@2014-09-01"


def test_a_day_before_the_receipt_of_cases_that_are_over_is_refused(make_actor: MakeActor) -> None:
    make_case(Cast(state="DE"), CaseState.WITHDRAWN)
    administrator = make_actor(Role.ADMINISTRATOR)
    with pytest.raises(InvalidInput, match="past_effect"):
        propose(administrator, on=clock.today())
    assert records() == []
    propose(administrator, on=clock.today() + timedelta(days=1))


def test_the_same_version_waits_only_once_and_two_from_one_day_are_refused(make_actor: MakeActor) -> None:
    administrator = make_actor(Role.ADMINISTRATOR)
    bring(make_actor)
    with pytest.raises(InvalidInput, match="version_on_record"):
        propose(administrator)
    with pytest.raises(InvalidInput, match="two_in_force"):
        propose(administrator, NEXT.replace("2027-01-01", "2027-01-02", 1))


def test_a_text_is_withdrawn_before_its_day_and_not_after(make_actor: MakeActor) -> None:
    administrator = make_actor(Role.ADMINISTRATOR)
    record_id = bring(make_actor)
    with clock.fixed(clock.now() + timedelta(days=400)), pytest.raises(Conflict, match="text_in_effect"):
        text_service.withdraw(actor=administrator, record_id=record_id)
    with unit_of_work():
        text_service.withdraw(actor=administrator, record_id=record_id)
    assert service.agreement_id_for(state="DE", on=BEGINS) == "eu@2014-09-01"
    assert propose(administrator) != record_id


def test_a_step_in_the_life_of_an_agreement_is_shared_by_its_versions(make_actor: MakeActor) -> None:
    bring(make_actor)
    law = overlay.current()
    status = [one.status_on(BEGINS) for one in law.agreements if one.key == "eu"]
    assert status == [AgreementStatus.IN_FORCE, AgreementStatus.IN_FORCE]


def test_a_protocol_speaks_for_its_state_alone_and_only_of_what_it_names(make_actor: MakeActor) -> None:
    bring(make_actor, PROTOCOL, date(2027, 2, 1))
    german, french = service.agreement_for("DE", date(2027, 2, 1)), service.agreement_for("FR", date(2027, 2, 1))
    assert german is not None
    assert french is not None
    assert german.id == "eu@2014-09-01:DE@2027-02-01"
    reply, base = german.term("reply.normal"), french.term("reply.normal")
    assert (reply.value, reply.unit, reply.confidence) == (10, Unit.WORKING_DAYS, Confidence.VERIFIED)
    assert reply.source.article == "4(2)"
    assert (reply.starts_on, reply.owed_by) == (base.starts_on, base.owed_by)
    assert {name for name in french.terms if french.terms[name] != german.terms[name]} == {"reply.normal"}
    assert next(one.text for one in german.list_of("contacts")) == "Federal Police"
    assert german.evidence == french.evidence
    assert service.agreement_id_for(state="DE", on=date(2027, 1, 31)) == "eu@2014-09-01"
    with clock.fixed(clock.now() + timedelta(days=300)):
        reference = make_case(Cast(state="DE"), CaseState.ACCEPTED)
        case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
        assert case.agreement_id == german.id
        assert service.get_agreement(german.id).references["P1"].startswith("Official")


def test_a_less_sure_protocol_says_so_itself(make_actor: MakeActor) -> None:
    weak = PROTOCOL.replace('confidence = "verified"', 'confidence = "inferred"\nweaker = true', 1)
    bring(make_actor, weak, date(2027, 2, 1))
    german = service.agreement_for("DE", date(2027, 2, 1))
    assert german is not None
    assert german.term("reply.normal").confidence is Confidence.INFERRED


def test_a_named_partner_has_no_treaty_date_and_no_invented_term(make_actor: MakeActor) -> None:
    assert "GE" not in {partner.state for partner in service.partner_states()}
    with unit_of_work():
        record = partner_service.propose(
            actor=make_actor(Role.ADMINISTRATOR), values=PARTNER, count_closed=count_closed_since
        )
    confirm(make_actor(Role.ADMINISTRATOR), record.id)
    found = next(partner for partner in service.partner_states() if partner.state == "GE")
    assert found.status is AgreementStatus.NEGOTIATING
    assert found.agreement is not None
    assert not [term for term in found.agreement.terms.values() if term.is_known]
    assert found.agreement.status_history[0].source.instrument == PARTNER["instrument"]
    assert service.zone_of("GE") == "Asia/Tbilisi"
    reference = make_case(Cast(state="GE"), CaseState.UNDER_VERIFICATION)
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    assert (case.agreement_id, case.reply_due_on) == (None, None)
    # A supervisor may propose a text (decision 15), and still does not say whose partner a State is.
    with pytest.raises(PermissionRefused):
        partner_service.propose(
            actor=make_actor(Role.SUPERVISOR), values={**PARTNER, "state": "UZ"}, count_closed=count_closed_since
        )
    with pytest.raises(InvalidInput, match="partner_already_named"):
        partner_service.propose(actor=make_actor(Role.ADMINISTRATOR), values=PARTNER, count_closed=count_closed_since)


def test_a_supervisor_proposes_and_takes_back_but_confirms_nothing(make_actor: MakeActor) -> None:
    supervisor, other = make_actor(Role.SUPERVISOR), make_actor(Role.SUPERVISOR)
    record_id = propose(supervisor)
    for actor in (supervisor, other):
        with pytest.raises(PermissionRefused):
            confirm(actor, record_id)
    with pytest.raises(PermissionRefused):
        text_service.reject(actor=other, record_id=record_id)
    with unit_of_work():
        text_service.reject(actor=supervisor, record_id=record_id)
    confirm(make_actor(Role.ADMINISTRATOR), propose(supervisor))
    assert service.agreement_id_for(state="DE", on=BEGINS) == "eu@2027-01-01"


def test_nobody_else_proposes_and_the_other_side_sees_no_draft(make_actor: MakeActor) -> None:
    with pytest.raises(PermissionRefused):
        propose(make_actor(Role.CASE_WORKER))
    with pytest.raises(PermissionRefused):
        text_service.list_texts(actor=make_actor(Role.CONSULAR_OFFICER))


@pytest.fixture
def browser(app: Flask, make_user: Callable[..., Any], sign_in: Callable[..., Any]) -> Callable[[Role], Client]:
    def make(role: Role) -> Client:
        client = new_client(app)
        sign_in(client, make_user(role))
        return client

    return make


NEW = "/agreements/texts/new"


def send(client: Client, address: str = NEW, page: str = NEW, **values: Any) -> TestResponse:
    data = {**values, "csrf_token": csrf_token(client.get(page).text)}
    return client.post(address, data=data, content_type="multipart/form-data")


def test_two_administrators_import_a_version_on_the_pages(browser: Callable[[Role], Client]) -> None:
    first, second = browser(Role.ADMINISTRATOR), browser(Role.ADMINISTRATOR)
    faulty = send(first, text=NEXT.replace('unit = "months"', 'unit = "moons"', 1), act="check")
    assert faulty.status_code == 422
    assert "moons" in faulty.text
    assert re.search(r"Line \d+", faulty.text)
    shown = send(first, file=(BytesIO(NEXT.encode()), "eu.toml"), act="check")
    assert shown.status_code == 200
    for words in ("What would change", "Article 11", "15 calendar days", "20 calendar days"):
        assert words in shown.text
    assert "Article 16" not in shown.text
    assert send(first, text=NEXT, act="propose").status_code == 422
    sent = send(first, text=NEXT, act="propose", effective_on="2027-01-01")
    assert sent.status_code == 302
    page = sent.location
    assert "an administrator other than you has to confirm it" in first.get(page).text
    chosen = f"text:{page.rsplit('/', 1)[1]}"
    tried = first.get(f"/agreements/what-if?agreement={chosen}&state=DE&first_on=2026-01-01&last_on=2026-12-31")
    assert "20 calendar days" in tried.text
    assert chosen in first.get("/agreements/what-if").text
    assert send(first, f"{page}/confirm", page).status_code == 422
    assert send(second, f"{page}/confirm", page).status_code == 302
    assert second.get(f"{page}/file").text == NEXT
    assert second.get("/agreements/eu@2027-01-01").status_code == 200
    assert second.get("/agreements/eu@2027-01-01/file").text == NEXT
    assert "eu@2027-01-01" in second.get("/agreements/texts").text
    assert send(second, f"{page}/withdraw", page).status_code == 302
    assert second.get("/agreements/eu@2027-01-01").status_code == 404


def test_a_partner_is_named_and_a_protocol_shown_on_the_pages(browser: Callable[[Role], Client]) -> None:
    first, second = browser(Role.ADMINISTRATOR), browser(Role.ADMINISTRATOR)
    bad = send(first, "/agreements/partners/new", "/agreements/partners/new", **{**PARTNER, "zone": "Mars/Olympus"})
    assert bad.status_code == 422
    page = send(first, "/agreements/partners/new", "/agreements/partners/new", **PARTNER).location
    assert send(second, f"{page}/confirm", page).status_code == 302
    assert "Georgia" in second.get("/agreements").text
    sent = send(first, text=PROTOCOL, act="propose", effective_on="2027-02-01")
    assert send(second, f"{sent.location}/confirm", sent.location).status_code == 302
    text = second.get("/agreements/eu@2014-09-01").text
    assert "Federal Police" not in text
    assert re.search(r"Germany.{0,200}10 working days", text, re.DOTALL)
    german = second.get("/agreements/eu@2014-09-01:DE@2027-02-01")
    assert german.status_code == 200
    assert "Federal Police" in german.text


def test_a_file_that_is_no_text_is_refused_at_its_field(browser: Callable[[Role], Client]) -> None:
    client = browser(Role.ADMINISTRATOR)
    for data in (b'key = "\xff\xfe"', b"# " + b"x" * 500_000, b"x = " + b"[\n" * 5000):
        answer = send(client, file=(BytesIO(data), "x.toml"), act="propose", effective_on="2027-01-01")
        assert answer.status_code == 422
        assert "error-summary" in answer.text
    assert records() == []
