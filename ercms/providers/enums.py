"""The words of sign-ins through an authority's own identity provider."""

from enum import StrEnum


class SecondStep(StrEnum):
    """Who sees to the second factor."""

    OURS = "ours"
    """A code or a passkey is asked here, as after a password."""
    PROVIDERS = "providers"
    """The provider's word counts, where its token names one of the values that were agreed on."""


class Flaw(StrEnum):
    """Why a sign-in through a provider was refused; the code stands on record."""

    NOT_REACHED = "not_reached"
    """The provider, or what it says of itself, could not be read."""
    NOT_ALLOWED = "not_allowed"
    """The provider names an address outside the hosts that may be called."""
    WRONG_ISSUER = "wrong_issuer"
    """The answer, the metadata or the token is another issuer's than the one that was asked."""
    STATE_UNKNOWN = "state_unknown"
    """The answer belongs to nothing that this browser began, or it came a second time, or too late."""
    DECLINED = "declined"
    """The provider says that the person was not signed in."""
    CODE_REFUSED = "code_refused"
    MALFORMED = "malformed"
    WRONG_ALGORITHM = "wrong_algorithm"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_NONCE = "wrong_nonce"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"
    STALE_SIGN_IN = "stale_sign_in"
    """The person proved nothing to the provider lately, although that was asked for."""
    UNLINKED = "unlinked_subject"
    """The token is sound, but nobody linked its subject to an account."""
    ACCOUNT_CLOSED = "account_closed"
