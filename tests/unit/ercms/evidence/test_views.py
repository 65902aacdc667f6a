"""Files as they are given out, and the check of a piece of evidence."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service
from ercms.evidence.enums import AsylumAnswer
from ercms.extensions import db
from tests.conftest import csrf_token, new_client
from tests.factories.cases import Cast, act, make_draft
from tests.factories.files import picture
from tests.unit.ercms.cases.test_views import version_in
from tests.unit.ercms.evidence.test_service import add, seen, store
from workflows.readmission import CaseTrigger

SignIn = Callable[..., TestResponse]


@pytest.fixture
def cast(app: object) -> Cast:
    return Cast("CH")


@pytest.fixture
def browser(client: FlaskClient, cast: Cast, sign_in: SignIn) -> FlaskClient:
    sign_in(client, accounts.get_user(cast.requester.user_id))
    return client


def store_pdf(cast: Cast, reference: str) -> str:
    target = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target)
    target.seek(0)
    with unit_of_work():
        return files_service.store_file(
            actor=cast.requester, reference=reference, expected_version=None,
            values={"asylum": AsylumAnswer.NO}, name="Pass Əli.pdf",
            stream=target,
        ).id  # fmt: skip


def test_what_was_uploaded_is_handed_over_and_never_shown_by_the_browser(cast: Cast, browser: FlaskClient) -> None:
    reference = make_draft(cast)
    shown = browser.get(f"/files/{store(cast.requester, reference)}")
    handed = browser.get(f"/files/{store_pdf(cast, reference)}")
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert handed.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, handed):
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Pass" not in answer.headers["Content-Disposition"]
        assert len(answer.data) == int(answer.headers["Content-Length"])


def test_a_stranger_and_an_unknown_file_get_the_same_answer(cast: Cast, app: object, sign_in: SignIn) -> None:
    file_id = store(cast.requester, make_draft(cast))
    stranger = new_client(app)  # type: ignore[arg-type]
    sign_in(stranger, accounts.get_user(Cast("DE").requester.user_id))
    assert stranger.get(f"/files/{file_id}").status_code == 404
    assert stranger.get(f"/files/{'0' * 32}").status_code == 404
    assert stranger.get("/files/../../keyring.json").status_code == 404


def test_a_case_worker_records_what_a_check_found(cast: Cast, client: FlaskClient, sign_in: SignIn) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    sign_in(client, accounts.get_user(cast.worker.user_id))
    at = f"/cases/{reference}/evidence/{item_id}/check"
    page = client.get(at)
    assert page.status_code == 200
    form = {"csrf_token": csrf_token(page.text), "version": version_in(page.text)}
    empty = client.post(at, data=form | {"is_rebutted": "true"})
    assert empty.status_code == 422
    assert "This is needed" in empty.text
    saved = client.post(at, data=form | {"is_false": "true", "note": "Seal of another office."})
    assert saved.status_code == 302
    tab = client.get(saved.location)
    assert "Seal of another office." in tab.text
    assert seen(cast.worker, reference).items[0].is_false
    stale = client.post(at, data=form | {"note": "Typed too late."})
    assert stale.status_code == 409
    assert "Typed too late." in stale.text


def test_what_rebuts_a_presumption_is_named_and_goes_when_a_later_check_finds_otherwise(
    cast: Cast, client: FlaskClient, sign_in: SignIn
) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    sign_in(client, accounts.get_user(cast.worker.user_id))
    at = f"/cases/{reference}/evidence/{item_id}/check"

    def record(**values: str) -> TestResponse:
        page = client.get(at).text
        form = {"csrf_token": csrf_token(page), "version": version_in(page), "note": "Compared with the register."}
        return client.post(at, data=form | values)

    unnamed = record(is_rebutted="true")
    assert unnamed.status_code == 422
    assert "name the document, the answer or the finding" in unnamed.text
    unmarked = record(rebuttal="An answer of the civil registry")
    assert (unmarked.status_code, "An answer of the civil registry" in unmarked.text) == (422, True)
    assert seen(cast.worker, reference).items[0].checked_at is None

    saved = record(is_rebutted="true", rebuttal="An answer of the civil registry")
    assert "An answer of the civil registry" in client.get(saved.location).text
    assert "An answer of the civil registry" in client.get(at).text
    assert seen(cast.requester, reference).items[0].rebuttal is None
    stored = db.session.execute(text("SELECT rebuttal_sealed FROM evidence_items")).scalar_one()
    assert b"civil" not in bytes(stored)

    assert record().status_code == 302
    line = seen(cast.worker, reference).items[0]
    assert (line.is_rebutted, line.rebuttal) == (False, None)


def test_the_requesting_side_cannot_open_the_check(cast: Cast, browser: FlaskClient) -> None:
    reference = make_draft(cast)
    item_id = add(cast.requester, reference)
    assert browser.get(f"/cases/{reference}/evidence/{item_id}/check").status_code == 403


def test_an_upload_is_never_spooled_to_the_disk(
    cast: Cast, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an upload went to the disk unsealed")

    reference = make_draft(cast)
    page = browser.get(f"/requests/{reference}/evidence").text
    fields = {"csrf_token": csrf_token(page), "version": version_in(page), "role": "photograph", "asylum": "no"}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'
    body = b"".join(parts) + head + picture() + b"\0" * 2_000_000 + b"\r\n--x--\r\n"
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    answer = browser.post(f"/requests/{reference}/files", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 302
    assert len(seen(cast.requester, reference).photographs) == 1
