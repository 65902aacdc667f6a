"""What a notice says. A warning of a limit is put together from the limit and the step."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ercms.notifications.enums import STOPPED_PREFIX, WARNING_PREFIX, NoticeEvent
from ercms.web import labels

E = NoticeEvent

labels.register(
    NoticeEvent,
    {
        E.REQUEST_RECEIVED: _l("A new request has arrived"),
        E.RETURN_REGISTERED: _l("A return without an application has been registered"),
        E.RECEIPT_CONFIRMED: _l("Receipt of the request is confirmed"),
        E.COMPLETION_ASKED: _l("The request has to be completed"),
        E.COMPLETION_SENT: _l("The request has been completed"),
        E.REQUEST_WITHDRAWN: _l("The request has been withdrawn"),
        E.DECISION_PROPOSED: _l("A proposal waits for your decision"),
        E.PROPOSAL_SENT_BACK: _l("A proposal has been sent back"),
        E.REQUEST_ACCEPTED: _l("The request has been accepted"),
        E.REQUEST_REFUSED: _l("The request has been refused"),
        E.REPLY_LIMIT_PASSED: _l("The reply limit has passed without a reply"),
        E.CONSENT_DEEMED: _l("Consent is deemed to be given"),
        E.TAKEN_UP_AGAIN: _l("The request has been taken up again"),
        E.DOCUMENT_REQUESTED: _l("A travel document is asked for"),
        E.DOCUMENT_ISSUED: _l("The travel document is there"),
        E.TRANSFER_ANNOUNCED: _l("A transfer has been announced"),
        E.TRANSFER_CALLED_OFF: _l("A transfer has been called off"),
        E.TRANSFER_FAILED: _l("A transfer did not take place"),
        E.ARRIVAL_CONFIRMED: _l("The arrival is confirmed"),
        E.ACCEPTANCE_EXPIRED: _l("The acceptance has expired"),
        E.ACCEPTANCE_RENEWED: _l("The acceptance has been renewed"),
        E.PERSON_TAKEN_BACK: _l("A readmission in error has been recorded"),
        E.REFERRAL_RECEIVED: _l("A referral has arrived"),
        E.REFERRAL_RETURNED: _l("A referral has come back"),
        E.REINTEGRATION_STARTED: _l("Reintegration has begun"),
        E.CONSENT_REVOKED: _l("A consent has been taken back"),
        E.CASE_CLOSED: _l("The case is closed"),
        E.MESSAGE_RECEIVED: _l("There is a new message"),
        E.INQUIRY_RECEIVED: _l("An inquiry has arrived"),
        E.INQUIRY_WITHDRAWN: _l("An inquiry has been withdrawn"),
        E.INQUIRY_ANSWERED: _l("An inquiry has been answered"),
        E.INQUIRY_DUE: _l("The answer to an inquiry is due"),
        E.INQUIRY_OVERDUE: _l("The answer to an inquiry is overdue"),
        E.INTERVIEW_ASKED: _l("An interview is asked for"),
        E.INTERVIEW_OFFERED: _l("Times are offered for an interview"),
        E.INTERVIEW_AGREED: _l("A time is agreed on for an interview"),
        E.INTERVIEW_TIMES_NEEDED: _l("Other times are needed for an interview"),
        E.INTERVIEW_MISSED: _l("An interview was missed"),
        E.INTERVIEW_HELD: _l("An interview was held"),
        E.INTERVIEW_ENDED: _l("An interview was called off or closed"),
        E.FILE_INFECTED: _l("Malware was found in a file that you sent; it was destroyed"),
        E.MARK_ASKED: _l("A correction or a restriction of data is asked for"),
        E.DATA_CORRECTED: _l("Data of a person were corrected"),
        E.USE_RESTRICTED: _l("The use of a person's data is restricted"),
        E.RESTRICTION_LIFTED: _l("A restriction of use is lifted"),
        E.MARK_REFUSED: _l("A correction or a restriction was not granted"),
        E.READING_UNUSUAL: _l("Somebody has opened unusually many files"),
        E.READING_STOPPED: _l("Somebody who opened unusually many files has been stopped"),
        E.DATES_MOVED: _l("A date of the case has moved: a term or a calendar was changed"),
        E.FACTOR_RESET: _l("An administrator has reset your second factor. If you did not ask for it, say so at once"),
    },
)

# The limits that are warned of (`workflows.warnings`), as the subject of a sentence.
LIMITS: dict[str, Any] = {
    "reply": _l("Reply limit"),
    "reply_accelerated": _l("Reply limit of the accelerated procedure"),
    "reply_renewed": _l("Internal day for the reply to a request taken up again"),
    "transit_reply": _l("Reply limit for transit"),
    "agency_inquiries": _l("Internal day for the answers of agencies"),
    "interview": _l("Limit for the interview"),
    "document_issue": _l("Limit for the travel document"),
    "document_domestic": _l("Domestic limit for the return certificate"),
    "document_reissue": _l("Limit for the new travel document"),
    "transfer": _l("Transfer limit"),
    "transfer_notice": _l("Last day for announcing the transfer"),
}
STEPS: dict[str, Any] = {
    "half": _l("half of the time is over"),
    "three_quarters": _l("three quarters of the time are over"),
    "three_days": _l("three days or fewer are left"),
    "one_day": _l("one day is left"),
    "last_working_day": _l("no further working day is left before it runs out"),
    "last_day": _l("the last day is today"),
    "passed": _l("the time has run out"),
}


def event_text(event: str) -> str:
    """Return what a notice's event says in the language in force."""
    prefix, _, rest = event.partition(".")
    if prefix not in (WARNING_PREFIX, STOPPED_PREFIX):
        return labels.label(NoticeEvent(event))
    kind, _, step = rest.partition(".")
    if prefix == STOPPED_PREFIX:
        stopped: str = gettext("%(limit)s: it stands still, and the act is still owed", limit=LIMITS[kind])
        return stopped
    text: str = gettext("%(limit)s: %(step)s", limit=LIMITS[kind], step=STEPS[step])
    return text
