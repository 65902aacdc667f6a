"""What a person is told of their own data."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.casefile import page as casefile
from ercms.core.actor import Actor, Role
from ercms.core.errors import InvalidInput, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.privacy import sheet_service
from ercms.privacy.enums import SheetLanguage
from ercms.privacy.sheet_views import document_of
from ercms.verification import inquiry_reading, inquiry_service
from ercms.verification.enums import InquiryPurpose
from tests.conftest import Client, csrf_token
from tests.factories.cases import Cast, make_case
from tests.functional.pdf_text import words_of
from workflows.readmission import CaseState

EN = SheetLanguage.EN


@pytest.fixture
def cast(app: Flask, fixed_clock: datetime) -> Cast:
    return Cast()


@pytest.fixture
def officer(make_actor: Callable[..., Actor], app: Flask) -> Actor:
    return make_actor(Role.DATA_PROTECTION_OFFICER)


def asked_and_seen(cast: Cast) -> str:
    """Return a case that an agency was asked about, which looked, and which a case worker opened twice."""
    reference = make_case(cast)
    row = {
        "agency_id": cast.verifier.organisation_id,
        "purpose": InquiryPurpose.SECURITY,
        "named": ["identity.surname", "identity.birth_date"],
        "question": "Is anything known?",
    }
    with unit_of_work():
        person = casefile.open_page(actor=cast.worker, reference=reference)[1].members[0].person_id
        casefile.open_page(actor=cast.worker, reference=reference)
        sent = inquiry_service.send(
            actor=cast.worker, reference=reference, values={"person_id": person, "inquiries": [row]}
        )
        assert sent
    listed = inquiry_reading.list_for(actor=cast.verifier)[0]
    with unit_of_work():
        inquiry_reading.open_page(actor=cast.verifier, inquiry_id=listed[0].id)
    return reference


def sheet_of(actor: Actor, reference: str, language: SheetLanguage = EN, number: int = 1) -> sheet_service.SheetFacts:
    with unit_of_work():
        return sheet_service.make_sheet(actor=actor, reference=reference, number=number, language=language)


def text_of(document: Any) -> str:
    if isinstance(document, dict):
        return " ".join(text_of(value) for value in document.values())
    return " ".join(text_of(value) for value in document) if isinstance(document, list) else str(document)


def test_the_sheet_says_what_is_held_who_saw_it_and_what_went_where(cast: Cast, officer: Actor) -> None:
    reference = asked_and_seen(cast)
    facts = sheet_of(officer, reference)
    said = text_of(document_of(facts, language="en"))
    agency = accounts.get_organisation(str(cast.verifier.organisation_id)).name
    for value in ("Şıxəliyev", "Rəşad", "5ZK7QXA", cast.authority.name, cast.service.name, agency, reference):
        assert value in said
    assert [(one.organisation, one.fields) for one in facts.passed_on] == [
        (agency, ("identity.surname", "identity.birth_date"))
    ]
    own = [view for view in facts.views if view.organisation == cast.service.name and view.action == "case.viewed"]
    assert max(view.count for view in own) >= 2
    assert any(view.organisation == agency and view.action == "inquiry.viewed" for view in facts.views)


def test_no_officer_is_named(cast: Cast, officer: Actor) -> None:
    facts = sheet_of(officer, asked_and_seen(cast))
    said = text_of(document_of(facts, language="en"))
    names = accounts.user_names([one.user_id for one in (cast.worker, cast.verifier, cast.requester, cast.supervisor)])
    assert names
    assert not [name for name in names.values() if name in said]
    assert "Verifier" in said


@pytest.mark.parametrize("language", list(SheetLanguage))
def test_the_sheet_is_a_document_in_each_language(
    cast: Cast, client: Client, make_user: Callable[..., Any], sign_in: Callable[..., Any], language: SheetLanguage
) -> None:
    reference = asked_and_seen(cast)
    sign_in(client, make_user(Role.DATA_PROTECTION_OFFICER))
    token = csrf_token(client.get("/access-sheets").text)
    wanted = {"csrf_token": token, "reference": reference, "number": "1", "language": language.value}
    answer = client.post("/access-sheets", data=wanted)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/pdf"
    assert reference in answer.headers["Content-Disposition"]
    words = words_of(answer.data)
    assert "Şıxəliyev" in words
    title = {"az": "Readmissiya sistemində", "en": "Your data in", "ru": "Ваши данные"}[language.value]
    assert title in words


def test_making_a_sheet_is_on_record_with_what_was_opened(cast: Cast, officer: Actor) -> None:
    sheet_of(officer, make_case(cast), SheetLanguage.RU)
    line = audit.acts(actions=[AuditAction.PERSON_ACCESS_SHEET_MADE])[0]
    assert (line.actor_id, line.payload) == (officer.user_id, {"language": "ru"})
    assert "identity" in line.compartments


def test_the_supervisor_may_and_others_may_not(cast: Cast) -> None:
    reference = make_case(cast)
    assert sheet_of(cast.supervisor, reference).reference == reference
    for actor in (cast.worker, cast.requester, cast.verifier):
        with pytest.raises(PermissionRefused):
            sheet_of(actor, reference)


def test_a_draft_is_no_supervisors_and_an_unknown_person_has_no_sheet(cast: Cast, officer: Actor) -> None:
    draft = make_case(cast, CaseState.DRAFT)
    with pytest.raises(InvalidInput) as refusal:
        sheet_of(cast.supervisor, draft)
    assert set(refusal.value.fields) == {"reference"}
    assert sheet_of(officer, draft).received_at is None
    with pytest.raises(InvalidInput) as refusal:
        sheet_of(officer, draft, number=2)
    assert set(refusal.value.fields) == {"number"}
