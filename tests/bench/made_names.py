"""Make spellings of invented people in all forms of the shipped list, and pairs of different people."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from tests.bench.made_transliterations import (
    BGN,
    ENGLISH,
    ICAO,
    NORWEGIAN,
    OLD,
    VOWELS,
    french,
    german,
    lowered,
    mapped,
    russian,
    titled,
)  # fmt: skip

_MEN = """
Abdulla Adil Ağamirzə Akif Allahverdi Anar Aqşin Araz Arif Azər Balaəli Baxış Bəhlul Bəxtiyar Bünyamin Cabir Camal
Cavanşir Ceyhun Cəbi Cəlal Coşqun Çərkəz Çingiz Daşqın Dəyanət Eldəniz Elçin Elgiz Elxan Elnur Elşad Emil Əbdüləli
Əbülfəz Əflatun Əhməd Ələsgər Əlisahib Əlövsət Əmirxan Əsgər Əyyub Faiq Famil Fərrux Fəxrəddin Fizuli Füzuli Firuz
Gülağa Habil Hacıbaba Hətəm Heydər Həbib Həsən Hikmət Hüseyn Xaliq Xanəli Xaqani Xəyyam Xosrov İbrahim İlham İlqar
İmran İsgəndər İsmayıl Kazım Kərəm Qabil Qadir Qasım Qəhrəman Qorxmaz Qurban Laçın Lətif Maarif Mahmud Mehdi Mehman
Məcid Məhərrəm Məhəmməd Məmmədağa Mirzə Mövsüm Murtuz Mübariz Müşfiq Natiq Nəbi Nəriman Nicat Niyazi Novruz Nurəddin
Oktay Orxan Oruc Pərviz Pünhan Rafiq Ramin Rauf Rəfail Rəhim Rəşad Rövşən Rüfət Rüstəm Sabir Sadıq Saleh Samir
Seyfulla Səfər Səid Səməd Sərxan Süleyman Şahin Şakir Şəhriyar Şərif Şirin Şöhrət Şükür Tağı Tahir Taleh Teymur
Tofiq Toğrul Tural Vaqif Vasif Vidadi Vüqar Vüsal Yadigar Yaqub Yaşar Yəhya Yunus Yusif Zabit Zakir Zaur Zeynal
Ziyad Zöhrab Zülfüqar
"""
MEN = _MEN.split()
_WOMEN = """
Afaq Afət Almaz Arzu Aygül Aygün Aynur Aysel Aytən Bahar Bəsti Cəmilə Çinarə Dilarə Dilbər Elmira Elnarə Esmira
Əminə Əntiqə Fatma Firəngiz Gülnar Gülşən Günay Həqiqət Humay Xalidə Xatirə İlahə İradə Jalə Könül Kübra Qızılgül
Lalə Lamiyə Leyla Ləman Mehriban Məhbubə Məlahət Mətanət Minarə Nailə Nərgiz Nigar Nübar Pakizə Pərvanə Ramilə
Reyhan Rəhimə Röya Səadət Səbinə Sədaqət Sevda Sevinc Solmaz Sona Südabə Şəfəq Şəhla Şükufə Təranə Türkan Ulduz
Ülkər Validə Vəfa Vüsalə Yeganə Zəhra Zeynəb Zöhrə Züleyxa
"""
WOMEN = _WOMEN.split()
_ROOTS = """
Abbas Abdulla Ağa Axund Allahverdi Aslan Baba Bağır Baxşəli Bayram Cavad Cəbrayıl Cəfər Cəlil Dadaş Dəmir Eldar
Eyvaz Əbil Əfəndi Əhməd Ələkbər Əli Əsəd Əsgər Əşrəf Əzim Fərəc Fətəli Hacı Həsən Heydər Hidayət Hümbət Hüseyn Xəlil
Xudaverdi İbrahim İman İsgəndər İsmayıl Kazım Kərim Qafar Qara Qasım Qəhrəman Qulu Qurban Qüdrət Lətif Mahmud Mehdi
Məhərrəm Məmməd Məmmədəli Mirzə Musa Mustafa Mürsəl Nağı Nəbi Nəsib Nəzər Niftəli Novruz Nuru Orduxan Oruc Paşa
Pənah Piri Rəhim Rəşid Rüstəm Rza Sadıq Salman Səfər Səlim Seyid Sultan Süleyman Şərif Şıxəli Şükür Tağı Tahir Talıb
Teymur Vəli Vəlixan Yaqub Yusif Zeynal Zülfüqar
"""
ROOTS = _ROOTS.split()


@dataclass(frozen=True)
class Person:
    """An invented person; the surname is a root and an ending."""

    root: str
    ending: str
    given: str
    father: str
    is_woman: bool
    choices: int

    @property
    def surname(self) -> str:
        """The surname in Azerbaijani."""
        if self.ending == "ov":
            joint = "yev" if self.root[-1] in VOWELS else "ov"
            return self.root + joint + ("a" if self.is_woman else "")
        if self.ending == "lı":
            last = [letter for letter in lowered(self.root) if letter in VOWELS][-1]
            return self.root + ("lı" if last in "aı" else "lu" if last in "ou" else "lü" if last in "öü" else "li")
        return self.root + self.ending


NEIGHBOURS = {
    "a": "s", "b": "v", "d": "f", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o", "j": "k", "k": "l", "l": "k",
    "m": "n", "n": "m", "o": "p", "r": "t", "s": "d", "t": "r", "u": "y", "v": "b", "y": "u", "z": "x", "c": "v",
}  # fmt: skip


_OTHER_VOWEL = {"a": "e", "e": "a", "i": "y", "o": "u", "u": "o"}


def mistype(word: str, choice: random.Random) -> tuple[str, str]:
    """Return the kind of the typing error, and the word with it."""
    low = word.lower()
    place = choice.randrange(1, len(low) - 1)
    before, letter, after = low[:place], low[place], low[place + 1 :]
    vowels = [number for number, vowel in enumerate(low) if number and vowel in _OTHER_VOWEL]
    at_vowel = choice.choice(vowels) if vowels else 0
    made = {
        "drop": before + after,
        "double": before + letter * 2 + after,
        "neighbour": before + NEIGHBOURS.get(letter, "e") + after,
        "swap": before + after[:1] + letter + after[1:],
    }
    if vowels:
        made["vowel"] = low[:at_vowel] + _OTHER_VOWEL[low[at_vowel]] + low[at_vowel + 1 :]
    kind = choice.choice(sorted(made))
    return kind, titled(made[kind])


_BARE = str.maketrans("əöüığçş", "eouigcs")
_WITH_E = {"ö": "oe", "ü": "ue"}


def _azerbaijani(person: Person, choice: random.Random) -> list[tuple[str, str]]:
    surname, given = person.surname, person.given
    both, small = f"{surname}, {given}", (lowered(surname), lowered(given))
    old = [titled(mapped(lowered(word), OLD)) for word in (surname, given, person.father)]
    bare = [titled(word.translate(_BARE)) for word in small]
    table = [mapped(word, _WITH_E).translate(_BARE).upper() for word in small]
    turkish = {"ə": choice.choice("ea"), "x": "h", "q": choice.choice("kg")}
    in_turkish = [titled(mapped(word, turkish)) for word in small]
    return [
        ("az_latin", f"{both} {person.father} {'qızı' if person.is_woman else 'oğlu'}"),
        ("az_upper", both.replace("i", "İ").replace("ı", "I").upper()),
        ("az_ascii", ", ".join(bare)),
        ("az_a_umlaut", both.replace("ə", "ä").replace("Ə", "Ä")),
        ("az_mixed_schwa", both.replace("ə", "ә").replace("Ə", "Ә")),
        ("az_cyrillic", f"{old[0]}, {old[1]} {old[2]} {'гызы' if person.is_woman else 'оғлу'}"),
        ("icao_table", "<<".join(table)),
        ("tr", ", ".join(in_turkish)),
    ]


def _english(person: Person, choice: random.Random) -> list[tuple[str, str]]:
    surname, given = (titled(mapped(lowered(word), ENGLISH)) for word in (person.surname, person.given))
    made = [
        ("en_passport", f"{surname}, {given}"),
        ("mrz", f"{surname}<<{given}".upper()),
        ("natural", f"{given} {surname}"),
        ("swapped", f"{given}, {surname}"),
    ]
    if person.is_woman and person.ending == "ov":
        made.append(("masculine_surname", f"{surname[:-1]}, {given}"))
    for _ in range(2):
        in_given = choice.random() < 0.5 and len(given) > 3
        kind, typed = mistype(given if in_given else surname, choice)
        made.append((f"typo_{kind}", f"{surname}, {typed}" if in_given else f"{typed}, {given}"))
    return made


_FROM_RUSSIAN: dict[str, Callable[[str], str]] = {
    "ru_icao": lambda word: mapped(word, ICAO),
    "ru_bgn": lambda word: mapped(word, BGN),
    "de": german,
    "fr": french,
    "no": lambda word: mapped(word, NORWEGIAN),
}


def _russian(person: Person, choice: random.Random) -> list[tuple[str, str]]:
    surname, given, father = (russian(word, choice) for word in (person.surname, person.given, person.father))
    made = [("ru_cyrillic", f"{surname}, {given} {father} {'кызы' if person.is_woman else 'оглы'}")]
    for form, write in _FROM_RUSSIAN.items():
        made.append((form, f"{titled(write(surname.lower()))}, {titled(write(given.lower()))}"))
    return made


def spellings(person: Person) -> list[tuple[str, str]]:
    """Return (form, name) for the person, the Azerbaijani form first; equal ones are left out."""
    choice = random.Random(person.choices)
    made = _azerbaijani(person, choice) + _english(person, choice) + _russian(person, choice)
    return list({name: (form, name) for form, name in reversed(made)}.values())[::-1]


_ENDINGS = {"ov": 75, "lı": 10, "zadə": 8, "oğlu": 2, "": 5}


def people(seed: int, amount: int) -> list[Person]:
    """Return invented people."""
    choice = random.Random(seed)
    made = []
    for number in range(amount):
        is_woman = choice.random() < 0.45
        made.append(
            Person(
                root=choice.choice(ROOTS),
                ending=choice.choices(list(_ENDINGS), list(_ENDINGS.values()))[0],
                given=choice.choice(WOMEN if is_woman else MEN),
                father=choice.choice(MEN),
                is_woman=is_woman,
                choices=seed * 100_000 + number,
            )
        )
    return made


def _other(name: str, names: list[str], choice: random.Random) -> str:
    return choice.choice([other for other in names if other != name])


def _alike(name: str, names: list[str], choice: random.Random) -> str:
    """Return one of the three names nearest in letters to the name."""
    others = sorted((other for other in names if other != name), key=lambda other: Levenshtein.distance(name, other))
    return choice.choice(others[:3])


def _brother_and_sister(one: Person, choice: random.Random) -> tuple[Person, Person]:
    name = choice.choice(["Kamil", "Cəmil", "Ramil", "Rəhim", "Səid", "Əmin", "Xalid", "Zahid", "Vüsal", "Elnar"])
    return replace(one, is_woman=False, given=name), replace(one, is_woman=True, given=name + "ə")


def _father_and_son(one: Person, choice: random.Random) -> tuple[Person, Person]:
    son = replace(one, is_woman=False, given=_other(one.father, MEN, choice))
    return son, replace(son, given=son.father, father=son.given)


def _pairs(one: Person, choice: random.Random) -> dict[str, tuple[Person, Person]]:
    """Return the person with somebody else, for each kind of likeness."""
    names = WOMEN if one.is_woman else MEN
    given, father, root = (
        _other(one.given, names, choice),
        _other(one.father, MEN, choice),
        _other(one.root, ROOTS, choice),
    )
    return {
        "same surname": (one, replace(one, given=given, father=father)),
        "same given name": (one, replace(one, root=root, father=father)),
        "other father": (one, replace(one, father=father)),
        "father and son": _father_and_son(one, choice),
        "siblings": (one, replace(one, given=given)),
        "brother and sister": _brother_and_sister(one, choice),
        "alike given name": (one, replace(one, given=_alike(one.given, names, choice))),
        "alike surname": (one, replace(one, root=_alike(one.root, ROOTS, choice))),
        "changed ending": (replace(one, ending="ov"), replace(one, ending=choice.choice(["lı", ""]))),
    }


def strangers(seed: int, amount: int) -> Iterator[tuple[str, Person, Person]]:
    """Yield (kind, one, other) for different people."""
    choice = random.Random(seed)
    for one, stranger in zip(people(seed + 1, amount), people(seed + 2, amount), strict=True):
        pairs = _pairs(one, choice) | {"unrelated": (one, stranger)}
        kind = choice.choice(sorted(pairs))
        first, second = pairs[kind]
        yield kind, first, replace(second, choices=stranger.choices)
