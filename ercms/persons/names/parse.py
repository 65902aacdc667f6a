"""Take a name as written apart: surname, given names, father's name, sex."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from ercms.persons.names.spelling import fold_spelling


class Sex(StrEnum):
    """The sex that a patronymic tells."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in its parts; the words are folded for comparison, `original` is as given.

    `is_ordered` is true when the writing says which part is the surname (a comma, or a machine-readable zone).
    `is_truncated` is true when the name fills its field in a machine-readable zone to the last place.
    """

    original: str
    surname: tuple[str, ...]
    given: tuple[str, ...]
    father: str | None = None
    sex: Sex | None = None
    is_ordered: bool = True
    is_truncated: bool = False
    is_russian_patronymic: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All words that one hand wrote."""
        return self.surname + self.given + ((self.father,) if self.father else ())


_MISSING = frozenset({"xxx", "xx", "x", "lnu", "fnu"})
_SON = r"(?:o|u|ou)(?:ğ|gh|g|q)l(?:u|ü|y|ı|i|ou|ı)|оглы|оглу|оғлу|огли|угли|uulu"
_DAUGHTER = r"(?:q|g|k|gh)(?:ı|i|y|u)(?:z|s)(?:ı|i|y)|кызы|гызы|кизи|гизи|қызы"
_SON_WORD, _DAUGHTER_WORD = re.compile(rf"(?:{_SON})\Z"), re.compile(rf"(?:{_DAUGHTER})\Z")
_JOINED = re.compile(rf"(?P<father>\w{{3,}}?)(?:(?P<son>{_SON})|(?P<daughter>{_DAUGHTER}))\Z")
_RUSSIAN = re.compile(
    r"(?P<father>\w{2,}?)(?:[ьyj]|(?<=[lnrtdsz])i)?(?:"
    r"(?P<son>(?:о|е)вич|(?:o|e)(?:v|w)i(?:ch|tsch|tch|tsj|ç))|(?P<daughter>(?:о|е)вна|(?:o|e)(?:v|w)na))\Z"
)
# The name fields of TD1, TD2 and TD3; a name of just that length has to be taken for a cut one (Doc 9303-3).
_FIELD_LENGTHS = frozenset({30, 31, 39})
_SHORT = 2
_SEPARATORS = re.compile(r"[\s<,]+")


@dataclass(frozen=True, slots=True)
class _Patronymic:
    father: str | None = None
    sex: Sex | None = None
    is_russian: bool = False
    used: tuple[int, ...] = ()


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text) if word]


def _patronymic(words: list[str], first: int) -> _Patronymic:
    """Find the patronymic; a father's name stands at `first` or later."""
    for place, word in enumerate(words):
        sex = Sex.MALE if _SON_WORD.match(word) else Sex.FEMALE if _DAUGHTER_WORD.match(word) else None
        if sex and place > first:
            return _Patronymic(words[place - 1], sex, False, (place - 1, place))
    for place, word in enumerate(words if first == 0 or len(words) > _SHORT else ()):
        for pattern in (_JOINED, _RUSSIAN):
            found = pattern.match(word)
            if found and place > first:
                sex = Sex.MALE if found["son"] else Sex.FEMALE
                return _Patronymic(found["father"], sex, pattern is _RUSSIAN, (place,))
    return _Patronymic()


def _without_missing(words: list[str]) -> list[str]:
    return [word for word in words if word not in _MISSING]


def _surname(words: list[str]) -> tuple[str, ...]:
    """Join an `oğlu` or `qızı` that is part of the surname to the word before it."""
    joined: list[str] = []
    for word in words:
        if joined and (_SON_WORD.match(word) or _DAUGHTER_WORD.match(word)):
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(_without_missing(joined))


def _split_fields(folded: str) -> tuple[str, str] | None:
    mark = "<<" if "<<" in folded.rstrip("< ") else ","
    if mark not in folded:
        return None
    surname, rest = folded.split(mark, 1)
    return surname, rest


def arrangements(name: PersonName) -> tuple[PersonName, ...]:
    """Return the ways to read which word is the surname: one when the writing tells, else the last and the first."""
    if name.is_ordered or not name.surname or not name.given:
        return (name,)
    first = replace(name, surname=name.given[:1], given=name.given[1:] + name.surname)
    return (name, first)


@lru_cache(maxsize=65_536)
def parse(text: str) -> PersonName:
    """Take the name apart.

    >>> parse("Əliyev, Kamil Rəşid oğlu").father
    'rəşid'
    >>> parse("XXX, Kamil").surname
    ()
    """
    folded = fold_spelling(text)
    fields = _split_fields(folded)
    if fields is None:
        words = _words(folded)
        by_father = _patronymic(words, first=1)
        rest = [word for place, word in enumerate(words) if place not in by_father.used]
        has_order = len(rest) > 1
        surname, given = (rest[-1:], rest[:-1]) if has_order else ([], rest)
    else:
        surname = _words(fields[0])
        words = _words(fields[1])
        by_father = _patronymic(words, first=0)
        given = [word for place, word in enumerate(words) if place not in by_father.used]
    return PersonName(
        original=text,
        surname=_surname(surname),
        given=tuple(_without_missing(given)),
        father=by_father.father,
        sex=by_father.sex,
        is_ordered=fields is not None,
        is_truncated="<<" in text and len(text.strip()) in _FIELD_LENGTHS and not text.strip().endswith("<"),
        is_russian_patronymic=by_father.is_russian,
    )
