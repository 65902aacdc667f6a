"""Make spellings of invented people by the tables of transliteration, and pairs of different people.

The Russian forms follow the practical transcription, with its free choices (h as г or х, q as г or к, ə as а or е)
made at random for each name; the other forms are made from them or from the Azerbaijani form.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

MEN = """
Abdulla Adil Ağamirzə Akif Allahverdi Anar Aqşin Araz Arif Azər Balaəli Baxış Bəhlul Bəxtiyar Bünyamin Cabir Camal Cavanşir
Ceyhun Cəbi Cəlal Coşqun Çərkəz Çingiz Daşqın Dəyanət Eldəniz Elçin Elgiz Elxan Elnur Elşad Emil Əbdüləli Əbülfəz Əflatun
Əhməd Ələsgər Əlisahib Əlövsət Əmirxan Əsgər Əyyub Faiq Famil Fərrux Fəxrəddin Fizuli Füzuli Firuz Gülağa Habil Hacıbaba
Hətəm Heydər Həbib Həsən Hikmət Hüseyn Xaliq Xanəli Xaqani Xəyyam Xosrov İbrahim İlham İlqar İmran İsgəndər İsmayıl Kazım
Kərəm Qabil Qadir Qasım Qəhrəman Qorxmaz Qurban Laçın Lətif Maarif Mahmud Mehdi Mehman Məcid Məhərrəm Məhəmməd Məmmədağa
Mirzə Mövsüm Murtuz Mübariz Müşfiq Natiq Nəbi Nəriman Nicat Niyazi Novruz Nurəddin Oktay Orxan Oruc Pərviz Pünhan Rafiq
Ramin Rauf Rəfail Rəhim Rəşad Rövşən Rüfət Rüstəm Sabir Sadıq Saleh Samir Seyfulla Səfər Səid Səməd Sərxan Süleyman Şahin
Şakir Şəhriyar Şərif Şirin Şöhrət Şükür Tağı Tahir Taleh Teymur Tofiq Toğrul Tural Vaqif Vasif Vidadi Vüqar Vüsal Yadigar
Yaqub Yaşar Yəhya Yunus Yusif Zabit Zakir Zaur Zeynal Ziyad Zöhrab Zülfüqar
""".split()
WOMEN = """
Afaq Afət Almaz Arzu Aygül Aygün Aynur Aysel Aytən Bahar Bəsti Cəmilə Çinarə Dilarə Dilbər Elmira Elnarə Esmira Əminə Əntiqə
Fatma Firəngiz Gülnar Gülşən Günay Həqiqət Humay Xalidə Xatirə İlahə İradə Jalə Könül Kübra Qızılgül Lalə Lamiyə Leyla Ləman
Mehriban Məhbubə Məlahət Mətanət Minarə Nailə Nərgiz Nigar Nübar Pakizə Pərvanə Ramilə Reyhan Rəhimə Röya Səadət Səbinə
Sədaqət Sevda Sevinc Solmaz Sona Südabə Şəfəq Şəhla Şükufə Təranə Türkan Ulduz Ülkər Validə Vəfa Vüsalə Yeganə Zəhra Zeynəb
Zöhrə Züleyxa
""".split()
ROOTS = """
Abbas Abdullayev Ağa Axund Allahverdi Aslan Babay Bağır Baxşəli Bayram Cavad Cəbrayıl Cəfər Cəlil Dadaş Dəmir Eldar Eyvaz
Əbil Əfəndi Əhməd Ələkbər Əli Əsəd Əsgər Əşrəf Əzim Fərəc Fətəli Hacı Həsən Heydər Hidayət Hümbət Hüseyn Xəlil Xudaverdi
İbrahim İman İsgəndər İsmayıl Kazım Kərim Qafar Qara Qasım Qəhrəman Qulu Qurban Qüdrət Lətif Mahmud Mehdi Məhərrəm Məmməd
Məmmədəli Mirzə Musa Mustafa Mürsəl Nağı Nəbi Nəsib Nəzər Niftəli Novruz Nuru Orduxan Oruc Paşa Pənah Piri Rəhim Rəşid
Rüstəm Rza Sadıq Salman Səfər Səlim Seyid Sultan Süleyman Şərif Şıxəli Şükür Tağı Tahir Talıb Teymur Vəli Vəlixan Yaqub
Yusif Zeynal Zülfüqar
""".split()
VOWELS = "aəeıioöuü"


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
            joint = {"a": "yev", "ı": "yev", "i": "yev", "ə": "yev", "u": "yev", "ü": "yev"}.get(self.root[-1], "ov")
            return self.root + joint + ("a" if self.is_woman else "")
        if self.ending == "lı":
            last = [letter for letter in self.root.lower() if letter in VOWELS][-1]
            return self.root + ("lı" if last in "aı" else "lu" if last in "ou" else "lü" if last in "öü" else "li")
        return self.root + self.ending


def _map(text: str, pairs: dict[str, str]) -> str:
    out, place = "", 0
    while place < len(text):
        for size in (4, 3, 2, 1):
            piece = text[place : place + size]
            if piece in pairs or size == 1:
                out += pairs.get(piece, piece)
                place += len(piece)
                break
    return out


def russian(word: str, choice: random.Random) -> str:
    """Write the Azerbaijani word in Russian."""
    schwa = choice.choice("ае")
    aitch, queue = choice.choice("гх"), choice.choice("гк")
    o_mark, u_mark, soft = choice.choice(["о", "ё"]), choice.choice("ую"), choice.random() < 0.4
    low = word.replace("İ", "i").replace("I", "ı").lower()
    out = ""
    plain = dict(zip("abdefgijklmnoprstuvxzğıçş", "абдефгижклмнопрстувхзгычш", strict=True)) | {"c": "дж", "q": queue}
    place = 0
    while place < len(low):
        letter, after, before = low[place], low[place + 1 : place + 2], low[place - 1] if place else ""
        place += 1
        if letter == "y" and after and after in "aəeuü":
            out += {"a": "я", "ə": "я", "e": "е", "u": "ю", "ü": "ю"}[after]
            place += 1
        elif letter == "y":
            out += "й"
        elif letter == "ə":
            out += "а" if not before or before in "cçfhxjqş" else "я" if before in "gkl" and schwa == "е" else schwa
        elif letter == "h":
            out += aitch if not before else "х"
        elif letter == "e" and (not before or before in VOWELS):
            out += "э"
        elif letter == "ö":
            out += o_mark if before else "о"
        elif letter == "ü":
            out += "ю" if before in ("g", "k", "l") else u_mark if before else "у"
        elif letter == "l" and soft and (not after or after not in VOWELS + "l"):
            out += "ль"
        else:
            out += plain.get(letter, letter)
    return out.capitalize()


ENGLISH = dict(zip("əöüıqc", "aouigj", strict=True)) | {"x": "kh", "ç": "ch", "ş": "sh", "ğ": "gh", "j": "zh"}
OLD = dict(zip("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз", strict=True))
ICAO = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "э": "e", "ю": "iu", "я": "ia",
    "ь": "",
}  # fmt: skip
BGN = ICAO | {"й": "y", "ю": "yu", "я": "ya", "ё": "yo", "ие": "iye", "ае": "aye"}
GERMAN = ICAO | {
    "дж": "dsch", "ж": "sch", "ш": "sch", "ч": "tsch", "х": "ch", "в": "w", "з": "s", "ю": "ju", "я": "ja", "ё": "jo",
    "ие": "ije", "ае": "aje", "ые": "yje", "уе": "uje",
}  # fmt: skip
FRENCH = ICAO | {
    "дж": "dj", "ж": "j", "ш": "ch", "ч": "tch", "у": "ou", "ю": "iou", "ге": "gue", "ги": "gui", "й": "ï", "ё": "io",
}
NORWEGIAN = ICAO | {
    "дж": "dzj", "ж": "zj", "ш": "sj", "ч": "tsj", "й": "j", "ю": "ju", "я": "ja", "ё": "jo", "ие": "ije", "ае": "aje",
}


def _title(text: str) -> str:
    return text[:1].upper() + text[1:]


def _low(text: str) -> str:
    return text.replace("İ", "i").replace("I", "ı").lower()


def _doubled(text: str, table: dict[str, str]) -> str:
    """Map the Russian word, with ss for с between vowels."""
    return _map(re.sub(rf"(?<=[{_RU_VOWELS}])с(?=[{_RU_VOWELS}])", "ß", text), table).replace("ß", "ss")


_RU_VOWELS = "аеёиоуыэюя"


def german(text: str) -> str:
    """Write the Russian word the German way."""
    return _doubled(text, GERMAN)


def french(text: str) -> str:
    """Write the Russian word the French way."""
    return re.sub(r"in\Z", "ine", _doubled(text, FRENCH))


NEIGHBOURS = {
    "a": "s", "b": "v", "d": "f", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o", "j": "k", "k": "l", "l": "k",
    "m": "n", "n": "m", "o": "p", "r": "t", "s": "d", "t": "r", "u": "y", "v": "b", "y": "u", "z": "x", "c": "v",
}  # fmt: skip


def mistype(word: str, choice: random.Random) -> tuple[str, str]:
    """Return the kind of the typing error, and the word with it."""
    kind = choice.choice(["drop", "double", "neighbour", "swap", "vowel"])
    low = word.lower()
    place = choice.randrange(1, len(low) - 1)
    if kind == "vowel":
        places = [i for i, letter in enumerate(low) if letter in "aeiou" and i]
        if places:
            place = choice.choice(places)
            return kind, _title(low[:place] + {"a": "e", "e": "a", "i": "y", "o": "u", "u": "o"}[low[place]] + low[place + 1 :])
        kind = "drop"
    if kind == "drop":
        return kind, _title(low[:place] + low[place + 1 :])
    if kind == "double":
        return kind, _title(low[:place] + low[place] + low[place:])
    if kind == "neighbour":
        return kind, _title(low[:place] + NEIGHBOURS.get(low[place], "e") + low[place + 1 :])
    return kind, _title(low[:place] + low[place + 1] + low[place] + low[place + 2 :])


def spellings(person: Person) -> list[tuple[str, str]]:
    """Return (form, name) for the person, the Azerbaijani form first; equal ones are left out."""
    choice = random.Random(person.choices)
    surname, given, father = person.surname, person.given, person.father
    kinship = "qızı" if person.is_woman else "oğlu"
    feminine = person.is_woman and person.ending == "ov"
    low_s, low_g = _low(surname), _low(given)
    english_s, english_g = _title(_map(low_s, ENGLISH)), _title(_map(low_g, ENGLISH))
    ru_s, ru_g, ru_f = russian(surname, choice), russian(given, choice), russian(father, choice)
    bare = str.maketrans("əöüığçş", "eouigcs")
    turkish = {"ə": choice.choice("ea"), "x": "h", "q": choice.choice("kg")}
    made = [
        ("az_latin", f"{surname}, {given} {father} {kinship}"),
        ("az_upper", f"{surname}, {given}".replace("i", "İ").replace("ı", "I").upper()),
        ("az_ascii", f"{_title(low_s.translate(bare))}, {_title(low_g.translate(bare))}"),
        ("az_a_umlaut", f"{surname}, {given}".replace("ə", "ä").replace("Ə", "Ä")),
        ("az_mixed_schwa", f"{surname}, {given}".replace("ə", "ә").replace("Ə", "Ә")),
        ("az_cyrillic", f"{_map(low_s, OLD).capitalize()}, {_map(low_g, OLD).capitalize()} {_map(_low(father), OLD).capitalize()} "
         + ("гызы" if person.is_woman else "оғлу")),
        ("en_passport", f"{english_s}, {english_g}"),
        ("mrz", f"{english_s}<<{english_g}".upper()),
        ("icao_table", f"{_map(low_s, {'ö': 'oe', 'ü': 'ue'}).translate(bare)}<<{_map(low_g, {'ö': 'oe', 'ü': 'ue'}).translate(bare)}".upper()),
        ("ru_cyrillic", f"{ru_s}, {ru_g} {ru_f} " + ("кызы" if person.is_woman else "оглы")),
        ("tr", f"{_title(_map(low_s, turkish))}, {_title(_map(low_g, turkish))}"),
        ("natural", f"{english_g} {english_s}"),
        ("swapped", f"{english_g}, {english_s}"),
    ]
    for form, table in (("ru_icao", ICAO), ("ru_bgn", BGN), ("no", NORWEGIAN)):
        made.append((form, f"{_title(_map(ru_s.lower(), table))}, {_title(_map(ru_g.lower(), table))}"))
    made.append(("de", f"{_title(german(ru_s.lower()))}, {_title(german(ru_g.lower()))}"))
    made.append(("fr", f"{_title(french(ru_s.lower()))}, {_title(french(ru_g.lower()))}"))
    if feminine:
        made.append(("masculine_surname", f"{english_s[:-1]}, {english_g}"))
    for _ in range(2):
        if choice.random() < 0.5 and len(english_g) > 3:
            kind, typed = mistype(english_g, choice)
            made.append((f"typo_{kind}", f"{english_s}, {typed}"))
        else:
            kind, typed = mistype(english_s, choice)
            made.append((f"typo_{kind}", f"{typed}, {english_g}"))
    return list({name: (form, name) for form, name in reversed(made)}.values())[::-1]


def people(seed: int, amount: int) -> list[Person]:
    """Return invented people."""
    choice = random.Random(seed)
    made = []
    for number in range(amount):
        is_woman = choice.random() < 0.45
        ending = choice.choices(["ov", "lı", "zadə", "oğlu", ""], [75, 10, 8, 2, 5])[0]
        made.append(Person(
            choice.choice(ROOTS).removesuffix("yev"), ending, choice.choice(WOMEN if is_woman else MEN), choice.choice(MEN),
            is_woman, seed * 100_000 + number,
        ))  # fmt: skip
    return made


def alike(name: str, names: list[str], choice: random.Random) -> str:
    """Return one of the three names nearest in letters to the name."""
    return choice.choice(sorted((other for other in names if other != name), key=lambda o: Levenshtein.distance(name, o))[:3])


def strangers(seed: int, amount: int) -> Iterator[tuple[str, Person, Person]]:
    """Yield (kind, one, other) for different people."""
    choice = random.Random(seed)
    for one, other in zip(people(seed + 1, amount), people(seed + 2, amount), strict=True):
        kind = choice.choice([
            "same surname", "same given name", "other father", "father and son", "siblings", "brother and sister", "unrelated",
            "alike given name", "alike surname", "changed ending",
        ])  # fmt: skip
        given = choice.choice([name for name in (WOMEN if one.is_woman else MEN) if name != one.given])
        father = choice.choice([name for name in MEN if name != one.father])
        if kind == "same surname":
            other = replace(one, given=given, father=father, choices=other.choices)
        elif kind == "same given name":
            root = choice.choice([root for root in ROOTS if root != one.root]).removesuffix("yev")
            other = replace(one, root=root, father=father, choices=other.choices)
        elif kind == "other father":
            other = replace(one, father=father, choices=other.choices)
        elif kind == "father and son":
            one = replace(one, is_woman=False, given=choice.choice(MEN))
            if one.given == one.father:
                continue
            other = replace(one, given=one.father, father=one.given, choices=other.choices)
        elif kind == "alike given name":
            other = replace(one, given=alike(one.given, WOMEN if one.is_woman else MEN, choice), choices=other.choices)
        elif kind == "alike surname":
            other = replace(one, root=alike(one.root, ROOTS, choice).removesuffix("yev"), choices=other.choices)
        elif kind == "changed ending":
            one, other = replace(one, ending="ov"), replace(one, ending=choice.choice(["lı", ""]), choices=other.choices)
        elif kind == "siblings":
            other = replace(one, given=given, choices=other.choices)
        elif kind == "brother and sister":
            name = choice.choice(["Kamil", "Cəmil", "Ramil", "Rəhim", "Səid", "Əmin", "Xalid", "Zahid", "Vüsal", "Elnar"])
            one = replace(one, is_woman=False, given=name)
            other = replace(one, is_woman=True, given=name + "ə", choices=other.choices)
        yield kind, one, other
