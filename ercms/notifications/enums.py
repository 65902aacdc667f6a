"""What people are told, and who they are to a case."""

from enum import StrEnum


class NoticeEvent(StrEnum):
    """What happened, as a notice says it."""

    REQUEST_RECEIVED = "request_received"
    RETURN_REGISTERED = "return_registered"
    RECEIPT_CONFIRMED = "receipt_confirmed"
    COMPLETION_ASKED = "completion_asked"
    COMPLETION_SENT = "completion_sent"
    REQUEST_WITHDRAWN = "request_withdrawn"
    DECISION_PROPOSED = "decision_proposed"
    PROPOSAL_SENT_BACK = "proposal_sent_back"
    REQUEST_ACCEPTED = "request_accepted"
    REQUEST_REFUSED = "request_refused"
    REPLY_LIMIT_PASSED = "reply_limit_passed"
    CONSENT_DEEMED = "consent_deemed"
    TAKEN_UP_AGAIN = "taken_up_again"
    DOCUMENT_REQUESTED = "document_requested"
    DOCUMENT_ISSUED = "document_issued"
    TRANSFER_ANNOUNCED = "transfer_announced"
    TRANSFER_CALLED_OFF = "transfer_called_off"
    TRANSFER_FAILED = "transfer_failed"
    ARRIVAL_CONFIRMED = "arrival_confirmed"
    ACCEPTANCE_EXPIRED = "acceptance_expired"
    ACCEPTANCE_RENEWED = "acceptance_renewed"
    PERSON_TAKEN_BACK = "person_taken_back"
    REFERRAL_RECEIVED = "referral_received"
    REFERRAL_RETURNED = "referral_returned"
    REINTEGRATION_STARTED = "reintegration_started"
    CONSENT_REVOKED = "consent_revoked"
    CASE_CLOSED = "case_closed"
    MESSAGE_RECEIVED = "message_received"
    INQUIRY_RECEIVED = "inquiry_received"
    INQUIRY_WITHDRAWN = "inquiry_withdrawn"
    INQUIRY_ANSWERED = "inquiry_answered"
    INQUIRY_DUE = "inquiry_due"
    INQUIRY_OVERDUE = "inquiry_overdue"
    DATES_MOVED = "dates_moved"
    FACTOR_RESET = "factor_reset"
    """Of the reader's own account; it belongs to no case."""


class Audience(StrEnum):
    """Who somebody is to a case."""

    REQUESTING = "requesting"
    """The organisation that made the request."""
    OFFICER = "officer"
    """The officer to whom the case is assigned; nobody's case is everybody's in SMS."""
    SUPERVISORS = "supervisors"
    MISSION = "mission"
    """The missions in the requesting State."""
    PARTNER = "partner"
    """The reintegration partner to whom the person is referred."""
    BORDER = "border"


WARNING_PREFIX = "deadline"
"""An event `deadline.<kind of clock>.<step>` warns of a limit; its steps stand in `workflows.warnings`."""
