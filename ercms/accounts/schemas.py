"""What the pages of this domain accept."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates

from ercms.accounts.passwords import LONGEST
from ercms.core.actor import OrganisationKind, Role
from ercms.core.fields import NEEDED, NOT_A_CHOICE, TOO_LONG, Choice, Countries, FormSchema, Line, Prose, Version, YesNo
from ercms.core.text import msg

EMAIL = msg("E-mail address")
NOT_AN_EMAIL = msg("This is not an e-mail address.")
WRONG_PASSWORD = msg("This is not your present password.")
NOT_THE_SAME = msg("The two passwords differ.")

_PASSWORD_MESSAGES: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": NEEDED,
    "null": NEEDED,
    "invalid": NEEDED,
}


class Password(fields.String):
    """A password, exactly as typed: nothing is cut off or folded."""

    default_error_messages = _PASSWORD_MESSAGES

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Length(max=LONGEST, error=TOO_LONG), required=True, **options)


def check_email(value: str) -> None:
    """Refuse what is not shaped like an address; whether it works is found out by writing to it."""
    local, at, domain = value.rpartition("@")
    if not at or not local or "." not in domain or " " in value or domain.startswith(".") or domain.endswith("."):
        raise ValidationError(NOT_AN_EMAIL)


class SignInRequest(FormSchema):
    """E-mail address and password."""

    email = Line(longest=254, required=True, label=EMAIL)
    password = Password(metadata={"label": msg("Password")})
    next = Line(longest=2000)


class ChangePasswordRequest(FormSchema):
    """The present password, and the new one twice."""

    present = Password(metadata={"label": msg("Present password")})
    password = Password(metadata={"label": msg("New password")})
    again = Password(metadata={"label": msg("New password once more")})


class OrganisationFields(FormSchema):
    """What is known of an organisation, besides its kind."""

    name = Line(longest=200, required=True, label=msg("Full name"))
    short_name = Line(longest=40, label=msg("Short name"))
    states = Countries(load_default=list, label=msg("States"))
    contact_email = Line(longest=254, label=EMAIL)
    contact_phone = Line(longest=40, label=msg("Telephone"))
    address = Prose(longest=1000, label=msg("Postal address"))

    @validates("contact_email")
    def _check_email(self, value: str, data_key: str) -> None:
        check_email(value)


class CreateOrganisationRequest(OrganisationFields):
    """A new organisation."""

    kind = Choice(OrganisationKind, required=True, label=msg("Kind"))


class ChangeOrganisationRequest(OrganisationFields):
    """The changed facts of an organisation."""

    is_active = YesNo()
    version = Version()


class UserFields(FormSchema):
    """What is known of a user."""

    display_name = Line(longest=200, required=True, label=msg("Name"))
    role = Choice(Role, required=True, label=msg("Role"))
    locale = fields.String(
        required=True,
        validate=validate.OneOf(("az", "en", "ru"), error=NOT_A_CHOICE),
        metadata={"label": msg("Language")},
        error_messages={"required": NEEDED, "null": NEEDED, "invalid": NEEDED},
    )


class CreateUserRequest(UserFields):
    """A new user."""

    email = Line(longest=254, required=True, label=EMAIL)
    organisation_id = Line(longest=32, required=True, label=msg("Organisation"))

    @validates("email")
    def _check_email(self, value: str, data_key: str) -> None:
        check_email(value)


class ChangeUserRequest(UserFields):
    """The changed facts of a user."""

    is_active = YesNo()
    version = Version()
