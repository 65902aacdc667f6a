"""Who is told of what, in the system and by mail."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from ercms.accounts import service as accounts
from ercms.cases import worklist
from ercms.cases.service import get_case
from ercms.core import outbox
from ercms.core.actor import SYSTEM, Actor, Role
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.factors import reset_service
from ercms.factors.enums import ResetReason
from ercms.messages import service as messages
from ercms.notifications import mail, service
from ercms.notifications.audiences import MOVES, Recipient
from ercms.notifications.enums import NoticeEvent
from ercms.verification import inquiry_service
from ercms.verification.enums import InquiryFinding, InquiryPurpose
from tests.factories.accounts import make_user
from tests.factories.cases import IDENTITY, Cast, act, make_case
from tests.smtp import Mailbox
from workflows.readmission import CaseState, CaseTrigger

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

Deliver = Callable[[], None]


def _events(actor: Actor) -> list[str]:
    return sorted(notice.event for notice in service.list_own(actor=actor))


def _assign(cast: Cast, reference: str) -> None:
    with unit_of_work():
        worklist.assign(actor=cast.supervisor, references=[reference], officer_id=cast.worker.user_id)


def test_every_trigger_says_who_must_know() -> None:
    assert set(MOVES) == set(CaseTrigger)


def test_both_sides_learn_of_a_request_and_of_its_decision(deliver: Deliver) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    _assign(cast, reference)
    deliver()
    assert _events(cast.worker) == ["request_received"]
    assert _events(cast.requester) == ["receipt_confirmed"]
    act(cast.worker, reference, CaseTrigger.PROPOSE_ACCEPTANCE, ground="own_national", reasons="On record.")
    deliver()
    assert "decision_proposed" in _events(cast.supervisor)
    assert "decision_proposed" not in [*_events(cast.requester), *_events(cast.worker)]
    act(cast.supervisor, reference, CaseTrigger.CONFIRM_ACCEPTANCE)
    deliver()
    for actor in (cast.requester, cast.mission, cast.worker):
        assert "request_accepted" in _events(actor)


def test_a_request_that_nobody_has_taken_on_is_told_to_everybody_who_works_on_cases_and_nobody_else(
    deliver: Deliver,
) -> None:
    cast = Cast()
    _ = cast.worker, cast.supervisor
    make_case(cast, CaseState.SUBMITTED)
    deliver()
    for actor in (cast.worker, cast.supervisor):
        assert _events(actor) == ["request_received"]
    for role in (Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.ANALYST):
        assert _events(accounts.get_actor(make_user(role, organisation=cast.service).id)) == []


def test_a_notice_to_somebody_else_can_be_neither_seen_nor_marked(deliver: Deliver) -> None:
    cast, other = Cast(), Cast(state="CH")
    make_case(cast, CaseState.UNDER_VERIFICATION)
    deliver()
    (notice,) = service.list_own(actor=cast.requester)
    assert service.list_own(actor=other.requester) == ()
    with pytest.raises(NotFound), unit_of_work():
        service.mark_read(actor=other.requester, notice_id=notice.id)


def test_the_mark_in_the_head_counts_what_is_new(deliver: Deliver) -> None:
    cast = Cast()
    make_case(cast, CaseState.UNDER_VERIFICATION)
    make_case(cast, CaseState.UNDER_VERIFICATION)
    deliver()
    assert service.unread_count(actor=cast.requester) == 2
    first = service.list_own(actor=cast.requester)[0]
    with unit_of_work():
        service.mark_read(actor=cast.requester, notice_id=first.id)
    assert service.unread_count(actor=cast.requester) == 1
    with unit_of_work():
        assert service.mark_all_read(actor=cast.requester) == 1
    assert service.unread_count(actor=cast.requester) == 0


def test_a_message_is_told_to_the_other_side_only(deliver: Deliver) -> None:
    cast = Cast()
    reference = make_case(cast)
    _assign(cast, reference)
    for writer in (cast.mission, cast.worker):
        with unit_of_work():
            messages.send(actor=writer, reference=reference, values={"body": "When will there be a reply?"})
    deliver()
    counted = {name: _events(getattr(cast, name)).count("message_received") for name in ("worker", "requester")}
    assert counted == {"worker": 1, "requester": 1}
    assert _events(cast.mission).count("message_received") == 1


def test_an_inquiry_is_told_to_its_agency_and_its_answer_to_the_officer_and_nothing_of_it_abroad(
    deliver: Deliver,
) -> None:
    cast = Cast()
    reference = make_case(cast)
    _assign(cast, reference)
    row = {"purpose": InquiryPurpose.CITIZENSHIP, "agency_id": cast.agency.id, "named": ["identity.surname"]}
    with unit_of_work():
        (inquiry_id,) = inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})
    with unit_of_work():
        values = {"finding": InquiryFinding.NO_RECORD, "answer": "Nothing found."}
        inquiry_service.answer(actor=cast.verifier, inquiry_id=inquiry_id, expected_version=None, values=values)
    deliver()
    assert _events(cast.verifier) == ["inquiry_received"]
    assert "inquiry_answered" in _events(cast.worker)
    for actor in (cast.requester, cast.mission):
        assert not [event for event in _events(actor) if event.startswith("inquiry")]


def test_a_mail_carries_the_reference_and_what_happened_in_the_readers_language_and_no_name(
    deliver: Deliver, mailbox: Mailbox
) -> None:
    cast = Cast()
    reader = make_user(Role.CONSULAR_OFFICER, organisation=cast.authority, locale="en")
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    deliver()
    (mail_to_reader,) = [m for m in mailbox.mails if m["To"] == reader.email]
    assert mail_to_reader["Subject"] == f"{reference}: Receipt of the request is confirmed"
    assert reference in mail_to_reader.get_content()
    everything = b"".join(content for _, content in mailbox.envelopes).decode()
    for value in IDENTITY.values():
        assert value not in everything
    assert cast.authority.name not in everything


def test_whose_second_factor_was_reset_is_told_by_mail_and_nobody_else(deliver: Deliver, mailbox: Mailbox) -> None:
    cast = Cast()
    reader = make_user(Role.CONSULAR_OFFICER, organisation=cast.authority, locale="en")
    with unit_of_work():
        secret = reset_service.reset(
            actor=cast.administrator, user_id=reader.id, reason=ResetReason.LOST, note="Rang back and knew the number"
        )
    deliver()
    (received,) = mailbox.mails
    assert received["To"] == reader.email
    assert "An administrator has reset your second factor" in received["Subject"]
    everything = b"".join(content for _, content in mailbox.envelopes).decode()
    assert secret not in everything
    assert "Rang back" not in everything


@pytest.mark.parametrize(
    ("language", "words"),
    [("az", "Müraciətin qəbulu təsdiq edilib"), ("ru", "Получение обращения подтверждено")],
)
def test_each_reader_is_written_to_in_their_own_language(
    deliver: Deliver, mailbox: Mailbox, language: str, words: str
) -> None:
    cast = Cast()
    reader = make_user(Role.CONSULAR_OFFICER, organisation=cast.authority, locale=language)
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    deliver()
    (received,) = [m for m in mailbox.mails if m["To"] == reader.email]
    assert received["Subject"] == f"{reference}: {words}"
    assert received["Content-Language"] == language
    assert "/notices" in received.get_content()


def test_a_mail_is_sent_once_however_often_the_worker_looks(deliver: Deliver, mailbox: Mailbox) -> None:
    make_case(Cast(), CaseState.UNDER_VERIFICATION)
    deliver()
    sent = len(mailbox.envelopes)
    assert sent
    deliver()
    assert len(mailbox.envelopes) == sent
    stamps = db.session.execute(text("SELECT count(*) FROM notifications WHERE mailed_at IS NOT NULL")).scalar_one()
    assert stamps


def test_a_mail_server_that_is_away_delays_the_mail_and_stops_nothing(deliver: Deliver, mailbox: Mailbox) -> None:
    mailbox.refuses = True
    cast = Cast()
    make_case(cast, CaseState.UNDER_VERIFICATION)
    deliver()
    assert _events(cast.requester) == ["receipt_confirmed"]
    assert mailbox.envelopes == []
    assert outbox.count_by_state()["pending"] > 0
    mailbox.refuses = False
    with unit_of_work():
        db.session.execute(text("UPDATE outbox SET available_at = created_at WHERE state = 'pending'"))
    deliver()
    assert mailbox.envelopes


def test_the_mailbox_of_an_organisation_gets_one_mail_in_place_of_one_each(deliver: Deliver, mailbox: Mailbox) -> None:
    cast = Cast()
    make_user(Role.CONSULAR_OFFICER, organisation=cast.authority)
    with unit_of_work():
        accounts.change_organisation(
            actor=SYSTEM,
            organisation_id=cast.authority.id,
            version=cast.authority.version,
            name=cast.authority.name,
            states=cast.authority.states,
            contact_email="readmission@authority.example.org",
        )
    make_case(cast, CaseState.UNDER_VERIFICATION)
    deliver()
    (to_the_desk,) = [r for r, _ in mailbox.envelopes if "readmission@authority.example.org" in r]
    assert to_the_desk == ["readmission@authority.example.org"]
    officer = accounts.get_user(cast.requester.user_id)
    assert not [r for r, _ in mailbox.envelopes if officer.email in r]


@pytest.mark.parametrize(
    "address",
    ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y", "a@example.org,b@example.org", "A <a@example.org>"],
)
def test_an_address_cannot_smuggle_in_a_header_or_a_second_reader(app: Any, address: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        mail.compose(
            app.config["SETTINGS"],
            address=address,
            language="en",
            event=NoticeEvent.MESSAGE_RECEIVED.value,
            reference="RA-2026-7K3M9Q-T",
            message_id="1",
        )
    assert refusal.value.code == "bad_address"


def test_what_has_been_told_is_not_told_again() -> None:
    cast = Cast()
    recipient = Recipient(cast.requester.organisation_id or "")
    told = []
    for _ in range(2):
        with unit_of_work():
            told.append(service.notify(event="case_closed", recipients=[recipient], key="moved:1"))
    assert told == [(recipient,), ()]


def test_no_payload_and_no_notice_holds_a_name(deliver: Deliver) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.ACCEPTED)
    deliver()
    rows = str(db.session.execute(text("SELECT * FROM notifications")).all())
    rows += str(db.session.execute(text("SELECT payload FROM outbox")).all())
    assert reference in rows
    assert get_case(actor=cast.worker, reference=reference).principal_person_id not in rows
    for value in IDENTITY.values():
        assert value not in rows
