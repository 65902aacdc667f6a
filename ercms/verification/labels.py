"""What the words of the verification are called on a page, and what its refusals mean."""

from flask_babel import lazy_gettext as _l

from ercms.verification.enums import DecisionOutcome, InquiryFinding, InquiryPurpose
from ercms.web import labels
from ercms.web.error_handlers import register_reasons
from workflows.inquiry import InquiryState

labels.register(
    DecisionOutcome,
    {
        DecisionOutcome.PENDING: _l("Waits for the second officer"),
        DecisionOutcome.CONFIRMED: _l("Confirmed"),
        DecisionOutcome.SENT_BACK: _l("Sent back"),
    },
)
labels.register(
    InquiryPurpose,
    {
        InquiryPurpose.CITIZENSHIP: _l("Citizenship"),
        InquiryPurpose.IDENTITY_DOCUMENTS: _l("Passports and identity cards"),
        InquiryPurpose.CIVIL_STATUS: _l("Civil status records"),
        InquiryPurpose.RESIDENCE_TITLE: _l("Visa or residence title"),
        InquiryPurpose.BORDER_CROSSINGS: _l("Border crossings"),
        InquiryPurpose.SECURITY: _l("Security check"),
    },
)
labels.register(
    InquiryFinding,
    {
        InquiryFinding.CONFIRMED: _l("Confirmed by the register"),
        InquiryFinding.NOT_CONFIRMED: _l("The register says otherwise"),
        InquiryFinding.NO_RECORD: _l("No record found"),
        InquiryFinding.INCONCLUSIVE: _l("Inconclusive"),
    },
)
labels.register(
    InquiryState,
    {
        InquiryState.DRAFT: _l("Draft"),
        InquiryState.SENT: _l("Waits for the answer"),
        InquiryState.ANSWERED: _l("Answered"),
        InquiryState.WITHDRAWN: _l("Withdrawn"),
    },
)

register_reasons(
    {
        "unknown_ground": _l("This ground does not exist under the agreement of the case."),
        "inquiry_not_in_state": _l("The inquiry is no longer in the state for this."),
        "no_pending_proposal": _l("There is no proposal to decide on."),
        "no_inquiries_now": _l("Inquiries are possible from submission to decision only."),
        "unknown_person": _l("This person does not belong to the case."),
        "unknown_agency": _l("Choose one of the agencies offered."),
        "field_not_for_purpose": _l("A field was named that this purpose does not need."),
        "inquiry_fields_missing": _l("An inquiry names the fields that go with it."),
        "agency_missing": _l("An inquiry names the agency that is asked."),
        "answer_missing": _l("An answer needs a finding and words."),
    }
)
