"""The closed vocabularies of identity verification."""

from enum import StrEnum


class DecisionOutcome(StrEnum):
    """What became of a proposal."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent_back"


class CarrierKind(StrEnum):
    """What kind of record carries a proposal."""

    EVIDENCE = "evidence"
    INQUIRY = "inquiry"
    INTERVIEW = "interview"
    PHOTOGRAPHS = "photographs"
    DUPLICATE = "duplicate"


class InquiryPurpose(StrEnum):
    """What an agency is asked."""

    CITIZENSHIP = "citizenship"
    IDENTITY_DOCUMENTS = "identity_documents"
    CIVIL_STATUS = "civil_status"
    RESIDENCE_TITLE = "residence_title"
    BORDER_CROSSINGS = "border_crossings"
    SECURITY = "security"


class InquiryFinding(StrEnum):
    """What an agency found."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    NO_RECORD = "no_record"
    INCONCLUSIVE = "inconclusive"


class RuleState(StrEnum):
    """Where a rule on what an inquiry may name is in its life."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


class AnswerChannel(StrEnum):
    """By which way an answer came."""

    PAGE = "page"
    INTERFACE = "interface"
    REGISTER = "register"
