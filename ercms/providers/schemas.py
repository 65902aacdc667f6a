"""What the pages of identity providers accept."""

from ercms.core.fields import Choice, FormSchema, Line, Version, YesNo
from ercms.core.text import msg
from ercms.providers.enums import SecondStep


class ProviderFields(FormSchema):
    """What is known of a provider, besides whose it is."""

    issuer = Line(longest=300, required=True, label=msg("Issuer"))
    client_id = Line(longest=200, required=True, label=msg("Client identifier"))
    client_secret = Line(longest=200, label=msg("Client secret"))
    second_step = Choice(SecondStep, required=True, label=msg("Second factor"))
    second_values = Line(longest=200, label=msg("Values that mean two factors"))
    is_enabled = YesNo(label=msg("May be used to sign in"))


class CreateProviderRequest(ProviderFields):
    """A new provider."""

    organisation_id = Line(longest=32, required=True, label=msg("Organisation"))


class ChangeProviderRequest(ProviderFields):
    """The changed facts of a provider."""

    version = Version()


class LinkRequest(FormSchema):
    """Whose account a subject is."""

    user_id = Line(longest=32, required=True, label=msg("User"))


class DepartRequest(FormSchema):
    """Through which provider somebody wants to sign in, and where to go on to."""

    provider = Line(longest=32, required=True, label=msg("Your authority"))
    next = Line(longest=2000)
