"""Compare two words by the letters on paper, for a slip within the several letters of one sound.

By sound such a slip is several errors: Jsohgun for Joshgun, Dscahfarow for Dschafarow. So one word is written in the
letters of each habit, since the slip may hide which one it was (Radsvhabow for Radschabow), and the letters are aligned
with those of the other word, vowels and glides as loosely as sounds are.
"""

from functools import lru_cache

from rapidfuzz.distance import OSA

from ercms.persons.names.alignment import TOO_FAR, distance
from ercms.persons.names.conventions import Convention, Reading
from ercms.persons.names.sounds import BITS, BREATH, foreign, mask

# How each habit writes the sounds that have a letter of their own in Azerbaijani only, or several letters in the habit.
_PLAIN = {"Ə": "a", "J": "j", "G": "g", "Q": "g", "C": "c", "Ç": "c", "Ş": "s"} | {
    letter: letter.lower() for letter in "ABDEFHIKLMNOPRSTUVYZ"
}
_WRITTEN: dict[Convention, dict[str, str]] = {
    Convention.ENGLISH: _PLAIN | {"C": "j", "Ç": "ch", "Ş": "sh", "J": "zh", "H": "h"},
    Convention.GERMAN: _PLAIN
    | {"C": "dsch", "Ç": "tsch", "Ş": "sch", "J": "sch", "H": "ch", "V": "w", "Z": "s", "Y": "j"},
    Convention.FRENCH: _PLAIN | {"C": "dj", "Ç": "tch", "Ş": "ch", "H": "kh", "U": "ou"},
    Convention.NORWEGIAN: _PLAIN | {"C": "dzj", "Ç": "tsj", "Ş": "sj", "J": "zj", "H": "kh", "Y": "j"},
}  # fmt: skip
# The letters of Azerbaijani passports, for what the Azerbaijani alphabet writes otherwise.
_PASSPORT = {"ə": "a", "ä": "a", "ç": "ch", "ş": "sh", "ğ": "gh", "ö": "o", "ü": "u", "ı": "i", "x": "kh", "q": "g"}
_SINGLE = {
    "a": "AƏ", "b": "B", "c": "CÇ", "d": "D", "e": "EƏ", "f": "F", "g": "GQ", "h": "H", "i": "I", "j": "Y", "k": "KQ",
    "l": "L", "m": "M", "n": "N", "o": "O", "p": "P", "q": "Q", "r": "R", "s": "SZ", "t": "T", "u": "U", "v": "V",
    "w": "V", "x": "H", "y": "IY", "z": "Z", "ı": "I", "ö": "O", "ü": "U", "ï": "I", "é": "E", "è": "E", "ä": "Ə",
}  # fmt: skip
ONE_SLIP = 1.0
# What the habits differ in beside the slip: a vowel, a glide that softens.
_WITH_HABITS = ONE_SLIP + 0.15
_FAR_APART = 4


def _sound(symbol: int, table: dict[str, str]) -> str:
    return next((table[letter] for letter, bit in BITS.items() if bit & symbol and letter in table), "?")


@lru_cache(maxsize=65_536)
def _on_paper(symbols: tuple[int, ...], convention: Convention) -> tuple[str, ...]:
    """Return the letters that the habit would write the sounds in: h is g where the name came through Russian."""
    table = _WRITTEN[convention]
    plain = "".join(_sound(symbol, table) for symbol in symbols)
    if not any(symbol & BREATH for symbol in symbols):
        return (plain,)
    through_russian = table | {"H": "g"}
    return plain, "".join(_sound(symbol, through_russian) for symbol in symbols)


@lru_cache(maxsize=16_384)
def _symbols(letters: str) -> tuple[int, ...]:
    return tuple(mask(_SINGLE[letter]) if letter in _SINGLE else foreign(letter) for letter in letters)


@lru_cache(maxsize=16_384)
def _as_in_passport(word: Reading) -> str:
    """Return the word as it would be typed off a passport."""
    return "".join(
        "j" if letters == "c" and symbol == BITS["C"] else "".join(_PASSPORT.get(letter, letter) for letter in letters)
        for symbol, letters in zip(word.symbols, word.letters, strict=True)
    )


@lru_cache(maxsize=65_536)
def slip(one: Reading, other: Reading) -> float:
    """Return what one slip of the pen between the two words costs, or `TOO_FAR` where there is more between them."""
    if OSA.distance(_as_in_passport(one), _as_in_passport(other), score_cutoff=1) <= 1:
        return ONE_SLIP
    best = TOO_FAR
    for word, letters in ((one, "".join(other.letters)), (other, "".join(one.letters))):
        for written in {text for convention in _WRITTEN for text in _on_paper(word.symbols, convention)}:
            if OSA.distance(written, letters, score_cutoff=_FAR_APART) <= _FAR_APART:
                best = min(best, distance(_symbols(written), _symbols(letters)))
    return max(best, ONE_SLIP) if best <= _WITH_HABITS else TOO_FAR
