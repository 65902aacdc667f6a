"""The words of the second step: what is being waited for, how a code was judged, why a factor was taken away."""

from enum import StrEnum


class StepPurpose(StrEnum):
    """What somebody is in the middle of, who has not yet proved everything."""

    SECOND_FACTOR = "second_factor"
    """The first step of a sign-in is done, the second is not."""
    PASSKEY_SIGN_IN = "passkey_sign_in"
    PASSKEY_REGISTRATION = "passkey_registration"
    PASSKEY_PROOF = "passkey_proof"
    """Somebody who is signed in proves anew who they are."""


class Verdict(StrEnum):
    """How a code or a passkey was judged."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    REUSED = "reused"
    """The code is right, but it, or a later one, was accepted before."""
    WRONG_SECRET = "wrong_secret"  # noqa: S105 - the name of a verdict, not a secret
    """The one-time secret of a reset is wrong, or its time is over."""
    LOCKED = "locked"
    ENDED = "ended"
    """The step took too long, or it was never begun."""


class ResetReason(StrEnum):
    """Why an administrator takes a user's factors away."""

    LOST = "lost"
    REPLACED = "replaced"
    MISUSE = "misuse"
    OTHER = "other"
