"""What comes in about messages."""

from ercms.core.fields import FormSchema, Prose
from ercms.core.text import msg


class MessageRequest(FormSchema):
    """One message in a case."""

    body = Prose(
        required=True,
        longest=4000,
        label=msg("Message"),
        hint=msg("Read by the State Migration Service and by the requesting side. It cannot be taken back."),
    )
