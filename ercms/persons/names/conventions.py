"""Read a word as sounds, under each habit of writing that could have produced it.

Sources: the tables of BGN/PCGN 1993 for the old Cyrillic alphabet, ICAO Doc 9303-3 section 6 (A and B), the practice of
Azerbaijani passports, and the German, French and Norwegian custom of writing Russian.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ercms.persons.names.sounds import VOWEL_MASK, foreign, mask


class Convention(StrEnum):
    """A habit of writing Azerbaijani names."""

    AZERBAIJANI = "azerbaijani"
    BARE = "bare"  # the Azerbaijani letters without their marks, ICAO table A, Turkish
    ENGLISH = "english"  # passports of Azerbaijan, and the English-like tables for Russian (ICAO table B, BGN)
    GERMAN = "german"
    FRENCH = "french"
    NORWEGIAN = "norwegian"
    RUSSIAN = "russian"
    OLD_CYRILLIC = "old_cyrillic"


@dataclass(frozen=True, slots=True)
class Reading:
    """A word as symbols, each with the letters that it was read from, and the habit under which it was read."""

    symbols: tuple[int, ...]
    letters: tuple[str, ...]
    convention: Convention


def _table(text: str) -> dict[str, tuple[int, ...]]:
    """Build a table from words such as `sch=ŞJ`: the letters, then a set of sounds, `+` before a further symbol."""
    table = {}
    for entry in text.split():
        letters, sounds = entry.split("=")
        table[letters] = tuple(mask(part) for part in sounds.split("+")) if sounds != "-" else ()
    return table


_LATIN = _table(
    "a=AƏ b=B c=CÇ d=D e=EƏ f=F g=GQH h=H i=I j=C k=KQ l=L m=M n=N o=O p=P q=Q r=R s=S t=T u=U v=V w=V x=H y=Y z=Z"
)
_MARKED = _table("ə=Ə ä=Ə ç=Ç ğ=G ı=I ö=O ş=Ş ü=U ï=I é=E è=E ê=E ë=E â=A î=I û=U ô=O å=O ø=O ž=J š=Ş č=Ç")

_TABLES: dict[Convention, dict[str, tuple[int, ...]]] = {
    Convention.AZERBAIJANI: _LATIN | _MARKED | _table("a=A c=C g=G j=J k=KQ s=S"),
    Convention.BARE: _LATIN | _MARKED | _table("c=CÇ g=G j=J s=SŞ ue=U oe=O uxx=U ae=Ə"),
    Convention.ENGLISH: _LATIN | _MARKED | _table(
        "dzh=C dj=C zh=JC kh=H sh=Ş ch=Ç gh=G shch=Ş ts=T+S bek=B+EƏ+KQY beck=B+EƏ+KQY ph=F ff=V j=CJ"
    ),
    Convention.GERMAN: _LATIN | _MARKED | _table(
        "dsch=C dsh=C tsch=Ç tsh=Ç sch=ŞJ ch=H sh=J ss=S s=SZ j=Y z=Z kh=H sz=S ts=T+S ck=KQ bek=B+EƏ+KQY y=IY"
    ),
    Convention.FRENCH: _LATIN | _MARKED | _table(
        "dj=C tch=Ç ch=Ş kh=H gh=G ou=U où=U ss=S j=J ts=T+S gue=GQH+EƏ gui=GQH+I guï=GQH+I guy=GQH+I ine$=I+N"
        " bek=B+EƏ+KQY ff=V"
    ),
    Convention.NORWEGIAN: _LATIN | _MARKED | _table(
        "dzj=C tsj=Ç sj=Ş zj=J kh=H j=Y skj=Ş ts=T+S bek=B+EƏ+KQY"
    ),
    Convention.RUSSIAN: _table(
        "а=AƏ б=B в=V г=GQH д=D е=EƏ ё=Y+O ж=JC з=Z и=I й=Y к=KQ л=L м=M н=N о=O п=P р=R с=S т=T у=U ф=F х=H ц=T+S"
        " ч=Ç ш=Ş щ=Ş ъ=- ы=I ь=- э=EƏ ю=Y+U я=Y+AƏ дж=C бек=B+EƏ+KQY тс=T+S"
    ),
    Convention.OLD_CYRILLIC: _table(
        "а=A б=B в=V г=Q ғ=G д=D е=E ә=Ə ж=J з=Z и=I й=Y ј=Y к=K ҝ=G л=L м=M н=N о=O ө=O п=P р=R с=S т=T у=U ү=U ф=F"
        " х=H һ=H ц=T+S ч=Ç ҹ=C ш=Ş ы=I э=E ю=Y+U я=Y+A ё=Y+O ь=- ъ=-"
    ),
}  # fmt: skip
_LONGEST = 4
_OLD_CYRILLIC_ONLY = frozenset("ғәјҝөүһҹ")
_RUSSIAN_ONLY = frozenset("ёйцщъьэюя")
_AZERBAIJANI_ONLY = frozenset("əäçğışöü")
_FRENCH_ONLY = frozenset("éèêëïôâ")
_NOT_BARE = ("kh", "zh", "dj", "sj", "tch", "gh", "w", "zj")
_NOT_GERMAN = ("kh", "zh", "gh", "v", "x", "q", "dj")
_LOOSE_GLIDES = (Convention.ENGLISH, Convention.GERMAN, Convention.FRENCH, Convention.NORWEGIAN)
_EITHER = mask("IY")
_NOT_FRENCH = frozenset("wxq")
_FRENCH_SIGNS = ("dj", "ch", "ou", "gue", "gui", "ss")


def is_cyrillic(text: str) -> bool:
    """Say whether most letters of the text are Cyrillic."""
    cyrillic = sum("Ѐ" <= character <= "ԯ" for character in text)
    return cyrillic * 2 > sum(character.isalpha() for character in text)


@lru_cache(maxsize=65_536)
def conventions_of(words: tuple[str, ...]) -> tuple[Convention, ...]:
    """Return the habits under which the words of one name, written by one hand, can be read."""
    text = " ".join(words)
    letters = frozenset(text)
    if is_cyrillic(text):
        if letters & _OLD_CYRILLIC_ONLY:
            return (Convention.OLD_CYRILLIC,)
        both = (Convention.RUSSIAN, Convention.OLD_CYRILLIC)
        return both[:1] if letters & _RUSSIAN_ONLY or "дж" in text else both
    if letters & _AZERBAIJANI_ONLY:
        return (Convention.AZERBAIJANI,)
    if letters & _FRENCH_ONLY:
        return (Convention.FRENCH,)
    found = [Convention.ENGLISH]
    if not any(sign in text for sign in _NOT_BARE):
        found.append(Convention.BARE)
    if not any(sign in text for sign in _NOT_GERMAN):
        found.append(Convention.GERMAN)
    if not letters & _NOT_FRENCH and (any(sign in text for sign in _FRENCH_SIGNS) or f"{text} ".find("ine ") > 0):
        found.append(Convention.FRENCH)
    if "j" in letters and "w" not in letters:
        found.append(Convention.NORWEGIAN)
    return tuple(found)


def _next_letters(word: str, place: int, table: dict[str, tuple[int, ...]]) -> str:
    for length in range(min(_LONGEST, len(word) - place), 0, -1):
        letters = word[place : place + length]
        if place + length == len(word) and letters + "$" in table:
            return letters + "$"
        if letters in table:
            return letters
    return word[place]


def _split(word: str, table: dict[str, tuple[int, ...]]) -> list[tuple[int, str]]:
    symbols: list[tuple[int, str]] = []
    place = 0
    while place < len(word):
        letters = _next_letters(word, place, table)
        sounds = table.get(letters)
        if sounds is None:
            base = unicodedata.normalize("NFKD", letters)[0]
            sounds = table.get(base, (foreign(letters),))
        written = letters.rstrip("$")
        place += len(written)
        symbols += [(sound, "" if number else written) for number, sound in enumerate(sounds)]
    return symbols


def _with_glides(symbols: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Let i and y beside a vowel be either, and y away from vowels be a vowel."""
    result = []
    for place, (symbol, letters) in enumerate(symbols):
        by_vowel = any(near & VOWEL_MASK for near, _ in symbols[max(0, place - 1) : place + 2 : 2])
        if place == 0:
            by_vowel = any(near & VOWEL_MASK for near, _ in symbols[1:2])
        if letters in ("i", "ï", "y"):
            symbol = _EITHER if by_vowel else mask("I")
        result.append((symbol, letters))
    return result


@lru_cache(maxsize=65_536)
def read(word: str, convention: Convention) -> Reading:
    """Read the folded word under the convention."""
    symbols = _split(word, _TABLES[convention])
    if convention in _LOOSE_GLIDES:
        symbols = _with_glides(symbols)
    letters = tuple(letters for _, letters in symbols)
    return Reading(tuple(symbol for symbol, _ in symbols), letters, convention)
