"""What is wrong is told with the right status, in words, and nothing of it is written."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, select
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.audit.actions import VIEWS
from ercms.audit.models import AuditEntry
from ercms.extensions import db
from tests.conftest import Client, csrf_token, new_client
from tests.factories.cases import Cast
from tests.functional.browser import Page
from tests.functional.scene import Scene
from workflows.readmission import CaseState

S = CaseState
_AUDIT = {"audit_entries", "audit_chains"}
# A form that is shown again shows a person again, which is on record like every view; so is a refusal.
# A comparison of names is a look, too.
_MAY_BE_RECORDED = {*VIEWS, "person.listed", "person.matched", "case.listed", "request.refused"}

pytestmark = pytest.mark.usefixtures("fixed_clock")


@pytest.fixture
def scene(app: Flask, sign_in: Callable[..., TestResponse]) -> Scene:
    return Scene(app, Cast(), sign_in)


def everything() -> dict[str, list[str]]:
    """Return every row of every table but the audit, as text."""
    db.session.rollback()
    metadata = MetaData()
    metadata.reflect(db.engine)
    with db.engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for name, table in metadata.tables.items()
            if name not in _AUDIT
        }


def recorded() -> list[str]:
    db.session.rollback()
    return [str(action) for action in db.session.scalars(select(AuditEntry.action))]


@contextmanager
def nothing_written() -> Iterator[None]:
    """Check that not one row of any table is other than before, and that only looks and refusals were put on record."""
    before, acts = everything(), recorded()
    yield
    after = everything()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    new = recorded()
    for action in acts:
        new.remove(action)
    assert set(new) <= _MAY_BE_RECORDED


def send(client: Client, url: str, page: str | None = None, /, **data: Any) -> TestResponse:
    """Send a form with the token and the version of its page, unless others are given."""
    html = client.get(page or url).text
    filled: dict[str, Any] = {"csrf_token": csrf_token(html), **data}
    version = re.search(r'name="version" value="(\d+)"', html)
    if version and "version" not in data:
        filled["version"] = version.group(1)
    filled = {name: value for name, value in filled.items() if value is not None}
    kind = "multipart/form-data" if any(isinstance(value, tuple) for value in filled.values()) else None
    return client.post(url, data=filled, content_type=kind)


def refused(answer: TestResponse, status: int, says: str) -> None:
    text = Page(answer.text).text
    assert answer.status_code == status, text
    assert says in text, text
    assert "Traceback" not in answer.text


BAD_DAY = "This is not a date."
NO_CHOICE = "Choose one of the values offered."
LONG = "longer than the field allows"
NEEDED = "This is needed."


def test_wrong_values_in_a_draft_are_told_at_their_fields(scene: Scene) -> None:
    at, client = f"/requests/{scene.case(S.DRAFT)}", scene.of("requester")
    usual = {"kind": "own_national", "procedure": "normal", "requesting_state": "DE"}
    not_a_picture = (BytesIO(b"MZ\x90\x00 this is a program"), "photo.jpg")
    with nothing_written():
        refused(send(client, "/requests/new", **(usual | {"kind": "elephant"})), 422, NO_CHOICE)
        refused(send(client, "/requests/new", **(usual | {"requesting_state": "ZZ"})), 422, "not a country code")
        refused(send(client, "/requests/new", **(usual | {"requesting_state": "FR"})), 422, "not one of the requesting")
        refused(send(client, "/requests/new", **(usual | {"own_reference": "x" * 61})), 422, LONG)
        refused(send(client, f"{at}/person", birth_date="1990-02-31"), 422, BAD_DAY)
        refused(send(client, f"{at}/person", birth_date="yesterday"), 422, BAD_DAY)
        refused(send(client, f"{at}/person", surname="x" * 201), 422, LONG)
        refused(send(client, f"{at}/person", surname="a\u202eb"), 422, "cannot be used here")
        refused(send(client, f"{at}/person", surname="a\x00b"), 422, "cannot be used here")
        refused(send(client, f"{at}/person", nationalities=["AZ", "XX"]), 422, "not a country code")
        refused(send(client, f"{at}/person", height_cm="tall"), 422, "not a whole number")
        refused(send(client, f"{at}/person", height_cm="9" * 30), 422, "is not")
        refused(send(client, f"{at}/circumstances", care_needed="Insulin"), 422, "express consent")
        refused(send(client, f"{at}/family/new", relation="uncle", surname="Quliyev"), 422, NO_CHOICE)
        refused(send(client, f"{at}/family/new", relation="principal", surname="Quliyev"), 422, "about one person")
        refused(send(client, f"{at}/evidence", means="nationality.papyrus"), 422, "")
        late = {"issued_on": "2026-02-01", "expires_on": "2026-01-01"}
        refused(send(client, f"{at}/evidence", means="nationality.passport", **late), 422, "before it was issued")
        refused(send(client, f"{at}/files", f"{at}/evidence", role="photograph"), 422, "Choose a file first.")
        refused(send(client, f"{at}/files", f"{at}/evidence", role="photograph", file=not_a_picture), 422, "")
        refused(send(client, f"{at}/person", surname="Quliyev", version=None), 422, "which version")
        refused(send(client, f"{at}/person", surname="Quliyev", version="one"), 422, "which version")


def test_wrong_values_in_the_acts_on_a_case_are_told_at_their_fields(scene: Scene) -> None:
    worker, requester, mission = scene.of("worker"), scene.of("requester"), scene.of("mission")
    examined = f"/cases/{scene.case(S.UNDER_VERIFICATION)}"
    wanted = f"/cases/{scene.case(S.DOCUMENT_REQUESTED)}"
    issued = f"/cases/{scene.case(S.DOCUMENT_ISSUED)}"
    offered = f"/cases/{scene.case(S.REFERRAL_OFFERED)}"
    notice = {"means": "scheduled_flight", "crossing_point": "Bakı"}
    consent = {
        "partner_id": scene.cast.partner.organisation_id,
        "consent_purpose": "reintegration_support",
        "consented_fields": ["full_name"],
        "consented_on": scene.day(0),
        "consent_until": scene.day(9),
    }
    with nothing_written():
        refused(send(worker, f"{examined}/do/request_completion"), 422, NEEDED)
        refused(send(worker, f"{examined}/do/request_completion", question="x" * 4001), 422, LONG)
        refused(send(worker, f"{examined}/do/propose_refusal", ground="whim", reasons="No."), 422, "Legal ground")
        refused(send(worker, f"{examined}/do/propose_refusal", reasons="x" * 8001), 422, LONG)
        refused(send(worker, f"{examined}/do/lapse"), 422, "has not passed yet")
        refused(send(mission, f"{wanted}/do/issue_document", number="1", issued_on=scene.day(0)), 422, NEEDED)
        turned = {"number": "1", "issued_on": scene.day(0), "valid_until": scene.day(-1)}
        refused(send(mission, f"{wanted}/do/issue_document", **turned), 422, "end before it was issued")
        over = {"number": "1", "issued_on": scene.day(-9), "valid_until": scene.day(-1)}
        refused(send(mission, f"{wanted}/do/issue_document", **over), 422, "has expired")
        refused(send(requester, f"{issued}/do/notify_transfer", **notice, transfer_on="soon"), 422, BAD_DAY)
        refused(
            send(requester, f"{issued}/do/notify_transfer", **notice, transfer_on=scene.day(-1)), 422, "in the past"
        )
        by_balloon = notice | {"means": "balloon", "transfer_on": scene.day(9)}
        refused(send(requester, f"{issued}/do/notify_transfer", **by_balloon), 422, NO_CHOICE)
        refused(send(worker, f"{offered}/do/refer", **(consent | {"partner_id": "0" * 32})), 422, "partners offered")
        refused(
            send(worker, f"{offered}/do/refer", **(consent | {"consent_until": scene.day(-2)})), 422, "before it was"
        )
        refused(send(worker, f"{offered}/do/refer", **(consent | {"consented_on": scene.day(2)})), 422, "in the future")
        refused(send(worker, f"{offered}/do/refer", **(consent | {"consented_fields": ["fin"]})), 422, NO_CHOICE)
        refused(send(worker, f"{offered}/do/refer", **(consent | {"consented_fields": None})), 422, NEEDED)


def test_wrong_values_in_the_other_forms_are_told_at_their_fields(scene: Scene) -> None:
    examined, notified, working = scene.case(S.UNDER_VERIFICATION), scene.case(S.TRANSFER_NOTIFIED), S.REINTEGRATING
    reference = scene.case(working)
    inquiry = scene.inquiry(examined)
    at, arrival, asked = f"/cases/{examined}", f"/transfers/{notified}", f"/inquiries/{inquiry}"
    referral = f"/referrals/{_referral_of(scene, reference)}"
    worker, border = scene.of("worker"), scene.of("border")
    stop = {"ground": "crisis_measure", "from_on": scene.day(0), "note": "Paper 7"}
    one = {"inquiries-0-asked": "true", "inquiries-0-purpose": "citizenship", "inquiries-0-named": "identity.surname"}
    with nothing_written():
        refused(send(border, f"{arrival}/confirm", arrival, arrived_on=scene.day(1)), 422, "in the future")
        refused(send(border, f"{arrival}/confirm", arrival, arrived_on=scene.day(-1)), 422, "before the day on which")
        refused(
            send(border, f"{arrival}/confirm", arrival, arrived_on=scene.day(0), arrived_at="25:99"), 422, "not a time"
        )
        unknown = {"arrived_on": scene.day(0), "document_id": "0" * 32}
        refused(send(border, f"{arrival}/confirm", arrival, **unknown), 422, "not among those")
        refused(send(border, f"{arrival}/failed", arrival, failure="weather", note="Fog"), 422, NO_CHOICE)
        refused(send(scene.of("verifier"), f"{asked}/answer", asked, finding="perhaps", answer="Hm"), 422, NO_CHOICE)
        refused(send(scene.of("verifier"), f"{asked}/answer", asked, finding="confirmed"), 422, NEEDED)
        refused(send(worker, f"{at}/inquiries/new", **one), 422, "Choose the agency")
        refused(send(worker, f"{at}/inquiries/new", **one, **{"inquiries-0-agency_id": "0" * 32}), 422, "")
        refused(send(worker, f"{at}/inquiries/new"), 422, "")
        refused(send(worker, f"{at}/stops", f"{at}/dates", **stop, to_on=scene.day(-1)), 422, "before the first")
        refused(send(worker, f"{at}/stops", f"{at}/dates", **(stop | {"ground": "holiday"})), 422, NO_CHOICE)
        longer = {"kind": "reply", "length": "5", "notified_on": scene.day(0), "ground": "Paper 8"}
        refused(
            send(worker, f"{at}/extensions", f"{at}/dates", **(longer | {"kind": "patience"})), 422, "no such limit"
        )
        refused(send(worker, f"{at}/extensions", f"{at}/dates", **(longer | {"length": "-5"})), 422, "not valid")
        refused(send(scene.of("requester"), f"{at}/messages", at + "/messages", body=" "), 422, NEEDED)
        refused(send(worker, "/search", q="ab"), 422, "at least four characters")
        helped = {"description": "Work", "state": "planned"}
        refused(send(scene.of("partner"), f"{referral}/services", referral, **helped, area="magic"), 422, NO_CHOICE)
        refused(send(scene.of("partner"), f"{referral}/reports", referral, text="x" * 6001), 422, LONG)
        refused(send(scene.of("partner"), f"{referral}/finish", referral, outcome="fine"), 422, NO_CHOICE)
    assert reference


def _referral_of(scene: Scene, reference: str) -> str:
    html = scene.of("partner").get("/referrals").text
    found = re.search(rf'href="/referrals/([0-9a-f]{{32}})"[^>]*>{reference}', html)
    assert found
    return found.group(1)


def test_a_form_with_a_field_that_it_does_not_have_is_refused(scene: Scene) -> None:
    draft, examined = f"/requests/{scene.case(S.DRAFT)}", f"/cases/{scene.case(S.UNDER_VERIFICATION)}"
    foreign = {"state": "accepted", "is_sealed": "true"}
    with nothing_written():
        refused(
            send(scene.of("requester"), f"{draft}/person", surname="Quliyev", **foreign), 422, "not part of the form"
        )
        asked = {"question": "Which school?", "accepted_at": "2026-01-01"}
        refused(send(scene.of("worker"), f"{examined}/do/request_completion", **asked), 422, "not part of the form")
        said = {"body": "Hello", "author_id": "x"}
        answer = send(scene.of("requester"), f"{examined}/messages", f"{examined}/messages", **said)
        refused(answer, 422, "not part of the form")


def test_a_forged_a_borrowed_and_a_missing_token_are_refused_and_what_was_typed_is_kept(scene: Scene) -> None:
    draft, examined = f"/requests/{scene.case(S.DRAFT)}", f"/cases/{scene.case(S.UNDER_VERIFICATION)}"
    borrowed = csrf_token(scene.of("supervisor").get("/search").text)
    forms = (
        ("requester", "/requests/new", "/requests/new", {"kind": "own_national", "own_reference": "Typed before"}),
        ("requester", f"{draft}/person", f"{draft}/person", {"surname": "Typed before"}),
        ("requester", f"{draft}/submit", f"{draft}/check", {"note": "Typed before"}),
        (
            "worker",
            f"{examined}/do/request_completion",
            f"{examined}/do/request_completion",
            {"question": "Typed before"},
        ),
        ("worker", f"{examined}/messages", f"{examined}/messages", {"body": "Typed before"}),
        ("worker", "/queue/views", "/queue?state=submitted", {"name": "Typed before", "query": "state=submitted"}),
    )
    with nothing_written():
        for who, url, page, data in forms:
            for token in ("forged", borrowed, None):
                answer = send(scene.of(who), url, page, **data, csrf_token=token)
                refused(answer, 400, "")
                assert "Typed before" in answer.text


def test_an_older_version_is_refused_with_who_was_faster_and_nothing_typed_is_lost(scene: Scene) -> None:
    draft, examined = f"/requests/{scene.case(S.DRAFT)}", f"/cases/{scene.case(S.UNDER_VERIFICATION)}"
    notified = f"/transfers/{scene.case(S.TRANSFER_NOTIFIED)}"
    kept = "What was typed"
    stop = {"ground": "crisis_measure", "from_on": scene.day(0)}
    with nothing_written():
        for answer in (
            send(scene.of("requester"), f"{draft}/person", surname=kept, version="1"),
            send(scene.of("worker"), f"{examined}/do/request_completion", question=kept, version="1"),
            send(
                scene.of("worker"), f"{examined}/do/propose_refusal", ground="not_a_national", reasons=kept, version="1"
            ),
            send(scene.of("border"), f"{notified}/failed", notified, failure="carrier", note=kept, version="1"),
            send(scene.of("worker"), f"{examined}/stops", f"{examined}/dates", **stop, note=kept, version="1"),
        ):
            refused(answer, 409, "")
            assert kept in answer.text
        refused(send(scene.of("requester"), f"{draft}/submit", f"{draft}/check", version="1"), 409, "")


def test_an_act_out_of_its_time_is_refused(scene: Scene) -> None:
    accepted = f"/cases/{scene.case(S.ACCEPTED)}"
    sent = f"/requests/{scene.case(S.SUBMITTED)}"
    with nothing_written():
        late = {"csrf_token": csrf_token(scene.of("worker").get("/search").text), "version": "7"}
        refused(scene.of("worker").post(f"{accepted}/do/acknowledge", data=late), 409, "Accepted")
        refused(scene.of("requester").get(f"{sent}/person"), 409, "")
        page = scene.of("requester").get("/requests/new").text
        data = {"csrf_token": csrf_token(page), "version": "3", "surname": "Quliyev"}
        refused(scene.of("requester").post(f"{sent}/person", data=data), 409, "")


def test_another_organisations_case_is_not_there(scene: Scene) -> None:
    other = Cast("FR")
    stranger = new_client(scene.app)
    scene.sign_in(stranger, accounts.get_user(other.requester.user_id))
    draft, examined = scene.case(S.DRAFT), scene.case(S.UNDER_VERIFICATION)
    token = csrf_token(stranger.get("/requests/new").text)
    with nothing_written():
        for url in (f"/requests/{draft}/check", f"/cases/{examined}", f"/cases/{examined}/letters/acknowledgement.pdf"):
            refused(stranger.get(url), 404, "Page not found")
        for url, data in (
            (f"/requests/{draft}/person", {"surname": "Quliyev"}),
            (f"/cases/{examined}/do/withdraw", {"reason": "No"}),
            (f"/cases/{examined}/messages", {"body": "Hello"}),
        ):
            refused(stranger.post(url, data={"csrf_token": token, "version": "1", **data}), 404, "Page not found")


BROKEN_LISTS = (
    "cursor=xx",
    "cursor=W10",
    "cursor=%00",
    "cursor=WyIyMDI2LTAxLTAxIiwgIngiXQ",
    "state=elephant",
    "requesting_state=XX",
)


def test_a_broken_list_address_is_told_apart_from_an_empty_list(scene: Scene) -> None:
    with nothing_written():
        for who, url in (("worker", "/queue"), ("requester", "/requests")):
            somebody = scene.of(who)
            for query in BROKEN_LISTS:
                refused(somebody.get(f"{url}?{query}"), 400, "")


def test_a_wrong_method_is_told_with_the_right_one(scene: Scene) -> None:
    examined = f"/cases/{scene.case(S.UNDER_VERIFICATION)}"
    worker = scene.of("worker")
    with nothing_written():
        for method, url in (
            ("GET", "/queue/assign"),
            ("GET", f"{examined}/messages/"),
            ("POST", examined),
            ("POST", "/queue"),
            ("PUT", examined),
            ("DELETE", examined),
            ("GET", f"{examined}/stops"),
            ("PATCH", "/search"),
        ):
            answer = worker.open(url, method=method)
            if url.endswith("/"):
                assert answer.status_code == 404
                continue
            refused(answer, 405, "This cannot be done here")
            assert answer.headers["Allow"]


def test_a_flood_of_text_is_refused_before_it_is_read(scene: Scene) -> None:
    draft, examined = f"/requests/{scene.case(S.DRAFT)}", f"/cases/{scene.case(S.UNDER_VERIFICATION)}"
    flood = "x" * 10_000_000
    with nothing_written():
        refused(send(scene.of("requester"), f"{draft}/person", surname=flood), 413, "too large")
        refused(send(scene.of("worker"), f"{examined}/messages", f"{examined}/messages", body=flood), 413, "too large")
        # Beside a file as well, where the form as a whole may be larger.
        part = f'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n{flood}\r\n--b--\r\n'.encode()
        answer = scene.of("requester").post(
            f"{draft}/evidence", input_stream=BytesIO(part), content_length=len(part),
            content_type="multipart/form-data; boundary=b",
        )  # fmt: skip
        refused(answer, 413, "too large")


def test_a_wrong_sign_in_says_no_more_than_that(scene: Scene) -> None:
    stranger = new_client(scene.app)
    email = accounts.get_user(scene.cast.worker.user_id).email
    for wrong in ({"email": email, "password": "x"}, {"email": "nobody@example.org", "password": "x"}):
        refused(send(stranger, "/sign-in", **wrong), 401, "do not fit together")
    refused(send(stranger, "/sign-in", email=email), 400, NEEDED)
    assert stranger.get("/queue").location.startswith("/sign-in")
