"""Inquiries: exactly the named fields go to exactly one agency, and every transmission is on record."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.cases.service import get_case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.persons.service import SECTION_SCHEMAS
from ercms.vault.enums import Compartment
from ercms.verification import inquiry_fields, inquiry_reading, inquiry_service, service
from ercms.verification.enums import InquiryFinding, InquiryPurpose
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import IDENTITY, Cast, make_case
from workflows.inquiry import InquiryState
from workflows.readmission import CaseState

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

NAMED = ["identity.surname", "identity.birth_place"]


def _send(cast: Cast, reference: str, *rows: dict[str, Any], actor: Actor | None = None) -> tuple[str, ...]:
    usual = {"purpose": InquiryPurpose.CITIZENSHIP, "agency_id": cast.agency.id, "named": NAMED, "asked": True}
    with unit_of_work():
        values = {"inquiries": [{**usual, **row} for row in (rows or ({},))]}
        return inquiry_service.send(actor=actor or cast.worker, reference=reference, values=values)


def _answer(actor: Actor, inquiry_id: str, *, version: int | None = None) -> None:
    with unit_of_work():
        values = {"finding": InquiryFinding.CONFIRMED, "answer": "Entry 77 of the register."}
        inquiry_service.answer(actor=actor, inquiry_id=inquiry_id, expected_version=version, values=values)


def _open(actor: Actor, inquiry_id: str) -> inquiry_reading.InquiryPage:
    with unit_of_work():
        return inquiry_reading.open_page(actor=actor, inquiry_id=inquiry_id)


def _audit(cast: Cast, reference: str) -> list[audit.AuditLine]:
    case = get_case(actor=cast.worker, reference=reference)
    return audit.history(chain=f"case:{case.id}")


def test_an_agency_sees_exactly_the_fields_that_the_inquiry_names() -> None:
    cast = Cast()
    reference = make_case(cast)
    (inquiry_id,) = _send(cast, reference, {"question": "Is this person a citizen?"})
    page = _open(cast.verifier, inquiry_id)
    assert [(field.name, field.value) for field in page.fields] == [
        ("identity.surname", IDENTITY["surname"]),
        ("identity.birth_place", IDENTITY["birth_place"]),
    ]
    assert page.question == "Is this person a citizen?"
    assert IDENTITY["given_names"] not in str(page)
    assert (page.may_answer, page.may_withdraw) == (True, False)


def test_every_transmission_and_every_look_is_in_the_audit_with_the_fields_and_no_value() -> None:
    cast = Cast()
    reference = make_case(cast)
    (inquiry_id,) = _send(cast, reference)
    _open(cast.verifier, inquiry_id)
    _answer(cast.verifier, inquiry_id)
    lines = {line.action.value: line for line in _audit(cast, reference) if line.action.value.startswith("inquiry.")}
    assert lines["inquiry.sent"].payload["fields"] == NAMED
    assert lines["inquiry.sent"].payload["agency"] == cast.agency.id
    assert lines["inquiry.sent"].compartments == ("identity",)
    assert lines["inquiry.sent"].purpose == "citizenship"
    assert lines["inquiry.viewed"].actor_id == cast.verifier.user_id
    assert lines["inquiry.answered"].payload["outcome"] == "confirmed"
    assert IDENTITY["surname"] not in str(lines)


def test_another_agency_and_the_requesting_side_learn_nothing_not_even_that_there_is_one() -> None:
    cast = Cast()
    (inquiry_id,) = _send(cast, make_case(cast))
    elsewhere = accounts.get_actor(make_user(Role.VERIFIER, organisation=make_organisation(OrganisationKind.AGENCY)).id)
    for actor in (elsewhere, cast.requester, cast.mission):
        with pytest.raises((NotFound, PermissionRefused)):
            _open(actor, inquiry_id)
        with pytest.raises((NotFound, PermissionRefused)):
            _answer(actor, inquiry_id)
    assert inquiry_reading.list_for(actor=elsewhere) == ((), ())


def test_the_answer_reaches_the_service_and_is_given_once() -> None:
    cast = Cast()
    reference = make_case(cast)
    (inquiry_id,) = _send(cast, reference)
    _answer(cast.verifier, inquiry_id)
    with pytest.raises(Conflict):
        _answer(cast.verifier, inquiry_id)
    case = get_case(actor=cast.worker, reference=reference)
    (shown,) = service.for_case(actor=cast.worker, case=case).inquiries
    assert (shown.finding, shown.answer) == (InquiryFinding.CONFIRMED, "Entry 77 of the register.")
    assert service.for_case(actor=cast.requester, case=case).inquiries == ()


def test_an_answer_to_an_older_version_is_refused() -> None:
    cast = Cast()
    (inquiry_id,) = _send(cast, make_case(cast))
    with pytest.raises(Conflict):
        _answer(cast.verifier, inquiry_id, version=7)


def test_a_withdrawn_inquiry_shows_no_data_any_more_and_takes_no_answer() -> None:
    cast = Cast()
    reference = make_case(cast)
    (inquiry_id,) = _send(cast, reference, {"question": "Is this person a citizen?"})
    with unit_of_work():
        inquiry_service.withdraw(
            actor=cast.worker, inquiry_id=inquiry_id, expected_version=None, values={"reason": "Asked twice."}
        )
    page = _open(cast.verifier, inquiry_id)
    assert (page.state, page.fields, page.question, page.may_answer) == (InquiryState.WITHDRAWN, (), None, False)
    with pytest.raises(Conflict):
        _answer(cast.verifier, inquiry_id)
    case = get_case(actor=cast.worker, reference=reference)
    assert service.for_case(actor=cast.worker, case=case).inquiries[0].withdrawal == "Asked twice."


def test_several_inquiries_go_out_at_once_or_not_at_all() -> None:
    cast = Cast()
    reference = make_case(cast)
    with pytest.raises(InvalidInput) as refusal:
        _send(cast, reference, {}, {"purpose": InquiryPurpose.SECURITY, "agency_id": "nobody"})
    assert refusal.value.fields == {"inquiries-1-agency_id": ["unknown_agency"]}
    assert inquiry_reading.list_for(actor=cast.verifier) == ((), ())
    sent = _send(cast, reference, {}, {"purpose": InquiryPurpose.SECURITY}, {"asked": False, "agency_id": None})
    assert len(sent) == 2


def test_a_field_that_the_purpose_does_not_need_never_goes() -> None:
    cast = Cast()
    reference = make_case(cast)
    for field in ("health.care_needed", "contact.phone"):
        with pytest.raises(InvalidInput) as refusal:
            _send(cast, reference, {"named": [field]})
        assert refusal.value.code == "field_not_for_purpose"
    with pytest.raises(RuleRefused):
        _send(cast, reference, {"named": []})


def test_a_person_of_another_case_cannot_be_asked_about() -> None:
    cast = Cast()
    other = get_case(actor=cast.worker, reference=make_case(cast))
    reference = make_case(cast)
    with pytest.raises(InvalidInput), unit_of_work():
        inquiry_service.send(
            actor=cast.worker, reference=reference, values={"person_id": other.principal_person_id, "inquiries": []}
        )


@pytest.mark.parametrize("state", [CaseState.DRAFT, CaseState.ACCEPTED, CaseState.WITHDRAWN])
def test_no_inquiry_goes_out_before_submission_or_after_the_decision(state: CaseState) -> None:
    cast = Cast()
    reference = make_case(cast, state)
    with pytest.raises((RuleRefused, NotFound)):
        _send(cast, reference)


def test_only_the_service_asks() -> None:
    cast = Cast()
    reference = make_case(cast)
    with pytest.raises(PermissionRefused):
        _send(cast, reference, actor=cast.requester)


def test_answers_are_due_on_the_internal_day_before_the_reply_limit() -> None:
    cast = Cast(state="CH")
    reference = make_case(cast)
    (inquiry_id,) = _send(cast, reference)
    due_on = _open(cast.verifier, inquiry_id).due_on
    case = get_case(actor=cast.worker, reference=reference)
    assert due_on is not None
    assert case.reply_due_on is not None
    assert clock.today() < due_on < case.reply_due_on


def test_without_a_treaty_limit_the_internal_target_stands_in_and_says_so() -> None:
    cast = Cast(state="GE")
    (inquiry_id,) = _send(cast, make_case(cast))
    page = _open(cast.verifier, inquiry_id)
    assert page.due_on is not None
    assert page.due_basis is not None
    assert page.due_on > clock.today()
    assert (page.due_basis["reply_due_on"], page.due_basis["term"]["name"]) == (None, "agency_inquiries.target")


def test_what_is_due_first_stands_first_and_what_is_late_says_so() -> None:
    cast = Cast(state="CH")
    (later,) = _send(cast, make_case(cast))
    with clock.fixed(clock.now() - timedelta(days=60)):
        (sooner,) = _send(cast, make_case(cast))
    waiting, answered = inquiry_reading.list_for(actor=cast.verifier)
    assert [row.id for row in waiting] == [sooner, later]
    assert [row.is_overdue for row in waiting] == [True, False]
    assert answered == ()


def test_nothing_of_question_and_answer_lies_in_the_clear() -> None:
    cast = Cast()
    (inquiry_id,) = _send(cast, make_case(cast), {"question": "Is Rəşad a citizen?"})
    _answer(cast.verifier, inquiry_id)
    row = db.session.execute(text("SELECT question_sealed, answer_sealed FROM inquiries")).one()
    assert all("Rəşad".encode() not in bytes(sealed) and b"Entry 77" not in bytes(sealed) for sealed in row)


def test_every_field_of_every_purpose_exists_and_none_is_about_health() -> None:
    for known in inquiry_fields.FIELDS.values():
        assert known.default <= set(known.allowed)
        for field in known.allowed:
            compartment, name = inquiry_fields.split(field)
            assert compartment is not Compartment.HEALTH
            assert name in SECTION_SCHEMAS[compartment]().fields
            assert inquiry_fields.label_of(field)
