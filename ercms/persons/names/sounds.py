"""Name the sounds of Azerbaijani, and say how near two of them are in the files of other States.

A symbol of a reading is a set of sounds, held as bits: an English `g` may be g, ğ, q or, out of Russian, h.
Sounds that no source keeps apart are one: x and h, g and ğ, i and ı, o and ö, u and ü.
"""

from functools import cache
from itertools import product

VOWELS = "AƏEIOU"
CONSONANTS = "BCÇDFGHJKLMNPQRSŞTVYZ"
BITS = {letter: 1 << place for place, letter in enumerate(VOWELS + CONSONANTS)}
FOREIGN_SHIFT = len(BITS)
FOREIGN_PLACES = 997

# The price of writing one sound as the other. 1 is an error of typing; what is not listed costs `OTHER_VOWEL` or 1.
NEAR = {
    "AƏ": 0.10, "AE": 0.20, "EƏ": 0.05, "EI": 0.30, "ƏI": 0.45, "OU": 0.25, "AO": 0.40, "ƏO": 0.30, "EO": 0.30,
    "IU": 0.30, "IY": 0.10, "EY": 0.50, "GQ": 0.05, "GK": 0.20, "KQ": 0.10, "GH": 0.25, "QH": 0.20, "KH": 0.35,
    "BP": 0.20, "DT": 0.20, "FV": 0.25, "SZ": 0.60, "CÇ": 0.35, "CJ": 0.15, "JŞ": 0.35, "JZ": 0.35, "SŞ": 0.40,
    "ŞÇ": 0.60, "ŞH": 0.70, "ÇK": 0.60, "CK": 0.80, "CY": 0.60, "JY": 0.60, "BV": 0.60, "UV": 0.50, "MN": 0.75,
}  # fmt: skip
OTHER_VOWEL = 0.50
GLIDE_GAP, BREATH_GAP, VOWEL_GAP, CONSONANT_GAP = 0.05, 0.30, 0.45, 1.0
VOWEL_OR_GLIDE_GAP = 0.15


def mask(letters: str) -> int:
    """Return the set of the sounds named by `letters`."""
    bits = 0
    for letter in letters:
        bits |= BITS[letter]
    return bits


VOWEL_MASK = mask(VOWELS)
GLIDE = BITS["Y"]
BREATH = BITS["H"]


def foreign(character: str) -> int:
    """Return a symbol for a character of no known alphabet, which is near to nothing but itself."""
    return 1 << (FOREIGN_SHIFT + ord(character) % FOREIGN_PLACES)


@cache
def _pair_costs() -> dict[tuple[int, int], float]:
    costs: dict[tuple[int, int], float] = {}
    for one, other in product(BITS, BITS):
        cost = 1.0
        if one == other:
            cost = 0.0
        elif one in VOWELS and other in VOWELS:
            cost = OTHER_VOWEL
        cost = NEAR.get(one + other, NEAR.get(other + one, cost))
        costs[BITS[one], BITS[other]] = cost
    return costs


@cache
def _by_nearness() -> dict[int, tuple[tuple[float, int], ...]]:
    """Return for each sound the costs of the others, the least first, each with the set of sounds at that cost."""
    sets: dict[int, dict[float, int]] = {bit: {} for bit in BITS.values()}
    for (one, other), cost in _pair_costs().items():
        sets[one][cost] = sets[one].get(cost, 0) | other
    return {one: tuple(sorted(found.items())) for one, found in sets.items()}


@cache
def _nearness(symbol: int) -> tuple[tuple[float, int], ...]:
    """Return the same for a set of sounds, of which the nearest counts."""
    sets: dict[float, int] = {}
    for bit in BITS.values():
        for cost, others in _by_nearness()[bit] if bit & symbol else ():
            sets[cost] = sets.get(cost, 0) | others
    return tuple(sorted(sets.items()))


def nearest(symbol: int, others: int) -> float:
    """Return what it costs at best to read the symbol as one of many sounds."""
    for cost, sounds in _nearness(symbol):
        if sounds & others:
            return cost
    return 1.0


@cache
def substitution(one: int, other: int) -> float:
    """Return what it costs to read the symbol `one` where the other spelling has `other`."""
    return 0.0 if one & other else nearest(one, other)


@cache
def gap(symbol: int) -> float:
    """Return what it costs when one spelling has the symbol and the other has nothing there."""
    if symbol & GLIDE:
        return VOWEL_OR_GLIDE_GAP if symbol & VOWEL_MASK else GLIDE_GAP
    if symbol == BREATH:
        return BREATH_GAP
    return VOWEL_GAP if symbol & VOWEL_MASK else CONSONANT_GAP
