"""What comes in about two pictures: which two, how they are shown, and what an officer found."""

from ercms.core import fields
from ercms.core.text import msg
from ercms.photographs.enums import PhotographFinding


class PairRequest(fields.FormSchema):
    """Which two pictures, and how each is shown; nothing named means the first of each."""

    sent = fields.Line(longest=32)
    sent_page = fields.WholeNumber(least=1, most=400, load_default=1)
    sent_zoom = fields.WholeNumber(least=50, most=300, load_default=100)
    sent_turn = fields.WholeNumber(least=0, most=270, load_default=0)
    other = fields.Line(longest=32)
    other_page = fields.WholeNumber(least=1, most=400, load_default=1)
    other_zoom = fields.WholeNumber(least=50, most=300, load_default=100)
    other_turn = fields.WholeNumber(least=0, most=270, load_default=0)


class FindingRequest(fields.FormSchema):
    """What an officer found on two pictures, and why."""

    version = fields.Version()
    sent = fields.Line(longest=32, required=True)
    sent_page = fields.WholeNumber(least=1, most=400, load_default=1)
    other = fields.Line(longest=32, required=True)
    other_page = fields.WholeNumber(least=1, most=400, load_default=1)
    finding = fields.Choice(PhotographFinding, required=True, label=msg("Your finding"))
    reasons = fields.Prose(
        longest=4000,
        required=True,
        label=msg("What it rests on"),
        hint=msg("What you compared: shape of face, ears, scars, moles, age; and how good the pictures are."),
    )


class RegisterPictureRequest(fields.FormSchema):
    """Whom a picture concerns that an officer brings in from a register; the picture itself comes beside it."""

    version = fields.Version()
    person_id = fields.Line(longest=32, label=msg("Whom it concerns"))
