"""What makes a password common: the words, rows of keys, counts and years that people put together, in three languages.

What is common is recognised by its parts: the parts below are taken out of a password, in plain spelling and with the
usual signs for letters undone, and what is left is judged. So `Passw0rd2026!Baku` is refused without standing in any
list, and so is every other chain of such parts. What people chose elsewhere stands in a list besides
(`ercms.accounts.breached_passwords`), looked up as it is and without the digits and signs that are hung behind it.
"""

import re

from ercms.accounts.breached_passwords import is_breached

_WORDS = """
password passwort passw parol parolum parola sifre sifra şifrə пароль secret secure security login logon signin
admin administrator root guest user test demo default changeme temp temporary letmein welcome hello access master
monkey dragon shadow sunshine princess football baseball basketball superman batman pokemon starwars whatever trustno
iloveyou loveyou lovely love angel baby family friend freedom flower summer winter spring autumn january february march
april june july august september october november december monday tuesday wednesday thursday friday saturday sunday
internet computer samsung iphone android google facebook instagram whatsapp telegram youtube microsoft windows
qwertyuiop qwerty qwertz azerty asdfghjkl asdfgh zxcvbnm zxcvbn qazwsx qazwsxedc йцукенгшщзхъ йцукен фывапролджэ фывапр
ячсмитьбю ячсмить
azerbaijan azerbaidjan azərbaycan azerbaycan азербайджан bakı baku баку gəncə gence sumqayıt sumqayit naxçıvan naxcivan
qarabağ qarabag karabakh xəzər xezer qarabakh neftçi neftci qarabağfk odlar yurdu vətən veten bayraq salam salamlar
sevgi sevgilim canım canim əzizim ezizim gözəl gozel məhəbbət mehebbet həyat heyat dünya dunya allah bismillah inşallah
ailə aile ana anam ata atam qardaş qardas bacı baci oğlum oglum qızım qizim
aysel aynur leyla leyli nigar günel gunel sevinc gülnar gulnar fidan nərmin nermin əli eli məmməd memmed mammad
mehdi həsən hesen hüseyn huseyn rəşad reshad resad elçin elchin elcin orxan tural elvin vüqar vuqar rüstəm rustem
əliyev aliyev məmmədov mammadov həsənov hasanov quliyev hüseynov huseynov
люблю любовь привет солнце наташа сергей андрей максим россия москва любимая lublu lubov privet natasha sergey andrey
maksim russia moskva moscow
berlin deutschland germany schweiz norway oslo brussels europe london paris istanbul türkiye turkiye galatasaray
fenerbahçe fenerbahce beşiktaş besiktas barcelona realmadrid chelsea liverpool arsenal juventus manchester
readmission migration ercms border passport visa office service ministry embassy police state officer
"""
WORDS = frozenset(word for word in _WORDS.split() if len(word) >= 3)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
)
_SIGNS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.{1,4}?)\1{2,}")
_HUNG_BEHIND = re.compile(r"[\W\d_]+$")
_SHORTEST_RUN = 4
LEAST_SIGNS, LEAST_DIFFERENT = 6, 5


def is_common(password: str, known: frozenset[str] = frozenset()) -> bool:
    """Tell whether little is left of a password once its common parts are out; `known` are the owner's own words."""
    text = password.casefold()
    if is_breached(text, text.translate(_SIGNS), _HUNG_BEHIND.sub("", text)):
        return True
    return any(_is_little(_without_common(one, known)) for one in (text, text.translate(_SIGNS)))


def _without_common(text: str, known: frozenset[str]) -> str:
    rest = _YEAR.sub("", text)
    for word in sorted(WORDS | known, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _REPEATED.sub("", rest)
    for row in _ROWS:
        rest = _without_runs(rest, row)
        rest = _without_runs(rest, row[::-1])
    return rest


def _without_runs(text: str, row: str) -> str:
    """Take out every stretch of at least four neighbours of a row."""
    for length in range(len(row), _SHORTEST_RUN - 1, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], "")
    return text


def _is_little(rest: str) -> bool:
    signs = "".join(rest.split())
    return len(signs) < LEAST_SIGNS or len(set(signs)) < LEAST_DIFFERENT
