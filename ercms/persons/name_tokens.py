"""Say under which values a person's names are found again, and which values a search by name asks for.

What is stored of each key of a name (`ercms.persons.names.keys`) is a keyed hash of the key together with the year of
birth; the wide key of a given name alone goes with the whole date only. A year that is not known is written `?`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any

from ercms.persons.names.keys import exact_keys, folded_keys

UNKNOWN_YEAR = "?"
# Ages are estimated and years are mistyped by one; a person of the next year is still looked at.
YEARS_AROUND = 1
OLDEST = 110
MOST_NAMES = 6
MOST_KEYS = 300
_PAIR, _SINGLE = "p:", "t:"
_BETWEEN_NAMES = re.compile(r"[;\n/]+")


def written_name(surname: str, given_names: str = "", patronymic: str = "") -> str:
    """Return the parts as one text that says which of them is the surname; XXX stands for one that is missing."""
    first = " ".join(part for part in (given_names, patronymic) if part).replace(",", " ")
    return f"{surname.replace(',', ' ') or 'XXX'}, {first}" if surname or first else ""


def names_in(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of an opened identity compartment, the present one first: maiden and former names too.

    Former names are free text. Several are parted by semicolons; one of a single word is taken for a surname.
    """
    given, father = identity.get("given_names", ""), identity.get("patronymic", "")
    names = [written_name(identity.get("surname", ""), given, father)]
    if identity.get("maiden_name"):
        names.append(written_name(identity["maiden_name"], given, father))
    for text in _BETWEEN_NAMES.split(identity.get("former_names", "")):
        text = text.strip()
        names.append(text if len(text.split()) > 1 else written_name(text, given, father) if text else "")
    return tuple(islice(dict.fromkeys(name for name in names if name), MOST_NAMES))


def stored_values(*, names: Iterable[str], birth_date: date | None) -> list[str]:
    """Return the values under which a person of these names is made findable, those of the present name first."""
    year = str(birth_date.year) if birth_date else UNKNOWN_YEAR
    values: dict[str, None] = {}
    for name in names:
        keys = sorted(folded_keys(name))
        values |= dict.fromkeys(f"{key}@{year}" for key in keys if key.startswith(_PAIR))
        if birth_date:
            values |= dict.fromkeys(f"{key}@{birth_date.isoformat()}" for key in keys if key.startswith(_SINGLE))
    return list(islice(values, MOST_KEYS))


def wanted_values(
    *, names: Iterable[str], birth_date: date | None, birth_year: int | None, this_year: int, is_exact: bool = False
) -> set[str]:
    """Return the values that a search asks for. Whoever has no birth date on record is always among those found.

    Without a year every year within a lifetime is asked for: the tokens cannot be read without one. `is_exact` asks
    for fewer, with which nobody is found whose name has a typing error on either side.
    """
    year = birth_date.year if birth_date else birth_year
    years: list[int | str] = [UNKNOWN_YEAR]
    years += range(this_year - OLDEST, this_year + 1) if year is None else range(year - YEARS_AROUND, year + 2)
    keys = {key for name in names for key in (exact_keys(name) if is_exact else folded_keys(name))}
    values = {f"{key}@{one}" for key in keys if key.startswith(_PAIR) for one in years}
    if birth_date:
        values |= {f"{key}@{birth_date.isoformat()}" for key in keys if key.startswith(_SINGLE)}
    return values


def is_searchable(name: str, birth_date: date | None) -> bool:
    """Say whether a name can be searched for: surname and given name, or one of them with a whole birth date."""
    keys = folded_keys(name)
    return any(key.startswith(_PAIR) for key in keys) or bool(keys and birth_date)
