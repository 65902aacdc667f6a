"""What a page shows of a machine-readable zone: its lines with what does not fit marked, and its fields in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from ercms.persons.identity_labels import (
    CHECK_DIGITS_PROVE_NOTHING,
    DOCUMENT_KINDS,
    MRZ_FIELDS,
    problem_text,
)
from ercms.persons.mrz.document_codes import document_kind
from ercms.persons.mrz.form_values import state_code
from ercms.persons.mrz.reader import MrzReading, Problem
from ercms.web.templating import country, day


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of one line; `is_wrong` is true where something does not fit."""

    text: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that does not fit, in words, and where it stands."""

    text: str
    line: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class ZoneSheet:
    """A zone as a page shows it."""

    format: str | None
    is_sound: bool
    lines: tuple[tuple[Piece, ...], ...]
    troubles: tuple[Trouble, ...]
    facts: tuple[tuple[str, str], ...]
    caution: str


def plain_zone(text: str) -> str:
    """Return what a form may take: the control characters that a scanner sends around the lines end a line here."""
    return "".join(sign if sign.isprintable() else "\n" for sign in text).strip()


def zone_sheet(reading: MrzReading) -> ZoneSheet:
    """Put what was read into words in the language of the page."""
    return ZoneSheet(
        format=reading.format.value if reading.format else None,
        is_sound=reading.valid,
        lines=tuple(
            _pieces(line, [problem for problem in reading.problems if problem.line == number])
            for number, line in enumerate(reading.lines, 1)
        ),
        troubles=tuple(
            Trouble(problem_text(problem), problem.line, problem.first_column, problem.last_column)
            for problem in reading.problems
        ),
        facts=_facts(reading),
        caution=str(CHECK_DIGITS_PROVE_NOTHING),
    )


def _pieces(line: str, problems: list[Problem]) -> tuple[Piece, ...]:
    """Cut a line at the places that do not fit; a line that is too short gets a place for what is missing."""
    marked = {column for problem in problems for column in range(problem.first_column, problem.last_column + 1)}
    width = max([len(line), *marked]) if marked else len(line)
    padded = line.ljust(width, "·")
    pieces: list[Piece] = []
    for column, character in enumerate(padded, 1):
        is_wrong = column in marked
        if pieces and pieces[-1].is_wrong == is_wrong:
            pieces[-1] = Piece(pieces[-1].text + character, is_wrong)
        else:
            pieces.append(Piece(character, is_wrong))
    return tuple(pieces)


def _facts(reading: MrzReading) -> tuple[tuple[str, str], ...]:
    found = reading.fields
    if not found:
        return ()
    rows: list[tuple[str, Any]] = [
        (gettext("Kind of document"), DOCUMENT_KINDS[document_kind(found["document_code"])]),
        (gettext("Issued by"), _state(found["issuing_state"])),
        (gettext("Surname"), found["surname"]),
        (gettext("Given names"), found["given_names"]),
        (str(MRZ_FIELDS["document_number"]), found["document_number"]),
        (gettext("Nationality"), _state(found["nationality"])),
        (str(MRZ_FIELDS["birth_date"]), _day(reading, "birth_date")),
        (str(MRZ_FIELDS["sex"]), {"M": gettext("Male"), "F": gettext("Female")}.get(found["sex"], "")),
        (str(MRZ_FIELDS["expiry_date"]), _day(reading, "expiry_date")),
        (str(MRZ_FIELDS["personal_number"]), found.get("personal_number", "")),
    ]
    if found["name_truncated"]:
        rows.append((gettext("Note"), gettext("The name fills its field and may have been cut off.")))
    return tuple((name, str(value)) for name, value in rows if value)


def _state(code: str) -> str:
    known = state_code(code)
    return f"{country(known)} ({code})" if known else code


def _day(reading: MrzReading, name: str) -> str:
    fields = reading.fields or {}
    read = fields.get(f"{name}_iso")
    return day(date.fromisoformat(read)) if read else str(fields.get(name, "")).strip("<")
