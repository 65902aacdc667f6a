"""What the words of identity providers are called on a page, and what somebody is told whose sign-in was refused."""

from flask_babel import lazy_gettext as _l

from ercms.providers.enums import Flaw, SecondStep
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import register

register(
    SecondStep,
    {
        SecondStep.OURS: _l("A code or a passkey is asked here"),
        SecondStep.PROVIDERS: _l("The provider's second factor counts"),
    },
)
_NOT_REACHED = _l("Your authority's sign-in cannot be reached at the moment. Try again later, or use your password.")
_NOT_HELD = _l("The answer of your authority's sign-in did not hold, and was refused. This is on record. Try again.")
_BEGIN_AGAIN = _l("This sign-in was begun elsewhere, took too long, or was answered already. Please begin again.")
_CLOCKS = _l("The clock of your authority's sign-in and ours do not agree. Tell your administrator.")
register(
    Flaw,
    {
        Flaw.NOT_REACHED: _NOT_REACHED,
        Flaw.NOT_ALLOWED: _NOT_REACHED,
        Flaw.WRONG_ISSUER: _NOT_HELD,
        Flaw.STATE_UNKNOWN: _BEGIN_AGAIN,
        Flaw.DECLINED: _l("Your authority did not sign you in."),
        Flaw.CODE_REFUSED: _NOT_HELD,
        Flaw.MALFORMED: _NOT_HELD,
        Flaw.WRONG_ALGORITHM: _NOT_HELD,
        Flaw.UNKNOWN_KEY: _NOT_HELD,
        Flaw.BAD_SIGNATURE: _NOT_HELD,
        Flaw.WRONG_AUDIENCE: _NOT_HELD,
        Flaw.WRONG_NONCE: _NOT_HELD,
        Flaw.EXPIRED: _BEGIN_AGAIN,
        Flaw.FROM_THE_FUTURE: _CLOCKS,
        Flaw.STALE_SIGN_IN: _l("Your authority did not ask you anew who you are. Sign out there, and try again."),
        Flaw.UNLINKED: _l("No account here is linked to your sign-in yet."),
        Flaw.ACCOUNT_CLOSED: _l("Your account here is closed. Ask your administrator."),
    },
)
register_reasons(
    {
        "provider_link_of_oneself": _l("Nobody links their own account: another administrator has to do it."),
    }
)
