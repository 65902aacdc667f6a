"""What the words of the verification are called on a page, and what its refusals mean."""

from typing import Any

from flask_babel import lazy_gettext as _l

from ercms.core.text import msg
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

# The grounds of the agreements' files and of the diplomatic channel, as `ercms.verification.grounds` offers them.
GROUND_TEXTS: tuple[Any, ...] = (
    msg("Own nationals, when nationality is proven or shown prima facie"),
    msg("Minor unmarried children of own nationals, whatever their place of birth or nationality"),
    msg(
        "Spouses of own nationals, of another nationality or stateless, who have or get the right to enter and stay in "
        "the requested State"
    ),
    msg("Persons who gave up the nationality after entering the requesting State, without acquiring another"),
    msg(
        "Third-country nationals and stateless persons with a valid visa or residence permit of the requested State at "
        "submission"
    ),
    msg(
        "Third-country nationals and stateless persons who entered illegally and directly after stay in, or transit "
        "through, the requested State"
    ),
    msg("The agreement covers transit of third-country nationals and stateless persons"),
    msg("The person is not a national of the requested State"),
    msg("The person cannot be identified from what was submitted"),
    msg("Nationality is neither proven nor shown prima facie"),
    msg("The requested State has shown the contrary of what the prima facie evidence presumes"),
    msg("The evidence consists of false or falsified documents"),
    msg("The conditions for a spouse or child are not met"),
    msg("No visa or residence permit, and no illegal and direct entry after stay or transit"),
    msg("The person was only in airport transit"),
    msg("The requesting State grants the person access without a visa"),
    msg("The application was submitted after its limit"),
    msg("Real risk of torture, inhuman or degrading treatment, the death penalty, or persecution"),
    msg("Criminal sanctions await the person in the requested State or in another State of transit"),
    msg("Public health"),
    msg("Internal security"),
    msg("Public order"),
    msg("Other national interests of the requested State"),
    msg("The person is a national of the requested State, as its registers confirm"),
    msg("The person is the spouse or minor child of a national and may enter and stay"),
    msg("The person holds a valid residence title of the requested State"),
    msg("The person entered the requesting State directly from the requested State"),
    msg("Onward travel and admission by the State of destination are assured"),
    msg("Another ground, which the written reasons name"),
    msg("Nationality could not be confirmed by any register"),
    msg("The person has neither a residence title of the requested State nor stayed in it before"),
    msg("A ground for refusing transit is present: risk for the person, criminal sanctions, public health or security"),
)
