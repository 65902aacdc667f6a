"""Search tokens: keyed digests of normalised values, which tell equality and nothing else."""

import hashlib
import hmac
import unicodedata

from ercms.vault.enums import KeyPurpose, TokenKind
from ercms.vault.keys import Key, Keyring

TOKEN_BYTES = 32
_SIGNS_ONLY = {TokenKind.DOCUMENT_NUMBER, TokenKind.FIN, TokenKind.OWN_REFERENCE}


def normalise(kind: TokenKind, value: str) -> str:
    """Return the one spelling of a value.

    Numbers and references keep letters and digits only, in capitals. A birth date is taken as it stands (ISO 8601,
    whole or partial). A name key has been folded by whoever made it.

    >>> normalise(TokenKind.DOCUMENT_NUMBER, " c 0123-4567 ")
    'C01234567'
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if kind in _SIGNS_ONLY:
        return "".join(sign for sign in text.upper() if sign.isalnum())
    return " ".join(text.casefold().split())


def digest(key: Key, kind: TokenKind, normalised: str) -> bytes:
    """Return the token of a normalised value under one token key."""
    if key.material is None:
        raise ValueError("a destroyed key makes no token")
    message = b"ercms/token/1\x00" + kind.value.encode() + b"\x00" + normalised.encode()
    return hmac.new(key.material, message, hashlib.sha256).digest()


def tokens_for_search(keyring: Keyring, kind: TokenKind, value: str) -> list[bytes]:
    """Return the tokens under which a value may be stored: one for each token key still in use."""
    normalised = normalise(kind, value)
    if not normalised:
        return []
    return [digest(key, kind, normalised) for key in keyring.usable(KeyPurpose.TOKEN)]
