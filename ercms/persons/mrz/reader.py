"""Read a machine-readable zone, and say what does not fit and where."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import cycle
from typing import Any

from ercms.persons.mrz.dates import MrzDate, birth_date, expiry_date
from ercms.persons.mrz.layout import LAYOUTS, Layout, MrzFormat, Span, at
from ercms.persons.mrz.text import ALPHABET, Zone, read_zone

_WEIGHTS = (7, 3, 1)
_FILLER = "<"
_SEXES = ("M", "F", _FILLER)  # X belongs to the visual zone only
COMPOSITE = "composite"
_ONE_LINE = 4  # a line this much longer than its format is several lines in one
_MAY_BE_UNCHECKED = "personal_number"
# The personal identification number of Azerbaijan: no I and no O.
_FIN = re.compile(r"[A-HJ-NP-Z0-9]{7}")


class MrzError(StrEnum):
    """What can be wrong apart from check digits, in the order in which it is told."""

    FORMAT = "format"
    LINES = "lines"
    LENGTH = "length"
    CHARSET = "charset"
    DATE = "date"
    SEX = "sex"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not fit, and where: line and columns count from 1, the last column included.

    `code` is an error, or `check_digit` with the name of the field whose digit fails.
    """

    code: str
    field: str
    line: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class MrzReading:
    """What was read. `fields` is None when the zone could not be taken apart; fillers are removed in it."""

    format: MrzFormat | None
    lines: tuple[str, ...]
    failing: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    fields: dict[str, Any] | None = None

    @property
    def valid(self) -> bool:
        """Say whether nothing was found wrong, which proves nothing about the document."""
        return not self.failing and not self.errors

    def as_json(self) -> dict[str, Any]:
        """Return what the command line and the interface give out."""
        return {
            "format": self.format.value if self.format else None,
            "valid": self.valid,
            "failing": list(self.failing),
            "errors": list(self.errors),
            "fields": self.fields,
        }

    def fin(self, *, state: str) -> str | None:
        """Return the personal identification number when `state` issued the document and the form fits."""
        if not self.fields or self.fields["issuing_state"] != state:
            return None
        for name in ("personal_number", "optional_data_1", "optional_data"):
            if _FIN.fullmatch(self.fields.get(name, "")):
                return str(self.fields[name])
        return None


def check_digit(text: str) -> int:
    """Return the check digit: weights 7 3 1, modulus 10, A is 10, the filler is 0 (Doc 9303-3, 4.9).

    >>> check_digit("520727")
    3
    """
    values = (0 if character == _FILLER else int(character, 36) for character in text)
    return sum(value * weight for value, weight in zip(values, cycle(_WEIGHTS), strict=False)) % 10


def _problem(code: str, field: str, span: Span) -> Problem:
    return Problem(code, field, span.line + 1, span.start + 1, span.end)


def _size_problems(zone: Zone) -> list[Problem]:
    if zone.format is None:
        return [Problem(MrzError.FORMAT, "", 1, 1, max(len(zone.lines[0]) if zone.lines else 1, 1))]
    layout = LAYOUTS[zone.format]
    if len(zone.lines) == 1 and len(zone.lines[0]) > layout.width + _ONE_LINE:
        length, whole = len(zone.lines[0]), layout.width * layout.lines
        return [Problem(MrzError.LENGTH, "", 1, min(length, whole) + 1, max(length, whole))]
    if len(zone.lines) != layout.lines:
        return [Problem(MrzError.LINES, "", len(zone.lines), 1, len(zone.lines[-1]))]
    return [
        Problem(MrzError.LENGTH, "", number, min(len(line), layout.width) + 1, max(len(line), layout.width))
        for number, line in enumerate(zone.lines, 1)
        if len(line) != layout.width
    ]


def _charset_problems(zone: Zone) -> list[Problem]:
    return [
        Problem(MrzError.CHARSET, "", number, column, column)
        for number, line in enumerate(zone.lines, 1)
        for column, character in enumerate(line, 1)
        if character not in ALPHABET
    ]


@dataclass(frozen=True, slots=True)
class _Number:
    """A document number with its own digit, and the optional data left when the number runs into it."""

    text: str
    digit: str
    optional: str | None = None
    digit_span: Span | None = None


def _document_number(lines: tuple[str, ...], layout: Layout) -> _Number:
    text, digit = at(lines, layout.fields["document_number"]), at(lines, layout.digits["document_number"])
    if digit != _FILLER or layout.long_number_in is None:
        return _Number(text, digit)
    span = layout.fields[layout.long_number_in]
    rest, _, optional = at(lines, span).partition(_FILLER)
    if not rest or _FILLER in text:
        return _Number(text, digit)
    place = span.start + len(rest) - 1
    return _Number(text + rest[:-1], rest[-1], optional, Span(span.line, place, place + 1))


def _fits(name: str, text: str, digit: str) -> bool:
    if digit == _FILLER and name == _MAY_BE_UNCHECKED:
        return not text.strip(_FILLER)
    return digit == str(check_digit(text))


def _failing(lines: tuple[str, ...], layout: Layout, number: _Number) -> list[Problem]:
    found = []
    for name, span in layout.digits.items():
        text, digit, place = "", at(lines, span), span
        if name == COMPOSITE:
            text = "".join(at(lines, covered) for covered in layout.composite)
        elif name == "document_number":
            text, digit, place = number.text, number.digit, number.digit_span or span
        else:
            text = at(lines, layout.fields[name])
        if not _fits(name, text, digit):
            found.append(_problem("check_digit", name, place))
    return found


def _names(text: str) -> dict[str, Any]:
    surname, _, given = text.partition(_FILLER * 2)
    return {
        "surname": " ".join(surname.replace(_FILLER, " ").split()),
        "given_names": " ".join(given.replace(_FILLER, " ").split()),
        # A name that reaches the last position may have been cut, even where it fits just so (Doc 9303-3, 4.2).
        "name_truncated": text[-1] != _FILLER,
    }


def _plain(text: str) -> str:
    return text.strip(_FILLER).replace(_FILLER, " ")


def _fields(lines: tuple[str, ...], layout: Layout, number: _Number, dates: dict[str, MrzDate]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, span in layout.fields.items():
        if name == "name":
            continue
        found[name] = at(lines, span) if name in dates else _plain(at(lines, span))
    found["document_number"] = _plain(number.text)
    if number.optional is not None and layout.long_number_in:
        found[layout.long_number_in] = _plain(number.optional)
    found |= _names(at(lines, layout.fields["name"]))
    for name, read in dates.items():
        found[f"{name}_iso"] = read.day.isoformat() if read.day else None
    return found


def _content_problems(lines: tuple[str, ...], layout: Layout, dates: dict[str, MrzDate]) -> list[Problem]:
    found = [_problem(MrzError.DATE, name, layout.fields[name]) for name, read in dates.items() if not read.is_possible]
    if at(lines, layout.fields["sex"]) not in _SEXES:
        found.append(_problem(MrzError.SEX, "sex", layout.fields["sex"]))
    return found


def _codes(problems: list[Problem]) -> tuple[str, ...]:
    found = {problem.code for problem in problems}
    return tuple(error.value for error in MrzError if error in found)


def read_mrz(text: str, *, today: date) -> MrzReading:
    """Read the zone in the text; never raises for any text. `today` decides the century."""
    zone = read_zone(text)
    problems = _size_problems(zone) + _charset_problems(zone)
    if problems or zone.format is None:
        return MrzReading(zone.format, zone.lines, errors=_codes(problems), problems=tuple(problems))
    layout = LAYOUTS[zone.format]
    dates = {
        "birth_date": birth_date(at(zone.lines, layout.fields["birth_date"]), today=today),
        "expiry_date": expiry_date(at(zone.lines, layout.fields["expiry_date"]), today=today),
    }
    number = _document_number(zone.lines, layout)
    failing = _failing(zone.lines, layout, number)
    problems = _content_problems(zone.lines, layout, dates)
    return MrzReading(
        zone.format,
        zone.lines,
        failing=tuple(problem.field for problem in failing),
        errors=_codes(problems),
        problems=tuple(failing + problems),
        fields=_fields(zone.lines, layout, number, dates),
    )
