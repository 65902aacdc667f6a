"""What comes in about completion, decisions and inquiries."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from ercms.core.fields import NEEDED, NOT_VALID, Choice, FormSchema, Line, Prose, Version, YesNo
from ercms.core.text import msg
from ercms.verification.enums import InquiryFinding, InquiryPurpose

CHOOSE_AGENCY = msg("Choose the agency that is asked.")
CHOOSE_FIELDS = msg("Choose at least one field that goes with the inquiry.")
ASK_SOMEBODY = msg("Choose at least one inquiry.")
MOST_CARRIERS = 200

# The choices of these fields depend on the case: `ercms.verification.grounds` says which are offered.
_OFFERED = {"widget": "choice"}


class CompletionQuestion(FormSchema):
    """What SMS asks the requesting authority to add."""

    question = Prose(
        required=True,
        longest=4000,
        label=msg("What is missing"),
        hint=msg("The requesting authority reads this. The reply limit goes on running."),
    )


class CompletionAnswer(FormSchema):
    """The answer to a request for completion."""

    answer = Prose(
        required=True,
        longest=4000,
        label=msg("Answer"),
        hint=msg("Add documents and details to the request first, then say here what was added."),
    )


class Carriers(fields.List[str]):
    """The records of the case that carry a proposal, each as `kind:identifier`."""

    default_error_messages = {"invalid": NOT_VALID}

    def __init__(self) -> None:
        super().__init__(
            Line(longest=60),
            load_default=list,
            validate=validate.Length(max=MOST_CARRIERS, error=NOT_VALID),
            metadata={
                "widget": "many",
                "label": msg("What the proposal rests on"),
                "hint": msg(
                    "The second officer sees these. The reply names the kinds of evidence among them and the days of "
                    "interviews, and nothing of inquiries, protocols, photographs or other cases."
                ),
            },
        )


class AcceptanceProposal(FormSchema):
    """A proposal to accept."""

    ground = Line(longest=60, required=True, label=msg("Legal ground"), metadata=_OFFERED)
    reasons = Prose(required=True, label=msg("Reasons in writing"), hint=msg("Read by the second officer."))
    rests_on = Carriers()


class RefusalProposal(FormSchema):
    """A proposal to refuse; its reasons go out with the reply."""

    ground = Line(longest=60, required=True, label=msg("Legal ground"), metadata=_OFFERED)
    reasons = Prose(
        required=True,
        label=msg("Reasons in writing"),
        hint=msg("The requesting authority reads these. Name no inquiry, no agency and no source that is not its own."),
    )
    rests_on = Carriers()


class SendBack(FormSchema):
    """Why a proposal goes back to its case worker."""

    reason = Prose(required=True, longest=4000, label=msg("What has to be looked at again"))


class Confirmation(FormSchema):
    """The second officer's confirmation."""

    note = Prose(longest=2000, label=msg("Internal note"), hint=msg("Never leaves the Service."))


class InquiryRow(FormSchema):
    """One question to one agency."""

    asked = YesNo()
    purpose = Choice(InquiryPurpose, required=True, label=msg("Purpose"))
    agency_id = Line(longest=32, label=msg("Agency"), metadata=_OFFERED)
    named = fields.List(Line(longest=80), load_default=list)
    question = Prose(longest=2000, label=msg("Question"), hint=msg("Leave empty where the fields say it all."))

    @validates_schema
    def _complete_when_asked(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("asked"):
            return
        wrong = {}
        if not data.get("agency_id"):
            wrong["agency_id"] = [CHOOSE_AGENCY]
        if not data.get("named"):
            wrong["named"] = [CHOOSE_FIELDS]
        if wrong:
            raise ValidationError(wrong)


class InquiriesRequest(FormSchema):
    """Several inquiries about one person of a case."""

    person_id = Line(longest=32, label=msg("Person"), metadata=_OFFERED)
    inquiries = fields.List(fields.Nested(InquiryRow), required=True, error_messages={"required": NEEDED})

    @validates_schema
    def _at_least_one(self, data: dict[str, Any], **_: Any) -> None:
        if not any(row["asked"] for row in data.get("inquiries", [])):
            raise ValidationError({"inquiries": [ASK_SOMEBODY]})


class InquiryAnswer(FormSchema):
    """What an agency found."""

    version = Version()
    finding = Choice(InquiryFinding, required=True, label=msg("Finding"))
    answer = Prose(
        required=True,
        longest=4000,
        label=msg("Answer"),
        hint=msg("What the register says, and under which number. Only the State Migration Service reads this."),
    )


class InquiryWithdrawal(FormSchema):
    """Why an inquiry is no longer needed."""

    version = Version()
    reason = Prose(required=True, longest=1000, label=msg("Reason"))


class PurposeRuleRequest(FormSchema):
    """What inquiries of a purpose may name, and who may be asked."""

    purpose = Choice(InquiryPurpose, required=True, label=msg("Purpose"))
    named = fields.List(Line(longest=80), load_default=list, metadata={"label": msg("May be named")})
    defaults = fields.List(Line(longest=80), load_default=list, metadata={"label": msg("Marked beforehand")})
    agency_ids = fields.List(Line(longest=32), load_default=list, metadata={"label": msg("May be asked")})
    source = Line(
        longest=400,
        required=True,
        label=msg("On what it rests"),
        hint=msg("Law, agreement with its article, or the letter by which the agency and the Service agreed on it."),
    )

    @validates_schema
    def _names_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("named"):
            raise ValidationError({"named": [CHOOSE_FIELDS]})


class PurposeRuleDecision(FormSchema):
    """Which proposed rule is confirmed or turned down."""

    rule_id = Line(longest=32, required=True)
