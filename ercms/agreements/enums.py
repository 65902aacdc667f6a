"""The words of the law that other domains store and show, gathered in one place."""

from workflows.deadlines import ClockKind, ClockState, Event
from workflows.evidence import EvidenceReason, MissingEvidence, Presumption
from workflows.terms import (
    AgreementStatus,
    CaseKind,
    Confidence,
    EvidencePurpose,
    Procedure,
    ProofClass,
    Side,
    Silence,
    Unit,
)

__all__ = [
    "AgreementStatus",
    "CaseKind",
    "ClockKind",
    "ClockState",
    "Confidence",
    "Event",
    "EvidencePurpose",
    "EvidenceReason",
    "MissingEvidence",
    "Presumption",
    "Procedure",
    "ProofClass",
    "Side",
    "Silence",
    "Unit",
]
