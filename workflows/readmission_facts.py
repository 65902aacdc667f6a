"""The words of the case machine and the facts on which its guards decide: no names, no countries, no day counts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.terms import CaseKind, Procedure
from workflows.terms import Silence as SilenceEffect

__all__ = ["CaseFacts", "CaseKind", "CaseState", "CaseTrigger", "Procedure", "Proposal", "SilenceEffect", "Stage"]


class CaseState(StrEnum):
    """Where a case stands. Suspension is not among them: it is a dated clock stop."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    WITHDRAWN = "withdrawn"
    UNDER_VERIFICATION = "under_verification"
    DECISION_PROPOSED = "decision_proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    DOCUMENT_REQUESTED = "document_requested"
    DOCUMENT_ISSUED = "document_issued"
    TRANSFER_NOTIFIED = "transfer_notified"
    TRANSFERRED = "transferred"
    TRANSFER_FAILED = "transfer_failed"
    ACCEPTANCE_EXPIRED = "acceptance_expired"
    TAKEN_BACK = "taken_back"
    REFERRAL_OFFERED = "referral_offered"
    REFERRAL_DECLINED = "referral_declined"
    REFERRED = "referred"
    REINTEGRATING = "reintegrating"
    CLOSED = "closed"


class CaseTrigger(StrEnum):
    """What can be done with a case."""

    SUBMIT = "submit"
    REGISTER_WITHOUT_APPLICATION = "register_without_application"
    WITHDRAW = "withdraw"
    ACKNOWLEDGE = "acknowledge"
    REQUEST_COMPLETION = "request_completion"
    COMPLETE = "complete"
    PROPOSE_ACCEPTANCE = "propose_acceptance"
    PROPOSE_REFUSAL = "propose_refusal"
    SEND_BACK = "send_back"
    CONFIRM_ACCEPTANCE = "confirm_acceptance"
    CONFIRM_REFUSAL = "confirm_refusal"
    LAPSE = "lapse"
    RECORD_DEEMED_CONSENT = "record_deemed_consent"
    REPLY_LATE = "reply_late"
    REOPEN = "reopen"
    REQUEST_DOCUMENT = "request_document"
    ISSUE_DOCUMENT = "issue_document"
    RECORD_STANDARD_DOCUMENT = "record_standard_document"
    REISSUE_DOCUMENT = "reissue_document"
    NOTIFY_TRANSFER = "notify_transfer"
    CANCEL_TRANSFER = "cancel_transfer"
    CONFIRM_ARRIVAL = "confirm_arrival"
    RECORD_TRANSFER_FAILURE = "record_transfer_failure"
    EXPIRE_ACCEPTANCE = "expire_acceptance"
    RENEW_ACCEPTANCE = "renew_acceptance"
    TAKE_BACK = "take_back"
    OFFER_REFERRAL = "offer_referral"
    DECLINE_REFERRAL = "decline_referral"
    REFER = "refer"
    RETURN_REFERRAL = "return_referral"
    START_REINTEGRATION = "start_reintegration"
    REVOKE_CONSENT = "revoke_consent"
    CLOSE = "close"


class Proposal(StrEnum):
    """What the case worker proposes to the second officer."""

    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"


class Stage(StrEnum):
    """The part of the thread in which a state lies."""

    REQUEST = "request"
    IDENTITY_VERIFICATION = "identity_verification"
    TRAVEL_DOCUMENT = "travel_document"
    RETURN = "return"
    REINTEGRATION = "reintegration"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is known of a case when a trigger is fired, about the case and about the act itself.

    Whatever is left out speaks against the act: False where something must be shown, None where it is not known. A
    `..._due_on` is the last day of the limit after all stops and extensions, or None where no limit runs.
    """

    today: date
    kind: CaseKind | None = None
    procedure: Procedure | None = None

    # The act: who does it and what was written down with it.
    actor_is_person: bool = False
    """A user, and not the system itself; the system may only do what rests on a verified term."""
    has_reason: bool = False

    # The request.
    has_requesting_authority: bool = False
    has_name: bool = False
    is_application_waived: bool = False
    """The agreement in force says that this kind of person with such a document needs no application."""

    # The decision.
    has_legal_ground: bool = False
    has_written_reasons: bool = False
    proposal: Proposal | None = None
    actor_is_proposer: bool | None = None
    is_suspended: bool | None = None
    """A clock stop with a legal ground is open today."""

    # The reply limit and silence.
    is_reply_owed: bool = False
    """No reply was given yet, neither in time nor late, and the case did not lapse before."""
    reply_due_on: date | None = None
    reply_term_is_verified: bool = False
    silence: SilenceEffect = SilenceEffect.UNKNOWN
    silence_term_is_verified: bool = False

    # The travel document.
    is_document_needed: bool = False
    """No document on record covers the journey, so that the consulate must issue one."""
    document_valid_until: date | None = None
    is_standard_document_fallback_open: bool = False
    """The agreement accepts the requesting State's standard document for own nationals, and the issue limit passed."""

    # The transfer.
    transfer_on: date | None = None
    transfer_due_on: date | None = None
    transfer_term_is_verified: bool = False
    is_unaccompanied_minor: bool | None = None
    minor_safeguards_complete: bool = False
    is_readmitted: bool = False
    """The arrival was confirmed, and the person was not taken back since."""
    error_window_ends_on: date | None = None

    # The referral.
    has_consent: bool = False
    has_partner: bool = False
    is_referral_finished: bool = False
