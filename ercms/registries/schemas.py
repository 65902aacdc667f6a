"""What a register may answer, and the form of a connection."""

from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from ercms.core.fields import Choice, FormSchema, Line, Prose, YesNo
from ercms.core.text import msg
from ercms.verification.enums import InquiryFinding

ADDRESS_NEEDED = msg("A connection that is switched on needs an address.")
_STATUSES = ("accepted", "pending", "answered")


class RegisterReply(FormSchema):
    """The reply of a register: of which inquiry, about whom, how far; with an answer its finding and its words."""

    inquiry = Line(longest=32, required=True)
    subject = Line(longest=64, required=True)
    status = Line(longest=20, required=True)
    finding = Choice(InquiryFinding)
    answer = Prose(longest=4000)

    @validates_schema
    def _says_what_it_found(self, data: dict[str, Any], **_: Any) -> None:
        validate.OneOf(_STATUSES)(data["status"])
        is_answered = data["status"] == "answered"
        if is_answered != bool(data.get("finding")) or is_answered != bool(data.get("answer")):
            raise ValidationError("an answer has a finding and words, and nothing else has")


class ConnectionRequest(FormSchema):
    """Where an agency's register is reached, and whether inquiries go there."""

    agency_id = Line(longest=32, required=True)
    address = Line(longest=300, label=msg("Address of the register"))
    is_enabled = YesNo(label=msg("Inquiries go to the register by themselves"))

    @validates_schema
    def _enabled_has_address(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("is_enabled") and not data.get("address"):
            raise ValidationError({"address": [ADDRESS_NEEDED]})


class TryAgainRequest(FormSchema):
    """Which register is to be tried again at once."""

    agency_id = Line(longest=32, required=True)
