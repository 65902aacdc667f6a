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
from ercms.core.actor import SYSTEM
from ercms.core.spreadsheets import plain_cell
from ercms.core.unit_of_work import unit_of_work
from ercms.persons import retoken_service
from ercms.persons.mrz.reader import read_mrz
from ercms.persons.names.matching import compare
from ercms.persons.pair_files import BadPairs, read_pairs
from ercms.vault.errors import KeyringUnavailable

names_cli = AppGroup("names", help="Compare names, and make older records findable by theirs.")
mrz_cli = AppGroup("mrz", help="Read machine-readable zones.")
_ADDED = ("verdict", "score", "reasons")
_BAD_FILE = 2
_LONGEST_INPUT = 10_000


def _refuse(message: str) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    sys.exit(_BAD_FILE)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _refuse(f"the file cannot be read: {error.strerror}")


@names_cli.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
def compare_names(file: Path) -> None:
    """Print the rows of FILE with verdict, score and reasons for the names in name_a and name_b.

    FILE is CSV in UTF-8; columns that are parted by semicolons or tabs stay so.
    """
    try:
        pairs = read_pairs(_content(file))
    except BadPairs as error:
        _refuse(str(error))
    output = io.StringIO(newline="")
    kept = [column for column in pairs.columns if column not in _ADDED]
    writer = csv.writer(output, delimiter=pairs.separator, lineterminator="\n")
    writer.writerow([plain_cell(column) for column in (*kept, *_ADDED)])
    for row in pairs.rows:
        found = compare(row["name_a"], row["name_b"])
        reasons = "; ".join(reason.words for reason in found.reasons)
        cells = [*(row[column] for column in kept), found.verdict.value, f"{found.score:.3f}", reasons]
        writer.writerow([plain_cell(cell) for cell in cells])
    click.echo(output.getvalue().encode(), nl=False)


@names_cli.command("retoken")
@click.option("--all", "is_all", is_flag=True, help="Look at everybody, not only at those who have no name token.")
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 10_000), help="Persons a transaction.")
@click.option("--after", default="", metavar="ID", help="Go on after the identifier that a stopped run named last.")
def retoken(is_all: bool, batch: int, after: str) -> None:
    """Give older records the name tokens that they lack; it can be stopped and repeated at any moment."""
    read = changed = damaged = 0
    last: str | None = after
    while last is not None:
        try:
            with unit_of_work():
                done = retoken_service.retoken_batch(actor=SYSTEM, is_all=is_all, limit=batch, after=last)
        except KeyringUnavailable as error:
            raise click.ClickException(str(error)) from error
        read, changed, damaged, last = read + done.read, changed + done.changed, damaged + done.damaged, done.last_id
        if last is not None:
            click.echo(f"{read} read, {changed} changed; up to {last}", err=True)
    click.echo(f"{read} persons read, {changed} made findable anew, {damaged} damaged.")


@mrz_cli.command("read")
@click.argument("file", type=click.File("rb"), default="-")
def read_zone(file: BinaryIO) -> None:
    """Print what the machine-readable zone in FILE says, or in the standard input, as JSON."""
    text = file.read(_LONGEST_INPUT).decode("utf-8-sig", errors="replace")
    reading = read_mrz(text, today=clock.today())
    click.echo(json.dumps(reading.as_json(), ensure_ascii=False, indent=1).encode())
