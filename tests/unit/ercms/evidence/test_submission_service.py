"""Sending a request, and what its receipt proves."""

import hashlib
import json
from datetime import date

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ercms.cases import service as cases
from ercms.core.errors import NotFound, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import submission_service
from tests.factories.cases import Cast, act, make_draft
from tests.unit.ercms.evidence.test_service import add, seen, store
from workflows.readmission import CaseState, CaseTrigger, Procedure
from workflows.terms import ProofClass


@pytest.fixture
def cast(app: object, fixed_clock: object) -> Cast:
    return Cast("CH")


def test_the_receipt_is_checked_with_nothing_but_the_public_key_and_what_was_received(cast: Cast) -> None:
    reference = make_draft(cast)
    add(cast.requester, reference, number="C01234567")
    file_id = store(cast.requester, reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    receipt = submission_service.receipt_of(actor=cast.requester, reference=reference)
    with unit_of_work():
        content = submission_service.received_content(actor=cast.requester, reference=reference)
    assert hashlib.sha256(content.encode()).hexdigest() == receipt.digest
    assert receipt.digest in receipt.statement
    assert reference in receipt.statement
    assert receipt.public_key is not None
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt.public_key))
    key.verify(bytes.fromhex(receipt.signature), receipt.statement.encode())
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(receipt.signature), receipt.statement.replace("2026", "2025").encode())
    document = json.loads(content)
    assert document["evidence"][0]["number"] == "C01234567"
    assert document["persons"][0]["identity"]["surname"]
    assert document["files"][0]["sha256"] == seen(cast.requester, reference).loose_files[0].digest
    assert file_id not in content


def test_two_equal_requests_have_different_digests(cast: Cast) -> None:
    digests = set()
    for _ in range(2):
        reference = make_draft(cast)
        act(cast.requester, reference, CaseTrigger.SUBMIT)
        digests.add(submission_service.receipt_of(actor=cast.requester, reference=reference).digest)
    assert len(digests) == 2


def test_a_draft_has_no_receipt_and_a_stranger_gets_none(cast: Cast) -> None:
    reference = make_draft(cast)
    with pytest.raises(NotFound):
        submission_service.receipt_of(actor=cast.requester, reference=reference)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    with pytest.raises(NotFound):
        submission_service.receipt_of(actor=Cast("DE").requester, reference=reference)


def test_evidence_keeps_the_class_that_it_had_on_the_day_of_submission(cast: Cast) -> None:
    reference = make_draft(cast)
    add(cast.requester, reference, expires_on=date(2026, 6, 1))
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    assert seen(cast.requester, reference).items[0].weight is ProofClass.PROOF


def test_a_return_without_an_application_rests_on_a_valid_travel_document(cast: Cast) -> None:
    reference = make_draft(cast, procedure=Procedure.NONE)
    with pytest.raises(RuleRefused) as refused:
        act(
            cast.requester,
            reference,
            CaseTrigger.REGISTER_WITHOUT_APPLICATION,
            document_valid_until=date(2026, 11, 1),
        )
    assert refused.value.code == "document_expired"
    act(cast.requester, reference, CaseTrigger.REGISTER_WITHOUT_APPLICATION, document_valid_until=date(2027, 11, 1))
    case = cases.get_case(actor=cast.requester, reference=reference)
    assert (case.state, case.document_valid_until) == (CaseState.DOCUMENT_ISSUED, date(2027, 11, 1))
    assert submission_service.receipt_of(actor=cast.requester, reference=reference).digest
