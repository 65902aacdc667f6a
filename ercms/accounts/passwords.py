"""Passwords: Argon2id hashes, judged by length and by how common their parts are.

There are no rules of composition (NIST SP 800-63B, 3.1.1).
"""

import secrets

from argon2.exceptions import InvalidHashError, VerificationError

from ercms.accounts import common_passwords
from ercms.accounts.runtime import runtime
from ercms.core.errors import InvalidInput
from ercms.core.text import msg

SHORTEST = 12
LONGEST = 200

TOO_SHORT = msg("Use at least 12 characters. A few unrelated words are easy to remember and hard to guess.")
TOO_LONG = msg("Use at most 200 characters.")
TOO_COMMON = msg(
    "This password is easily guessed. Choose one that does not contain common words, your name or your address."
)

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return runtime().hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Tell whether the password fits; without an account, spend the same time on a decoy and say no."""
    try:
        runtime().hasher.verify(password_hash or runtime().decoy, password[: LONGEST * 2])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Tell whether the hash was made at another cost than today's."""
    return runtime().hasher.check_needs_rehash(password_hash)


def check_strength(password: str, *, known: tuple[str, ...] = ()) -> None:
    """Refuse a password that is too short or easily guessed; `known` is what stands on the account.

    Raises:
        InvalidInput: at the field `password`.
    """
    if len(password) < SHORTEST:
        raise InvalidInput(fields={"password": [TOO_SHORT]})
    if len(password) > LONGEST:
        raise InvalidInput(fields={"password": [TOO_LONG]})
    if common_passwords.is_common(password, _parts(known)):
        raise InvalidInput(fields={"password": [TOO_COMMON]})


def one_time_password() -> str:
    """Return a random password of about 79 bits that is easy to read out: four groups of four."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def _parts(known: tuple[str, ...]) -> frozenset[str]:
    words = " ".join(known).casefold().replace("@", " ").replace(".", " ").replace("-", " ").split()
    return frozenset(word for word in words if len(word) >= 4)
