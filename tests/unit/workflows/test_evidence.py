from datetime import date

import pytest

from workflows.agreement_files import get_agreement, load_agreements
from workflows.evidence import EvidenceItem, EvidenceReason, MissingEvidence, Presumption, classify, missing
from workflows.terms import CaseKind, Confidence, EvidencePurpose, ProofClass

EU = get_agreement("eu@2014-09-01")
SWITZERLAND = get_agreement("switzerland@2017-04-01")
NATIONALITY, STAY = EvidencePurpose
SUBMITTED = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("code", "purpose", "annex", "proof_class", "presumption"),
    [
        ("passport", NATIONALITY, "1", ProofClass.PROOF, Presumption.ACCEPTED_WITHOUT_INQUIRY),
        ("identity_card", NATIONALITY, "1", ProofClass.PROOF, Presumption.ACCEPTED_WITHOUT_INQUIRY),
        ("birth_certificate", NATIONALITY, "2", ProofClass.PRIMA_FACIE, Presumption.PRESUMED_UNLESS_REBUTTED),
        ("soviet_passport", NATIONALITY, "2", ProofClass.PRIMA_FACIE, Presumption.PRESUMED_UNLESS_REBUTTED),
        ("visa", STAY, "3", ProofClass.PROOF, Presumption.ACCEPTED_WITHOUT_INQUIRY),
        ("named_ticket", STAY, "4", ProofClass.PRIMA_FACIE, Presumption.PRESUMED_UNLESS_REBUTTED),
    ],
)
def test_a_listed_document_has_the_class_of_its_annex(
    code: str, purpose: EvidencePurpose, annex: str, proof_class: ProofClass, presumption: Presumption
) -> None:
    found = classify(EU, code, purpose=purpose)
    assert (found.proof_class, found.presumption, found.annex) == (proof_class, presumption, annex)
    assert found.reason is EvidenceReason.LISTED
    assert found.confidence is Confidence.INFERRED


@pytest.mark.parametrize(
    ("expired_on", "proof_class", "reason"),
    [
        (None, ProofClass.PROOF, EvidenceReason.LISTED),
        (date(2026, 3, 18), ProofClass.PROOF, EvidenceReason.LISTED),
        (date(2026, 3, 17), ProofClass.PROOF, EvidenceReason.EXPIRED_WITHIN_LIMIT),
        (date(2025, 9, 18), ProofClass.PROOF, EvidenceReason.EXPIRED_WITHIN_LIMIT),
        (date(2025, 9, 17), ProofClass.PRIMA_FACIE, EvidenceReason.EXPIRED_BEYOND_LIMIT),
    ],
)
def test_an_expired_proof_counts_as_proof_up_to_the_limit(
    expired_on: date | None, proof_class: ProofClass, reason: EvidenceReason
) -> None:
    found = classify(SWITZERLAND, "passport", purpose=NATIONALITY, expired_on=expired_on, submitted_on=SUBMITTED)
    assert (found.proof_class, found.reason) == (proof_class, reason)


def test_an_expired_proof_is_prima_facie_where_the_limit_is_unknown() -> None:
    norway = get_agreement("norway@2015-06-01")
    found = classify(norway, "passport", purpose=NATIONALITY, expired_on=date(2026, 3, 17), submitted_on=SUBMITTED)
    assert (found.proof_class, found.reason) == (ProofClass.PRIMA_FACIE, EvidenceReason.EXPIRY_LIMIT_UNKNOWN)
    assert found.confidence is Confidence.UNKNOWN


def test_an_expired_prima_facie_document_stays_prima_facie() -> None:
    found = classify(EU, "driving_licence", purpose=NATIONALITY, expired_on=date(2001, 1, 1), submitted_on=SUBMITTED)
    assert found.proof_class is ProofClass.PRIMA_FACIE


def test_a_false_document_is_never_evidence() -> None:
    for agreement in (*load_agreements(), None):
        for code in ("passport", "visa", "own_statement", "never_heard_of"):
            for purpose in EvidencePurpose:
                found = classify(agreement, code, purpose=purpose, is_false=True)
                assert (found.proof_class, found.reason) == (ProofClass.NEITHER, EvidenceReason.FALSE_DOCUMENT)


def test_a_rebutted_presumption_is_gone_and_a_proof_stays() -> None:
    rebutted = classify(EU, "birth_certificate", purpose=NATIONALITY, is_rebutted=True)
    assert (rebutted.proof_class, rebutted.reason) == (ProofClass.NEITHER, EvidenceReason.REBUTTED)
    assert classify(EU, "passport", purpose=NATIONALITY, is_rebutted=True).proof_class is ProofClass.PROOF


@pytest.mark.parametrize("expired_on", [date(2025, 9, 18), date(2025, 9, 17)])
def test_what_an_expired_proof_still_presumes_can_be_rebutted(expired_on: date) -> None:
    expired = {"purpose": NATIONALITY, "expired_on": expired_on, "submitted_on": SUBMITTED}
    before = classify(SWITZERLAND, "passport", **expired)
    found = classify(SWITZERLAND, "passport", **expired, is_rebutted=True)
    is_presumption = before.proof_class is ProofClass.PRIMA_FACIE
    assert found.proof_class is (ProofClass.NEITHER if is_presumption else ProofClass.PROOF)
    assert (found.reason is EvidenceReason.REBUTTED) is is_presumption


def test_a_document_counts_only_for_what_it_is_listed_for() -> None:
    found = classify(EU, "passport", purpose=STAY)
    assert (found.proof_class, found.reason) == (ProofClass.NEITHER, EvidenceReason.NOT_LISTED)


@pytest.mark.parametrize("agreement_id", ["montenegro@2017", "serbia@2022-11-23", "moldova@2024", None])
def test_where_no_list_is_known_nothing_follows_by_itself(agreement_id: str | None) -> None:
    agreement = get_agreement(agreement_id) if agreement_id else None
    found = classify(agreement, "passport", purpose=NATIONALITY)
    assert (found.proof_class, found.reason) == (ProofClass.NEITHER, EvidenceReason.NO_LIST)
    assert missing(agreement, [], CaseKind.OWN_NATIONAL) == ()


PASSPORT = EvidenceItem("passport", NATIONALITY)
OLD_PASSPORT = EvidenceItem("passport", NATIONALITY, date(2020, 1, 1), SUBMITTED)
FALSE_PASSPORT = EvidenceItem("passport", NATIONALITY, is_false=True)
BIRTH = EvidenceItem("birth_certificate", NATIONALITY)
VISA = EvidenceItem("visa", STAY)


@pytest.mark.parametrize(
    ("items", "kind", "expected"),
    [
        ([], CaseKind.OWN_NATIONAL, (MissingEvidence.NATIONALITY, MissingEvidence.NATIONALITY_PROOF)),
        ([FALSE_PASSPORT], CaseKind.OWN_NATIONAL, (MissingEvidence.NATIONALITY, MissingEvidence.NATIONALITY_PROOF)),
        ([VISA], CaseKind.OWN_NATIONAL, (MissingEvidence.NATIONALITY, MissingEvidence.NATIONALITY_PROOF)),
        ([BIRTH], CaseKind.OWN_NATIONAL, (MissingEvidence.NATIONALITY_PROOF,)),
        ([OLD_PASSPORT], CaseKind.OWN_NATIONAL, (MissingEvidence.NATIONALITY_PROOF,)),
        ([BIRTH, PASSPORT], CaseKind.OWN_NATIONAL, ()),
        ([PASSPORT], CaseKind.STATELESS, (MissingEvidence.ENTRY_AND_STAY, MissingEvidence.ENTRY_AND_STAY_PROOF)),
        ([VISA], CaseKind.THIRD_COUNTRY_NATIONAL, ()),
        ([], CaseKind.TRANSIT, ()),
    ],
)
def test_what_is_missing_depends_on_the_kind_of_case(
    items: list[EvidenceItem], kind: CaseKind, expected: tuple[MissingEvidence, ...]
) -> None:
    assert missing(EU, items, kind) == expected
