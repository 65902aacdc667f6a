"""What the acts on a case are called, what each does, and what the dates and codes of a case mean in words."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ercms.agreements.labels import law_text
from ercms.casefile.carriers import Carrier
from ercms.letters.service import LetterKind
from ercms.vault.enums import Compartment, TokenKind
from ercms.verification.enums import CarrierKind
from ercms.web.labels import label
from ercms.web.templating import day
from workflows.readmission import CaseTrigger

T = CaseTrigger

# For each act: how the button says it, and what happens when it is done.
_ACTIONS: dict[CaseTrigger, tuple[Any, Any]] = {
    T.SUBMIT: (
        _l("Submit the request"),
        _l("The request goes to the State Migration Service. It can no longer be edited."),
    ),
    T.REGISTER_WITHOUT_APPLICATION: (
        _l("Register without an application"),
        _l("A valid travel document makes an application needless; the transfer can be announced next."),
    ),
    T.WITHDRAW: (_l("Withdraw the request"), _l("The request ends. The reason is kept with the case.")),
    T.ACKNOWLEDGE: (
        _l("Acknowledge receipt"),
        _l("The requesting authority learns that its request arrived; limits counted from the acknowledgement begin."),
    ),
    T.REQUEST_COMPLETION: (
        _l("Ask for completion"),
        _l("The requesting authority is asked to add what is missing. No clock stops."),
    ),
    T.COMPLETE: (_l("Send the completion"), _l("Your answer goes to the State Migration Service.")),
    T.PROPOSE_ACCEPTANCE: (
        _l("Propose acceptance"),
        _l("A supervisor reads your proposal and confirms it or sends it back."),
    ),
    T.PROPOSE_REFUSAL: (
        _l("Propose refusal"),
        _l("A supervisor reads your proposal and confirms it or sends it back."),
    ),
    T.SEND_BACK: (_l("Send the proposal back"), _l("The case returns to the case worker with your note.")),
    T.CONFIRM_ACCEPTANCE: (
        _l("Confirm acceptance"),
        _l("The reply goes out: Azerbaijan readmits the person. The limits for document and transfer begin."),
    ),
    T.CONFIRM_REFUSAL: (_l("Confirm refusal"), _l("The reply goes out with the written reasons.")),
    T.LAPSE: (_l("Record that the reply limit passed"), _l("What silence means is for the agreement to say.")),
    T.RECORD_DEEMED_CONSENT: (
        _l("Record deemed consent"),
        _l("The agreement deems consent when no reply is given in time. The case goes on as accepted."),
    ),
    T.REPLY_LATE: (_l("Take up the late reply"), _l("Verification goes on although the reply limit has passed.")),
    T.REOPEN: (_l("Reopen the case"), _l("New information, or a remedy that was granted, is looked at.")),
    T.REQUEST_DOCUMENT: (_l("Request the travel document"), _l("The mission is asked to issue a document.")),
    T.ISSUE_DOCUMENT: (_l("Record the document issued"), _l("The transfer can be announced next.")),
    T.RECORD_STANDARD_DOCUMENT: (
        _l("Record the requesting State's document"),
        _l("The standard travel document of the requesting State is used for this return."),
    ),
    T.REISSUE_DOCUMENT: (_l("Ask for a new document"), _l("The old document no longer counts.")),
    T.NOTIFY_TRANSFER: (
        _l("Announce the transfer"),
        _l("The State Migration Service and the border service learn the day, the place and the means."),
    ),
    T.CANCEL_TRANSFER: (_l("Cancel the transfer"), _l("The announced transfer does not take place.")),
    T.CONFIRM_ARRIVAL: (_l("Confirm arrival"), _l("The person has arrived at the crossing point.")),
    T.RECORD_TRANSFER_FAILURE: (
        _l("Record that the transfer failed"),
        _l("A new attempt can be announced afterwards."),
    ),
    T.EXPIRE_ACCEPTANCE: (_l("Let the acceptance expire"), _l("The transfer limit has passed without a transfer.")),
    T.RENEW_ACCEPTANCE: (_l("Renew the acceptance"), _l("The transfer limit was extended.")),
    T.TAKE_BACK: (_l("Record a readmission in error"), _l("The requesting State takes the person back.")),
    T.OFFER_REFERRAL: (_l("Offer reintegration support"), _l("The person is told what help there is and from whom.")),
    T.DECLINE_REFERRAL: (
        _l("Record that support is not wanted"),
        _l("The person wants no support. Nothing about them goes to a partner."),
    ),
    T.REFER: (_l("Refer to a partner"), _l("The partner sees only the fields to which the person consented.")),
    T.RETURN_REFERRAL: (_l("Take the referral back"), _l("The partner no longer sees the person's data.")),
    T.START_REINTEGRATION: (_l("Accept the referral"), _l("The partner begins to work with the person.")),
    T.REVOKE_CONSENT: (_l("Record that consent was revoked"), _l("Sharing ends at once.")),
    T.CLOSE: (_l("Close the case"), _l("The case has run its course.")),
}

# The same acts once they are done, for the timeline: not as the button asks for them.
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


def action_label(trigger: CaseTrigger) -> str:
    """Return how the button of an act says it."""
    return str(_ACTIONS[trigger][0])


def action_effect(trigger: CaseTrigger) -> str:
    """Return what happens when an act is done."""
    return str(_ACTIONS[trigger][1])


def done_label(trigger: CaseTrigger) -> str:
    """Return what has happened when this trigger has fired."""
    return str(_EVENTS[trigger])


TAB_LABELS: dict[str, Any] = {
    "overview": _l("Overview"),
    "persons": _l("Persons"),
    "health": _l("Health and needs"),
    "evidence": _l("Evidence"),
    "verification": _l("Verification"),
    "travel": _l("Document and return"),
    "reintegration": _l("Reintegration"),
    "messages": _l("Messages"),
    "dates": _l("Due dates"),
    "history": _l("Timeline"),
}

COMPARTMENT_LABELS: dict[Compartment, Any] = {
    Compartment.IDENTITY: _l("Identity"),
    Compartment.DOCUMENTS: _l("Documents"),
    Compartment.CONTACT: _l("Residence and contact"),
    Compartment.FAMILY: _l("Family"),
    Compartment.HEALTH: _l("Health and needs"),
    Compartment.ITINERARY: _l("Journey"),
}

TOKEN_LABELS: dict[TokenKind, Any] = {
    TokenKind.DOCUMENT_NUMBER: _l("Document number"),
    TokenKind.FIN: _l("FIN"),
    TokenKind.BIRTH_DATE: _l("Date of birth"),
    TokenKind.NAME_KEY: _l("Name"),
    TokenKind.OWN_REFERENCE: _l("Reference of the authority"),
}

LETTER_LABELS: dict[LetterKind, Any] = {
    LetterKind.ACKNOWLEDGEMENT: _l("Acknowledgement of receipt"),
    LetterKind.REPLY: _l("Reply"),
    LetterKind.DATA_NOTICE: _l("Notice of corrected or restricted data"),
}


def said(carrier: Carrier | None) -> str:
    """Say in one line what a proposal rests on: what it is, where from or when, and what it showed."""
    if carrier is None:
        return str(gettext("A record that is no longer there"))
    kind, found = carrier.reference.kind, str(label(carrier.found)) if carrier.found is not None else ""
    first = carrier.words[0] if carrier.words else ""
    if kind is CarrierKind.EVIDENCE:
        annex = [gettext("Annex %(annex)s", annex=carrier.words[1])] if carrier.words[1] else []
        text = gettext("Evidence: %(what)s", what=", ".join((law_text(first), *annex, found)))
    elif kind is CarrierKind.INQUIRY:
        what = label(carrier.what)
        text = gettext("Inquiry: %(what)s, %(agency)s: %(found)s", what=what, agency=first, found=found)
    elif kind is CarrierKind.INTERVIEW:
        text = gettext("Interview of %(day)s: %(found)s", day=day(carrier.at), found=found)
    elif kind is CarrierKind.PHOTOGRAPHS:
        text = gettext("Photographs side by side, finding of %(day)s", day=day(carrier.at))
    else:
        text = gettext("Other case %(reference)s: %(found)s", reference=first, found=found)
    return str(text)
