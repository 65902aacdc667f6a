"""Say which letters stand for which in two spellings."""

from ercms.persons.names.alignment import steps
from ercms.persons.names.conventions import Convention, Reading
from ercms.persons.names.fields import Hand
from ercms.persons.names.reasons import Reason, ReasonCode

_MOST = 6
# The habits that are worth naming, and what their letters are called.
_HABITS = {
    Convention.RUSSIAN: ReasonCode.RUSSIAN_LETTERS,
    Convention.OLD_CYRILLIC: ReasonCode.OLD_CYRILLIC_LETTERS,
    Convention.GERMAN: ReasonCode.GERMAN_LETTERS,
    Convention.FRENCH: ReasonCode.FRENCH_LETTERS,
    Convention.NORWEGIAN: ReasonCode.NORWEGIAN_LETTERS,
}
# A letter that only changes its alphabet, or is only written twice, is not worth a word.
_PLAIN = str.maketrans("абвгдежзийклмнопрстуфхыэјҹғһ", "abvgdejziyklmnoprstufxıeycğh")


def _plain(letters: str) -> str:
    return "".join(dict.fromkeys(letters.translate(_PLAIN)))


def _reason(left: str, right: str, one: Convention, other: Convention) -> Reason | None:
    if _plain(left) == _plain(right):
        return None
    if not left or not right:
        return Reason(ReasonCode.LETTER_LEFT_OUT, left or right)
    if other in _HABITS and one not in _HABITS:
        return Reason(_HABITS[other], left, right)
    if one in _HABITS and other not in _HABITS:
        return Reason(_HABITS[one], right, left)
    return Reason(ReasonCode.LETTERS, left, right)


def letter_reasons(one: Hand, other: Hand, *, is_swapped: bool) -> list[Reason]:
    """Return the letters of the one name with what stands for them in the other, each pair once."""
    surname, given = (other.given, other.surname) if is_swapped else (other.surname, other.given)
    found: dict[Reason, None] = {}
    for words, others in ((one.surname, surname), (one.given, given)):
        for word, other_word in zip(words, others, strict=False):
            for left, right in _written(word, other_word):
                reason = _reason(left, right, one.convention, other.convention)
                if reason:
                    found.setdefault(reason)
    return list(found)[:_MOST]


def _written(one: Reading, other: Reading) -> list[tuple[str, str]]:
    return [
        (
            one.letters[step.one] if step.one is not None else "",
            other.letters[step.other] if step.other is not None else "",
        )
        for step in steps(one.symbols, other.symbols)
    ]
