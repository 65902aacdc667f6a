"""Corrections and restrictions: asked for, decided by another, standing on the record, told to sender and receivers."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.core import outbox
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.letters import service as letters
from ercms.letters.presenting import document_of
from ercms.letters.service import LetterKind
from ercms.marks import service as marks
from ercms.marks.enums import MarkGround, MarkKind, MarkState, Standing
from ercms.notifications.models import Notification
from ercms.persons import service as persons
from ercms.privacy import marks_service
from ercms.vault.enums import Compartment
from ercms.verification import inquiry_reading, inquiry_service
from ercms.verification.enums import InquiryPurpose
from tests.conftest import csrf_token, new_client
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, act, make_case, make_draft
from workflows.readmission import CaseState, CaseTrigger

SignIn = Callable[..., TestResponse]
WRONG_NAME = {
    "number": 1,
    "kind": MarkKind.CORRECTION,
    "ground": MarkGround.INACCURATE,
    "field": "identity.birth_date",
    "value": "1991-02-03",
    "text": "The birth certificate says otherwise.",
    "is_by_person": True,
}
RESTRICTION = {
    "number": 1,
    "kind": MarkKind.RESTRICTION,
    "ground": MarkGround.ACCURACY_CONTESTED,
    "text": "The person says that this is somebody else.",
}


@pytest.fixture
def cast(app: Flask, fixed_clock: datetime) -> Cast:
    return Cast()


@pytest.fixture
def officer(cast: Cast) -> Actor:
    return accounts.get_actor(make_user(Role.DATA_PROTECTION_OFFICER, organisation=cast.service).id)


def person_of(reference: str) -> str:
    case_id = lookup_service.find_case_id(reference=reference) or ""
    return lookup_service.cases_of_records(case_ids=[case_id])[case_id].principal_person_id


def ask(actor: Actor, reference: str, values: dict[str, Any]) -> str:
    with unit_of_work():
        return marks_service.ask(actor=actor, reference=reference, values=values)


def decide(officer: Actor, mark_id: str, *, is_granted: bool, version: int = 1) -> None:
    with unit_of_work():
        marks_service.decide(
            actor=officer, mark_id=mark_id, is_granted=is_granted, reasons="The register was seen.", version=version
        )


def inquire(cast: Cast, reference: str) -> None:
    row = {
        "agency_id": cast.verifier.organisation_id,
        "purpose": InquiryPurpose.SECURITY,
        "named": ["identity.surname", "identity.birth_date"],
    }
    with unit_of_work():
        inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})


def deliver() -> None:
    db.session.remove()
    while outbox.deliver_due():
        continue


def told(event: str) -> set[str]:
    rows = db.session.scalars(select(Notification).where(Notification.event == event))
    return {row.organisation_id for row in rows}


def test_a_granted_correction_replaces_the_value_keeps_the_former_and_is_found_by_the_new_one(
    cast: Cast, officer: Actor
) -> None:
    reference = make_case(cast)
    person_id = person_of(reference)
    mark_id = ask(cast.worker, reference, WRONG_NAME)
    assert marks.standings_of(person_ids=[person_id]) == (Standing.CONTESTED,)
    assert "1991-02-03" not in str(persons.read_compartment(person_id=person_id, compartment=Compartment.IDENTITY))

    decide(officer, mark_id, is_granted=True)
    identity = persons.read_compartment(person_id=person_id, compartment=Compartment.IDENTITY)
    assert (identity["birth_date"], identity["surname"]) == ("1991-02-03", "Şıxəliyev")
    assert person_id in persons.find_by_exact(text="1991-02-03")
    assert marks.standings_of(person_ids=[person_id]) == (Standing.CORRECTED,)
    [seen] = marks_service.of_person(person_id=person_id)
    assert (seen.state, seen.value, seen.former, seen.is_by_person) == (MarkState.GRANTED, "1991-02-03", None, True)
    case_id = lookup_service.find_case_id(reference=reference) or ""
    lines = [one.action for one in audit.history(chain=audit.case_chain(case_id))]
    assert lines[-3:] == [AuditAction.MARK_ASKED, AuditAction.MARK_DECIDED, AuditAction.PERSON_CORRECTED]

    again = ask(cast.requester, reference, {**WRONG_NAME, "field": "identity.surname", "value": "Şıxəlizadə"})
    decide(officer, again, is_granted=True)
    former = {one.id: one.former for one in marks_service.of_person(person_id=person_id)}
    assert former == {mark_id: None, again: "Şıxəliyev"}


def test_a_refused_correction_changes_nothing_and_leaves_no_mark(cast: Cast, officer: Actor) -> None:
    reference = make_case(cast)
    mark_id = ask(cast.requester, reference, WRONG_NAME)
    decide(officer, mark_id, is_granted=False)

    identity = persons.read_compartment(person_id=person_of(reference), compartment=Compartment.IDENTITY)
    assert "birth_date" not in identity
    assert marks.standings_of(person_ids=[person_of(reference)]) == ()
    deliver()
    assert told("mark_refused") == {cast.authority.id}
    assert told("data_corrected") == set()


def test_a_restriction_stops_new_disclosures_until_it_is_lifted(cast: Cast, officer: Actor) -> None:
    reference = make_case(cast)
    mark_id = ask(officer, reference, RESTRICTION)
    # While it waits, the data go out, and whoever receives them sees that they are contested.
    inquire(cast, reference)
    [row] = inquiry_reading.list_for(actor=cast.verifier)[0]
    with unit_of_work():
        page = inquiry_reading.open_page(actor=cast.verifier, inquiry_id=row.id)
    assert page.standings == (Standing.CONTESTED,)

    decide(officer, mark_id, is_granted=True)
    with pytest.raises(RuleRefused, match="use_restricted"):
        inquire(cast, reference)
    version = marks_service.of_person(person_id=person_of(reference))[0].version
    with pytest.raises(Conflict, match="stale_version"):
        marks_service.lift(actor=officer, mark_id=mark_id, version=1)
    with unit_of_work():
        marks_service.lift(actor=officer, mark_id=mark_id, version=version)
    inquire(cast, reference)
    with pytest.raises(Conflict, match="mark_not_granted"):
        marks_service.lift(actor=officer, mark_id=mark_id, version=version)


def test_a_restricted_person_is_referred_to_nobody(cast: Cast, officer: Actor) -> None:
    reference = make_case(cast, CaseState.REFERRAL_OFFERED)
    decide(officer, ask(cast.worker, reference, RESTRICTION), is_granted=True)
    consent = {
        "partner_id": cast.partner.organisation_id,
        "consent_purpose": "reintegration_support",
        "consented_fields": ["full_name"],
        "consented_on": date(2026, 11, 24),
        "consent_until": date(2027, 11, 24),
    }
    with pytest.raises(RuleRefused, match="use_restricted"):
        act(cast.worker, reference, CaseTrigger.REFER, **consent)


def test_the_sender_and_every_receiver_are_told_and_nobody_else(cast: Cast, officer: Actor) -> None:
    reference = make_case(cast)
    inquire(cast, reference)
    bystander = make_organisation()
    decide(officer, ask(cast.worker, reference, WRONG_NAME), is_granted=True)
    deliver()

    service = {cast.service.id}
    assert told("mark_asked") == {accounts.get_user(officer.user_id).organisation_id}
    assert told("data_corrected") == {cast.authority.id, cast.mission_office.id, cast.agency.id} | service
    assert bystander.id not in told("data_corrected")


def test_the_authority_receives_a_letter_with_what_was_put_right(app: Flask, cast: Cast, officer: Actor) -> None:
    reference = make_case(cast)
    with pytest.raises(NotFound), unit_of_work():
        letters.facts_of(actor=cast.requester, reference=reference, kind=LetterKind.DATA_NOTICE, language="en")
    decide(officer, ask(cast.worker, reference, WRONG_NAME), is_granted=True)
    decide(officer, ask(cast.worker, reference, RESTRICTION), is_granted=True)

    with app.test_request_context(), unit_of_work():
        facts = letters.facts_of(actor=cast.requester, reference=reference, kind=LetterKind.DATA_NOTICE, language="en")
        document = document_of(facts, language="en")
    assert sorted(document["reasons"]) == [
        "Date of birth: corrected on 24.11.2026 to “1991-02-03”.",
        "The use is restricted since 24.11.2026. The person contests that the data are right.",
    ]


def test_who_may_ask_and_who_may_decide(cast: Cast, officer: Actor) -> None:
    reference = make_case(cast)
    mark_id = ask(cast.mission, reference, WRONG_NAME)
    for actor in (cast.worker, cast.supervisor, cast.requester):
        with pytest.raises(PermissionRefused):
            decide(actor, mark_id, is_granted=True)
    with pytest.raises(NotFound):
        ask(Cast("FR").requester, reference, WRONG_NAME)
    decide(officer, mark_id, is_granted=True)
    with pytest.raises(Conflict, match="mark_not_pending"):
        decide(officer, mark_id, is_granted=False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": 7}, "number"),
        ({"field": "identity.nobody"}, "field"),
        ({"value": "yesterday"}, "value"),
    ],
)
def test_what_cannot_be_corrected_is_refused_at_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    reference = make_case(cast)
    with pytest.raises(InvalidInput) as caught:
        ask(cast.worker, reference, {**WRONG_NAME, **changes})
    assert list(caught.value.fields) == [field]


def test_a_draft_is_corrected_by_whoever_writes_it(cast: Cast, officer: Actor) -> None:
    reference = make_draft(cast)
    with pytest.raises(RuleRefused, match="case_not_sent"):
        ask(officer, reference, WRONG_NAME)


def test_the_pages_ask_show_and_decide(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    reference = make_case(cast)
    worker, protector = new_client(app), new_client(app)
    sign_in(worker, accounts.get_user(cast.worker.user_id))
    sign_in(protector, make_user(Role.DATA_PROTECTION_OFFICER))

    address = f"/cases/{reference}/corrections"
    page = worker.get(address).text
    form = {**{name: str(value) for name, value in RESTRICTION.items()}, "csrf_token": csrf_token(page)}
    wrong = worker.post(address, data={**form, "ground": "inaccurate"})
    assert wrong.status_code == 422
    assert "does not go with" in wrong.text
    assert worker.post(address, data=form).status_code == 302
    assert "Accuracy contested" in worker.get(f"/cases/{reference}/messages").text

    waiting = protector.get("/privacy/corrections").text
    assert "somebody else" in waiting
    mark = marks_service.of_person(person_id=person_of(reference))[0]
    decision = {"csrf_token": csrf_token(waiting), "version": "1", "is_granted": "true"}
    unreasoned = protector.post(f"/privacy/corrections/{mark.id}/decide", data=decision)
    assert unreasoned.status_code == 422
    decision["reasons"] = "The doubts are serious."
    assert protector.post(f"/privacy/corrections/{mark.id}/decide", data=decision).status_code == 302
    for tab in ("", "/persons", "/dates", "/corrections", "/do/propose_refusal"):
        text = worker.get(f"/cases/{reference}{tab}").text
        assert "Use restricted" in text or (tab == "/corrections" and "Granted" in text), tab
    shown = protector.get("/privacy/corrections").text
    version = re.search(rf'{mark.id}/lift.*?name="version" value="(\d+)"', shown, re.DOTALL)
    assert version
    lifting = {"csrf_token": csrf_token(shown), "version": version[1]}
    assert protector.post(f"/privacy/corrections/{mark.id}/lift", data=lifting).status_code == 302
    assert "Use restricted" not in worker.get(f"/cases/{reference}").text
