"""What the words of the verification are called on a page, and what its refusals mean."""

from flask_babel import lazy_gettext as _l

from ercms.verification.enums import AnswerChannel, DecisionOutcome, InquiryFinding, InquiryPurpose
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

labels.register(
    AnswerChannel,
    {
        AnswerChannel.PAGE: _l("on its page"),
        AnswerChannel.INTERFACE: _l("by its program"),
        AnswerChannel.REGISTER: _l("by the connection to its register"),
    },
)

# The texts of `purposes.toml`; a test holds this list against the file.
PURPOSE_TEXTS = (
    _l("Register of citizenship of the State Migration Service, or of the Ministry of Internal Affairs"),
    _l("Ministry of Internal Affairs: passports, identity cards and their registers"),
    _l("Ministry of Justice: register of civil status"),
    _l("State Migration Service: unified migration information system"),
    _l("State Border Service: records of entry and exit"),
    _l("State Security Service: security check of persons"),
    _l(
        "Statute of the State Migration Service, item 9.18-1 (Decree of 11 February 2015); Cabinet of Ministers "
        "Decision 84 of 18 March 2015"
    ),
    _l("Ministry of Internal Affairs, passports (reported of checks of identity)"),
    _l("Practice as reported; the rule itself was not read"),
    _l("Decree 276 of 4 June 2010"),
)

register_reasons(
    {
        "unknown_carrier": _l("Choose among what is on record in this case."),
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
