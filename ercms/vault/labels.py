"""What keys and the refusals of the vault are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.vault.enums import KeyPurpose, KeyState
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

register(
    KeyPurpose,
    {
        KeyPurpose.DATA: _l("Personal data"),
        KeyPurpose.TOKEN: _l("Search"),
        KeyPurpose.SESSION: _l("Sessions"),
        KeyPurpose.SIGNATURE: _l("Signatures"),
    },
)
register(
    KeyState,
    {
        KeyState.ACTIVE: _l("In use"),
        KeyState.DECRYPT_ONLY: _l("For reading only"),
        KeyState.DESTROYED: _l("Destroyed"),
    },
)
register_reasons(
    {
        "record_damaged": _l("The stored data do not verify: they were damaged or tampered with. They are not shown."),
        "file_too_large": _l("The file is too large."),
        "key_is_active": _l("The key is in use. Replace it by a new one first."),
        "key_is_needed": _l("Records still need this key."),
        "key_retired_too_recently": _l("The key was replaced only a moment ago. Please wait some minutes."),
    }
)
