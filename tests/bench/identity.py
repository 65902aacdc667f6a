"""Measure the search by name on sealed persons: time, persons opened, and what adding a person costs.

Run as `script/bench identity` (100,000 persons) or `script/bench identity -- --sizes 1000000 --keep FOLDER`, which
keeps the database for the next run. Persons are written by SQL with the vault's own primitives; a tenth of them share
four hundred names. Search and adding go through the services. Only SQLite is measured.
"""

import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import text
from sqlalchemy.schema import CreateIndex

from config import Settings
from ercms.app import create_app
from ercms.core import clock
from ercms.core.db_types import new_id
from ercms.extensions import Base, db
from ercms.persons import matching_service as matching
from ercms.persons import name_tokens
from ercms.persons import service as persons
from ercms.vault import blind_index, data_keys, envelope, keyring, queries, runtime, service
from ercms.vault.enums import Compartment, KeyPurpose, TokenKind
from ercms.vault.keys import NONCE_BYTES
from ercms.vault.queries import KeyRow
from tests.bench import harness
from tests.bench.made_names import people, spellings
from tests.conftest import migrate

SEED, NAMES, SEARCHES, ADDED = 11, 20_000, 100, 200
FORMS = {"az_latin": 10, "az_ascii": 4, "en_passport": 4, "ru_cyrillic": 3, "de": 2, "mrz": 2, "fr": 1, "no": 1}
ASKED_FORMS = ("az_latin", "ru_cyrillic", "de", "en_passport", "typo_drop")
_BATCH = 2_000
INFINITE = float("inf")
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


@lru_cache(maxsize=400_000)
def _name_keys(name: str) -> tuple[str, ...]:
    """Return the values of a name as they are stored, with a mark in place of the year and of the date.

    The same names come again and again; only writing them is to take long, not folding them.
    """
    return tuple(name_tokens.stored_values(names=[name], birth_date=_MARK))


_MARK = date(1111, 11, 11)


def _values(name: str, born: date) -> list[str]:
    marks = {f"@{_MARK.isoformat()}": f"@{born.isoformat()}", f"@{_MARK.year}": f"@{born.year}"}
    return [
        value.removesuffix(mark) + known
        for value in _name_keys(name)
        for mark, known in marks.items()
        if value.endswith(mark)
    ]


def _on_record(name: str) -> tuple[str, str]:
    surname, _, given = name.replace("<<", ", ").replace("<", " ").partition(", ")
    return surname, given


def _rows(population: Population, numbers: range) -> Iterator[tuple[Row, Row, list[Row]]]:
    ring = runtime.keyring()
    token_key = ring.active(KeyPurpose.TOKEN)
    now = clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")
    for number in numbers:
        _, name, born = population.person(number)
        person_id, data_key = new_id(), envelope.new_data_key()
        wrapped = ring.wrap(data_key, data_keys.context_of(person_id, 1))
        row = KeyRow(person_id, wrapped.key_id, wrapped.blob, 1)
        surname, given = _on_record(name)
        sealed = envelope.seal(
            envelope.sub_key(data_key, person_id=person_id, use=data_keys.compartment_use(Compartment.IDENTITY)),
            envelope.document_bytes({"surname": surname, "given_names": given, "birth_date": born.isoformat()}),
            data_keys.compartment_binding(row, Compartment.IDENTITY, 1),
        )
        sealing_key = envelope.sub_key(data_key, person_id=person_id, use="search-values")
        values = [blind_index.normalise(TokenKind.NAME_KEY, value) for value in _values(f"{surname}, {given}", born)]
        digests = blind_index.digests(token_key, TokenKind.NAME_KEY, values)
        # Identifiers in rising order: the tables are written from beginning to end, which a million persons need.
        ids = [f"{(number << 12) + place:032x}" for place in range(len(values))]
        tokens = [
            (token_id, person_id, TokenKind.NAME_KEY.value, token, token_key.id, value_sealed)
            for token_id, token, value_sealed in zip(
                ids, digests, _sealed_values(row, sealing_key, ids, values), strict=True
            )
        ]
        person = (person_id, wrapped.key_id, wrapped.blob, 1, now, None)
        yield person, (person_id, Compartment.IDENTITY.value, 1, sealed, now), tokens


def _sealed_values(row: KeyRow, key: bytes, token_ids: Sequence[str], values: Sequence[str]) -> list[bytes]:
    """Seal the values of one person's tokens as `envelope.seal` does, with the cipher set up once."""
    cipher = AESGCM(key)
    before, _, after = service.token_binding(row, _MARKER, TokenKind.NAME_KEY).partition(_MARKER.encode())
    nonces = os.urandom(NONCE_BYTES * len(values))
    sealed = []
    for number, (token_id, value) in enumerate(zip(token_ids, values, strict=True)):
        nonce = nonces[number * NONCE_BYTES : (number + 1) * NONCE_BYTES]
        bound_to = envelope.FORMAT + before + token_id.encode() + after
        sealed.append(envelope.FORMAT + nonce + cipher.encrypt(nonce, value.encode(), bound_to))
    return sealed


_MARKER = "f" * 32


def fill(path: Path, population: Population, seconds: float = INFINITE) -> bool:
    """Write the population, from where an earlier run stopped, for at most so long; say whether it is whole.

    The indexes are made afterwards, when every row is there.
    """
    ends = time.monotonic() + seconds
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
    indexes = [index for index in Base.metadata.tables["person_tokens"].indexes if index.name]
    for index in indexes:
        connection.execute(f"DROP INDEX IF EXISTS {index.name}")
    there = connection.execute("SELECT count(*) FROM persons").fetchone()[0]
    for start in range(there, population.size, _BATCH):
        if time.monotonic() > ends:
            return False
        _write(connection, list(_rows(population, range(start, min(start + _BATCH, population.size)))))
    for index in indexes:
        connection.execute(str(CreateIndex(index).compile(dialect=db.engine.dialect)))
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()
    return True


def _write(connection: sqlite3.Connection, batch: list[tuple[Row, Row, list[Row]]]) -> None:
    person = "INSERT INTO persons (id, kek_id, wrapped_key, key_version, created_at, erased_at)"
    part = "INSERT INTO person_compartments (person_id, compartment, version, sealed, written_at)"
    token = "INSERT INTO person_tokens (id, person_id, kind, token, key_id, sealed)"
    connection.executemany(f"{person} VALUES (?, ?, ?, ?, ?, ?)", [row[0] for row in batch])
    connection.executemany(f"{part} VALUES (?, ?, ?, ?, ?)", [row[1] for row in batch])
    connection.executemany(f"{token} VALUES (?, ?, ?, ?, ?, ?)", [one for row in batch for one in row[2]])
    connection.commit()


def searches(population: Population, seed: int) -> list[tuple[str, date]]:
    """Return names to look for, in another spelling than the one on record, with the birth date."""
    chance = random.Random(seed)
    wanted = []
    for number in chance.sample(range(population.size), SEARCHES):
        forms, _, born = population.person(number)
        offered = [forms[form] for form in ASKED_FORMS if form in forms]
        wanted.append((chance.choice(offered), born))
    return wanted


class Counter:
    """Counts whom a search reads from the index, whom it opens, and how often the one looked for is found."""

    def __init__(self) -> None:
        self.ranked: list[int] = []
        self.opened: list[int] = []
        self.found: list[int] = []

    def search(self, name: str, born: date | None, year: int | None) -> int:
        """Search as the pages do; every person may be seen."""
        ranked: list[str] = []

        def among(person_ids: Sequence[str]) -> Sequence[str]:
            ranked.extend(person_ids)
            return person_ids

        found = matching.find_candidates(name=name, birth_date=born, birth_year=year, among=among)
        self.ranked.append(len(ranked))
        self.opened.append(min(len(ranked), matching.MOST_OPENED))
        self.found.append(len(found))
        return len(found)

    def tell(self, title: str) -> None:
        """Print how many were opened, and how many searches found somebody."""
        opened = sorted(self.opened)
        p95 = opened[round(0.95 * (len(opened) - 1))]
        some = sum(number > 0 for number in self.found) / len(self.found)
        print(
            f"    {title}: opened median {opened[len(opened) // 2]}, p95 {p95}, most {opened[-1]}; "
            f"{100 * some:.0f} % found somebody",
            file=sys.stderr,
        )


def add(one: tuple[str, str, date]) -> None:
    """Do the matching work of adding a person: fold the name, make the keys, write the tokens."""
    person_id, name, born = one
    surname, given = _on_record(name)
    names = name_tokens.names_in({"surname": surname, "given_names": given})
    values = name_tokens.stored_values(names=names, birth_date=born)
    service.set_tokens(person_id=person_id, kind=TokenKind.NAME_KEY, values=values)


def prepare(settings: Settings, folder: Path, population: Population, seconds: float = INFINITE) -> Flask | None:
    """Make a database of the population, or take what stands in the folder; nothing when the time did not suffice.

    A later run goes on where this one stopped.
    """
    database, is_whole = folder / "ercms.sqlite", (folder / _COMPLETE).exists()
    if not (folder / "keyring.json").exists():
        keyring.create(folder / "keyring.json")
        migrate(settings)
    app = create_app(settings)
    with app.app_context():
        if not is_whole:
            if not fill(database, population, seconds):
                return None
            (folder / _COMPLETE).touch()
        size = database.stat().st_size
        keys = db.session.scalar(text("SELECT 1.0 * max(rowid) FROM person_tokens")) or 0.0
        print(
            f"{population.size:,} persons: {size / 1e9:.2f} GB, {size / population.size:,.0f} bytes and "
            f"{keys / population.size:.1f} keys a person"
        )
        db.session.remove()
    return app


_COMPLETE = "complete"


def plan_of(tokens: int) -> str:
    """Return how the database answers the ranking of that many tokens."""
    statement = queries.ranking(TokenKind.NAME_KEY, [bytes([number % 256]) * 32 for number in range(tokens)], 10)
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": False, "render_postcompile": True})
    values = [compiled.params[name] for name in compiled.positiontup or ()]
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(values))
    return "; ".join(row[3] for row in rows)


def measure(report: harness.Report, size: int, folder: Path, seconds: float = INFINITE) -> None:
    """Measure on a database of a size; every search is for another person, so that no cache of names helps."""
    settings = Settings.for_tests(folder)
    population = Population(size)
    app = prepare(settings, folder, population, seconds)
    if app is None:
        print(f"    {size:,}: not whole yet; run this again with the same folder", file=sys.stderr)
        return
    with app.app_context():
        print(f"    {plan_of(20)}", file=sys.stderr)
        for number, (title, use) in enumerate(
            (
                ("search, name and date", lambda one: (one[0], one[1], None)),
                ("search, name and year", lambda one: (one[0], None, one[1].year)),
                ("search, name alone", lambda one: (one[0], None, None)),
            )
        ):
            asked = searches(population, SEED + number)
            counter = Counter()
            report.measure(title, size, lambda one, c=counter, u=use: c.search(*u(one)), asked)
            db.session.rollback()
            counter.tell(title)
        # Each is a new person; nothing is committed, so that the database stays as it was.
        chance = random.Random(SEED + 1)
        fresh = [(persons.create_person(), *population.person(chance.randrange(10**9))[1:]) for _ in range(ADDED)]
        report.measure("adding a person: matching work", size, add, fresh, warm_up=0)
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    print(f"    load of the machine: {os.getloadavg()[1]:.1f} over five minutes", file=sys.stderr)


def main() -> None:
    """Measure at each size and print the table."""
    parser = harness.parser(__doc__, sizes=(100_000,))
    parser.add_argument("--keep", type=Path, help="a folder for the databases: a later run finds them there")
    parser.add_argument("--seconds", type=float, default=INFINITE, help="stop writing a kept database after this time")
    options = parser.parse_args()
    report = harness.Report("Identity")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="ercms-identity-") as name:
            folder = Path(name) if options.keep is None else options.keep / str(size)
            folder.mkdir(parents=True, exist_ok=True)
            measure(report, size, folder, options.seconds)
    print(report.table())


if __name__ == "__main__":
    main()
