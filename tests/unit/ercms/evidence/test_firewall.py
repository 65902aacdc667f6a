"""What may come from an asylum procedure does not reach the State of origin unseen; versions, translations, pages."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text
from werkzeug.test import TestResponse

from config import Settings
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.core.actor import Actor
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, firewall_service, preview_service, submission_service
from ercms.evidence.enums import AsylumAnswer, FileRole, HoldOutcome
from ercms.extensions import db
from tests.conftest import csrf_token, new_client
from tests.factories.cases import Cast, act, make_draft
from tests.factories.files import docx, letter, pdf, picture, written
from tests.unit.ercms.cases.test_views import version_in
from tests.unit.ercms.evidence.test_service import add, seen, store
from workflows.readmission import CaseTrigger

SignIn = Callable[..., TestResponse]


@pytest.fixture
def cast(app: object, fixed_clock: object) -> Cast:
    return Cast("CH")


def doubtful(cast: Cast, reference: str, **values: object) -> str:
    given = {"asylum": AsylumAnswer.UNSURE, "officer_id": cast.requester.user_id, **values}
    return store(cast.requester, reference, **given)


def opens(actor: Actor, file_id: str) -> bool:
    try:
        with unit_of_work():
            files_service.read_file(actor=actor, file_id=file_id)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize(("values", "field"), [
    ({"asylum": None}, "asylum"),
    ({"asylum": AsylumAnswer.YES}, "asylum"),
    ({"asylum": AsylumAnswer.UNSURE}, "officer_id"),
    ({"asylum": AsylumAnswer.UNSURE, "officer_id": "0" * 32}, "officer_id"),
    ({"is_objected": True}, "officer_id"),
])  # fmt: skip
def test_nothing_leaves_the_requesting_side_before_the_question_is_answered(
    cast: Cast, settings: Settings, values: dict[str, object], field: str
) -> None:
    reference = make_draft(cast)
    with pytest.raises(InvalidInput) as refused:
        store(cast.requester, reference, **values)
    assert field in refused.value.fields
    assert not [path for path in settings.files_path.rglob("*") if path.is_file()]


def test_a_doubtful_document_exists_for_one_officer_alone(cast: Cast, app: Flask, sign_in: SignIn) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference, note="Bescheid über das Verfahren")
    file_id = doubtful(cast, reference, role=FileRole.EVIDENCE, evidence_id=item_id, objection="He is afraid.")
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    for actor in (cast.worker, cast.supervisor, cast.mission):
        assert not opens(actor, file_id)
        found = seen(actor, reference)
        assert (found.items, found.loose_files, found.photographs) == ((), (), ())
        case = cases.get_case(actor=actor, reference=reference)
        assert firewall_service.held_in(actor=actor, case=case) == ()
        browser = new_client(app)
        sign_in(browser, accounts.get_user(actor.user_id))
        tab = browser.get(f"/cases/{reference}/evidence")
        assert tab.status_code == 200
        for trace in ("Bescheid", "Pass Əli", file_id, "Set aside"):
            assert trace not in tab.text
        for address in ("", "/view", "/page"):
            assert browser.get(f"/files/{file_id}{address}").status_code == 404
        assert browser.get(f"/held-documents/{file_id}").status_code in (403, 404)
    sent = submission_service.received_content(actor=cast.requester, reference=reference)
    assert "Bescheid" not in sent
    assert "Pass" not in sent
    assert opens(cast.requester, file_id)
    assert [line.file_id for line in firewall_service.waiting_for(actor=cast.requester)] == [file_id]


def test_the_named_officer_lets_a_document_pass(cast: Cast) -> None:
    reference = make_draft(cast)
    file_id = doubtful(cast, reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    with pytest.raises(NotFound), unit_of_work():
        firewall_service.decide(actor=cast.worker, file_id=file_id, outcome=HoldOutcome.RELEASED, words="x")
    with unit_of_work():
        firewall_service.decide(
            actor=cast.requester, file_id=file_id, outcome=HoldOutcome.RELEASED, words="A school report."
        )
    assert [file.id for file in seen(cast.worker, reference).loose_files] == [file_id]
    assert opens(cast.worker, file_id)


def test_what_is_kept_back_is_destroyed_and_the_decision_stays(cast: Cast, settings: Settings) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    file_id = doubtful(cast, reference, role=FileRole.EVIDENCE, evidence_id=item_id)
    with unit_of_work():
        firewall_service.decide(
            actor=cast.requester, file_id=file_id, outcome=HoldOutcome.WITHHELD, words="It is from the hearing."
        )
    assert not opens(cast.requester, file_id)
    assert seen(cast.requester, reference).items == ()
    assert not [path for path in settings.files_path.rglob("*") if path.is_file()]
    rows = db.session.execute(text("SELECT outcome, decision_sealed FROM held_files")).all()
    assert [row[0] for row in rows] == ["withheld"]
    assert b"hearing" not in bytes(rows[0][1])


def test_an_officer_who_doubts_a_received_document_has_seen_the_last_of_it(cast: Cast) -> None:
    reference = make_draft(cast)
    file_id = store(cast.requester, reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    assert opens(cast.worker, file_id)
    with unit_of_work():
        firewall_service.set_aside(actor=cast.worker, file_id=file_id, words="It names a procedure.")
    assert not opens(cast.worker, file_id)
    assert seen(cast.worker, reference).loose_files == ()
    page = firewall_service.open_hold(actor=cast.requester, file_id=file_id)
    assert page.words == "It names a procedure."


def test_a_new_version_keeps_the_former_one_and_says_who_when_and_why(cast: Cast) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    former = store(cast.requester, reference, role=FileRole.EVIDENCE, evidence_id=item_id)
    translation = store(
        cast.requester, reference, translation_of_id=former, translation_language="Deutsch", is_certified=True,
        translator="M. Muster",
    )  # fmt: skip
    newer = store(cast.requester, reference, replaces_id=former, change_note="The first was cut off.")
    item = seen(cast.requester, reference).items[0]
    assert [file.id for file in item.files] == [newer]
    assert [(other.id, other.translator) for other in item.files[0].translations] == [(translation, "M. Muster")]
    with unit_of_work():
        page = preview_service.look(actor=cast.requester, file_id=newer, page=1)
    assert [(version.file_id, version.reason) for version in page.versions] == [
        (newer, "The first was cut off."), (former, None)
    ]  # fmt: skip
    assert opens(cast.requester, former)
    with pytest.raises(InvalidInput):
        store(cast.requester, reference, replaces_id=former, change_note="Again.")


def test_a_page_is_shown_as_a_picture_drawn_here(cast: Cast, client: FlaskClient, sign_in: SignIn) -> None:
    reference = make_draft(cast)
    with unit_of_work():
        two_pages, words = (
            files_service.store_file(
                actor=cast.requester, reference=reference, expected_version=None, values={"asylum": AsylumAnswer.NO},
                name=name, stream=BytesIO(content),
            ).id
            for name, content in (
                ("a.pdf", written(pdf(2))),
                ("a.docx", docx(**{"word/document.xml": letter("<b>Sözlər</b>".replace("<", "&lt;"))})),
            )
        )  # fmt: skip
    sign_in(client, accounts.get_user(cast.requester.user_id))
    page = client.get(f"/files/{two_pages}/view?page=2&zoom=150&turn=90")
    assert "Page 2 of 2" in page.text
    drawn = client.get(f"/files/{two_pages}/page?page=2&zoom=50&turn=90")
    assert (drawn.mimetype, drawn.headers["Cache-Control"]) == ("image/png", "no-store")
    assert drawn.headers["Content-Security-Policy"].startswith("sandbox")
    with Image.open(BytesIO(drawn.data)) as opened:
        assert opened.size == (450, 450)
    assert "&lt;b&gt;Sözlər" in client.get(f"/files/{words}/view").text
    for wrong in ("?page=3", "?page=0", "?zoom=77", "?turn=45", "?page=x"):
        assert client.get(f"/files/{two_pages}/page{wrong}").status_code in (400, 404)
    read = [
        entry
        for entry in audit.history(chain=audit.case_chain(cases.get_case(actor=cast.requester, reference=reference).id))
        if entry.action == AuditAction.FILE_READ
    ]
    assert read[-1].payload["page"] == 2  # fmt: skip


def test_the_pages_of_the_firewall(cast: Cast, client: FlaskClient, sign_in: SignIn) -> None:
    reference = make_draft(cast)
    sign_in(client, accounts.get_user(cast.requester.user_id))
    step = client.get(f"/requests/{reference}/evidence").text
    form = {"csrf_token": csrf_token(step), "version": version_in(step), "role": "supporting"}

    def send(**values: object) -> TestResponse:
        return client.post(
            f"/requests/{reference}/files", data={**form, "file": (BytesIO(picture()), "a.jpg"), **values}
        )

    assert send().status_code == 422
    refused = send(asylum="yes")
    assert "was not stored" in refused.text
    stored = send(asylum="unsure", officer_id=cast.requester.user_id, objection="He is afraid.")
    assert stored.status_code == 302
    listed = client.get("/held-documents").text
    assert reference in listed
    file_id = firewall_service.waiting_for(actor=cast.requester)[0].file_id
    page = client.get(f"/held-documents/{file_id}").text
    assert "He is afraid." in page
    at = f"/held-documents/{file_id}"
    assert client.post(at, data={"csrf_token": form["csrf_token"], "outcome": "released"}).status_code == 422
    done = client.post(at, data={"csrf_token": form["csrf_token"], "outcome": "released", "words": "A bill."})
    assert done.status_code == 302
    view = client.get(f"/files/{file_id}/view").text
    sent = {"csrf_token": form["csrf_token"], "version": version_in(view), "asylum": "no"}
    no_reason = client.post(f"/files/{file_id}/versions", data={**sent, "file": (BytesIO(picture()), "b.jpg")})
    assert no_reason.status_code == 422
    newer = client.post(
        f"/files/{file_id}/versions", data={**sent, "change_note": "Sharper.", "file": (BytesIO(picture()), "b.jpg")}
    )
    assert newer.status_code == 302, newer.text
    assert "Sharper." in client.get(newer.location).text
