"""Letters say what was decided, in the language asked for, and name no treaty date where no treaty gives one."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from ercms.audit import service as audit
from ercms.cases import service as cases
from ercms.core.actor import Actor, Role
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.letters import service, typesetting
from ercms.letters.presenting import LANGUAGES, document_of
from ercms.letters.service import LetterKind
from ercms.verification.grounds import Ground, grounds_for
from tests.factories.cases import Cast, act, make_case
from workflows.readmission import CaseState, CaseTrigger, Proposal


def words(document: dict[str, object]) -> str:
    """Return everything that a letter says, as one text."""
    return str(document)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_acceptance_names_the_persons_and_the_limits_with_their_articles(app: Flask, language: str) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.ACCEPTED)
    with app.test_request_context(), unit_of_work():
        facts = service.facts_of(actor=cast.requester, reference=reference, kind=LetterKind.REPLY, language=language)
        document = document_of(facts, language=language)
    assert "Şıxəliyev" in words(document)
    assert len(document["limits"]) == 2
    assert "3(4)" in words(document["limits"])


def test_the_reasons_of_a_refusal_go_out_and_those_of_an_acceptance_stay(app: Flask) -> None:
    cast = Cast()
    refused, accepted = make_case(cast, CaseState.REFUSED), make_case(cast, CaseState.ACCEPTED)
    with app.test_request_context(), unit_of_work():
        letters = {
            reference: document_of(
                service.facts_of(actor=cast.worker, reference=reference, kind=LetterKind.REPLY, language="en"),
                language="en",
            )
            for reference in (refused, accepted)
        }
    assert len(letters[refused]["reasons"]) > 1
    assert len(letters[accepted]["reasons"]) == 1


def test_the_reply_says_the_decision_that_was_confirmed_and_not_one_that_was_sent_back(app: Flask) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    ground = {"ground": "not_a_national"}
    act(cast.worker, reference, CaseTrigger.PROPOSE_REFUSAL, **ground, reasons="Sent back before it went out.")
    act(cast.supervisor, reference, CaseTrigger.SEND_BACK, reason="Look again.")
    act(cast.worker, reference, CaseTrigger.PROPOSE_REFUSAL, **ground, reasons="No register knows the person.")
    act(cast.supervisor, reference, CaseTrigger.CONFIRM_REFUSAL)
    for reader in (cast.worker, cast.requester):
        with app.test_request_context(), unit_of_work():
            facts = service.facts_of(actor=reader, reference=reference, kind=LetterKind.REPLY, language="en")
            document = document_of(facts, language="en")
        assert "No register knows the person." in words(document)
        assert "Sent back before it went out." not in words(document)


def test_a_case_without_an_agreement_has_no_date_in_its_letters(app: Flask) -> None:
    cast = Cast(state="PK")
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    ground = next(g.code for g in _acceptance_grounds(cast, reference))
    act(cast.worker, reference, CaseTrigger.PROPOSE_ACCEPTANCE, ground=ground, reasons="The register confirms it.")
    act(cast.supervisor, reference, CaseTrigger.CONFIRM_ACCEPTANCE)
    for kind in (LetterKind.ACKNOWLEDGEMENT, LetterKind.REPLY):
        with app.test_request_context(), unit_of_work():
            facts = service.facts_of(actor=cast.requester, reference=reference, kind=kind, language="en")
            document = document_of(facts, language="en")
        assert document["limits"] == []
        assert "diplomatic channel" in words(document["closing"])


def _acceptance_grounds(cast: Cast, reference: str) -> tuple[Ground, ...]:
    case = cases.get_case(actor=cast.worker, reference=reference)
    return grounds_for(case=case, proposal=Proposal.ACCEPTANCE)


def test_there_is_no_reply_before_the_decision_and_none_for_strangers(
    app: Flask, make_actor: Callable[..., Actor]
) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    for actor in (cast.requester, make_actor(Role.CONSULAR_OFFICER)):
        with pytest.raises(NotFound):
            service.facts_of(actor=actor, reference=reference, kind=LetterKind.REPLY, language="en")


def test_making_a_letter_is_on_record(app: Flask) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.ACCEPTED)
    with unit_of_work():
        service.facts_of(actor=cast.requester, reference=reference, kind=LetterKind.REPLY, language="az")
    case = cases.get_case(actor=cast.requester, reference=reference)
    last = audit.history(chain=f"case:{case.id}")[-1]
    assert (last.action, last.payload["language"]) == ("letter.made", "az")


def test_the_pdf_is_archivable_and_accessible_and_its_values_stay_values() -> None:
    document = {
        "language": "az", "title": "Cavab", "sender": "Xidmət", "sender_line": "", "place_and_date": "Bakı",
        "addressee": "#panic() $x$ *b* <a> [c]",
        "references_head": ["a", "b"], "references": [["c", "d"]],
        "opening": ["Əğıöşüç ₼ Щ"], "persons_title": "P", "persons_head": ["a", "b", "c"], "persons": [["x", "y", "z"]],
        "reasons_title": "R", "reasons": ["\U0001f9ff"], "relied_title": "S", "relied": ["#emph[e]"],
        "limits_title": "", "limits_head": ["a", "b", "c"], "limits": [],
        "closing": [], "signature": "s", "footer": "f",
    }  # fmt: skip
    pdf = typesetting.render("letter.typ", document, made_at=datetime(2026, 11, 24, tzinfo=UTC))
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "az"
        metadata = opened.Root.Metadata.read_bytes()
    assert b"pdfaid:part" in metadata
    assert b"pdfuaid:part" in metadata
