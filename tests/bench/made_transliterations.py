"""Write Azerbaijani names the way Russian, German, French, Norwegian and English files do, by the published tables.

The Russian forms follow the practical transcription; its free choices (h as г or х, q as г or к, ə as а or е) are made
at random for each word. The German, French and Norwegian forms are made from the Russian one.
"""

import random
import re

VOWELS = "aəeıioöuü"


def mapped(text: str, table: dict[str, str]) -> str:
    """Replace by the table, the longest piece first."""
    pieces = sorted(table, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, pieces)), lambda found: table[found[0]], text)


def titled(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Return the Azerbaijani text in lower case."""
    return text.replace("İ", "i").replace("I", "ı").lower()


_PLAIN_RUSSIAN = dict(zip("abdefgijklmnoprstuvxzğıçşy", "абдефгижклмнопрстувхзгычшй", strict=True)) | {
    "c": "дж",
    "h": "х",
}


def russian(word: str, choice: random.Random) -> str:
    """Write the Azerbaijani word in Russian."""
    schwa, u_mark = choice.choice("ае"), choice.choice("ую")
    soft = "ль" if choice.random() < 0.4 else "л"
    steps = (
        ("y([aə])", "я"), ("ye", "е"), ("y[uü]", "ю"),
        (rf"(?:^|(?<=[{VOWELS}]))e", "э"), (r"(?:^|(?<=[cçfhxjqş]))ə", "а"),
        ("(?<=[gkl])ə", "я" if schwa == "е" else schwa), ("ə", schwa),
        ("^h", choice.choice("гх")), ("q", choice.choice("гк")),
        ("^ö", "о"), ("ö", choice.choice("оё")), ("(?<=[gkl])ü", "ю"), ("^ü", "у"), ("ü", u_mark),
        (rf"l(?![{VOWELS}lяеюаёо])", soft),
    )  # fmt: skip
    low = lowered(word)
    for pattern, replacement in steps:
        low = re.sub(pattern, replacement, low)
    return titled(mapped(low, _PLAIN_RUSSIAN))


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
}  # fmt: skip
NORWEGIAN = ICAO | {
    "дж": "dzj", "ж": "zj", "ш": "sj", "ч": "tsj", "й": "j", "ю": "ju", "я": "ja", "ё": "jo", "ие": "ije", "ае": "aje",
}  # fmt: skip


def _doubled(text: str, table: dict[str, str]) -> str:
    """Map the Russian word, with ss for с between vowels."""
    return mapped(re.sub(rf"(?<=[{_RU_VOWELS}])с(?=[{_RU_VOWELS}])", "ß", text), table).replace("ß", "ss")


_RU_VOWELS = "аеёиоуыэюя"


def german(text: str) -> str:
    """Write the Russian word the German way."""
    return _doubled(text, GERMAN)


def french(text: str) -> str:
    """Write the Russian word the French way."""
    return re.sub(r"in\Z", "ine", _doubled(text, FRENCH))
