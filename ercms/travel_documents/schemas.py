"""What comes in about a travel document for the return."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ercms.core import fields
from ercms.core.text import msg


class DocumentRequest(fields.FormSchema):
    """The request for a travel document: everything about it is known from the case."""


class DocumentIssue(fields.FormSchema):
    """A travel document as it was issued."""

    number = fields.Line(longest=40, required=True, label=msg("Number of the document"))
    issued_on = fields.Day(required=True, label=msg("Issued on"))
    valid_until = fields.Day(
        required=True,
        label=msg("Valid until"),
        hint=msg("As printed in the document. A shorter validity than the agreement asks for is shown, not refused."),
    )

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("issued_on") and data.get("valid_until") and data["valid_until"] < data["issued_on"]:
            raise ValidationError({"valid_until": [msg("The document would end before it was issued.")]})


class DocumentReissue(fields.FormSchema):
    """The request for a new document in place of one that ran out, was lost or cannot be used."""

    reason = fields.Prose(longest=2000, label=msg("Why a new document is needed"))
