"""Compare the parts of two names: words read under every habit, endings of surnames, several words in one field."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA

from ercms.persons.names.alignment import TOO_FAR, distance
from ercms.persons.names.conventions import Convention, Reading, conventions_of, read
from ercms.persons.names.endings import Ending, Parts, take_apart
from ercms.persons.names.letters import ONE_SLIP, slip
from ercms.persons.names.lexicon import coarse_forms, known_names
from ercms.persons.names.parse import PersonName
from ercms.persons.names.reasons import Reason, ReasonCode
from ercms.persons.names.sounds import BITS, VOWEL_MASK

# Costs as in `sounds`: 1 is one wrong letter.
SAME_WORD = 0.42
FURTHER, OTHER_SEX, CHANGED_ENDING = 0.20, 0.05, 0.60
_SAME_ROOT = 0.40
_ROOT_LENGTH = 2
_NEARLY_AS_GOOD, _SPELLED_SO = 0.1, 0.15


@dataclass(frozen=True, slots=True)
class Hand:
    """The words of one name read under one habit."""

    convention: Convention
    surname: tuple[Reading, ...]
    given: tuple[Reading, ...]
    father: Reading | None


@lru_cache(maxsize=16_384)
def hands(name: PersonName) -> tuple[Hand, ...]:
    """Return the readings of the name that differ from one another."""
    found: dict[tuple[object, ...], Hand] = {}
    for convention in conventions_of(name.words):
        surname = tuple(read(word, convention) for word in name.surname)
        given = tuple(read(word, convention) for word in name.given)
        father = read(name.father, convention) if name.father else None
        key = (
            tuple(word.symbols for word in surname),
            tuple(word.symbols for word in given),
            father.symbols if father else None,
        )
        found.setdefault(key, Hand(convention, surname, given, father))
    return tuple(found.values())


@lru_cache(maxsize=65_536)
def _listed(word: str, conventions: tuple[Convention, ...], is_root: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return the known names that the word may be in any habit, and the nearest of them; of a surname, its root.

    A word that is near to a known name, but not spelled as any habit would spell it, may be a slip and is none.
    """
    found: dict[str, float] = {}
    for convention in conventions:
        symbols = read(word, convention).symbols
        for root in _roots(symbols, take_apart(symbols)) if is_root else {symbols}:
            for name, cost in known_names(root).items():
                found[name] = min(cost, found.get(name, cost))
    best = min(found.values(), default=TOO_FAR)
    if best > _SPELLED_SO:
        return frozenset(), frozenset()
    return (
        frozenset(name for name, cost in found.items() if cost <= best + _NEARLY_AS_GOOD),
        frozenset(name for name, cost in found.items() if cost <= best),
    )


def are_other_names(one: tuple[str, ...], other: tuple[str, ...], a: PersonName, b: PersonName, is_root: bool) -> bool:
    """Say whether both words are known names and not the same one."""
    return _are_apart(one, other, a, b, is_root, among=0)


def may_be_other_names(one: tuple[str, ...], other: tuple[str, ...], a: PersonName, b: PersonName) -> bool:
    """Say whether the nearest known names are not the same, though both words may be one: Emil, Amil."""
    return _are_apart(one, other, a, b, is_root=False, among=1)


def _are_apart(
    one: tuple[str, ...], other: tuple[str, ...], a: PersonName, b: PersonName, is_root: bool, among: int
) -> bool:
    if len(one) != 1 or len(other) != 1:
        return False
    names = _listed(one[0], conventions_of(a.words), is_root)[among]
    others = _listed(other[0], conventions_of(b.words), is_root)[among]
    return bool(names) and bool(others) and names.isdisjoint(others)


def surely_other(one: tuple[str, ...], other: tuple[str, ...], a: PersonName, b: PersonName, is_root: bool) -> bool:
    """Say of two words, without aligning them, that they are two known names with different consonants."""
    if not are_other_names(one, other, a, b, is_root=is_root):
        return False
    return _consonants(one[0], conventions_of(a.words)).isdisjoint(_consonants(other[0], conventions_of(b.words)))


def may_agree(one: tuple[str, ...], other: tuple[str, ...], a: PersonName, b: PersonName) -> bool:
    """Say whether two words can be the same one: their consonants are, or all but one; several words always can."""
    if len(one) != 1 or len(other) != 1:
        return True
    forms = _consonants(one[0], conventions_of(a.words))
    others = _consonants(other[0], conventions_of(b.words))
    return any(OSA.distance(x, y, score_cutoff=1) <= 1 for x, y in product(forms, others))


@lru_cache(maxsize=65_536)
def _consonants(word: str, conventions: tuple[Convention, ...]) -> frozenset[str]:
    """Return the skeletons of the word in any habit, as a whole and without an ending that its sex may change."""
    found: set[str] = set()
    for convention in conventions:
        symbols = read(word, convention).symbols
        found |= coarse_forms(symbols, vowels=False) | coarse_forms(take_apart(symbols).masculine, vowels=False)
    return frozenset(found)


def _joined(words: tuple[Reading, ...]) -> tuple[int, ...]:
    return tuple(symbol for word in words for symbol in word.symbols)


def _roots(word: tuple[int, ...], parts: Parts) -> set[tuple[int, ...]]:
    """Return what may be the root: Niftəli is not Niftə + li, and Cəlilli is Cəlil + li, its l's read as one."""
    roots = {word, parts.root} if parts.ending is not Ending.OV else {parts.root}
    if parts.ending is Ending.LI:
        roots.add((*parts.root, BITS["L"]))
    return {root for root in roots if len(root) > _ROOT_LENGTH}


@lru_cache(maxsize=131_072)
def _surname_word(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[float, Reason | None]:
    a, b = take_apart(one), take_apart(other)
    cost = distance(one, other)
    if a.ending is b.ending:
        if a.ending is Ending.OV:
            cost = min(cost, distance(a.masculine, b.masculine))
            if a.is_feminine != b.is_feminine:
                return cost + OTHER_SEX, Reason(ReasonCode.SURNAME_SEX_ENDING)
        return cost, None
    is_certain = Ending.NONE not in (a.ending, b.ending)
    if is_certain or cost > SAME_WORD:
        by_root = min((distance(x, y) for x, y in product(_roots(one, a), _roots(other, b))), default=TOO_FAR)
        if by_root <= _SAME_ROOT:
            changed = Reason(ReasonCode.SURNAME_ENDING_CHANGED, a.ending.value, b.ending.value)
            return min(CHANGED_ENDING + by_root, cost) if not is_certain else CHANGED_ENDING + by_root, changed
    return (max(cost, CHANGED_ENDING) if is_certain else min(cost, *_with_lost_letters(one, other))), None


def _with_lost_letters(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[float, ...]:
    """Compare with the feminine ending cut, for an ending that a typing error has damaged on one side."""
    costs = [TOO_FAR]
    for word, whole in ((one, other), (other, one)):
        parts = take_apart(word)
        if parts.is_feminine is not None and whole and whole[-1] & VOWEL_MASK:
            costs.append(distance(parts.masculine, whole[:-1]))
    return tuple(costs)


def _word_cost(one: Reading, other: Reading) -> tuple[float, Reason | None]:
    """Compare two words by sound; a slip within the letters of one sound (Jsohgun) is seen by the letters only."""
    cost, reason = _surname_word(one.symbols, other.symbols)
    if cost > ONE_SLIP:
        by_letters = slip(one, other)
        if by_letters < cost:
            return by_letters, None
    return cost, reason


def words_cost(one: tuple[Reading, ...], other: tuple[Reading, ...]) -> tuple[float, Reason | None]:
    """Compare the words of one field; names written apart or together are alike."""
    if len(one) == len(other) == 1:
        return _word_cost(one[0], other[0])
    whole, reason = _surname_word(_joined(one), _joined(other))
    if len(one) == len(other):
        by_word = sum(_surname_word(a.symbols, b.symbols)[0] for a, b in zip(one, other, strict=True))
        return min(whole, by_word), reason
    first = min(
        _surname_word(a.symbols, b.symbols)[0] + FURTHER + (0.0 if i == j == 0 else FURTHER)
        for (i, a), (j, b) in product(enumerate(one), enumerate(other))
    )
    return (whole, reason) if whole <= first else (first, Reason(ReasonCode.FURTHER_NAME))
