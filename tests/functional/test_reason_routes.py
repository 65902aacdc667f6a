"""Every page and every operation that reads a case asks an officer for the reason, where the case is not their work."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from config import Settings
from ercms.access.runtime import init_access
from ercms.accounts import service as accounts
from ercms.cases import opening_service, worklist
from ercms.cases.enums import OpeningPurpose
from ercms.core.actor import Actor, Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import Client, csrf_token, new_client
from tests.factories.accounts import make_user
from tests.factories.cases import Cast, act, usual_act
from tests.factories.programs import make_key
from tests.functional.scene import Scene
from tests.functional.test_routes import Address, addresses, records
from workflows.readmission import CaseTrigger

pytestmark = pytest.mark.usefixtures("fixed_clock")

# Parts of an address that name a case or a record of one.
_OF_CASES = {"reference", "inquiry_id", "interview_id", "referral_id", "document_id", "evidence_id", "file_id"}
# What is there without a reason, and why.
_EXEMPT = {"openings.reason_page": "it asks for the reason, and shows no person"}
# What an officer of SMS reads of a case over the interface.
_OPERATIONS = {
    "api_cases.read_case",
    "api_cases.read_dates",
    "api_cases.read_actions",
    "api_evidence.read_evidence",
    "api_messages.read_messages",
    "api_replies.read_replies",
    "api_replies.read_receipt",
    "api_inquiries.read_inquiry",
}


@pytest.fixture
def scene(app: Flask, settings: Settings, sign_in: Callable[..., TestResponse]) -> Scene:
    app.config["SETTINGS"] = Settings.for_tests(settings.instance_path, opening_minutes=60)
    init_access(app)
    return Scene(app, Cast(), sign_in)


def in_anothers_charge(scene: Scene) -> dict[str, str]:
    """Make a record of each kind, send every draft, and give all cases to an officer who asks for none of them."""
    theirs = records(scene)
    actor, values = usual_act(scene.cast, CaseTrigger.SUBMIT)
    act(actor, theirs["draft"], CaseTrigger.SUBMIT, **values)
    other = accounts.get_actor(make_user(Role.CASE_WORKER, organisation=scene.cast.service).id)
    references = list(db.session.scalars(text("SELECT reference FROM cases")))
    with unit_of_work():
        assert worklist.assign(actor=scene.cast.supervisor, references=references, officer_id=other.user_id) > 0
    # What is closed or was never given to anybody is somebody else's too.
    with unit_of_work():
        db.session.execute(text("UPDATE cases SET assigned_to_id = :other"), {"other": other.user_id})
    return {name: value for name, value in theirs.items() if name in {*_OF_CASES, "draft"}}


def reads(app: Flask, theirs: dict[str, str], *, is_program: bool = False) -> list[Address]:
    """Return every address that reads a case or a record of one."""
    named = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    return [
        address
        for address in addresses(app, theirs, is_program=is_program)
        if address.method == "GET" and named[address.endpoint] & _OF_CASES and address.endpoint not in _EXEMPT
    ]


def refused_otherwise(answer: TestResponse) -> bool:
    """Tell whether somebody may not read this at all, whatever the reason."""
    return answer.status_code in (403, 404)


def test_no_page_of_a_case_opens_without_the_reason(scene: Scene) -> None:
    theirs, wrong, asked = in_anothers_charge(scene), [], set()
    for actor in (scene.cast.worker, scene.cast.supervisor):
        client = new_client(scene.app)
        scene.sign_in(client, accounts.get_user(actor.user_id))
        called = [(address.endpoint, address.theirs) for address in reads(scene.app, theirs)]
        # The evidence of the scene is in another case than the rest of its records.
        check = f"/cases/{theirs['draft']}/evidence/{theirs['evidence_id']}/check"
        for endpoint, url in (*called, ("evidence.check_form", check)):
            answer = client.get(url)
            if answer.status_code == 302 and "/reason" in answer.location:
                asked.add(endpoint)
            elif not refused_otherwise(answer):
                wrong.append(f"{actor.role}: {url} {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert {
        "casefile.case_page",
        "casefile.case_tab",
        "casefile.action_form",
        "clock_sheet.clock_sheet_page",
        "decision_sheet.decision_sheet",
        "letters.letter",
        "cases.receipt",
        "cases.receipt_text",
        "cases.received",
        "evidence.read_file",
        "evidence.check_form",
        "documents.view",
        "photographs.pair",
        "verification.inquiry_page",
        "interviews.interview_page",
        "reintegration.referral",
        "privacy_marks.case_page",
    } <= asked


def called(client: Client, key: str, url: str) -> TestResponse:
    return client.get(url, headers={"Authorization": f"Bearer {key}"})


def test_no_operation_on_a_case_answers_without_the_reason(scene: Scene) -> None:
    theirs, client = in_anothers_charge(scene), new_client(scene.app)
    operations = reads(scene.app, theirs, is_program=True)
    for actor in (scene.cast.worker, scene.cast.supervisor):
        key = make_key(actor)
        answers = {address.endpoint: called(client, key, address.theirs) for address in operations}
        assert {name: answer.json["code"] for name, answer in answers.items()} == dict.fromkeys(
            _OPERATIONS, "reason_needed"
        )
    with unit_of_work():
        opening_service.give_reason(
            actor=scene.cast.worker,
            reference=theirs["reference"],
            purpose=OpeningPurpose.STANDING_IN,
            words="The colleague is ill",
        )
    key = make_key(scene.cast.worker)
    opened = {address.endpoint: called(client, key, address.theirs).status_code for address in operations}
    assert opened == dict.fromkeys(_OPERATIONS, 200)
    entries = db.session.execute(
        text("SELECT action, purpose FROM audit_entries WHERE channel = 'api' AND payload LIKE '%break_glass%'")
    ).all()
    assert len(entries) == len(_OPERATIONS)
    assert {purpose for _, purpose in entries} == {"standing_in"}


def test_a_sheet_for_the_person_asks_the_supervisor_and_not_the_data_protection_officer(scene: Scene) -> None:
    reference = in_anothers_charge(scene)["reference"]
    officer = accounts.get_actor(make_user(Role.DATA_PROTECTION_OFFICER, organisation=scene.cast.service).id)

    def ask(actor: Actor) -> TestResponse:
        client = new_client(scene.app)
        scene.sign_in(client, accounts.get_user(actor.user_id))
        token = csrf_token(client.get("/access-sheets").text)
        return client.post(
            "/access-sheets", data={"csrf_token": token, "reference": reference, "number": "1", "language": "en"}
        )

    asked = ask(scene.cast.supervisor)
    assert asked.status_code == 302
    assert asked.location == f"/cases/{reference}/reason?next=/access-sheets?reference%3D{reference}"
    assert ask(officer).content_type == "application/pdf"
