"""Take apart a reading of a surname: the root, and the ending that sex or a change of surname may alter."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ercms.persons.names.sounds import GLIDE, VOWEL_MASK, mask


class Ending(StrEnum):
    """The endings of surnames that are exchanged for one another."""

    NONE = "none"
    OV = "-ov"
    LI = "-li"
    ZADE = "-zadə"
    OGLU = "-oğlu"
    QIZI = "-qızı"
    SOY = "-soy"


@dataclass(frozen=True, slots=True)
class Parts:
    """The root and the ending of a word; `is_feminine` is known for the Russian ending only."""

    root: tuple[int, ...]
    ending: Ending
    is_feminine: bool | None = None

    @property
    def masculine(self) -> tuple[int, ...]:
        """The word with the ending in one form for both sexes and after every sound."""
        return self.root + _OV_FORM if self.ending is Ending.OV else self.root


_A, _OE, _V = mask("AƏ"), mask("OEƏ"), mask("VF")
_OV_FORM = (mask("OEƏ"), mask("V"))
_MIN_ROOT = 2
_PATTERNS = (
    (Ending.ZADE, tuple(mask(s) for s in ("ZS", "AƏ", "DT", "AƏE"))),
    (Ending.OGLU, tuple(mask(s) for s in ("OU", "GQH", "L", "UIO"))),
    (Ending.QIZI, tuple(mask(s) for s in ("KQG", "I", "ZS", "I"))),
    (Ending.SOY, tuple(mask(s) for s in ("S", "O", "YI"))),
    (Ending.LI, tuple(mask(s) for s in ("L", "IU"))),
)


def _ends_with(symbols: tuple[int, ...], pattern: tuple[int, ...]) -> bool:
    tail = symbols[-len(pattern) :]
    return len(symbols) >= len(pattern) + _MIN_ROOT and all(a & b for a, b in zip(tail, pattern, strict=True))


def _ov(symbols: tuple[int, ...]) -> Parts | None:
    is_feminine = _ends_with(symbols, (_OE, _V, _A))
    if not is_feminine and not _ends_with(symbols, (_OE, _V)):
        return None
    root = symbols[: -3 if is_feminine else -2]
    # The y of -yev, which several habits leave out; an i that may be a y is one only after a vowel.
    if len(root) > _MIN_ROOT and (root[-1] == GLIDE or (root[-1] & GLIDE and root[-2] & VOWEL_MASK)):
        root = root[:-1]
    return Parts(root, Ending.OV, is_feminine)


@lru_cache(maxsize=65_536)
def take_apart(symbols: tuple[int, ...]) -> Parts:
    """Return root and ending of the word."""
    found = _ov(symbols)
    if found:
        return found
    for ending, pattern in _PATTERNS:
        if _ends_with(symbols, pattern):
            return Parts(symbols[: -len(pattern)], ending)
    return Parts(symbols, Ending.NONE)
