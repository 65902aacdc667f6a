"""An implementing protocol in daily use: evidence, dates and letters follow it where it speaks, for its State alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from ercms.cases import service as cases
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import service as evidence
from ercms.letters import service as letters
from ercms.letters.presenting import document_of
from ercms.letters.service import LetterKind
from tests.factories.cases import Cast, act, make_case, make_draft
from tests.unit.ercms.agreements.test_texts import PROTOCOL, bring
from workflows.evidence import EvidenceReason, MissingEvidence
from workflows.readmission import CaseState, CaseTrigger
from workflows.terms import Confidence, EvidencePurpose, ProofClass

pytestmark = pytest.mark.usefixtures("fixed_clock")
MakeActor = Callable[..., Actor]
NATIONALITY = EvidencePurpose.NATIONALITY
COUNTS_FROM = date(2027, 2, 1)
# A driving licence becomes proof, a ship's book is named for the first time; of every other paper it says nothing.
TITLE = "Implementing protocol with Germany"
SAYS = f'purpose = "nationality", confidence = "verified", source = {{ instrument = "{TITLE}", article = "5" }}'
WITH_EVIDENCE = f"""evidence = [
  {{ code = "driving_licence", label = "Driving licences", annex = "2", class = "proof", {SAYS} }},
  {{ code = "ship_book", label = "Ship's books", annex = "2", class = "prima_facie", {SAYS} }},
]
{PROTOCOL}"""


def add(actor: Actor, reference: str, code: str) -> None:
    with unit_of_work():
        values = {"code": code, "purpose": NATIONALITY}
        evidence.add_item(actor=actor, reference=reference, expected_version=None, values=values)


def worth(actor: Actor, reference: str) -> tuple[dict[str, tuple[ProofClass, Confidence]], tuple[MissingEvidence, ...]]:
    case = cases.get_case(actor=actor, reference=reference)
    found = evidence.for_case(actor=actor, case=case)
    assert all(item.weight_reason is EvidenceReason.LISTED for item in found.items)
    return {item.code: (item.weight, item.weight_confidence) for item in found.items}, found.missing


@pytest.fixture
def in_force(app: Flask, make_actor: MakeActor) -> datetime:
    """Let the protocol be confirmed today, and return a moment on a day on which it counts."""
    bring(make_actor, WITH_EVIDENCE, COUNTS_FROM)
    return datetime(2027, 2, 3, 8, tzinfo=UTC)


def test_a_protocol_classes_the_documents_that_it_names_and_no_others(in_force: datetime) -> None:
    german, french = Cast("DE"), Cast("FR")
    assert german.mission.states == {"DE"}
    before = make_draft(german)
    add(german.requester, before, "driving_licence")
    listed, missing = worth(german.requester, before)
    assert listed == {"driving_licence": (ProofClass.PRIMA_FACIE, Confidence.INFERRED)}
    assert missing == (MissingEvidence.NATIONALITY_PROOF,)
    with clock.fixed(in_force):
        # What is sent now counts under what holds now, whenever the draft was begun.
        act(german.requester, before, CaseTrigger.SUBMIT)
        assert worth(german.requester, before) == ({"driving_licence": (ProofClass.PROOF, Confidence.VERIFIED)}, ())
        theirs, others = make_draft(german), make_draft(french)
        for code in ("ship_book", "birth_certificate"):
            add(german.requester, theirs, code)
        for code in ("driving_licence", "birth_certificate"):
            add(french.requester, others, code)
        assert worth(german.requester, theirs)[0] == {
            "ship_book": (ProofClass.PRIMA_FACIE, Confidence.VERIFIED),
            "birth_certificate": (ProofClass.PRIMA_FACIE, Confidence.INFERRED),
        }
        assert worth(french.requester, others)[0] == dict.fromkeys(
            ("driving_licence", "birth_certificate"), (ProofClass.PRIMA_FACIE, Confidence.INFERRED)
        )
        offered = {rule.code for rule in evidence.kinds_for(agreement_id="eu@2014-09-01")}
    assert "ship_book" not in offered


def test_letters_cite_the_protocol_for_the_limit_that_it_sets_and_the_agreement_for_the_rest(
    app: Flask, in_force: datetime
) -> None:
    german, french = Cast("DE"), Cast("FR")
    with clock.fixed(in_force):
        receipts = {}
        for cast in (german, french):
            reference = make_case(cast, CaseState.ACCEPTED)
            receipts[cast.state] = letter(app, cast, reference, LetterKind.ACKNOWLEDGEMENT)
            limits = letter(app, cast, reference, LetterKind.REPLY)["limits"]
            # Of the travel document and the transfer the protocol says nothing.
            assert limits
            assert all("EU-Azerbaijan readmission agreement" in line[2] for line in limits)
    by_state = {state: (basis(document), document["limits"]) for state, document in receipts.items()}
    german_basis, ((_, german_due, german_source),) = by_state["DE"]
    french_basis, ((_, french_due, french_source),) = by_state["FR"]
    # Ten working days in Baku from 3 February 2027, a Wednesday, against fifteen days as they come.
    assert german_due == "17.02.2027"
    assert french_due == (in_force.date() + timedelta(days=15)).strftime("%d.%m.%Y")
    assert TITLE in german_source
    assert "4(2)" in german_source
    assert TITLE not in french_source
    assert TITLE in german_basis
    assert french_basis in german_basis
    assert TITLE not in french_basis


def letter(app: Flask, cast: Cast, reference: str, kind: LetterKind) -> dict[str, list[list[str]]]:
    with app.test_request_context(), unit_of_work():
        facts = letters.facts_of(actor=cast.requester, reference=reference, kind=kind, language="en")
        return document_of(facts, language="en")


def basis(document: dict[str, list[list[str]]]) -> str:
    return next(value for name, value in document["references"] if name == "Basis")
