"""Search tokens: keyed digests of normalised values, which tell equality and nothing else."""

import unicodedata
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

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
    return digests(key, kind, [normalised])[0]


def digests(key: Key, kind: TokenKind, normalised: Iterable[str]) -> list[bytes]:
    """Return the tokens of normalised values under one token key, which is set up once for all of them."""
    if key.material is None:
        raise ValueError("a destroyed key makes no token")
    begun = HMAC(key.material, SHA256())
    begun.update(b"ercms/token/1\x00" + kind.value.encode() + b"\x00")
    tokens = []
    for value in normalised:
        one = begun.copy()
        one.update(value.encode())
        tokens.append(one.finalize())
    return tokens


def tokens_for_search(keyring: Keyring, kind: TokenKind, value: str) -> list[bytes]:
    """Return the tokens under which a value may be stored: one for each token key still in use."""
    return tokens_of_many(keyring, kind, [value])


def tokens_of_many(keyring: Keyring, kind: TokenKind, values: Iterable[str]) -> list[bytes]:
    """Return the tokens under which any of many values may be stored."""
    wanted = {normalise(kind, value) for value in values} - {""}
    return [token for key in keyring.usable(KeyPurpose.TOKEN) for token in digests(key, kind, wanted)]
