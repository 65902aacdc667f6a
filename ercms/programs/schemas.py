"""What the administrator's form for keys accepts."""

from ercms.core.fields import Day, FormSchema, Line
from ercms.core.text import msg


class CreateKeyRequest(FormSchema):
    """A new key."""

    name = Line(longest=80, required=True, label=msg("What the key is for"))
    acting_user_id = Line(longest=32, required=True, label=msg("Acts as"))
    expires_on = Day(label=msg("Last day"), hint=msg("Leave empty for a key that holds until it is revoked."))
