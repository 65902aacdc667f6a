"""What has happened to a case, for its timeline: an act is told as done, not as its button asks for it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from workflows.readmission import CaseTrigger

T = CaseTrigger

_EVENTS: dict[CaseTrigger, Any] = {
    T.SUBMIT: _l("Request submitted"),
    T.REGISTER_WITHOUT_APPLICATION: _l("Return registered without an application"),
    T.WITHDRAW: _l("Request withdrawn"),
    T.ACKNOWLEDGE: _l("Receipt acknowledged"),
    T.REQUEST_COMPLETION: _l("Completion asked for"),
    T.COMPLETE: _l("Completion sent"),
    T.PROPOSE_ACCEPTANCE: _l("Acceptance proposed"),
    T.PROPOSE_REFUSAL: _l("Refusal proposed"),
    T.SEND_BACK: _l("Proposal sent back"),
    T.CONFIRM_ACCEPTANCE: _l("Acceptance confirmed"),
    T.CONFIRM_REFUSAL: _l("Refusal confirmed"),
    T.LAPSE: _l("Reply limit passed"),
    T.RECORD_DEEMED_CONSENT: _l("Deemed consent recorded"),
    T.REPLY_LATE: _l("Taken up again after the reply limit"),
    T.REOPEN: _l("Case reopened"),
    T.REQUEST_DOCUMENT: _l("Travel document asked for"),
    T.ISSUE_DOCUMENT: _l("Travel document issued"),
    T.RECORD_STANDARD_DOCUMENT: _l("Requesting State's document recorded"),
    T.REISSUE_DOCUMENT: _l("New travel document asked for"),
    T.NOTIFY_TRANSFER: _l("Transfer announced"),
    T.CANCEL_TRANSFER: _l("Transfer cancelled"),
    T.CONFIRM_ARRIVAL: _l("Arrival confirmed"),
    T.RECORD_TRANSFER_FAILURE: _l("Transfer failed"),
    T.EXPIRE_ACCEPTANCE: _l("Acceptance expired"),
    T.RENEW_ACCEPTANCE: _l("Acceptance renewed"),
    T.TAKE_BACK: _l("Readmission in error recorded"),
    T.OFFER_REFERRAL: _l("Reintegration support offered"),
    T.DECLINE_REFERRAL: _l("Support not wanted"),
    T.REFER: _l("Referred to a partner"),
    T.RETURN_REFERRAL: _l("Referral taken back"),
    T.START_REINTEGRATION: _l("Referral accepted by the partner"),
    T.REVOKE_CONSENT: _l("Consent revoked"),
    T.CLOSE: _l("Case closed"),
}


def event_label(trigger: CaseTrigger) -> str:
    """Return what has happened when this trigger has fired."""
    return str(_EVENTS[trigger])
