"""Uploads and the malware scanner: refused, let through, or kept from everybody until it can be asked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases.service import get_case
from ercms.core import outbox
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, incoming_service, preview_service, scan_service
from ercms.evidence.enums import AsylumAnswer, FileRole, Scan
from ercms.evidence.models import StoredFile
from ercms.extensions import db
from ercms.notifications.models import Notification
from ercms.vault.models import PersonFile
from tests import clamd
from tests.conftest import csrf_token
from tests.factories.cases import Cast, make_draft
from tests.factories.files import docx, letter, picture

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")
BAD = docx(**{"word__document.xml": letter(clamd.EICAR.decode())})


@pytest.fixture
def scanner() -> Iterator[clamd.Scanner]:
    with clamd.scanner() as made:
        yield made


def _use(app: Flask, address: str | None) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], clamd=address, clamd_seconds=5.0)


def _put(actor: Actor, reference: str, content: bytes, name: str, role: FileRole = FileRole.SUPPORTING) -> str:
    made = incoming_service.received_for_case(actor=actor, reference=reference, name=name, stream=BytesIO(content))
    with unit_of_work():
        return files_service.store_file(
            actor=actor, reference=reference, expected_version=None, name=name, stream=made,
            values={"role": role, "asylum": AsylumAnswer.NO},
        ).id  # fmt: skip


def _file(file_id: str) -> StoredFile:
    db.session.remove()
    file = db.session.get(StoredFile, file_id)
    assert file is not None
    return file


def _is_closed_to(actor: Actor, file_id: str) -> bool:
    try:
        with unit_of_work():
            preview_service.look(actor=actor, file_id=file_id, page=1)
    except NotFound:
        return True
    return False


def test_what_the_scanner_finds_is_refused_with_the_reason_and_leaves_nothing(
    app: Flask, client: FlaskClient, sign_in: Callable[..., TestResponse], settings: Settings, scanner: clamd.Scanner
) -> None:
    cast = Cast()
    _use(app, scanner.address)
    reference = make_draft(cast)
    at = f"/requests/{reference}"
    sign_in(client, accounts.get_user(cast.requester.user_id))
    html = client.get(f"{at}/evidence").text
    form: dict[str, Any] = {"csrf_token": csrf_token(html), "role": "supporting", "asylum": "no"}
    form["version"] = re.findall(r'name="version" value="(\d+)"', html)[0]
    page = client.post(f"{at}/files", data={**form, "file": (BytesIO(BAD), "letter.docx")})
    assert page.status_code == 422
    assert "The malware scanner found something in this file" in page.text
    # The scanner saw the upload as it was sent, and nothing of it was kept; the draft is as it was.
    assert scanner.seen == [BAD]
    assert (db.session.query(StoredFile).count(), db.session.query(PersonFile).count()) == (0, 0)
    assert not [path for path in settings.files_path.rglob("*") if path.is_file()]
    case = get_case(actor=cast.requester, reference=reference)
    assert case.version == int(form["version"])
    lines = audit.history(chain=f"case:{case.id}")
    (payload,) = [line.payload for line in lines if line.action is AuditAction.FILE_REFUSED]
    assert payload == {"code": "infected", "signature": "Eicar-Test-Signature"}
    good = client.post(f"{at}/files", data={**form, "file": (BytesIO(docx()), "letter.docx")})
    assert good.status_code == 302
    (stored,) = db.session.query(StoredFile)
    assert stored.scan == Scan.CLEAN
    assert "nothing found" in client.get(f"/files/{stored.id}/view").text


def test_while_the_scanner_is_down_a_file_waits_for_it_and_nobody_opens_it(
    app: Flask, client: FlaskClient, sign_in: Callable[..., TestResponse], scanner: clamd.Scanner
) -> None:
    cast = Cast()
    reference = make_draft(cast)
    _use(app, "tcp://127.0.0.1:9")
    photograph = _put(cast.requester, reference, picture(), "face.jpg", FileRole.PHOTOGRAPH)
    bad = _put(cast.requester, reference, BAD, "letter.docx")
    sign_in(client, accounts.get_user(cast.requester.user_id))
    page = client.get(f"/requests/{reference}/evidence").text
    assert page.count("waits for the malware scan and cannot be opened yet") == 2
    for path in (f"/files/{bad}", f"/files/{bad}/view", f"/files/{photograph}/page"):
        assert client.get(path).status_code == 404
    scan_service.scan_waiting()
    assert _file(bad).scan == Scan.WAITING

    _use(app, scanner.address)
    scanner.answer = b"stream: size limit ERROR"
    scan_service.scan_waiting()
    assert (len(scanner.seen), _file(bad).scan) == (2, Scan.WAITING)
    scanner.answer = None
    scan_service.scan_waiting()
    scan_service.scan_waiting()
    assert len(scanner.seen) == 4
    assert (_file(photograph).scan, _file(bad).scan) == (Scan.CLEAN, Scan.INFECTED)
    assert not _is_closed_to(cast.requester, photograph)
    assert _is_closed_to(cast.requester, bad)
    assert [row.file_id for row in db.session.query(PersonFile)] == [photograph]
    page = client.get(f"/requests/{reference}/evidence").text
    assert "malware found" in page
    assert "waits for the malware scan" not in page
    case_id = lookup_service.find_case_id(reference=reference)
    told = [line.payload["outcome"] for line in audit.history(chain=f"case:{case_id}") if "outcome" in line.payload]
    assert sorted(told) == ["clean", "infected"]
    while outbox.deliver_due():
        continue
    notices = {(row.event, row.organisation_id) for row in db.session.query(Notification)}
    assert ("file_infected", cast.authority.id) in notices


def test_without_a_scanner_the_page_says_that_nobody_looked() -> None:
    cast = Cast()
    reference = make_draft(cast)
    file_id = _put(cast.requester, reference, docx(), "letter.docx")
    with unit_of_work():
        assert preview_service.look(actor=cast.requester, file_id=file_id, page=1).file.scan is Scan.OFF
