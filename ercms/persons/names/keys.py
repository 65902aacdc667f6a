"""Make the keys under which a sealed name is found again before it is opened.

A key is a skeleton of consonants in coarse classes, so that the habits of writing fall together. Each consonant is left
out in turn, so that one typing error on either side still leaves a common key (the deletion neighbourhood of both).

There are two kinds, told apart by their prefix:

- `p:` pairs surname and given name, in alphabetical order since the fields may be swapped. It is selective enough
  beside the year of birth.
- `t:` is the given name alone (or the only name). It finds a person whose surname is missing or changed altogether,
  and is too wide for anything but the full date of birth.
"""

from functools import lru_cache
from itertools import product

from ercms.persons.names.conventions import Reading
from ercms.persons.names.endings import take_apart
from ercms.persons.names.fields import hands
from ercms.persons.names.lexicon import coarse_forms
from ercms.persons.names.parse import PersonName, arrangements, parse

_PAIR, _SINGLE = "p:", "t:"
_LEAST_FOR_DELETION = 2


@lru_cache(maxsize=65_536)
def _skeletons(symbols: tuple[int, ...]) -> frozenset[str]:
    """Return the consonants of the word, with the ending of a surname and without.

    Without, since the ending may be changed by law; with, since a typing error may have hidden it.
    """
    return frozenset(
        form or "A" for word in {symbols, take_apart(symbols).root} for form in coarse_forms(word, vowels=False)
    )


@lru_cache(maxsize=65_536)
def _with_deletions(skeleton: str) -> frozenset[str]:
    if len(skeleton) < _LEAST_FOR_DELETION:
        return frozenset({skeleton})
    shorter = {skeleton[:place] + skeleton[place + 1 :] for place in range(len(skeleton))}
    return frozenset({skeleton, *shorter})


def _of(words: tuple[Reading, ...]) -> frozenset[str]:
    """Return the skeletons of the first word and of all words as one."""
    if not words:
        return frozenset()
    joined = tuple(symbol for word in words for symbol in word.symbols)
    return _skeletons(words[0].symbols) | (_skeletons(joined) if len(words) > 1 else frozenset())


def _pair(one: str, other: str) -> str:
    return _PAIR + "|".join(sorted((one, other)))


@lru_cache(maxsize=16_384)
def _keys(name: PersonName) -> frozenset[str]:
    keys: set[str] = set()
    for arrangement in arrangements(name):
        for hand in hands(arrangement):
            surnames, givens = _of(hand.surname), _of(hand.given)
            keys.update(_SINGLE + key for key in (givens or surnames))
            for surname, given in product(surnames, givens):
                keys.update(_pair(key, given) for key in _with_deletions(surname))
                keys.update(_pair(surname, key) for key in _with_deletions(given))
    return frozenset(keys)


@lru_cache(maxsize=16_384)
def _exact_keys(name: PersonName) -> frozenset[str]:
    return frozenset(
        _pair(surname, given)
        for arrangement in arrangements(name)
        for hand in hands(arrangement)
        for surname, given in product(_of(hand.surname), _of(hand.given))
    )


def exact_keys(name: str | PersonName) -> frozenset[str]:
    """Return those of the `p:` keys that leave out no consonant: what spellings without a typing error share."""
    return _exact_keys(parse(name) if isinstance(name, str) else name)


def folded_keys(name: str | PersonName) -> frozenset[str]:
    """Return the keys of the name; two spellings of one name share at least one, also when one has a typing error.

    What is kept is a keyed hash of each, together with the year of birth (`p:`) or the full date (`t:`).
    """
    return _keys(parse(name) if isinstance(name, str) else name)
