"""Whole cases through the real pages: sessions, CSRF, every role signing in and doing its part."""

import re
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from ercms.notifications import watch
from tests.functional import journey
from tests.functional.browser import Browser, Page
from tests.functional.journey import Office, act
from tests.functional.pdf_text import words_of
from workflows.readmission import CaseState

ANY_DATE = re.compile(r"\b\d{2}\.\d{2}\.\d{4}\b")


@pytest.fixture
def eu(app: Flask) -> Office:
    office = Office(app, "DE")
    office.open_doors()
    return office


@pytest.fixture
def swiss(app: Flask) -> Office:
    office = Office(app, "CH")
    office.open_doors()
    return office


def state_of(office: Office, reference: str) -> CaseState:
    return office.case(reference).state


def letter_of(browser: Browser, reference: str, kind: str) -> bytes:
    """Read a letter in English."""
    browser.open(f"/cases/{reference}/letters/{kind}.pdf?language=en")
    assert browser.response.mimetype == "application/pdf"
    assert browser.response.data.startswith(b"%PDF")
    return browser.response.data


def title_of(pdf: bytes) -> str:
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as metadata:
        return str(metadata["dc:title"])


def test_a_european_case_from_draft_to_closed_reintegration(eu: Office) -> None:
    story = eu.story
    with eu.day(0):
        reference = journey.begin(eu)
        journey.enter(eu)
        for text in (story.surname, story.child_given_names, story.passport, story.care, "17.04.1988"):
            assert text in eu.officer.text
        # A draft is left and found again, and nobody else knows of it.
        eu.officer.open("/requests").follow(reference)
        assert "Check and send" in eu.officer.text
        eu.worker.open(f"/cases/{reference}", expect=404)
        journey.send(eu)
        assert "Your request has been received" in eu.officer.text

    with eu.day(1):
        eu.worker.open("/queue").follow(reference)
        assert "Submitted" in eu.worker.text
        act(eu.worker, reference, "Acknowledge receipt")
        eu.worker.press("Assign", officer_id=eu.worker.user.id)
        act(eu.worker, reference, "Ask for completion", question=story.question)
        assert state_of(eu, reference) is CaseState.INCOMPLETE

    with eu.day(2):
        eu.officer.open(f"/cases/{reference}/verification")
        assert story.question in eu.officer.text
        eu.officer.follow("Add to the request").follow("Change Evidence")
        journey.add_evidence(eu, "nationality.birth_certificate", number="GE 4411")
        act(eu.officer, reference, "Send the completion", answer=story.answer)
        assert state_of(eu, reference) is CaseState.UNDER_VERIFICATION

    with eu.day(3):
        journey.ask_and_answer(eu, reference)
        eu.worker.open(f"/cases/{reference}/verification")
        assert story.finding in eu.worker.text
        # Who was asked, and what was found, is nobody's business abroad.
        for abroad in (eu.officer, eu.mission):
            abroad.open(f"/cases/{reference}/verification")
            assert story.finding not in abroad.text
            assert "Inquiries" not in abroad.page.text.split("Decision")[-1]
        journey.talk(eu, reference)
        eu.officer.open(f"/cases/{reference}/messages")
        assert story.reply in eu.officer.text

    with eu.day(4):
        act(eu.worker, reference, "Propose acceptance", ground=ground_of(eu, reference), reasons=story.reasons)
        assert not eu.worker.open(f"/cases/{reference}").offers("Confirm acceptance")
        act(eu.supervisor, reference, "Send the proposal back", reason=story.sent_back)
        assert story.sent_back in eu.worker.open(f"/cases/{reference}/history").text
        act(eu.worker, reference, "Propose acceptance", ground=ground_of(eu, reference), reasons=story.better_reasons)
        act(eu.supervisor, reference, "Confirm acceptance", note=story.note)
        assert state_of(eu, reference) is CaseState.ACCEPTED
        inside = (story.note, story.reasons, story.sent_back, "Propose", "Answers of the agencies", officer_name(eu))
        for tab in ("", "/verification", "/dates", "/history"):
            assert not [words for words in inside if words in eu.officer.open(f"/cases/{reference}{tab}").text]

    with eu.day(5):
        letter = letter_of(eu.officer, reference, "reply")
        assert title_of(letter) == "Reply to the readmission application: acceptance"
        words = words_of(letter)
        for text in (story.surname, story.own_reference, reference, "accepts the readmission"):
            assert text in words
        assert story.better_reasons not in words
        act(eu.officer, reference, "Request the travel document")
        journey.issue_documents(eu, reference)
        assert state_of(eu, reference) is CaseState.DOCUMENT_ISSUED
        assert reference not in eu.mission.open("/travel-documents").text

    with eu.day(6) as today:
        journey.announce(eu, reference, today + timedelta(days=14))
    with eu.day(20):
        eu.border.open("/transfers").follow(reference)
        for needed in (story.surname, story.document, story.child_document, story.care, story.escorts):
            assert needed in eu.border.text
        eu.border.press("Record that the person did not arrive", failure="carrier", note=story.failure)
        assert state_of(eu, reference) is CaseState.TRANSFER_FAILED
    with eu.day(21) as today:
        assert story.failure in eu.officer.open(f"/cases/{reference}/travel").text
        journey.announce(eu, reference, today + timedelta(days=9))
    with eu.day(30):
        eu.border.open("/transfers").follow(reference)
        assert "Attempt 2" in eu.border.text
        eu.border.press("Confirm the arrival", arrival_note=story.arrival_note)
        assert state_of(eu, reference) is CaseState.TRANSFERRED

    with eu.day(31):
        journey.refer(eu, reference)
        page = journey.open_referral(eu, reference)
        for shared in (story.surname, story.phone, "24.12.2026"):
            assert shared in page.text
        for kept in (story.birth_date, "17.04.1988", story.passport, story.needs, story.care, story.residence):
            assert kept not in page.text
        page.open(f"/cases/{reference}", expect=403)
        journey.reintegrate(eu, reference)
        assert "No referral is open" in page.text
        assert story.final_report in eu.worker.open(f"/cases/{reference}/reintegration").text
        act(eu.worker, reference, "Close the case")
        assert state_of(eu, reference) is CaseState.CLOSED
        for at_home in ("Referred to a partner", "Reintegration support", story.needs, "accepted by the partner"):
            assert at_home not in eu.officer.open(f"/cases/{reference}/history").text
        assert "Nothing is waiting for you" in eu.officer.open(f"/cases/{reference}").text

    assert moves(eu, reference) == [
        "Request submitted", "Receipt acknowledged", "Completion asked for", "Completion sent", "Acceptance proposed",
        "Proposal sent back", "Acceptance proposed", "Acceptance confirmed", "Travel document asked for",
        "Travel document issued", "Transfer announced", "Transfer failed",
        "Transfer announced", "Arrival confirmed", "Reintegration support offered", "Referred to a partner",
        "Referral accepted by the partner", "Case closed",
    ]  # fmt: skip


def officer_name(office: Office) -> str:
    return office.worker.user.display_name


DEEMED = re.compile(r"deemed|tacit", re.IGNORECASE)


def test_a_swiss_case_shows_25_days_and_no_tacit_consent(swiss: Office, app: Flask) -> None:
    with swiss.day(0):
        reference = journey.begin(swiss)
        journey.enter(swiss)
        assert "Art. 8(2)" in swiss.officer.text
        assert not DEEMED.search(swiss.officer.text)
        journey.send(swiss)
        # Nothing runs before the receipt is acknowledged.
        assert "No date is running." in swiss.officer.open(f"/cases/{reference}").text
    with swiss.day(2):
        act(swiss.worker, reference, "Acknowledge receipt")
        for reader in (swiss.worker, swiss.officer):
            for tab in ("", "/dates", "/verification"):
                assert not DEEMED.search(reader.open(f"/cases/{reference}{tab}").text)
            reader.open(f"/cases/{reference}")
            assert "Reply to the application 25 days left 21.12.2026 verified" in reader.text
            assert "25 calendar days, counted from 27.11.2026 to 21.12.2026" in reader.text
        letter = words_of(letter_of(swiss.officer, reference, "acknowledgement"))
        assert "Reply to the application 21.12.2026" in letter
        assert not DEEMED.search(letter)
    with swiss.day(40):
        watch.record_passed_limits()
        assert state_of(swiss, reference) is CaseState.UNDER_VERIFICATION
        for reader, where in ((swiss.worker, "/queue?due=overdue"), (swiss.officer, "/requests?due=overdue")):
            page = reader.open(where)
            assert reference in page.text
            assert "13 days late" in page.text
        assert "Under the agreement silence has no effect" in swiss.worker.open(f"/cases/{reference}").text
        assert not swiss.worker.offers("Record that the reply limit passed")
        assert not DEEMED.search(swiss.worker.text)

        # A late reply is a reply all the same.
        act(swiss.worker, reference, "Propose acceptance", ground=ground_of(swiss, reference), reasons="Both registers")
        act(swiss.supervisor, reference, "Confirm acceptance")
        act(swiss.officer, reference, "Request the travel document")
        journey.issue_documents(swiss, reference)
        reply = words_of(letter_of(swiss.officer, reference, "reply"))
        assert not DEEMED.search(reply)
    with swiss.day(41) as today:
        journey.announce(swiss, reference, today + timedelta(days=10))
    with swiss.day(51):
        swiss.border.open("/transfers").follow(reference)
        swiss.border.press("Confirm the arrival")
    with swiss.day(52):
        journey.refer(swiss, reference)
        journey.reintegrate(swiss, reference)
        act(swiss.worker, reference, "Close the case")
        assert state_of(swiss, reference) is CaseState.CLOSED
    assert not [line for line in moves(swiss, reference) if DEEMED.search(line)]


@pytest.mark.parametrize("state", ["RS", "TR"])
def test_without_an_agreement_in_force_no_treaty_date_stands_anywhere(app: Flask, state: str) -> None:
    office = Office(app, state)
    office.open_doors()
    with office.day(0):
        reference = journey.begin(office)
        journey.enter(office)
        assert "Diplomatic channel: no treaty date." in office.officer.text
        journey.send(office)
    with office.day(1):
        act(office.worker, reference, "Acknowledge receipt")
        for reader in (office.worker, office.officer):
            overview = reader.open(f"/cases/{reference}").text
            assert "No agreement in force: diplomatic channel." in overview
            assert "No treaty date runs in this case" in overview
            dates = reader.open(f"/cases/{reference}/dates").text
            assert "No date is running." in dates
            for text in (overview, dates):
                assert "Art." not in text
                assert set(ANY_DATE.findall(text)) <= {"24.11.2026", "25.11.2026"}
        # The days on which it was sent and last changed, and none by which anything is due.
        assert ANY_DATE.findall(row_of(office.officer.open("/requests"), reference)) == ["25.11.2026"]
        assert "No date" in row_of(office.worker.open("/queue"), reference)
        assert not ANY_DATE.findall(row_of(office.worker, reference))
        letter = words_of(letter_of(office.officer, reference, "acknowledgement"))
        assert "no treaty limit runs, and silence has no effect" in letter
        assert set(ANY_DATE.findall(letter)) == {"24.11.2026", "25.11.2026", "17.04.1988"}
    with office.day(2):
        act(office.worker, reference, "Propose acceptance", ground=ground_of(office, reference), reasons="Register")
        act(office.supervisor, reference, "Confirm acceptance")
        reply = words_of(letter_of(office.officer, reference, "reply"))
        assert set(ANY_DATE.findall(reply)) == {"24.11.2026", "26.11.2026", "17.04.1988"}
    with office.day(200):
        watch.record_passed_limits()
        assert state_of(office, reference) is CaseState.ACCEPTED
        assert reference not in office.worker.open("/queue?due=overdue").text


def row_of(browser: Browser, reference: str) -> str:
    """Return the words of a case's line in a list."""
    html = browser.response.text
    row = next(row for row in re.findall(r"<tr\b.*?</tr>", html, re.DOTALL) if f"/{reference}" in row)
    return Page(row).text


def ground_of(office: Office, reference: str) -> str:
    """Return the first ground that the form of an acceptance offers."""
    office.worker.open(f"/cases/{reference}/do/propose_acceptance")
    return next(filter(None, office.worker.form_with("Propose acceptance").controls["ground"].offered))


def moves(office: Office, reference: str) -> list[str]:
    """Read the moves of a case off its timeline, the oldest first."""
    html = office.worker.open(f"/cases/{reference}/history").response.text
    timeline = html[html.index("<h2>Timeline") :]
    return re.findall(r'class="thread-text">([^<]+)</p>\s*<p class="thread-when', timeline)[::-1]
