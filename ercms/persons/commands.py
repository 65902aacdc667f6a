"""The command line of names and machine-readable zones: `flask names` and `flask mrz`."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import BinaryIO, NoReturn

import click
from flask.cli import AppGroup

from ercms.core import clock
from ercms.core.spreadsheets import plain_cell
from ercms.persons.mrz.reader import read_mrz
from ercms.persons.names.matching import compare

names_cli = AppGroup("names", help="Compare names.")
mrz_cli = AppGroup("mrz", help="Read machine-readable zones.")
_COLUMNS = ("name_a", "name_b")
_ADDED = ("verdict", "score", "reasons")
_BAD_FILE = 2
_LONGEST_INPUT = 10_000


def _refuse(message: str) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    sys.exit(_BAD_FILE)


def _text(file: Path) -> str:
    """Return the text of the file in UTF-8, with or without a byte order mark."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        _refuse(f"the file cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        _refuse("the file is not in UTF-8")


def _rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = list(reader.fieldnames or [])
        missing = [column for column in _COLUMNS if column not in columns]
        if missing:
            _refuse(f"the file has no column {' and no column '.join(missing)}")
        rows = []
        for row in reader:
            if None in row or None in row.values():
                _refuse(f"line {reader.line_num} has another number of fields than the first line")
            rows.append(row)
    except csv.Error as error:
        _refuse(f"line {reader.reader.line_num}: {error}")
    return columns, rows


@names_cli.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
def compare_names(file: Path) -> None:
    """Print the rows of FILE with verdict, score and reasons for the names in name_a and name_b."""
    columns, rows = _rows(_text(file))
    output = io.StringIO(newline="")
    kept = [column for column in columns if column not in _ADDED]
    writer = csv.DictWriter(output, fieldnames=[*kept, *_ADDED], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        found = compare(row["name_a"], row["name_b"])
        reasons = "; ".join(reason.words for reason in found.reasons)
        cells = row | {"verdict": found.verdict.value, "score": f"{found.score:.3f}", "reasons": reasons}
        writer.writerow({column: plain_cell(text) for column, text in cells.items()})
    click.echo(output.getvalue().encode(), nl=False)


@mrz_cli.command("read")
@click.argument("file", type=click.File("rb"), default="-")
def read_zone(file: BinaryIO) -> None:
    """Print what the machine-readable zone in FILE says, or in the standard input, as JSON."""
    text = file.read(_LONGEST_INPUT).decode("utf-8-sig", errors="replace")
    reading = read_mrz(text, today=clock.today())
    click.echo(json.dumps(reading.as_json(), ensure_ascii=False, indent=1).encode())
