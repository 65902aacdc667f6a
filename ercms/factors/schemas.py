"""What the pages of the second step and of the factors accept."""

from ercms.core.fields import Choice, FormSchema, Line, Prose
from ercms.core.text import msg
from ercms.factors.enums import ResetReason

CODE = msg("Code")


class CodeRequest(FormSchema):
    """A code of an authenticator, or a recovery code."""

    code = Line(longest=60, required=True, label=CODE)


class EnrolmentRequest(FormSchema):
    """A code of the authenticator that is being set up; after a reset also the administrator's one-time secret."""

    code = Line(longest=60, required=True, label=CODE)
    one_time_secret = Line(longest=60, label=msg("One-time secret of the administrator"))


class FactorResetRequest(FormSchema):
    """Why an administrator takes a user's factors away."""

    reason = Choice(ResetReason, required=True, label=msg("Reason"))
    note = Prose(longest=500, required=True, label=msg("How you made sure who is asking"))


class PasskeySignInRequest(FormSchema):
    """What a passkey answered, as JSON."""

    passkey = Line(longest=20_000, required=True, label=msg("Passkey"))
    next = Line(longest=2000)


class PasskeyRequest(FormSchema):
    """A new passkey and its name."""

    name = Line(longest=60, required=True, label=msg("Name"))
    passkey = Line(longest=20_000, required=True, label=msg("Passkey"))
