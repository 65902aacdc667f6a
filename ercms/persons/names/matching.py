"""Judge whether two spellings can be the name of one person, and say why."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, product
from typing import TypeVar

from ercms.persons.names.alignment import TOO_FAR, distance, prefix_distance
from ercms.persons.names.conventions import Convention, Reading, read
from ercms.persons.names.explain import letter_reasons
from ercms.persons.names.fields import (
    SAME_WORD,
    Hand,
    are_other_names,
    hands,
    may_agree,
    may_be_other_names,
    surely_other,
    words_cost,
)
from ercms.persons.names.lexicon import known_names
from ercms.persons.names.parse import PersonName, arrangements, parse
from ercms.persons.names.reasons import Reason, ReasonCode
from ercms.persons.names.sounds import VOWEL_MASK


class Verdict(StrEnum):
    """What the spellings say about the persons."""

    SAME = "same"
    REVIEW = "review"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome: verdict, score from 0 to 1 (same from 0.85, review from 0.6), reasons in order of weight."""

    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]


# Costs as in `sounds`: 1 is one wrong letter.
SAME_TOTAL, REVIEW_TOTAL, ERROR_WORD = 0.55, 1.40, 1.20
SWAPPED, MISSING, CUT_OFF = 0.10, 0.60, 0.30
SAME_FATHER, UNSURE_FATHER, OTHER_FATHER = 0.45, 0.50, 1.15
_LEAST_CUT = 3
INFINITE = float("inf")
_Found = TypeVar("_Found", Comparison, Comparison | None)
_FLOOR = 4.0  # the total from which the score is 0


@dataclass(frozen=True, slots=True)
class _Part:
    """What comparing the surnames, the given names or the patronymics came to."""

    cost: float = 0.0
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    """Two names under one pair of habits."""

    names: tuple[PersonName, PersonName]
    surname: _Part
    given: _Part
    father: _Part
    is_swapped: bool
    hand: Hand
    other: Hand

    @property
    def total(self) -> float:
        """The cost of all parts."""
        return self.surname.cost + self.given.cost + self.father.cost + (SWAPPED if self.is_swapped else 0.0)


def _field(one: Hand, other: Hand, *, name: str, other_name: str, is_cut: bool) -> _Part:
    words, others = getattr(one, name), getattr(other, other_name)
    missing = ReasonCode.SURNAME_MISSING if name == "surname" else ReasonCode.GIVEN_MISSING
    if not words or not others:
        return _Part(MISSING if words or others else 0.0, Reason(missing))
    cost, reason = words_cost(words, others)
    if is_cut and cost > SAME_WORD:
        short, whole = sorted((words[-1].symbols, others[-1].symbols), key=len)
        if len(short) >= _LEAST_CUT and prefix_distance(short, whole) <= SAME_WORD:
            return _Part(CUT_OFF, Reason(ReasonCode.TRUNCATED))
    return _Part(cost, reason)


def _father(one: Hand, other: Hand) -> _Part:
    """Compare the fathers; an unmarked further given name may be one."""
    if one.father and other.father:
        cost = distance(one.father.symbols, other.father.symbols)
        return _Part(cost, Reason(ReasonCode.FATHER_AGREES) if cost <= SAME_FATHER else None)
    for known, free in ((one.father, other.given), (other.father, one.given)):
        if known and len(free) > 1:
            cost = min(distance(known.symbols, word.symbols) for word in free[1:])
            agrees = cost <= SAME_FATHER
            return _Part(0.0, Reason(ReasonCode.FATHER_AGREES)) if agrees else _Part(cost=UNSURE_FATHER)
    return _Part()


_Pair = tuple[tuple[PersonName, PersonName], Hand, Hand]


def _match(
    names: tuple[PersonName, PersonName], one: Hand, other: Hand, *, is_swapped: bool, best_so_far: float
) -> _Match:
    is_cut = any(name.is_truncated for name in names)
    surname_of, given_of = ("given", "surname") if is_swapped else ("surname", "given")
    surname = _field(one, other, name="surname", other_name=surname_of, is_cut=is_cut)
    # Fields that change places must both agree, so the second is looked at only when the first does.
    is_dearer = surname.cost >= best_so_far
    is_needless = is_dearer or (is_swapped and surname.cost > ERROR_WORD)
    given = _TOO_FAR if is_needless else _field(one, other, name="given", other_name=given_of, is_cut=is_cut)
    is_dearer = is_dearer or surname.cost + given.cost >= best_so_far
    return _Match(
        names,
        surname=surname,
        given=given,
        father=_Part() if is_dearer else _father(one, other),
        is_swapped=is_swapped,
        hand=one,
        other=other,
    )


def _cheapest(pairs: list[_Pair], *, is_swapped: bool, limit: float) -> _Match:
    """Return the cheapest match, the first of equals; a surname dearer than another whole is enough to know.

    What costs the limit or more need not be told apart: its given names are not looked at.
    """
    best: _Match | None = None
    for names, one, other in pairs:
        best_so_far = limit if best is None else min(limit, best.total)
        match = _match(names, one, other, is_swapped=is_swapped, best_so_far=best_so_far)
        if best is None or match.total < best.total:
            best = match
    if best is None:
        raise ValueError("no habit reads these names")
    return best


_TOO_FAR = _Part(TOO_FAR)
_TOO_DEAR = REVIEW_TOTAL + 0.01  # from here on the names are different, whatever else is seen


def _best_match(a: PersonName, b: PersonName, limit: float = INFINITE) -> _Match:
    """Return the cheapest match over all pairs of habits and orders of the fields."""
    pairs = [
        ((name, other_name), one, other)
        for name, other_name in product(arrangements(a), arrangements(b))
        for one, other in product(hands(name), hands(other_name))
    ]
    best = _cheapest(pairs, is_swapped=False, limit=limit)
    # An unordered name has its orders among the arrangements already.
    if best.total <= SAME_TOTAL or not (a.is_ordered and b.is_ordered and b.surname and b.given):
        return best
    if limit < INFINITE and not _may_be_swapped(a, b):
        return best
    swapped = _cheapest(pairs, is_swapped=True, limit=limit)
    return min(best, swapped, key=lambda match: match.total)


def _may_be_swapped(a: PersonName, b: PersonName) -> bool:
    """Say, before any letters are aligned, whether one field can be the other name's other field.

    Of two fields that changed places one at least agrees. What agrees has the same consonants but for a breath.
    """
    crossed = ((a.surname, b.given), (a.given, b.surname))
    return any(may_agree(one, other, a, b) for one, other in crossed)


def _are_surely_two(a: PersonName, b: PersonName) -> bool:
    """Say, before any letters are aligned, that whichever match were the cheapest would have a conflict.

    Most of those who share a key with a name bear another known name, as Kamil and Kamran do.
    """
    if a.sex and b.sex and a.sex is not b.sex:
        return True
    if a.is_ordered and b.is_ordered and a.surname and a.given and b.surname and b.given and _may_be_swapped(a, b):
        return False
    return all(
        surely_other(one.given, other.given, one, other, is_root=False)
        or surely_other(one.surname, other.surname, one, other, is_root=True)
        for one, other in product(arrangements(a), arrangements(b))
    )


def _beside_sexed_surname(match: _Match) -> tuple[tuple[Reading, ...], tuple[Reading, ...]] | None:
    """Return the given names when the surnames are a man's and a woman's; the fields may have changed places."""
    fields = (match.other.surname, match.other.given)
    surname, given = fields[::-1] if match.is_swapped else fields
    for part, own, others in ((match.surname, match.hand.given, given), (match.given, match.hand.surname, surname)):
        if part.reason is not None and part.reason.code is ReasonCode.SURNAME_SEX_ENDING:
            return own, others
    return None


def _is_other_sex(match: _Match) -> bool:
    """Say whether the given names are a man's and a woman's (Kamil, Kamilə) and the surnames say so too."""
    own, others = _beside_sexed_surname(match) or ((), ())
    if len(own) != 1 or len(others) != 1:
        return False
    if (own[0].letters[-2:-1] == _FRENCH_END) != (others[0].letters[-2:-1] == _FRENCH_END):
        return True
    short, long = sorted((own[0].symbols, others[0].symbols), key=len)
    is_longer = len(long) == len(short) + 1 and bool(long[-1] & VOWEL_MASK)
    return is_longer and distance(short, long[:-1]) <= SAME_WORD


# An -ine that was read as a man's -in in French writing, while the surname is a woman's.
_FRENCH_END = ("ine",)


def _conflicts(match: _Match) -> list[Reason]:
    """Return what makes them two persons however near the letters are."""
    found = []
    a, b = match.names
    surname, given = (b.given, b.surname) if match.is_swapped else (b.surname, b.given)
    if match.surname.cost > _SAME_ROOTS and are_other_names(a.surname, surname, a, b, is_root=True):
        found.append(Reason(ReasonCode.OTHER_NAME_SURNAME))
    if match.given.cost > _SAME_KNOWN and are_other_names(a.given, given, a, b, is_root=match.is_swapped):
        found.append(Reason(ReasonCode.OTHER_NAME_GIVEN))
    if a.father and b.father and match.father.cost > SAME_FATHER:
        is_other = are_other_names((a.father,), (b.father,), a, b, is_root=False)
        if is_other or match.father.cost > OTHER_FATHER:
            found.append(Reason(ReasonCode.FATHER_CONFLICTS))
    if (a.sex and b.sex and a.sex is not b.sex) or _is_other_sex(match):
        found.append(Reason(ReasonCode.SEX_CONFLICTS))
    return found


# From this cost on, two known names are two; roots of surnames vary more than given names.
_SAME_KNOWN, _SAME_ROOTS = 0.12, 0.25


def _may_be_feminine(match: _Match) -> bool:
    """Say whether a given name in -ine was read as French for -in, though it may be a woman's: Emin, Eminə."""
    own, other = match.hand.given, match.other.given
    if match.is_swapped or len(own) != 1 or len(other) != 1:
        return False
    french = [word for word in (own[0], other[0]) if word.letters[-2:-1] == _FRENCH_END]
    return len(french) == 1 and bool(known_names(read("".join(french[0].letters), Convention.ENGLISH).symbols))


def _are_spelled_apart(match: _Match) -> bool:
    """Say whether both names stand in full Azerbaijani letters and differ all the same: Emin and Əmin are two names.

    Only a ə shows that a hand had all the letters; other habits have ö, ü and ş as well.
    """
    if not all("ə" in "".join(name.words) for name in match.names):
        return False
    own = _plain_letters(match.hand.given)
    return own != _plain_letters(match.other.surname if match.is_swapped else match.other.given)


def _may_be_two_names(match: _Match) -> bool:
    """Say whether the given names read best as two known names, which some habit of writing brings together."""
    a, b = match.names
    return may_be_other_names(a.given, b.surname if match.is_swapped else b.given, a, b)


def _plain_letters(words: tuple[Reading, ...]) -> str:
    """Return the letters without glides and doubled ones, which all habits add and leave out."""
    text = "".join(letters for word in words for letters in word.letters if letters != "y")
    return "".join(letter for letter, _ in groupby(text))


def _verdict(match: _Match) -> Verdict:
    parts = (match.surname, match.given, match.father)
    errors = sum(part.cost > SAME_WORD for part in parts)
    is_far = max(part.cost for part in parts) > ERROR_WORD or errors > 1 or match.total > REVIEW_TOTAL
    if is_far:
        return Verdict.DIFFERENT
    is_doubtful = any(part.reason and part.reason.code in _NEVER_SAME for part in parts)
    has_further_surname = match.surname.reason is not None and match.surname.reason.code is ReasonCode.FURTHER_NAME
    is_unsure = is_doubtful or has_further_surname or _may_be_feminine(match) or _are_spelled_apart(match)
    if errors or is_unsure or match.total > SAME_TOTAL or _may_be_two_names(match):
        return Verdict.REVIEW
    return Verdict.SAME


_NEVER_SAME = (
    ReasonCode.SURNAME_ENDING_CHANGED,
    ReasonCode.SURNAME_MISSING,
    ReasonCode.GIVEN_MISSING,
    ReasonCode.TRUNCATED,
)


def _score(verdict: Verdict, total: float) -> float:
    """Return a score that falls with the total and keeps to the verdict's third."""
    if verdict is Verdict.SAME:
        return round(1.0 - 0.15 * min(1.0, total / SAME_TOTAL), 3)
    if verdict is Verdict.REVIEW:
        return round(0.849 - 0.249 * min(1.0, total / REVIEW_TOTAL), 3)
    return round(0.59 * max(0.0, 1.0 - total / _FLOOR), 3)


def _part_reasons(match: _Match) -> list[Reason]:
    codes = (
        (match.surname, ReasonCode.SURNAME_AGREES, ReasonCode.TYPING_ERROR_SURNAME, ReasonCode.SURNAME_DIFFERS),
        (match.given, ReasonCode.GIVEN_AGREES, ReasonCode.TYPING_ERROR_GIVEN, ReasonCode.GIVEN_DIFFERS),
        (match.father, None, ReasonCode.TYPING_ERROR_FATHER, ReasonCode.FATHER_CONFLICTS),
    )
    reasons = []
    for part, agrees, error, differs in codes:
        if part.cost > ERROR_WORD:
            reasons.append(Reason(differs))
        elif part.reason:
            reasons.append(part.reason)
        elif part.cost > SAME_WORD:
            reasons.append(Reason(error))
        elif agrees:
            reasons.append(Reason(agrees))
    return reasons


def _reasons(match: _Match, verdict: Verdict, conflicts: list[Reason]) -> tuple[Reason, ...]:
    a, b = match.names
    reasons = conflicts + _part_reasons(match)
    if match.is_swapped:
        reasons.append(Reason(ReasonCode.FIELDS_SWAPPED))
    if a.is_russian_patronymic != b.is_russian_patronymic and a.father and b.father:
        reasons.append(Reason(ReasonCode.RUSSIAN_PATRONYMIC))
    if verdict is not Verdict.DIFFERENT:
        reasons += letter_reasons(match.hand, match.other, is_swapped=match.is_swapped)
    return tuple(dict.fromkeys(reasons))


@lru_cache(maxsize=16_384)
def _compare(a: PersonName, b: PersonName) -> Comparison:
    if not a.words or not b.words:
        return Comparison(Verdict.DIFFERENT, 0.0, (Reason(ReasonCode.NO_NAME),))
    return _judged(a, b, _best_match(a, b))


def _judged(a: PersonName, b: PersonName, match: _Match) -> Comparison:
    conflicts = _conflicts(match)
    verdict = Verdict.DIFFERENT if conflicts else _verdict(match)
    total = match.total + len(conflicts)
    reasons = _reasons(match, verdict, conflicts)
    if verdict is Verdict.SAME and a.words == b.words:
        reasons = (Reason(ReasonCode.IDENTICAL), *reasons)
    return Comparison(verdict, _score(verdict, total), reasons)


def compare(a: str | PersonName, b: str | PersonName) -> Comparison:
    """Compare two names as written.

    >>> compare("Əliyev, Kamil", "ALIJEW<<KAMIL").verdict
    <Verdict.SAME: 'same'>
    >>> compare("Əliyev, Kamil Rəşid oğlu", "Aliyev, Kamil Vahid oglu").verdict
    <Verdict.DIFFERENT: 'different'>
    """
    return _in_order(a, b, _compare)


def compare_if_alike(a: str | PersonName, b: str | PersonName) -> Comparison | None:
    """Compare as `compare` does, and give nothing for two names that are different; this costs less than saying why."""
    return _in_order(a, b, _compare_if_alike)


def _compare_if_alike(a: PersonName, b: PersonName) -> Comparison | None:
    if not a.words or not b.words or _are_surely_two(a, b):
        return None
    match = _best_match(a, b, limit=_TOO_DEAR)
    if _verdict(match) is Verdict.DIFFERENT:
        return None
    found = _judged(a, b, match)
    return None if found.verdict is Verdict.DIFFERENT else found


def _in_order(a: str | PersonName, b: str | PersonName, how: Callable[[PersonName, PersonName], _Found]) -> _Found:
    """Compare in one order, so that the outcome cannot depend on who was named first."""
    one, other = (parse(name) if isinstance(name, str) else name for name in (a, b))
    if one.original <= other.original:
        return how(one, other)
    found = how(other, one)
    if found is None:
        return found
    return replace(found, reasons=tuple(reason.turned for reason in found.reasons))
