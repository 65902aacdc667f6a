"""What a document proves under an agreement: proof, prima facie, or neither; and what it presumes.

A proof that has expired counts as proof up to the agreement's limit and prima facie after it. False or falsified
documents are never evidence, under any agreement.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.arithmetic import add_months
from workflows.terms import Agreement, CaseKind, Confidence, EvidencePurpose, EvidenceRule, ProofClass, Source


class Presumption(StrEnum):
    """What follows from a document."""

    ACCEPTED_WITHOUT_INQUIRY = "accepted_without_inquiry"
    PRESUMED_UNLESS_REBUTTED = "presumed_unless_rebutted"
    NOTHING = "nothing"


class EvidenceReason(StrEnum):
    """Why a document has its class."""

    LISTED = "listed"
    EXPIRED_WITHIN_LIMIT = "expired_within_limit"
    EXPIRED_BEYOND_LIMIT = "expired_beyond_limit"
    EXPIRY_LIMIT_UNKNOWN = "expiry_limit_unknown"
    FALSE_DOCUMENT = "false_document"
    NOT_LISTED = "not_listed"
    REBUTTED = "rebutted"
    NO_LIST = "no_list"


class MissingEvidence(StrEnum):
    """What a request still lacks: a warning, never a wall."""

    NATIONALITY = "nationality"
    NATIONALITY_PROOF = "nationality_proof"
    ENTRY_AND_STAY = "entry_and_stay"
    ENTRY_AND_STAY_PROOF = "entry_and_stay_proof"

    @property
    def purpose(self) -> EvidencePurpose:
        """What it is that nothing shows yet, or that no proof shows."""
        of_nationality = {MissingEvidence.NATIONALITY, MissingEvidence.NATIONALITY_PROOF}
        return EvidencePurpose.NATIONALITY if self in of_nationality else EvidencePurpose.ENTRY_AND_STAY


@dataclass(frozen=True, slots=True)
class Classification:
    """What a document is worth, with the source that says so and how sure we are of it."""

    code: str
    purpose: EvidencePurpose
    proof_class: ProofClass
    presumption: Presumption
    reason: EvidenceReason
    confidence: Confidence
    source: Source | None = None
    annex: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One document of a request, as far as the law asks about it."""

    code: str
    purpose: EvidencePurpose
    expired_on: date | None = None
    submitted_on: date | None = None
    is_false: bool = False
    is_rebutted: bool = False


_PRESUMPTIONS = {
    ProofClass.PROOF: Presumption.ACCEPTED_WITHOUT_INQUIRY,
    ProofClass.PRIMA_FACIE: Presumption.PRESUMED_UNLESS_REBUTTED,
    ProofClass.NEITHER: Presumption.NOTHING,
}


def presumption_of(proof_class: ProofClass) -> Presumption:
    """Return what follows from a document of a class."""
    return _PRESUMPTIONS[proof_class]


def classify(
    agreement: Agreement | None,
    code: str,
    *,
    purpose: EvidencePurpose,
    expired_on: date | None = None,
    submitted_on: date | None = None,
    is_false: bool = False,
    is_rebutted: bool = False,
) -> Classification:
    """Return what a document is worth under an agreement.

    Without an agreement, or under one whose annexes are not known, nothing follows from a document by itself: a person
    weighs it. `submitted_on` is the day on which expiry is measured.
    """
    if is_false:
        return _neither(code, purpose, EvidenceReason.FALSE_DOCUMENT, Confidence.VERIFIED)
    if agreement is None or not agreement.evidence:
        return _neither(code, purpose, EvidenceReason.NO_LIST, Confidence.UNKNOWN)
    rule = find_rule(agreement, code, purpose)
    if rule is None:
        return _neither(code, purpose, EvidenceReason.NOT_LISTED, Confidence.UNKNOWN)
    proof_class, reason, confidence = _after_expiry(agreement, rule, expired_on, submitted_on)
    # What an expired proof still presumes can be rebutted as any other presumption.
    if is_rebutted and proof_class is ProofClass.PRIMA_FACIE:
        return _neither(code, purpose, EvidenceReason.REBUTTED, confidence)
    return Classification(
        code=code,
        purpose=purpose,
        proof_class=proof_class,
        presumption=presumption_of(proof_class),
        reason=reason,
        confidence=confidence,
        source=rule.source,
        annex=rule.annex,
    )


def find_rule(agreement: Agreement, code: str, purpose: EvidencePurpose) -> EvidenceRule | None:
    """Return what the annexes say of a kind of document for a purpose; None when they do not list it."""
    return next((rule for rule in agreement.evidence if rule.code == code and rule.purpose is purpose), None)


def classify_item(agreement: Agreement | None, item: EvidenceItem) -> Classification:
    """Return what one item of a request is worth."""
    return classify(
        agreement,
        item.code,
        purpose=item.purpose,
        expired_on=item.expired_on,
        submitted_on=item.submitted_on,
        is_false=item.is_false,
        is_rebutted=item.is_rebutted,
    )


def missing(agreement: Agreement | None, items: Iterable[EvidenceItem], kind: CaseKind) -> tuple[MissingEvidence, ...]:
    """Return what a request still lacks under its agreement, the weightier first.

    A request for an own national wants nationality shown, one for a third-country national or a stateless person entry
    and stay; where only prima facie evidence is there, proof is named as what would spare the inquiry.
    """
    if agreement is None or not agreement.evidence or kind is CaseKind.TRANSIT:
        return ()
    found = [classify_item(agreement, item) for item in items]
    if kind is CaseKind.OWN_NATIONAL:
        purpose, nothing, no_proof = (
            EvidencePurpose.NATIONALITY,
            MissingEvidence.NATIONALITY,
            MissingEvidence.NATIONALITY_PROOF,
        )
    else:
        purpose, nothing, no_proof = (
            EvidencePurpose.ENTRY_AND_STAY,
            MissingEvidence.ENTRY_AND_STAY,
            MissingEvidence.ENTRY_AND_STAY_PROOF,
        )
    classes = {result.proof_class for result in found if result.purpose is purpose}
    if ProofClass.PROOF in classes:
        return ()
    return (no_proof,) if ProofClass.PRIMA_FACIE in classes else (nothing, no_proof)


def _after_expiry(
    agreement: Agreement, rule: EvidenceRule, expired_on: date | None, submitted_on: date | None
) -> tuple[ProofClass, EvidenceReason, Confidence]:
    """Return the class that is left when the document's validity has run out."""
    is_expired = expired_on is not None and submitted_on is not None and expired_on < submitted_on
    if not is_expired or expired_on is None or submitted_on is None or rule.proof_class is not ProofClass.PROOF:
        return rule.proof_class, EvidenceReason.LISTED, rule.confidence
    limit = agreement.term("evidence.expired_proof")
    confidence = max(rule.confidence, limit.confidence, key=lambda c: c.rank)
    if limit.length is None:
        return ProofClass.PRIMA_FACIE, EvidenceReason.EXPIRY_LIMIT_UNKNOWN, confidence
    last_on, _ = add_months(expired_on, limit.length)
    if submitted_on <= last_on:
        return ProofClass.PROOF, EvidenceReason.EXPIRED_WITHIN_LIMIT, confidence
    return ProofClass.PRIMA_FACIE, EvidenceReason.EXPIRED_BEYOND_LIMIT, confidence


def _neither(code: str, purpose: EvidencePurpose, reason: EvidenceReason, confidence: Confidence) -> Classification:
    return Classification(code, purpose, ProofClass.NEITHER, Presumption.NOTHING, reason, confidence)
