"""Fold what a name was typed with, not how it sounds: case, composition, look-alike letters, marks between words."""

import re
import unicodedata

from ercms.persons.names.conventions import is_cyrillic

# One letter each in the left alphabet, typed from the other one's keyboard or font.
_TO_LATIN = str.maketrans("әаеорсухкмтнвіјһԛԝѕ", "əaeopcyxkmthbijhqws")
_TO_CYRILLIC = str.maketrans("əaeopcyxkmtj", "әаеорсухкмтј")
_VARIANTS = str.maketrans({
    "ǝ": "ə", "ș": "ş", "ț": "t", "ǧ": "ğ", "æ": "ä", "ß": "ss", "đ": "d", "ł": "l", "І": "i", "і": "i",
    "\u0307": "", "\u0331": "", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "",
} | dict.fromkeys("'’‘ʼʻʹ`´ʾʿ\"ʺ”“", ""))  # fmt: skip
_NOT_WORD = re.compile(r"[^\w<,]|[\d_]", re.UNICODE)


def fold_spelling(text: str) -> str:
    """Return the text in lower case and composed, with one form for each letter; commas and fillers stay.

    Lower case is made for Azerbaijani, where İ is i and I is ı; the two are one sound later, so both become i.
    """
    composed = unicodedata.normalize("NFC", text).replace("İ", "i").replace("I", "i").casefold()
    plain = unicodedata.normalize("NFC", composed).translate(_VARIANTS)
    # A table for look-alikes is chosen for the whole text: a single Cyrillic schwa does not make it Cyrillic.
    plain = plain.translate(_TO_CYRILLIC) if is_cyrillic(plain) else plain.translate(_TO_LATIN)
    return _NOT_WORD.sub(" ", plain).strip()
