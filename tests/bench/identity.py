"""Measure the search by name on sealed persons: time, persons opened, and what adding a person costs.

Run as `script/bench identity` (100,000 persons) or `script/bench identity -- --sizes 100000 1000000`. Persons are
written by SQL with the vault's own primitives; a tenth of them share four hundred names. Search and adding go through
the services. Only SQLite is measured.
"""

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from config import Settings
from ercms.app import create_app
from ercms.core import clock
from ercms.core.db_types import new_id
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.persons import matching_service as matching
from ercms.persons import name_tokens
from ercms.persons import service as persons
from ercms.vault import blind_index, data_keys, envelope, keyring, runtime, service
from ercms.vault.enums import Compartment, KeyPurpose, TokenKind
from ercms.vault.queries import KeyRow
from tests.bench import harness
from tests.bench.made_names import people, spellings
from tests.conftest import migrate

SEED, NAMES, SEARCHES, ADDED = 11, 20_000, 100, 200
FORMS = {"az_latin": 10, "az_ascii": 4, "en_passport": 4, "ru_cyrillic": 3, "de": 2, "mrz": 2, "fr": 1, "no": 1}
ASKED_FORMS = ("az_latin", "ru_cyrillic", "de", "en_passport", "typo_drop")
_BATCH = 2_000
_INDEXES = ("ix_person_tokens_search", "ix_person_tokens_person_id", "ix_person_tokens_key_id")
_EARLIEST = date(1950, 1, 1)
Row = tuple[Any, ...]


class Population:
    """Invented names and birth dates, the same ones for the same size."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.people = [dict(spellings(person)) for person in people(SEED, NAMES)]

    def person(self, number: int) -> tuple[dict[str, str], str, date]:
        """Return the spellings of one person, the one that is on record, and the birth date."""
        chance = random.Random(f"{SEED}-{number}")
        # Every tenth person has one of four hundred names: common names are what makes a search dear.
        forms = self.people[chance.randrange(400 if number % 10 == 0 else NAMES)]
        form = chance.choices(list(FORMS), list(FORMS.values()))[0]
        born = _EARLIEST + timedelta(days=chance.randrange(365 * 58))
        return forms, forms.get(form, forms["az_latin"]), born


def _rows(population: Population) -> Iterator[tuple[Row, Row, list[Row]]]:
    ring = runtime.keyring()
    token_key = ring.active(KeyPurpose.TOKEN)
    now = clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")
    for number in range(population.size):
        _, name, born = population.person(number)
        person_id, data_key = new_id(), envelope.new_data_key()
        wrapped = ring.wrap(data_key, data_keys.context_of(person_id, 1))
        row = KeyRow(person_id, wrapped.key_id, wrapped.blob, 1)
        surname, _, given = name.replace("<<", ", ").replace("<", " ").partition(", ")
        sealed = envelope.seal(
            envelope.sub_key(data_key, person_id=person_id, use=data_keys.compartment_use(Compartment.IDENTITY)),
            envelope.document_bytes({"surname": surname, "given_names": given, "birth_date": born.isoformat()}),
            data_keys.compartment_binding(row, Compartment.IDENTITY, 1),
        )
        sealing_key = envelope.sub_key(data_key, person_id=person_id, use="search-values")
        tokens = []
        for value in name_tokens.stored_values(names=[f"{surname}, {given}"], birth_date=born):
            normalised, token_id = blind_index.normalise(TokenKind.NAME_KEY, value), new_id()
            token = blind_index.digest(token_key, TokenKind.NAME_KEY, normalised)
            bound_to = service.token_binding(row, token_id, TokenKind.NAME_KEY)
            value_sealed = envelope.seal(sealing_key, normalised.encode(), bound_to)
            tokens.append((token_id, person_id, TokenKind.NAME_KEY.value, token, token_key.id, value_sealed))
        person = (person_id, wrapped.key_id, wrapped.blob, 1, now, None)
        yield person, (person_id, Compartment.IDENTITY.value, 1, sealed, now), tokens


def fill(path: Path, population: Population) -> int:
    """Write the population; return how many tokens it has. The indexes are made afterwards."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA cache_size=-400000;")
    kept = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
    for name in _INDEXES:
        connection.execute(f"DROP INDEX {name}")
    counted, batch = 0, []
    for row in _rows(population):
        batch.append(row)
        counted += len(row[2])
        if len(batch) == _BATCH:
            _write(connection, batch)
            batch = []
    _write(connection, batch)
    for name in _INDEXES:
        connection.execute(kept[name])
    connection.execute("ANALYZE")
    connection.commit()
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return counted


def _write(connection: sqlite3.Connection, batch: list[tuple[Row, Row, list[Row]]]) -> None:
    person = "INSERT INTO persons (id, kek_id, wrapped_key, key_version, created_at, erased_at)"
    part = "INSERT INTO person_compartments (person_id, compartment, version, sealed, written_at)"
    token = "INSERT INTO person_tokens (id, person_id, kind, token, key_id, sealed)"
    connection.executemany(f"{person} VALUES (?, ?, ?, ?, ?, ?)", [row[0] for row in batch])
    connection.executemany(f"{part} VALUES (?, ?, ?, ?, ?)", [row[1] for row in batch])
    connection.executemany(f"{token} VALUES (?, ?, ?, ?, ?, ?)", [one for row in batch for one in row[2]])
    connection.commit()


def searches(population: Population) -> list[tuple[str, date]]:
    """Return names to look for, in another spelling than the one on record, with the birth date."""
    chance = random.Random(SEED)
    wanted = []
    for number in chance.sample(range(population.size), SEARCHES):
        forms, _, born = population.person(number)
        offered = [forms[form] for form in ASKED_FORMS if form in forms]
        wanted.append((chance.choice(offered), born))
    return wanted


class Counter:
    """Counts the persons whom a search opens, and whether the one looked for is among those found."""

    def __init__(self) -> None:
        self.opened: list[int] = []

    def search(self, name: str, born: date | None, year: int | None) -> int:
        """Search as the pages do; every person may be seen."""
        ranked: list[str] = []

        def among(person_ids: Sequence[str]) -> Sequence[str]:
            ranked.extend(person_ids)
            return person_ids

        found = matching.find_candidates(name=name, birth_date=born, birth_year=year, among=among)
        self.opened.append(min(len(ranked), matching.MOST_OPENED))
        return len(found)


def add(name: str, born: date) -> None:
    """Do the matching work of adding a person: fold the name, make the keys, write the tokens."""
    surname, _, given = name.replace("<<", ", ").replace("<", " ").partition(", ")
    names = name_tokens.names_in({"surname": surname, "given_names": given})
    values = name_tokens.stored_values(names=names, birth_date=born)
    service.set_tokens(person_id=_ADDED_PERSON[0], kind=TokenKind.NAME_KEY, values=values)


_ADDED_PERSON: list[str] = []


def measure(report: harness.Report, size: int, folder: Path) -> None:
    """Fill a database of a size and measure on it."""
    settings = Settings.for_tests(folder)
    keyring.create(folder / "keyring.json")
    migrate(settings)
    population = Population(size)
    app = create_app(settings)
    with app.app_context():
        began = time.perf_counter()
        tokens = fill(folder / "ercms.sqlite", population)
        took = time.perf_counter() - began
        weight = (folder / "ercms.sqlite").stat().st_size / size
        print(f"{size:,} persons: {tokens / size:.1f} keys and {weight:,.0f} bytes a person, {took:.0f} s to write")
        asked = searches(population)
        for title, use in (
            ("search, name and date", lambda one: (one[0], one[1], None)),
            ("search, name and year", lambda one: (one[0], None, one[1].year)),
            ("search, name alone", lambda one: (one[0], None, None)),
        ):
            counter = Counter()
            report.measure(title, size, lambda one, c=counter, u=use: c.search(*u(one)), asked)
            db.session.rollback()
            opened = sorted(counter.opened)
            p95 = opened[round(0.95 * (len(opened) - 1))]
            print(
                f"    {title}: opened median {opened[len(opened) // 2]}, p95 {p95}, most {opened[-1]}", file=sys.stderr
            )
        with unit_of_work():
            _ADDED_PERSON[:] = [persons.create_person()]
            chance = random.Random(SEED + 1)
            fresh = [population.person(chance.randrange(10**9))[1:] for _ in range(ADDED)]
            report.measure("adding a person: matching work", size, lambda one: add(*one), fresh)
        db.session.remove()
        db.engine.dispose()


def main() -> None:
    """Measure at each size and print the table."""
    options = harness.options(__doc__, sizes=(100_000,))
    report = harness.Report("Identity")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="ercms-identity-") as name:
            measure(report, size, Path(name))
    print(report.table())


if __name__ == "__main__":
    main()
