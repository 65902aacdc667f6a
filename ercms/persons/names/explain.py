"""Say which letters stand for which in two spellings."""

from ercms.persons.names.alignment import steps
from ercms.persons.names.conventions import Reading
from ercms.persons.names.fields import Hand
from ercms.persons.names.reasons import Reason, ReasonCode

_MOST = 6


def _pairs(one: Reading, other: Reading) -> list[tuple[str, str]]:
    found = []
    for step in steps(one.symbols, other.symbols):
        left = one.letters[step.one] if step.one is not None else ""
        right = other.letters[step.other] if step.other is not None else ""
        if left != right:
            found.append((left or "–", right or "–"))
    return found


def letter_reasons(one: Hand, other: Hand, *, is_swapped: bool) -> list[Reason]:
    """Return the letters of the one name with what stands for them in the other, each pair once."""
    surname, given = (other.given, other.surname) if is_swapped else (other.surname, other.given)
    pairs: list[tuple[str, str]] = []
    for words, others in ((one.surname, surname), (one.given, given)):
        for word, other_word in zip(words, others, strict=False):
            pairs += _pairs(word, other_word)
    return [Reason(ReasonCode.LETTERS, left, right) for left, right in list(dict.fromkeys(pairs))[:_MOST]]
