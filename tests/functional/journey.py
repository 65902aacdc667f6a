"""One case on its way through the pages, step by step, told by the people who take the steps.

Each step is what one person does at one sitting; the tests put them in an order, on days, and look at what is shown.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from io import BytesIO

from flask import Flask
from PIL import Image

from ercms.accounts import service as accounts
from ercms.accounts.service import OrganisationSummary
from ercms.cases.service import Case, get_case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.extensions import db
from tests.conftest import TODAY
from tests.factories.accounts import make_organisation, make_user
from tests.functional.browser import Browser


@dataclass(frozen=True)
class Story:
    """What is typed on the way; every word of it is invented."""

    surname: str = "Şıxəliyev"
    given_names: str = "Rəşad"
    patronymic: str = "Vüqar oğlu"
    birth_date: str = "1988-04-17"
    birth_place: str = "Gəncə"
    fin: str = "5ZK7QXA"
    passport: str = "C04417702"
    own_reference: str = "BAMF 88-1204"
    residence: str = "Nizami küç. 14, Gəncə"
    phone: str = "+994 50 555 01 02"
    child_surname: str = "Şıxəliyeva"
    child_given_names: str = "Ləman"
    parents: str = "Vüqar and Sevda, both of Gəncə"
    care: str = "Insulin twice a day"
    observations: str = "Two suitcases"
    question: str = "Please send the birth certificate."
    answer: str = "It is attached now."
    inquiry: str = "Is the number in the register?"
    finding: str = "Yes, entry 77 of the register."
    reasons: str = "The register confirms nationality."
    sent_back: str = "Name the second register too."
    better_reasons: str = "Both registers confirm nationality."
    note: str = "Checked against the paper file."
    message: str = "When may we expect the reply?"
    reply: str = "Within this week."
    document: str = "QS 0001234"
    child_document: str = "QS 0001235"
    escorts: str = "Inspector Weber"
    failure: str = "The flight was cancelled."
    arrival_note: str = "Arrived in good health."
    needs: str = "Looks for work as a welder."
    consent_note: str = "Signed in Azerbaijani, paper in binder 4."
    service: str = "Welding course, twelve weeks"
    report: str = "Attends every day."
    final_report: str = "Works at the harbour."
    file_name: str = "pasport-rəşad.jpg"


def picture() -> BytesIO:
    """Return an invented picture."""
    target = BytesIO()
    Image.new("RGB", (40, 60), (120, 90, 60)).save(target, "JPEG")
    target.seek(0)
    return target


@dataclass
class Office:
    """Everybody who takes part in the cases of one State; each gets a browser when first asked for."""

    app: Flask
    state: str
    story: Story = field(default_factory=Story)
    visited: list[str] = field(default_factory=list)

    def organisation(self, kind: OrganisationKind) -> OrganisationSummary:
        needs_state = kind in (OrganisationKind.REQUESTING_AUTHORITY, OrganisationKind.MISSION)
        states = [self.state] if needs_state else []
        name = f"{kind.value.replace('_', ' ').capitalize()} ({self.state})"
        return make_organisation(kind, states=states, name=name)

    def _somebody(self, role: Role, home: OrganisationSummary) -> Browser:
        return Browser(self.app, make_user(role, organisation=home), self.visited).sign_in()

    @cached_property
    def service(self) -> OrganisationSummary:
        return self.organisation(OrganisationKind.MIGRATION_SERVICE)

    @cached_property
    def officer(self) -> Browser:
        return self._somebody(Role.CONSULAR_OFFICER, self.organisation(OrganisationKind.REQUESTING_AUTHORITY))

    @cached_property
    def worker(self) -> Browser:
        return self._somebody(Role.CASE_WORKER, self.service)

    @cached_property
    def supervisor(self) -> Browser:
        return self._somebody(Role.SUPERVISOR, self.service)

    @cached_property
    def mission(self) -> Browser:
        return self._somebody(Role.CONSULAR_OFFICER, self.organisation(OrganisationKind.MISSION))

    @cached_property
    def verifier(self) -> Browser:
        return self._somebody(Role.VERIFIER, self.organisation(OrganisationKind.AGENCY))

    @cached_property
    def border(self) -> Browser:
        return self._somebody(Role.BORDER_OFFICER, self.organisation(OrganisationKind.BORDER_SERVICE))

    @cached_property
    def partner(self) -> Browser:
        home = self.organisation(OrganisationKind.REINTEGRATION_PARTNER)
        return self._somebody(Role.REINTEGRATION_PARTNER, home)

    @contextmanager
    def day(self, number: int) -> Iterator[date]:
        """Live through one day, counted from the first; the hours between are the browsers' own affair."""
        with clock.fixed(TODAY + timedelta(days=number)):
            yield clock.today()

    def open_doors(self) -> None:
        """Let everybody be there before the first case is."""
        with self.day(0):
            for name in ("officer", "worker", "supervisor", "mission", "verifier", "border", "partner"):
                getattr(self, name)

    def actor(self, browser: Browser) -> Actor:
        return accounts.get_actor(browser.user.id)

    def case(self, reference: str) -> Case:
        """Read the case afresh from the database."""
        db.session.rollback()
        db.session.expire_all()
        return get_case(actor=self.actor(self.officer), reference=reference)


def begin(office: Office, *, kind: str = "own_national") -> str:
    """The officer begins a draft with four answers."""
    officer = office.officer.open("/requests").follow("New request")
    officer.press(
        "Begin the draft",
        kind=kind,
        procedure="normal",
        requesting_state=office.state,
        own_reference=office.story.own_reference,
    )
    return officer.place.split("/")[2]


def enter(office: Office) -> None:
    """The officer fills the steps in the order of the form, one after the other, each from where the last led."""
    officer, story = office.officer, office.story
    officer.press(
        "Save and continue",
        surname=story.surname,
        given_names=story.given_names,
        patronymic=story.patronymic,
        birth_date=story.birth_date,
        birth_place=story.birth_place,
        nationalities=["AZ", "", ""],
        fin=story.fin,
        document_number=story.passport,
    )
    officer.press("Save and continue", last_residence=story.residence, phone=story.phone)
    officer.follow("Add a family member")
    officer.press("Save", relation="child", surname=story.child_surname, given_names=story.child_given_names)
    officer.press("Save and continue", parents=story.parents)
    add_evidence(office, "nationality.passport", number=story.passport)
    officer.press("Upload", file=(picture(), "photo.jpg"), asylum="no", nth=1)
    officer.follow("Continue")
    officer.press("Save and check", has_consent="true", care_needed=story.care, observations=story.observations)


def add_evidence(office: Office, means: str, **details: str) -> None:
    """The officer adds a means of evidence with its file, on the evidence step."""
    file = (picture(), office.story.file_name)
    office.officer.press("Add this evidence", means=means, file=file, asylum="no", **details)


def send(office: Office) -> None:
    """The officer sends what stands on the page with the answers."""
    office.officer.press("Send to the State Migration Service")


def act(person: Browser, reference: str, name: str, /, **filled: object) -> Browser:
    """Somebody opens the case, follows the button of an act, and carries it out."""
    person.open(f"/cases/{reference}").follow(name)
    return person.press(name, **filled)


def ask_and_answer(office: Office, reference: str) -> None:
    """SMS puts one inquiry to the agency, which finds it in its list and answers."""
    office.worker.open(f"/cases/{reference}/verification").follow("Put inquiries")
    agency = office.actor(office.verifier).organisation_id
    office.worker.press(
        "Send the inquiries",
        **{
            "inquiries-0-asked": "true",
            "inquiries-0-agency_id": agency,
            "inquiries-0-question": office.story.inquiry,
        },
    )
    verifier = office.verifier.open("/inquiries")
    verifier.follow(_link_of_first_row(verifier, "/inquiries/"))
    verifier.press("Send the answer", finding="confirmed", answer=office.story.finding)


def talk(office: Office, reference: str) -> None:
    """Each side writes the other a message in the case."""
    office.officer.open(f"/cases/{reference}/messages").press("Send the message", body=office.story.message)
    office.worker.open(f"/cases/{reference}/messages").press("Send the message", body=office.story.reply)


def issue_documents(office: Office, reference: str, *, members: int = 1) -> None:
    """The mission finds what is asked for in its list and records each document."""
    today = clock.today()
    dates = {"issued_on": today.isoformat(), "valid_until": (today + timedelta(days=150)).isoformat()}
    for _ in range(members):
        mission = office.mission.open("/travel-documents")
        mission.follow(f"Record the issue ({reference}, family member)")
        mission.press("Save", number=office.story.child_document, **dates)
    office.mission.open("/travel-documents").follow(f"Record the issue ({reference})")
    office.mission.press("Record the document issued", number=office.story.document, **dates)


def announce(office: Office, reference: str, on: date) -> None:
    """The officer announces a transfer."""
    act(
        office.officer,
        reference,
        "Announce the transfer",
        transfer_on=on.isoformat(),
        means="scheduled_flight",
        crossing_point="Heydar Aliyev International Airport",
        flight_number="J2 8002",
        escorts=office.story.escorts,
    )


def refer(office: Office, reference: str) -> None:
    """SMS offers support and refers the person to the partner, with the consent to it."""
    act(office.worker, reference, "Offer reintegration support", areas=["employment", "education"],
        note=office.story.needs)  # fmt: skip
    act(
        office.worker,
        reference,
        "Refer to a partner",
        partner_id=office.actor(office.partner).organisation_id,
        consent_purpose="reintegration_support",
        consented_fields=["full_name", "phone", "return_date"],
        consent_until=(clock.today() + timedelta(days=365)).isoformat(),
        consent_note=office.story.consent_note,
    )


def open_referral(office: Office, reference: str) -> Browser:
    """The partner opens the referral from its list."""
    return office.partner.open("/referrals").follow(reference)


def reintegrate(office: Office, reference: str) -> None:
    """The partner takes the referral on, records a service, reports and finishes."""
    partner = open_referral(office, reference)
    partner.press("Take the referral on")
    partner.press("Add the service", area="employment", description=office.story.service, state="ongoing")
    partner.press("Add the report", text=office.story.report)
    partner.press("Finish the referral", outcome="sustained", text=office.story.final_report)


def _link_of_first_row(browser: Browser, prefix: str) -> str:
    return next(text for text, href in browser.page.links if href.startswith(prefix) and text)


def at_noon(day: date) -> datetime:
    """Return noon in Baku on a day."""
    return datetime(day.year, day.month, day.day, TODAY.hour, tzinfo=TODAY.tzinfo)
