"""What the ways of proving oneself, the reasons of a reset and the refusals are called on a page."""

from flask_babel import lazy_gettext as _l

from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.factors.enums import ResetReason
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

register(
    SignInMethod,
    {
        SignInMethod.PASSWORD: _l("Password"),
        SignInMethod.PASSKEY: _l("Passkey"),
        SignInMethod.IDENTITY_PROVIDER: _l("Sign-in of one's own authority"),
        SignInMethod.DEMONSTRATION: _l("One click in the demonstration"),
    },
)
register(
    SecondFactor,
    {
        SecondFactor.TOTP: _l("Code of an authenticator"),
        SecondFactor.RECOVERY_CODE: _l("Recovery code"),
        SecondFactor.PASSKEY: _l("Passkey"),
        SecondFactor.IDENTITY_PROVIDER: _l("Sign-in of one's own authority"),
        SecondFactor.DEMONSTRATION: _l("One click in the demonstration"),
    },
)
register(
    ResetReason,
    {
        ResetReason.LOST: _l("Lost or broken"),
        ResetReason.REPLACED: _l("Replaced by a new device"),
        ResetReason.MISUSE: _l("Perhaps in the wrong hands"),
        ResetReason.OTHER: _l("Another reason"),
    },
)
register_reasons(
    {
        "factor_reset_of_oneself": _l("Nobody resets their own second factor: another administrator has to do it."),
        "last_factor": _l("Set up an authenticator first: without this passkey you could not sign in any more."),
        "passkey_malformed": _l("This is not the answer of a passkey."),
    }
)
