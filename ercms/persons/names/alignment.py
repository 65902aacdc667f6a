"""Align two readings at the least cost."""

from functools import lru_cache, reduce
from itertools import accumulate, islice
from operator import and_, or_
from typing import NamedTuple

from ercms.persons.names.sounds import GLIDE, VOWEL_MASK, gap, nearest, substitution

TRANSPOSITION = 0.8
DOUBLED_VOWEL, DOUBLED_CONSONANT, DIPHTHONG = 0.1, 0.03, 0.15
TOO_FAR = 9.0
_CEILING = 1.41  # beyond this no verdict changes, so the rest of the table is not computed


class Step(NamedTuple):
    """One pair of an alignment; None stands for nothing."""

    one: int | None
    other: int | None
    cost: float


def _gap_at(symbols: tuple[int, ...], place: int) -> float:
    symbol = symbols[place]
    after_vowel = place > 0 and bool(symbols[place - 1] & VOWEL_MASK)
    before_vowel = place + 1 < len(symbols) and bool(symbols[place + 1] & VOWEL_MASK)
    if place and symbol == symbols[place - 1]:
        return DOUBLED_VOWEL if symbol & VOWEL_MASK else DOUBLED_CONSONANT
    if symbol & GLIDE and after_vowel and not before_vowel:
        return DIPHTHONG
    return gap(symbol)


@lru_cache(maxsize=65_536)
def _gaps(symbols: tuple[int, ...]) -> tuple[float, ...]:
    """Return what leaving out each symbol costs.

    The second of two equal ones is cheap, and so is a glide, unless it closes a syllable: no habit leaves the y out of
    Leyla, as all may leave it out of Tariyel.
    """
    return tuple(_gap_at(symbols, place) for place in range(len(symbols)))


def _table(one: tuple[int, ...], other: tuple[int, ...], ceiling: float) -> list[list[float]] | None:
    drops, gaps = _gaps(one), _gaps(other)
    rows = [[0.0, *accumulate(gaps)]]
    substitute = substitution
    earlier, least_above = 0, 0.0
    for a, drop in zip(one, drops, strict=True):
        above = rows[-1]
        cost = above[0] + drop
        row = [cost]
        before = 0
        for b, gap_cost, diagonal, up in zip(other, gaps, above, islice(above, 1, None), strict=False):
            cost += gap_cost
            if not a & b:
                diagonal += substitute(a, b)
            if diagonal < cost:
                cost = diagonal
            if up + drop < cost:
                cost = up + drop
            if earlier & b and before & a and not a & b:
                cost = min(cost, rows[-2][len(row) - 2] + TRANSPOSITION)
            row.append(cost)
            before = b
        least = min(row)
        if least > ceiling and least_above > ceiling:
            return None
        rows.append(row)
        least_above = least
        earlier = a
    return rows


@lru_cache(maxsize=65_536)
def _sounds(symbols: tuple[int, ...]) -> int:
    return reduce(or_, symbols, 0)


def _are_far(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Say whether no alignment can cost less than the ceiling, without a table.

    Each symbol of one word is left out or stands for one of the other's, at best for that which is nearest to it.
    """
    for word, others in ((one, _sounds(other)), (other, _sounds(one))):
        cost = 0.0
        for symbol, drop in zip(word, _gaps(word), strict=True):
            if not symbol & others:
                cost += _least(symbol, others, drop)
        if cost > _CEILING:
            return True
    return False


def _least(symbol: int, others: int, drop: float) -> float:
    near = nearest(symbol, others)
    return near if near < drop else drop


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the cost of the best alignment, or `TOO_FAR`; the order of the two does not matter."""
    return _distance(one, other) if one <= other else _distance(other, one)


@lru_cache(maxsize=262_144)
def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    if len(one) == len(other) and all(map(and_, one, other)):
        return 0.0
    if _are_far(one, other):
        return TOO_FAR
    rows = _table(one, other, _CEILING)
    return rows[-1][-1] if rows else TOO_FAR


def prefix_distance(part: tuple[int, ...], whole: tuple[int, ...]) -> float:
    """Return the cost of reading `part` as the beginning of `whole`."""
    rows = _table(part, whole, _CEILING)
    return min(rows[-1]) if rows else TOO_FAR


def steps(one: tuple[int, ...], other: tuple[int, ...]) -> list[Step]:
    """Return the pairs of the best alignment by place, in order."""
    rows = _table(one, other, TOO_FAR) or []
    drops, gaps = _gaps(one), _gaps(other)
    i, j = len(one), len(other)
    found: list[Step] = []
    while rows and (i or j):
        here = rows[i][j]
        if i and j and abs(here - rows[i - 1][j - 1] - substitution(one[i - 1], other[j - 1])) < 1e-9:
            i, j = i - 1, j - 1
            found.append(Step(i, j, substitution(one[i], other[j])))
        elif i and abs(here - rows[i - 1][j] - drops[i - 1]) < 1e-9:
            i -= 1
            found.append(Step(i, None, drops[i]))
        elif j and abs(here - rows[i][j - 1] - gaps[j - 1]) < 1e-9:
            j -= 1
            found.append(Step(None, j, gaps[j]))
        else:
            i, j = i - 2, j - 2
            found.append(Step(i, j + 1, TRANSPOSITION))
            found.append(Step(i + 1, j, 0.0))
    return found[::-1]
