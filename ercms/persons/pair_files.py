"""Read a list of pairs of names: CSV in UTF-8 (RFC 4180) with the columns name_a and name_b, parted as a program parts.

Spreadsheet programs part columns by commas, semicolons or tabs, as the language of the machine has it; the first line
tells. Whatever else is wrong is refused with its line, since a row that is read wrongly would be a verdict on others.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

NAME_COLUMNS = ("name_a", "name_b")
LONGEST_NAME = 500
_SEPARATORS = (",", ";", "\t")


class BadPairs(Exception):
    """A file that is no list of pairs; the message says in which line and why."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The columns of a file in their order, its rows by them, and what its columns are parted by."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    separator: str


def read_pairs(content: bytes) -> Pairs:
    """Read a file, with or without a byte order mark.

    Raises:
        BadPairs: it is no such list.
    """
    text = _text(content)
    separator = _separator(text)
    lines = _lines(text, separator)
    columns = tuple(next(lines, (1, []))[1])
    _check_columns(columns)
    return Pairs(columns, tuple(_row(columns, number, fields) for number, fields in lines), separator)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A byte order mark that was taken off is not counted in, and holds no line feed.
        raise BadPairs(f"line {_line_at(content[: error.start])} is not in UTF-8") from error
    before, nul, _ = text.partition("\0")
    if nul:
        raise BadPairs(f"line {_line_at(before.encode())} holds a NUL character: the file is no text in UTF-8")
    return text


def _line_at(before: bytes) -> int:
    return before.count(b"\n") + 1


def _separator(text: str) -> str:
    """Return the first separator by which the first line has both names; a comma where none does."""
    for separator in _SEPARATORS:
        try:
            _, fields = next(_lines(text, separator), (1, []))
        except BadPairs:
            continue
        if set(NAME_COLUMNS) <= set(fields):
            return separator
    return ","


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each row with the line in which it begins; empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    begins = 1
    try:
        for fields in reader:
            if fields:
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadPairs(f"line {begins}: {_in_words(error)}") from error


def _in_words(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end of data" in words:
        return "a quotation mark is opened and never closed"
    if "field larger than field limit" in words:
        return f"a field is longer than {csv.field_size_limit()} characters"
    return words


def _check_columns(columns: tuple[str, ...]) -> None:
    missing = [column for column in NAME_COLUMNS if column not in columns]
    if missing:
        raise BadPairs(f"the file has no column {' and no column '.join(missing)}")
    twice = [column for column in dict.fromkeys(columns) if columns.count(column) > 1]
    if twice:
        raise BadPairs(f"line 1 has two columns {twice[0]!r}")


def _row(columns: tuple[str, ...], number: int, fields: list[str]) -> dict[str, str]:
    if len(fields) != len(columns):
        raise BadPairs(f"line {number} has another number of fields than the first line")
    row = dict(zip(columns, fields, strict=True))
    for column in NAME_COLUMNS:
        # The comparison weighs every letter against every other: a longer text is no name and would take minutes.
        if len(row[column]) > LONGEST_NAME:
            raise BadPairs(f"line {number}: {column} is longer than {LONGEST_NAME} characters")
    return row
