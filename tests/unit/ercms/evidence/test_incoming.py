"""An upload is opened before anybody has to wait for it: no unit of work is open while the limited process runs."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.core.actor import SYSTEM
from ercms.core.engine import is_writing
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import incoming_service
from ercms.inspection import service as inspection
from ercms.verification import inquiry_service
from ercms.verification.enums import InquiryPurpose
from tests.conftest import csrf_token, new_client
from tests.factories.cases import Cast, make_case, make_draft
from tests.factories.files import picture
from tests.factories.programs import make_key

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note for each file that is really opened whether a unit of work was open meanwhile."""
    seen: list[bool] = []
    real = inspection.run

    def noted(*given: Any) -> inspection.Made:
        seen.append(is_writing())
        return real(*given)

    monkeypatch.setattr(inspection, "run", noted)
    return seen


def _file() -> tuple[BytesIO, str]:
    return BytesIO(picture()), "pass.jpg"


def _sent(client: FlaskClient, page: str, target: str, **form: Any) -> TestResponse:
    html = client.get(page).text
    version = re.findall(r'name="version" value="(\d+)"', html)[0]
    return client.post(target, data={"csrf_token": csrf_token(html), "version": version, "file": _file(), **form})


def _inquiry(cast: Cast) -> str:
    row = {"purpose": InquiryPurpose.CITIZENSHIP, "agency_id": cast.agency.id, "named": ["identity.surname"]}
    reference = make_case(cast)
    with unit_of_work():
        return inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})[0]


def test_no_writer_waits_for_a_file_whatever_the_way_in(
    app: Any, client: FlaskClient, sign_in: Callable[..., TestResponse], opened: list[bool]
) -> None:
    cast = Cast()
    at = f"/requests/{make_draft(cast)}"
    sign_in(client, accounts.get_user(cast.requester.user_id))
    stored = _sent(client, f"{at}/evidence", f"{at}/files", role="photograph", asylum="no")
    named = _sent(client, f"{at}/evidence", f"{at}/evidence", means="nationality.passport", asylum="no")
    file_id = re.findall(r"/files/([0-9a-f]{32})", client.get(f"{at}/evidence").text)[0]
    view = f"/files/{file_id}/view"
    replaced = _sent(client, view, f"/files/{file_id}/versions", change_note="Sharper.", asylum="no")
    inquiry_id = _inquiry(cast)
    agency = new_client(app)
    sign_in(agency, accounts.get_user(cast.verifier.user_id))
    page = f"/inquiries/{inquiry_id}"
    answered = _sent(agency, page, f"{page}/answer", finding="confirmed", answer="Entry 77.")
    assert [answer.status_code for answer in (stored, named, replaced, answered)] == [302, 302, 302, 302]
    assert opened == [False, False, False, False]


def test_programs_keep_no_writer_waiting_and_are_told_of_a_surplus_field_by_its_name(
    app: Any, opened: list[bool]
) -> None:
    cast = Cast()
    inquiry_id = _inquiry(cast)
    program = new_client(app)
    head = {"Authorization": f"Bearer {make_key(cast.verifier)}", "If-Match": '"1"'}
    at = f"/api/v1/inquiries/{inquiry_id}/files"
    odd = program.post(at, headers=head | {"Idempotency-Key": "1"}, data={"file": _file(), "colour": "red"})
    assert (odd.status_code, list(odd.json["errors"])) == (422, ["colour"])
    bad = program.post(at, headers=head | {"Idempotency-Key": "2"}, data={"file": (BytesIO(b"MZ\x90"), "a.jpg")})
    assert (bad.status_code, list(bad.json["errors"])) == (422, ["file"])
    given = program.post(at, headers=head | {"Idempotency-Key": "3"}, data={"file": _file()})
    again = program.post(at, headers=head | {"Idempotency-Key": "3"}, data={"file": _file()})
    assert (given.status_code, again.status_code, again.json) == (201, 201, given.json)
    draft = make_draft(cast)
    head = {"Authorization": f"Bearer {make_key(cast.requester)}", "Idempotency-Key": "4"}
    version = program.get(f"/api/v1/cases/{draft}", headers=head).headers["ETag"]
    form = {"file": _file(), "role": "photograph", "asylum": "no"}
    put = program.post(f"/api/v1/cases/{draft}/files", headers=head | {"If-Match": version}, data=form)
    assert put.status_code == 201, put.text
    assert opened == [False, False, False]


def test_an_upload_cannot_be_received_while_others_wait() -> None:
    with unit_of_work(), pytest.raises(RuntimeError, match="before the unit of work"):
        incoming_service.received(actor=SYSTEM, case_id="none", name="pass.jpg", stream=BytesIO(picture()))
