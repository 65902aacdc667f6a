"""What the pages of corrections and restrictions accept."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from ercms.core.fields import Choice, FormSchema, Line, Prose, WholeNumber, YesNo
from ercms.core.text import msg
from ercms.marks.enums import GROUNDS, MarkGround, MarkKind

WRONG_GROUND = msg("This ground does not go with what is asked for.")
VALUE_NEEDED = msg("Say what the field should read.")
FIELD_NEEDED = msg("Choose the field to which the value belongs.")
NO_VALUE = msg("A restriction names no value.")


class MarkRequest(FormSchema):
    """A correction or a restriction that is asked for; a correction may name one field and what it should read."""

    number = WholeNumber(least=1, most=50, required=True, label=msg("Person"))
    kind = Choice(MarkKind, required=True, label=msg("What is asked for"))
    ground = Choice(MarkGround, required=True, label=msg("Ground"))
    field = Line(longest=80, label=msg("Field"))
    value = Line(longest=500, label=msg("What the field should read"))
    text = Prose(longest=4000, required=True, label=msg("What is wrong, and how it is shown"))
    is_by_person = YesNo(label=msg("The person asks for it"))

    @validates_schema
    def _goes_together(self, data: dict[str, Any], **_: Any) -> None:
        kind, ground = data.get("kind"), data.get("ground")
        if kind and ground and ground not in GROUNDS[kind]:
            raise ValidationError({"ground": [WRONG_GROUND]})
        if kind is MarkKind.RESTRICTION and data.get("value"):
            raise ValidationError({"value": [NO_VALUE]})
        if data.get("field") and not data.get("value") and kind is MarkKind.CORRECTION:
            raise ValidationError({"value": [VALUE_NEEDED]})
        if data.get("value") and not data.get("field"):
            raise ValidationError({"field": [FIELD_NEEDED]})


class OfficerMarkRequest(MarkRequest):
    """The same, entered by the data protection officer, who opens no case and names it by its reference."""

    reference = Line(longest=30, required=True, label=msg("Reference"))


class MarkDecision(FormSchema):
    """Whether what was asked for is granted, and why."""

    is_granted = YesNo()
    reasons = Prose(longest=4000, required=True, label=msg("Reasons"))
    version = WholeNumber(least=1, most=2**31 - 1, required=True)


class MarkLifting(FormSchema):
    """The end of a restriction."""

    version = WholeNumber(least=1, most=2**31 - 1, required=True)
