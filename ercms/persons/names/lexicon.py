"""Know the common given names, so that one name is not taken for a mistyped other one.

Kamil and Camil differ by one letter, as a typing error would; both are names, so they are two people. Surnames are made
of the same names, so their roots are looked up here as well. A name that is not listed is merely judged by its letters.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, product

from ercms.persons.names.alignment import distance
from ercms.persons.names.common_names import COMMON_NAMES
from ercms.persons.names.conventions import Convention, read
from ercms.persons.names.sounds import BITS

# Spellings of one name that no rule of letters brings together.
_SAME_NAME = (
    ("xədicə", "hatice", "hədicə"),
    ("xəlil", "halil"),
    ("məhəmməd", "mehmet", "muhammad", "magomed", "məhəmmət"),
    ("yusif", "yusuf", "yusub", "iosif"),
    ("əhməd", "ahmet"),
    ("zülfüqar", "zülfiqar"),
    ("isgəndər", "iskender"),
    ("süleyman", "suleyman"),
    ("füzuli", "fizuli"),
    ("ismayıl", "ismail"),
    ("yunus", "yunis"),
    ("sultan", "soltan"),
    ("nemət", "neymət"),
    ("firuz", "feruz", "feyruz"),
    ("xalıq", "xaliq"),
    ("sadıq", "sadiq"),
    ("israfil", "isrəfil"),
    ("züleyxa", "zuleyxa"),
    ("aqil", "agil"),
    ("firudin", "fəridun"),
    ("vahid", "vaxid"),
    ("natavan", "natəvan"),
    ("samid", "səməd"),
    ("asya", "asiyə"),
    ("səbinə", "sabina"),
    ("əlisahib", "əlsahib"),
    ("əbdüləli", "abduləli"),
    ("ruqiyyə", "rüqiyyə", "rüqəyyə"),
    ("fətəli", "fatəli"),
    ("zeynəb", "zeyneb"),
    ("oqtay", "oktay"),
    ("əbdülrəhman", "əbdürrəhman"),
    ("xudu", "xudi"),
    ("toğrul", "tuğrul"),
    ("murtuz", "murtuza"),
    ("yaqub", "yakub"),
    ("niftəli", "niftalı"),
    ("şaiq", "şayiq"),
)
_RECOGNISED = 0.2  # the cost up to which a word is the listed name in another habit

_CLASSES = {
    letter: group[0]
    for group in ("KGQHX", "BP", "DT", "VF", "SŞZJ", "CÇ", "L", "M", "N", "R", "AƏE", "OU")
    for letter in group
    if letter in BITS
}


@cache
def _classes_of(symbol: int, vowels: bool) -> tuple[str, ...]:
    """Return the classes that a symbol may belong to, in one order in every process: the forms are cut at a number."""
    classes = {_CLASSES.get(letter, "") for letter, bit in BITS.items() if bit & symbol}
    if not vowels:
        classes = {"" if group in "AO" else group for group in classes}
    return tuple(sorted(classes)) or ("?",)


@lru_cache(maxsize=65_536)
def coarse_forms(symbols: tuple[int, ...], vowels: bool = True) -> frozenset[str]:
    """Return the word in coarse classes of sounds, in each way that its ambiguous symbols allow.

    The glide and i are left out, since half of the habits leave out the one or add the other.
    """
    choices = [_classes_of(symbol, vowels) for symbol in symbols]
    forms = set()
    for picked in islice(product(*choices), _MOST_FORMS):
        text = "".join(picked)
        forms.add("".join(letter for place, letter in enumerate(text) if place == 0 or text[place - 1] != letter))
    return frozenset(forms)


_MOST_FORMS = 24


def _canonical(name: str) -> str:
    for group in _SAME_NAME:
        if name in group:
            return group[0]
    return name


def _entries() -> Iterator[tuple[str, tuple[int, ...]]]:
    listed = set(COMMON_NAMES.split()) | {name for group in _SAME_NAME for name in group}
    for name in sorted(listed):
        yield _canonical(name), read(name, Convention.AZERBAIJANI).symbols


@cache
def _index() -> dict[str, list[tuple[str, tuple[int, ...]]]]:
    index: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, symbols in _entries():
        for form in coarse_forms(symbols, vowels=False):
            index.setdefault(form, []).append((name, symbols))
    return index


@lru_cache(maxsize=65_536)
def known_names(symbols: tuple[int, ...]) -> dict[str, float]:
    """Return the listed names that the reading may be, each with the cost of reading it so."""
    found: dict[str, float] = {}
    for form in coarse_forms(symbols, vowels=False):
        for name, listed in _index().get(form, ()):
            cost = distance(symbols, listed)
            if cost <= _RECOGNISED:
                found[name] = min(cost, found.get(name, cost))
    if not found:
        return found
    best = min(found.values())
    return {name: cost for name, cost in found.items() if cost <= best + 0.1}


def share_name(one: tuple[int, ...], other: tuple[int, ...]) -> bool | None:
    """Say whether two readings are one listed name; None when either is not listed."""
    names_one, names_other = known_names(one), known_names(other)
    if not names_one or not names_other:
        return None
    return not names_one.keys().isdisjoint(names_other.keys())
