"""Say which answers of the joint form a machine-readable zone gives."""

from datetime import date
from typing import Any

from babel.core import get_global

from ercms.persons.enums import Sex
from ercms.persons.mrz.reader import MrzReading

HOME_CODE = "AZE"
# What Doc 9303-3 (5, codes A to D) writes otherwise than ISO 3166-1.
_OTHERWISE = {"D": "DE", "RKS": "XK", "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB", "GBS": "GB"}
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


def state_code(code: str) -> str | None:
    """Return the ISO 3166-1 code of two letters for a code of the zone; None for the stateless and the unknown.

    >>> state_code("AZE"), state_code("D"), state_code("XXA")
    ('AZ', 'DE', None)
    """
    if code in _OTHERWISE:
        return _OTHERWISE[code]
    aliases = get_global("territory_aliases").get(code, []) if len(code) == 3 and not code.startswith("X") else []
    return str(aliases[0]) if len(aliases) == 1 else None


def form_values(reading: MrzReading) -> dict[str, Any]:
    """Return what the zone says by the names of the form's fields; what it leaves open is absent.

    A field whose check digit fails is absent too: what was misread is not to stand in a form.
    """
    found = reading.fields
    if not found:
        return {}
    nationality = state_code(found["nationality"])
    values: dict[str, Any] = {
        "surname": found["surname"],
        "given_names": found["given_names"],
        "document_number": found["document_number"],
        "birth_date": date.fromisoformat(found["birth_date_iso"]) if found["birth_date_iso"] else None,
        "sex": _SEXES.get(found["sex"]),
        "nationalities": [nationality] if nationality else None,
        "fin": reading.fin(state=HOME_CODE),
    }
    if "personal_number" in reading.failing:
        values["fin"] = None
    return {name: value for name, value in values.items() if value and name not in reading.failing}
