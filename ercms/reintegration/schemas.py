"""What comes in about a referral, its consent and the work that follows."""

from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from ercms.core import fields
from ercms.core.text import msg
from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, ReferralOutcome, ServiceState, SharedField

_AT_LEAST_ONE = validate.Length(min=1, error=fields.NEEDED)


class ReferralOffer(fields.FormSchema):
    """The offer of support to a person who arrived."""

    areas = fields.Choices(
        AssistanceArea, required=True, validate=_AT_LEAST_ONE, label=msg("Areas in which the person needs support")
    )
    note = fields.Prose(longest=2000, label=msg("Note on the needs"), hint=msg("The partner does not see this note."))


class ReferralRequest(fields.FormSchema):
    """The referral to one partner, with the person's consent to it."""

    partner_id = fields.Line(
        longest=32,
        required=True,
        label=msg("Reintegration partner"),
        source="reintegration_partners",
        metadata={"widget": "choice"},
    )
    consent_purpose = fields.Choice(ConsentPurpose, required=True, label=msg("Purpose to which the person consents"))
    consented_fields = fields.Choices(
        SharedField,
        required=True,
        validate=_AT_LEAST_ONE,
        label=msg("What the person allows to be shared"),
        hint=msg("The partner sees these and nothing else."),
    )
    consented_on = fields.Day(required=True, label=msg("Consent given on"))
    consent_until = fields.Day(required=True, label=msg("Consent holds until"), hint=msg("The last day."))
    consent_note = fields.Prose(
        longest=2000,
        label=msg("How the consent was given"),
        hint=msg("Language, interpreter, where the signed paper lies; for a child the guardian and the child's view."),
    )

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("consented_on") and data.get("consent_until") and data["consent_until"] < data["consented_on"]:
            raise ValidationError({"consent_until": [msg("The consent would end before it was given.")]})


class ReferralDecline(fields.FormSchema):
    """The person wants no support."""

    note = fields.Prose(longest=2000, label=msg("Note"))


class ReferralReturn(fields.FormSchema):
    """A referral that is given back."""

    reason = fields.Prose(required=True, longest=2000, label=msg("Why the referral is given back"))


class ReferralAcceptance(fields.FormSchema):
    """The partner takes the referral on."""

    note = fields.Prose(longest=2000, label=msg("First steps"))


class ConsentRevocation(fields.FormSchema):
    """The person takes the consent back; nobody owes a reason."""

    note = fields.Prose(longest=2000, label=msg("Note"))


class ServiceEntry(fields.FormSchema):
    """One service in one of the five areas."""

    area = fields.Choice(AssistanceArea, required=True, label=msg("Area"))
    state = fields.Choice(ServiceState, required=True, label=msg("State of the service"))
    description = fields.Prose(longest=2000, required=True, label=msg("What is provided"))
    provided_on = fields.Day(label=msg("Provided on"))


class ServiceChange(fields.FormSchema):
    """How far a service has come."""

    state = fields.Choice(ServiceState, required=True, label=msg("State of the service"))
    provided_on = fields.Day(label=msg("Provided on"))


class ProgressReport(fields.FormSchema):
    """How it goes."""

    text = fields.Prose(longest=6000, required=True, label=msg("Progress"))


class ReferralFinish(fields.FormSchema):
    """How a referral ended."""

    outcome = fields.Choice(ReferralOutcome, required=True, label=msg("Outcome"))
    text = fields.Prose(longest=6000, label=msg("Final report"))
