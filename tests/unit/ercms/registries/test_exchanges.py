"""A register that is slow, down, answers twice, about somebody else, or nonsense costs nobody a case."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.cases.service import get_case
from ercms.core import clock, outbox
from ercms.core.actor import Role
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.privacy import sheet_service
from ercms.privacy.enums import SheetLanguage
from ercms.registries import exchange_service, service
from ercms.registries.enums import BreakerState, ExchangeState, Failure
from ercms.registries.service import ExchangeLine
from ercms.vault import service as vault
from ercms.verification import inquiry_service
from ercms.verification import service as verification
from ercms.verification.enums import AnswerChannel, InquiryFinding, InquiryPurpose
from ercms.verification.inquiry_reading import InquiryView
from tests.factories.accounts import make_user
from tests.factories.cases import IDENTITY, Cast, make_case
from tests.registry import Register, running
from workflows.inquiry import InquiryState


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let this machine be called, and let nobody wait long."""
    return Settings.for_tests(
        settings.instance_path, database_url=settings.database_url, registry_loopback=True, registry_seconds=0.4
    )


@pytest.fixture
def register() -> Iterator[Register]:
    with running() as found:
        yield found


class Office:
    """A case, its inquiry, and the worker that brings it to the register."""

    def __init__(self, register: Register) -> None:
        self.cast, self.register = Cast(), register
        self.reference = make_case(self.cast)
        self.administrator = accounts.get_actor(make_user(Role.ADMINISTRATOR).id)
        self.connect(register.address)

    def connect(self, address: str, *, is_enabled: bool = True) -> None:
        values = {"agency_id": self.cast.agency.id, "address": address, "is_enabled": is_enabled}
        with unit_of_work():
            service.configure(actor=self.administrator, values=values)

    def ask(self) -> str:
        named = ["identity.surname", "identity.birth_place"]
        row = {"purpose": InquiryPurpose.CITIZENSHIP, "agency_id": self.cast.agency.id, "named": named}
        with unit_of_work():
            values = {"inquiries": [row]}
            (inquiry_id,) = inquiry_service.send(actor=self.cast.worker, reference=self.reference, values=values)
        self.work()
        return inquiry_id

    def work(self, later: timedelta = timedelta(0)) -> None:
        """Deliver what is due after a while."""
        db.session.remove()
        with clock.fixed(clock.now() + later):
            while outbox.deliver_due():
                continue
        db.session.remove()

    def inquiry(self) -> InquiryView:
        case = get_case(actor=self.cast.worker, reference=self.reference)
        return verification.for_case(actor=self.cast.worker, case=case).inquiries[0]

    def exchange(self) -> ExchangeLine:
        inquiry_id = self.inquiry().id
        return service.states_of(inquiry_ids=[inquiry_id])[inquiry_id]

    def connection(self) -> service.ConnectionLine:
        return next(
            line for line in service.list_connections(actor=self.administrator) if line.agency_id == self.cast.agency.id
        )

    def answer_by_hand(self, inquiry_id: str) -> None:
        with unit_of_work():
            values = {"finding": InquiryFinding.NO_RECORD, "answer": "Nothing under this name."}
            inquiry_service.answer(
                actor=self.cast.verifier, inquiry_id=inquiry_id, expected_version=None, values=values
            )


@pytest.fixture
def office(app: Flask, fixed_clock: object, register: Register) -> Office:
    return Office(register)


def test_an_inquiry_goes_out_signed_with_the_named_fields_and_its_answer_comes_back(office: Office) -> None:
    inquiry_id = office.ask()
    (sent,) = office.register.received
    assert sent.json["fields"] == {
        "identity.surname": IDENTITY["surname"],
        "identity.birth_place": IDENTITY["birth_place"],
    }
    assert IDENTITY["given_names"] not in sent.body.decode()
    assert sent.headers["Idempotency-Key"] == inquiry_id
    lines = (
        "ERCMS register request 1",
        "method: POST",
        f"address: {office.register.address}/inquiries",
        f"at: {sent.headers['ERCMS-At']}",
        f"idempotency-key: {inquiry_id}",
        f"sha256: {sha256(sent.body).hexdigest()}",
    )
    public = Ed25519PublicKey.from_public_bytes(vault.signature_keys()[sent.headers["ERCMS-Key"]])
    public.verify(bytes.fromhex(sent.headers["ERCMS-Signature"]), "\n".join(lines).encode())
    shown = office.inquiry()
    assert (shown.state, shown.finding, shown.answer, shown.answered_by) == (
        InquiryState.ANSWERED,
        InquiryFinding.CONFIRMED,
        "Entry 77 of the register.",
        AnswerChannel.REGISTER,
    )
    case = get_case(actor=office.cast.worker, reference=office.reference)
    on_record = [line for line in audit.history(chain=audit.case_chain(case.id)) if line.action.value.startswith("inq")]
    assert [line.action.value for line in on_record][:3] == ["inquiry.sent", "inquiry.transmitted", "inquiry.answered"]
    assert IDENTITY["surname"] not in str(on_record)
    with unit_of_work():
        sheet = sheet_service.make_sheet(
            actor=office.cast.supervisor, reference=office.reference, number=1, language=SheetLanguage.EN
        )
    assert [(one.purpose, one.fields) for one in sheet.passed_on] == [
        ("citizenship", ("identity.surname", "identity.birth_place"))
    ]


@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        ("slow", Failure.SLOW),
        ("drips", Failure.SLOW),
        ("broken", Failure.BUSY),
        ("refuses", Failure.REFUSES),
        ("elsewhere", Failure.NONSENSE),
        ("nonsense", Failure.NONSENSE),
        ("half", Failure.NONSENSE),
        ("more", Failure.NONSENSE),
        ("deep", Failure.NONSENSE),
        ("huge", Failure.TOO_LONG),
        ("wrong_person", Failure.WRONG_PERSON),
        ("wrong_inquiry", Failure.WRONG_PERSON),
    ],
)
def test_whatever_a_register_does_the_inquiry_waits_and_is_answered_later(
    office: Office, manner: str, failure: Failure
) -> None:
    office.register.manner = manner
    office.ask()
    waiting = office.exchange()
    assert (office.inquiry().state, waiting.state, waiting.last_error) == (
        InquiryState.SENT,
        ExchangeState.WAITING,
        failure,
    )
    assert len(office.register.received) == 1
    assert waiting.next_at is not None
    office.register.manner = "answers"
    office.register.hold.set()
    office.work(timedelta(minutes=1))
    assert (office.inquiry().state, office.exchange().state) == (InquiryState.ANSWERED, ExchangeState.ANSWERED)
    keys = {received.headers["Idempotency-Key"] for received in office.register.received}
    assert len(keys) == 1


def test_a_register_that_is_down_is_left_alone_then_tried_once_then_used_again(office: Office) -> None:
    dead = office.register.address
    office.connect("http://127.0.0.1:9")
    office.ask()
    for minutes in range(1, 5):
        office.work(timedelta(minutes=minutes))
    line = office.connection()
    assert (line.breaker, line.last_error, line.waiting) == (BreakerState.OPEN, Failure.DOWN, 1)
    assert office.exchange().state is ExchangeState.WAITING
    for hours in range(1, 30):
        with clock.fixed(clock.now() + timedelta(hours=hours)):
            office.work()
    assert office.inquiry().state is InquiryState.SENT
    office.connect(dead)
    office.work(timedelta(hours=30))
    assert office.inquiry().state is InquiryState.ANSWERED
    assert office.connection().breaker is BreakerState.CLOSED
    assert outbox.count_by_state()["dead"] == 0


def test_an_answer_that_was_given_by_hand_meanwhile_holds_and_the_register_s_is_applied_to_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = exchange_service.client.send

    def slow(call: Any, limits: Any) -> Any:
        office.answer_by_hand(call.inquiry_id)
        return real(call, limits)

    monkeypatch.setattr(exchange_service.client, "send", slow)
    office.ask()
    shown = office.inquiry()
    assert (shown.finding, shown.answered_by) == (InquiryFinding.NO_RECORD, AnswerChannel.PAGE)
    assert office.exchange().state is ExchangeState.ENDED


def test_an_accepted_inquiry_is_asked_about_until_it_is_answered_and_an_old_row_does_nothing(office: Office) -> None:
    office.register.manner = "accepts"
    inquiry_id = office.ask()
    assert office.exchange().state is ExchangeState.ACCEPTED
    office.work(timedelta(hours=1))
    office.register.manner = "answers"
    office.work(timedelta(hours=3))
    methods = [received.method for received in office.register.received]
    assert methods[0] == "POST"
    assert set(methods[1:]) == {"GET"}
    assert office.exchange().state is ExchangeState.ANSWERED
    with unit_of_work():
        outbox.enqueue(exchange_service.CALL_TOPIC, {"inquiry_id": inquiry_id, "number": 1}, key="once more")
    office.work()
    assert len(office.register.received) == len(methods)


def test_a_register_that_has_lost_an_inquiry_gets_it_again(office: Office) -> None:
    office.register.manner = "accepts"
    office.ask()
    office.register.manner = "unknown"
    office.work(timedelta(minutes=5))
    office.register.manner = "answers"
    office.work(timedelta(minutes=10))
    assert [received.method for received in office.register.received] == ["POST", "GET", "POST"]
    assert office.inquiry().state is InquiryState.ANSWERED


def test_a_register_that_goes_on_answering_nonsense_is_given_up_and_a_person_answers(office: Office) -> None:
    office.register.manner = "wrong_person"
    inquiry_id = office.ask()
    for hours in range(1, 8):
        office.work(timedelta(hours=hours))
    assert office.exchange().state is ExchangeState.BY_HAND
    assert len(office.register.received) == exchange_service.MOST_BAD_ANSWERS
    office.answer_by_hand(inquiry_id)
    assert office.inquiry().state is InquiryState.ANSWERED


def test_a_withdrawn_inquiry_goes_nowhere_any_more(office: Office) -> None:
    office.register.manner = "broken"
    inquiry_id = office.ask()
    with unit_of_work():
        inquiry_service.withdraw(
            actor=office.cast.worker, inquiry_id=inquiry_id, expected_version=None, values={"reason": "Asked twice."}
        )
    office.work(timedelta(hours=1))
    assert len(office.register.received) == 1
    assert office.exchange().state is ExchangeState.ENDED


def test_an_address_that_is_not_listed_is_refused_and_one_switched_off_is_not_called(office: Office) -> None:
    with pytest.raises(InvalidInput) as refusal:
        office.connect("https://register.example.org")
    assert refusal.value.fields == {"address": [service.ADDRESS_NOT_ALLOWED]}
    office.connect(office.register.address, is_enabled=False)
    office.ask()
    assert office.register.received == []
    assert service.states_of(inquiry_ids=[office.inquiry().id]) == {}


def test_the_pages_say_how_it_stands_and_the_administrator_tries_again(
    office: Office, client: FlaskClient, sign_in: Any
) -> None:
    office.connect("http://127.0.0.1:9")
    office.ask()
    for minutes in range(1, 5):
        office.work(timedelta(minutes=minutes))
    sign_in(client, accounts.get_user(office.cast.worker.user_id))
    tab = client.get(f"/cases/{office.reference}/verification").text
    assert "Waits for the register: The register cannot be reached" in tab
    assert client.get("/admin/registers").status_code == 403
    token = tab.split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/sign-out", data={"csrf_token": token})
    sign_in(client, accounts.get_user(office.administrator.user_id))
    page = client.get("/admin/registers").text
    assert "Left alone for now" in page
    assert IDENTITY["surname"] not in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    bad = {"csrf_token": token, "agency_id": office.cast.agency.id, "address": "http://192.0.2.1/"}
    assert client.post("/admin/registers", data=bad).status_code == 422
    again = client.post("/admin/registers/try-again", data={"csrf_token": token, "agency_id": office.cast.agency.id})
    assert again.status_code == 302
    assert "Works" in client.get("/admin/registers").text
