"""The three journeys in a real browser; every page on the way is looked at."""

from datetime import timedelta

from ercms.core import clock
from tests.browser.chromium import in_a_browser
from tests.browser.conftest import RealOffice
from tests.browser.person import Person
from tests.factories.cases import make_case
from tests.functional import journey
from tests.functional.journey import act
from workflows.readmission import CaseState, CaseTrigger

pytestmark = in_a_browser


def test_a_consular_officer_enters_a_request_and_follows_it_to_the_transfer(office: RealOffice) -> None:
    officer, story = office.officer, office.story
    reference = journey.begin(office)
    officer.press("Save and leave", surname=story.surname)
    assert officer.place == "/requests"
    officer.follow(reference).follow("Change Person")
    journey.enter(office)
    for text in (story.surname, story.child_given_names, story.passport, story.care, "17.04.1988"):
        assert text in officer.text
    journey.send(office)
    assert "Your request has been received" in officer.text

    office.meanwhile("worker", reference, CaseTrigger.ACKNOWLEDGE)
    office.meanwhile("worker", reference, CaseTrigger.REQUEST_COMPLETION, question=story.question)
    officer.follow("Open the case").follow("Verification")
    assert story.question in officer.text
    officer.follow("Add to the request").follow("Change Evidence")
    journey.add_evidence(office, "nationality.birth_certificate", number="GE 4411")
    act(officer, reference, "Send the completion", answer=story.answer)
    assert office.case(reference).state is CaseState.UNDER_VERIFICATION

    accept = {"ground": "own_national", "reasons": story.reasons}
    office.meanwhile("worker", reference, CaseTrigger.PROPOSE_ACCEPTANCE, **accept)
    office.meanwhile("supervisor", reference, CaseTrigger.CONFIRM_ACCEPTANCE)
    officer.open(f"/cases/{reference}")
    letter = officer.fetch("English (PDF)")
    assert letter.startswith(b"%PDF")

    act(officer, reference, "Request the travel document")
    journey.issue_documents(office, reference)
    journey.announce(office, reference, clock.today() + timedelta(days=14))
    assert office.case(reference).state is CaseState.TRANSFER_NOTIFIED
    officer.follow("Messages").press("Send the message", body=story.message)
    assert story.message in officer.text
    officer.follow("Notices")


def test_a_case_worker_and_a_supervisor_take_a_request_to_the_decision(office: RealOffice) -> None:
    reference = make_case(office.cast, CaseState.SUBMITTED)
    worker, story = office.worker, office.story
    worker.open("/queue").press("Show", state="submitted", kind="own_national")
    worker.press("Save the view", name="Just in").follow("Just in")
    worker.press("Assign", reference=reference, officer_id=worker.user.id)
    worker.follow("Mine").follow(reference)
    act(worker, reference, "Acknowledge receipt")

    for part in worker.tabs():
        worker.follow(part)
    worker.follow("Due dates").unfold_first("Reply to the application")
    assert "calendar days, counted from" in worker.seen
    begun, ended = ((clock.today() - timedelta(days=days)).isoformat() for days in (2, 1))
    worker.press("Record the stop", ground="crisis_measure", from_on=begun, note="Letter of today")
    assert "Clocks stopped" in worker.text
    worker.press("End the stop", to_on=ended)
    assert "Clocks stopped" not in worker.text

    act(worker, reference, "Ask for completion", question=story.question)
    office.meanwhile("requester", reference, CaseTrigger.COMPLETE, answer=story.answer)
    journey.ask_and_answer(office, reference)
    worker.open("/search").press("Search", q=reference).follow(reference)
    act(worker, reference, "Propose acceptance", ground="own_national", reasons=story.reasons)
    assert not worker.open(f"/cases/{reference}").offers("Confirm acceptance")
    worker.open(f"/cases/{reference}/messages").press("Send the message", body=story.reply)

    supervisor = office.supervisor.open("/queue").follow("To confirm").follow(reference)
    supervisor.follow("Send the proposal back").press("Send the proposal back", reason=story.sent_back)
    act(worker, reference, "Propose acceptance", ground="own_national", reasons=story.better_reasons)
    act(supervisor, reference, "Confirm acceptance", note=story.note)
    assert office.case(reference).state is CaseState.ACCEPTED
    supervisor.follow("Timeline")


def test_a_partner_sees_what_was_consented_to_and_brings_the_case_home(office: RealOffice) -> None:
    reference = make_case(office.cast, CaseState.DOCUMENT_REQUESTED)
    journey.issue_documents(office, reference, members=0)
    journey.announce(office, reference, clock.today())
    office.border.open("/transfers").follow(reference)
    office.border.press("Confirm the arrival", arrival_note=office.story.arrival_note)
    journey.refer(office, reference)

    partner = journey.open_referral(office, reference)
    assert "Şıxəliyev" in partner.text
    for kept in ("5ZK7QXA", "Gəncə", office.story.needs):
        assert kept not in partner.text
    refused(partner, f"/cases/{reference}")
    journey.reintegrate(office, reference)
    assert "No referral is open" in partner.text
    act(office.worker, reference, "Close the case")
    assert office.case(reference).state is CaseState.CLOSED


def refused(person: Person, url: str) -> None:
    """A page that is not this person's says so, on a page that is in order itself."""
    person.expects_refusal = True
    person.open(url, expect=403)
    person.expects_refusal = False
