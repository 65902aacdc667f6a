"""Recovery codes: random, so that a plain digest protects them (118 bits; OWASP ASVS 6.5.2 asks for 112)."""

import hashlib
import secrets

HOW_MANY = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 6, 4


def new_code() -> str:
    """Return a random code that is easy to read: six groups of four signs, without those that look alike."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def is_shaped(typed: str) -> bool:
    """Tell whether what was typed could be such a code; digits alone are a code of an authenticator."""
    signs = _signs(typed)
    return len(signs) == _GROUPS * _GROUP and set(signs) <= set(_ALPHABET)


def digest(typed: str) -> str:
    """Return what is stored of a code, however it was typed."""
    return hashlib.sha256(b"ercms/recovery/1\x00" + _signs(typed).encode()).hexdigest()


def _signs(typed: str) -> str:
    return "".join(sign for sign in typed.casefold() if sign.isalnum())
