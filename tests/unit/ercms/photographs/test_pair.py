"""Two pictures side by side: who may look, what is recorded, and that nothing of it leaves the Service."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.audit.service import AuditLine
from ercms.casefile import sheet
from ercms.cases.service import get_case
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict, NotFound, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service
from ercms.evidence.enums import AsylumAnswer, FileRole
from ercms.extensions import db
from ercms.photographs import service
from ercms.photographs.enums import PhotographFinding
from ercms.privacy import sheet_service
from ercms.privacy.enums import SheetLanguage
from ercms.privacy.sheet_views import document_of
from ercms.vault import service as vault
from ercms.verification import inquiry_service
from ercms.verification.enums import InquiryFinding, InquiryPurpose
from tests.conftest import csrf_token, new_client
from tests.factories.cases import Cast, act, make_draft, usual_act
from tests.factories.files import picture
from workflows.readmission import CaseTrigger

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")
SignIn = Callable[..., TestResponse]
REASONS = "The same scar above the left brow."


def put(actor: Actor, reference: str, **values: Any) -> str:
    with unit_of_work():
        return files_service.store_file(
            actor=actor, reference=reference, expected_version=None, name="face.jpg", stream=BytesIO(picture()),
            values={"role": FileRole.PHOTOGRAPH, "asylum": AsylumAnswer.NO, **values},
        ).id  # fmt: skip


def answered(cast: Cast, reference: str) -> str:
    """Let the agency answer an inquiry with a picture; return the file."""
    row = {"purpose": InquiryPurpose.CITIZENSHIP, "agency_id": cast.agency.id, "named": ["identity.surname"]}
    with unit_of_work():
        (inquiry_id,) = inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})
    with unit_of_work():
        file_id = inquiry_service.give_file(
            actor=cast.verifier, inquiry_id=inquiry_id, name="register.jpg", stream=BytesIO(picture())
        )
        values = {"finding": InquiryFinding.CONFIRMED, "answer": "Entry 77."}
        inquiry_service.answer(actor=cast.verifier, inquiry_id=inquiry_id, expected_version=None, values=values)
    return file_id


def scene(cast: Cast) -> tuple[str, str, str]:
    """Return a case with a photograph that was sent, and one that the register gave."""
    # The authority of the State and its mission are there before any case is.
    assert cast.mission.states == {cast.state}
    reference = make_draft(cast)
    sent = put(cast.requester, reference)
    for trigger in (CaseTrigger.SUBMIT, CaseTrigger.ACKNOWLEDGE):
        actor, values = usual_act(cast, trigger)
        act(actor, reference, trigger, **values)
    return reference, sent, answered(cast, reference)


def found(actor: Actor, reference: str, sent: str, other: str, finding: PhotographFinding) -> None:
    version = get_case(actor=actor, reference=reference).version
    values = {"sent": sent, "sent_page": 1, "other": other, "other_page": 1, "finding": finding, "reasons": REASONS}
    with unit_of_work():
        service.record(actor=actor, reference=reference, expected_version=version, values=values)


def opened(actor: Actor, reference: str, **chosen: Any) -> service.PairPage:
    with unit_of_work():
        return service.open_pair(actor=actor, reference=reference, **chosen)


def on_record(cast: Cast, reference: str) -> list[AuditLine]:
    case = get_case(actor=cast.worker, reference=reference)
    return list(audit.history(chain=audit.case_chain(case.id)))


def test_an_officer_sees_both_and_says_what_is_found_and_a_second_look_stands_beside_it(
    client: FlaskClient, sign_in: SignIn
) -> None:
    cast = Cast()
    reference, sent, other = scene(cast)
    at = f"/cases/{reference}/photographs"
    sign_in(client, accounts.get_user(cast.worker.user_id))
    assert f'href="{at}"' in client.get(f"/cases/{reference}/evidence").text
    page = client.get(at).text
    assert "No program compares the faces." in page
    assert cast.agency.name in page
    drawn = re.findall(r'<img src="(/files/[0-9a-f]{32}/page[^"]*)"', page)
    assert [link[7:39] for link in drawn] == [sent, other]
    assert client.get(drawn[1].replace("&amp;", "&")).mimetype == "image/png"
    turned = client.get(f"{at}?other={other}&other_turn=90&sent_zoom=150").text
    assert f"/files/{other}/page?page=1&amp;zoom=100&amp;turn=90" in turned
    assert f"/files/{sent}/page?page=1&amp;zoom=150&amp;turn=0" in turned
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    form = {"csrf_token": csrf_token(page), "version": version, "sent": sent, "other": other}
    bare = client.post(at, data={**form, "reasons": REASONS})
    assert (bare.status_code, REASONS in bare.text) == (422, True)
    done = client.post(at, data={**form, "finding": "cannot_say", "reasons": REASONS})
    assert done.status_code == 302, done.text
    again = client.post(at, data={**form, "finding": "same_face", "reasons": "Sent twice."})
    assert (again.status_code, "Sent twice." in again.text) == (409, True)
    with clock.fixed(clock.now() + timedelta(minutes=5)):
        found(cast.supervisor, reference, sent, other, PhotographFinding.NOT_SAME)
    assert [one.finding for one in opened(cast.worker, reference).findings_on_pair] == [
        PhotographFinding.NOT_SAME, PhotographFinding.CANNOT_SAY,
    ]  # fmt: skip
    lines = on_record(cast, reference)
    looks = [line.payload for line in lines if line.action is AuditAction.PHOTOGRAPHS_OPENED]
    assert {"file_id": sent, "other_id": other} in looks
    assert [line.payload["outcome"] for line in lines if line.action is AuditAction.PHOTOGRAPHS_COMPARED] == [
        "cannot_say", "other_face",
    ]  # fmt: skip
    assert REASONS not in str([line.payload for line in lines])


def test_the_decision_sheet_shows_the_findings_and_marks_those_since_the_proposal() -> None:
    cast = Cast()
    reference, sent, other = scene(cast)
    found(cast.worker, reference, sent, other, PhotographFinding.SAME)
    act(cast.worker, reference, CaseTrigger.PROPOSE_ACCEPTANCE, ground="own_national", reasons="The register says so.")
    with unit_of_work():
        before = sheet.open_sheet(actor=cast.supervisor, reference=reference)
    assert [one.reasons for one in before.photographs] == [REASONS]
    assert not before.changed & {one.id for one in before.photographs}


def test_the_page_is_for_the_service_alone(app: Any, client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference, sent, other = scene(cast)
    found(cast.worker, reference, sent, other, PhotographFinding.SAME)
    at = f"/cases/{reference}/photographs"
    for actor, status in ((cast.requester, 403), (cast.mission, 403), (cast.verifier, 403), (cast.border, 403)):
        stranger = new_client(app)
        sign_in(stranger, accounts.get_user(actor.user_id))
        assert stranger.get(at).status_code == status
        assert at not in stranger.get(f"/cases/{reference}/evidence").text
    with pytest.raises(PermissionRefused):
        opened(cast.requester, reference)
    case = get_case(actor=cast.requester, reference=reference)
    assert service.findings_in(actor=cast.requester, case=case) == ()


def test_a_picture_from_a_register_is_brought_in_and_the_requesting_side_never_sees_it(
    client: FlaskClient, sign_in: SignIn
) -> None:
    cast = Cast()
    reference, _sent, _other = scene(cast)
    at = f"/cases/{reference}/photographs"
    sign_in(client, accounts.get_user(cast.worker.user_id))
    page = client.get(at).text
    form = {"csrf_token": csrf_token(page), "version": re.findall(r'name="version" value="(\d+)"', page)[0]}
    wrong = client.post(f"{at}/files", data={**form, "file": (BytesIO(b"MZ\x90 a program"), "face.jpg")})
    assert (wrong.status_code, "not what its name says" in wrong.text) == (422, True)
    assert "Choose a file first." in client.post(f"{at}/files", data=form).text
    done = client.post(f"{at}/files", data={**form, "file": (BytesIO(picture("PNG")), "card.png")})
    assert done.status_code == 302, done.text
    assert "card.png" in client.get(done.location).text
    brought = re.findall(r"other=([0-9a-f]{32})", done.location)[0]
    with pytest.raises(NotFound), unit_of_work():
        files_service.read_file(actor=cast.requester, file_id=brought)
    assert opened(cast.worker, reference, other=brought).left is not None


def test_pictures_of_two_persons_or_one_that_has_gone_are_not_compared(client: FlaskClient, sign_in: SignIn) -> None:
    cast = Cast()
    reference, sent, other = scene(cast)
    with pytest.raises(NotFound):
        opened(cast.worker, reference, sent=other)
    with pytest.raises(NotFound):
        opened(cast.worker, reference, sent=sent, other="0" * 32)
    with pytest.raises(Conflict, match="pictures_changed"):
        found(cast.worker, reference, other, sent, PhotographFinding.SAME)
    sign_in(client, accounts.get_user(cast.worker.user_id))
    at = f"/cases/{reference}/photographs"
    page = client.get(at).text
    data = {"version": re.findall(r'name="version" value="(\d+)"', page)[0], "csrf_token": csrf_token(page)}
    gone = client.post(at, data={**data, "sent": sent, "other": "f" * 32, "finding": "same_face", "reasons": REASONS})
    assert (gone.status_code, REASONS in gone.text) == (409, True)
    assert client.get(f"{at}?sent_turn=45").status_code == 400
    assert client.get(f"{at}?sent_zoom=51").status_code == 400


def test_a_finding_is_sealed_told_to_the_person_and_gone_when_the_person_is_erased(
    make_actor: Callable[..., Actor],
) -> None:
    cast = Cast()
    reference, sent, other = scene(cast)
    found(cast.worker, reference, sent, other, PhotographFinding.SAME)
    raw = db.session.execute(text("SELECT finding_sealed FROM photograph_comparisons")).scalar_one()
    assert b"scar" not in bytes(raw)
    assert b"same_face" not in bytes(raw)
    officer = make_actor(Role.DATA_PROTECTION_OFFICER)
    with unit_of_work():
        facts = sheet_service.make_sheet(actor=officer, reference=reference, number=1, language=SheetLanguage.EN)
    told = str(document_of(facts, language="en"))
    assert REASONS in told
    assert "The same person in both pictures" in told
    case = get_case(actor=cast.worker, reference=reference)
    with unit_of_work():
        vault.erase_person(person_id=case.principal_person_id)
    left = service.findings_in(actor=cast.worker, case=get_case(actor=cast.worker, reference=reference))
    assert [(one.finding, one.reasons) for one in left] == [(None, None)]
