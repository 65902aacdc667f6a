"""Databases of many cases to measure on: a small demonstration by the real services, then copies of its cases in bulk.

The copies are written by SQL, since a hundred thousand cases through the services take hours. Each copy has a person of
its own with its own data key, sealed compartments and search tokens, made by the vault's own primitives; its free texts
are left out, since they would not open under another key. Four in five copies are closed and spread over ten years, as
in a system that has run for long. The pages of single cases are measured on cases that the services made.

A database is kept in the folder for temporary files, by size and by the last migration, and used again.
"""

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, event, insert, select, text

from config import ROOT, Settings
from ercms.accounts import service as accounts
from ercms.accounts import session_service
from ercms.accounts.demonstration_service import CLICKED
from ercms.app import create_app
from ercms.cases.references import new_reference
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.db_types import new_id
from ercms.core.unit_of_work import unit_of_work
from ercms.demonstration import maker
from ercms.extensions import Base, db
from ercms.vault import envelope, keyring
from tests import postgres
from tests.bench.sealing import Sealer, sealed_person, sealed_text
from tests.conftest import Client, migrate

SEED = 5
TEMPLATES = 120
TODAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
_BATCH = 1000
# A day that no case of the services has.
_MARK = date(1970, 1, 1)
_OPEN_SHARE = 0.2
_YEARS = 10
# The tables of which a copy gets rows, and how many at most; whatever else a case has matters to its own page only.
_COPIED = {
    "case_transitions": 6,
    "case_clocks": 6,
    "travel_documents": 2,
    "transfers": 2,
    "inquiries": 3,
    "referrals": 2,
    "audit_entries": 6,
    "notifications": 4,
}
_SHIFTED = ("_at", "_on", "_until")
_AT_REST = ("closed", "withdrawn", "refused", "draft")


@dataclass(frozen=True)
class Bench:
    """An application on a database of a size, with what the measurements ask about."""

    app: Flask
    size: int

    def actor(self, role: Role, kind: OrganisationKind | None = None, state: str | None = None) -> Actor:
        """Return an officer of a role, of a kind of organisation, for a State."""
        for user in accounts.list_officers(role=role):
            actor = accounts.get_actor(user.id)
            if kind in (None, actor.organisation_kind) and (state is None or state in actor.states):
                return actor
        raise LookupError(role)

    def client(self, actor: Actor) -> FlaskClient:
        """Return a browser in which an officer has signed in."""
        # The clock stands still here, and a code is taken once: the session is begun as after both steps.
        client = self.app.test_client()
        with unit_of_work():
            begun = session_service.begin(user_id=actor.user_id, proof=CLICKED, address=None)
        with client.session_transaction() as session:
            session.update(_user_id=begun.token, _fresh=True, language=begun.locale)
        return client

    def made_by_services(self, *states: str) -> list[str]:
        """Return the references of the cases that went through the services, in these states."""
        return [row.reference for row in self._cases(copies=False) if row.state in states]

    def copies(self, amount: int) -> list[Any]:
        """Return some of the copied cases, taken at random but always the same ones."""
        rows = self._cases(copies=True)
        return random.Random(SEED).sample(rows, min(amount, len(rows)))

    def _cases(self, *, copies: bool) -> list[Any]:
        query = text(
            "SELECT reference, state, principal_person_id FROM cases "
            "WHERE (COALESCE(minor_safeguards_on, :never) = :mark) = :copies ORDER BY reference"
        )
        return list(db.session.execute(query, {"copies": copies, "mark": _MARK, "never": date.max}))


@contextmanager
def of(size: int, database: str = "sqlite", *, dates_only: bool = False) -> Iterator[Bench]:
    """Open the database of a size, making it first where it is not there yet.

    With `dates_only` every copy is an open case with its dates, stops and extensions and nothing else: it shares its
    person with the case that it was copied from. That is enough to compute dates anew, and made in two minutes.
    """
    with ExitStack() as stack:
        folder = _folder() / f"{database}-{size}{'-dates' if dates_only else ''}"
        url = None
        if database == "postgresql":
            shutil.rmtree(folder, ignore_errors=True)
            url = stack.enter_context(postgres.server()).create_empty(f"bench_{size}")
        settings = Settings.for_tests(folder, is_test=False, **({"database_url": url} if url else {}))
        if not (folder / "made.json").is_file():
            _make(folder, settings, size, dates_only=dates_only)
        app = create_app(settings)
        app.test_client_class = Client
        with app.app_context(), clock.fixed(TODAY):
            yield Bench(app, size)
            db.session.remove()
            db.engine.dispose()


def _folder() -> Path:
    revision = max(path.stem for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    return Path(tempfile.gettempdir()) / "ercms-bench" / revision


def _make(folder: Path, settings: Settings, size: int, *, dates_only: bool) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    keyring.create(folder / "keyring.json")
    migrate(settings)
    app = create_app(settings)
    with app.app_context(), clock.fixed(TODAY):
        event.listen(db.engine, "connect", lambda connection, _: _write_without_waiting(connection))
        _say(f"{TEMPLATES} cases through the services")
        made = maker.make(amount=TEMPLATES, seed=SEED)
        _say(f"{size:,} cases in all")
        if dates_only:
            _copy_dates(size - TEMPLATES)
        else:
            _copy(size - TEMPLATES)
        with db.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        db.session.remove()
        db.engine.dispose()
    (folder / "made.json").write_text(json.dumps({"cases": made.cases}), encoding="utf-8")


def _write_without_waiting(connection: Any) -> None:
    if db.engine.dialect.name == "sqlite":
        connection.execute("PRAGMA synchronous=OFF")


def _say(what: str) -> None:
    print(f"    making {what}", file=sys.stderr, flush=True)


class _Templates:
    """The cases made by the services, with the rows that their copies get."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = dict(Base.metadata.tables)
        self.cases = [dict(row._mapping) for row in db.session.execute(select(self.tables["cases"]))]
        self.rows = {name: self._by_case(name, most) for name, most in _COPIED.items()}
        self.open = [case for case in self.cases if case["state"] not in _AT_REST]
        self.resting = [case for case in self.cases if case["state"] == "closed"]

    def _by_case(self, name: str, most: int) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in db.session.execute(select(self.tables[name])):
            values = dict(row._mapping)
            owner = values["chain"].removeprefix("case:") if name == "audit_entries" else values["case_id"]
            if len(found.setdefault(owner, [])) < most:
                found[owner].append(values)
        return found


_DATED = ("case_clocks", "clock_stops", "clock_extensions")


def _copy_dates(amount: int) -> None:
    """Copy open cases under an agreement, with what their dates are computed from."""
    tables = dict(Base.metadata.tables)
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {name: {} for name in _DATED}
    for name in _DATED:
        for row in db.session.execute(select(tables[name])):
            rows[name].setdefault(row.case_id, []).append(dict(row._mapping))
    statement = select(tables["cases"]).where(
        tables["cases"].c.state.not_in(_AT_REST), tables["cases"].c.agreement_id.is_not(None)
    )
    templates = [dict(row._mapping) for row in db.session.execute(statement)]
    taken: set[str] = set(db.session.scalars(select(tables["cases"].c.reference)))
    for done in range(0, amount, _BATCH):
        batch: dict[str, list[dict[str, Any]]] = {"cases": [], **{name: [] for name in _DATED}}
        for number in range(done, min(done + _BATCH, amount)):
            template, case_id = templates[number % len(templates)], new_id()
            reference = _unused_reference(template, taken)
            batch["cases"].append({**template, "id": case_id, "reference": reference, "is_sealed": True})
            for name in _DATED:
                copies = rows[name].get(template["id"], ())
                batch[name] += [{**row, "id": new_id(), "case_id": case_id} for row in copies]
        with unit_of_work():
            for name, copies in batch.items():
                if copies:
                    db.session.execute(insert(tables[name]), copies)


def _unused_reference(template: dict[str, Any], taken: set[str]) -> str:
    """Return a reference that no case has: among a hundred thousand at once, two alike come up now and then."""
    while (reference := new_reference(template["created_at"].year)) in taken:
        continue
    taken.add(reference)
    return reference


def _copy(amount: int) -> None:
    templates, chance = _Templates(), random.Random(SEED)
    sealer = Sealer()
    done = 0
    while done < amount:
        part = min(_BATCH, amount - done)
        batch: dict[str, list[dict[str, Any]]] = {}
        for number in range(done, done + part):
            _copy_one(batch, templates, chance, sealer, number)
        with unit_of_work():
            for name in _ORDER:
                if batch.get(name):
                    db.session.execute(insert(templates.tables[name]), batch[name])
        done += part
        if done % 10_000 == 0:
            _say(f"{done:,} copies")


_ORDER = ("persons", "person_compartments", "person_tokens", "cases", "case_members", *_COPIED, "audit_chains")


def _copy_one(
    batch: dict[str, list[dict[str, Any]]], templates: _Templates, chance: random.Random, sealer: Sealer, number: int
) -> None:
    is_open = chance.random() < _OPEN_SHARE
    template = chance.choice(templates.open if is_open else templates.resting)
    back = timedelta(days=0 if is_open else chance.randrange(_YEARS * 365), minutes=number % 1440)
    person_id, case_id, data_key = new_id(), new_id(), envelope.new_data_key()
    for name, rows in sealed_person(sealer, data_key, person_id, number, chance).items():
        batch.setdefault(name, []).extend(rows)
    case = _earlier(template, back)
    case |= {
        "id": case_id,
        "reference": new_reference(case["created_at"].year),
        "principal_person_id": person_id,
        "own_reference_sealed": None,
        "observations_sealed": None,
        # Marks the copies, so that the measurements can tell them from what the services made.
        "minor_safeguards_on": _MARK,
    }
    batch.setdefault("cases", []).append(case)
    member = {"id": new_id(), "case_id": case_id, "person_id": person_id, "relation": "principal", "position": 0}
    batch.setdefault("case_members", []).append(member)
    for name in _COPIED:
        for position, row in enumerate(templates.rows[name].get(template["id"], ())):
            batch.setdefault(name, []).append(_row(name, _earlier(row, back), case, position, data_key))
    last = batch["audit_entries"][-1]
    batch.setdefault("audit_chains", []).append(
        {"chain": last["chain"], "last_seq": last["seq"], "last_hash": last["hash"]}
    )


# What a list shows of a copy's free texts; the rest is left out.
_SHOWN_TEXTS = {"number_sealed": "C1234567", "details_sealed": '{"carrier": "AZAL", "flight_number": "J2 058"}'}


def _row(name: str, row: dict[str, Any], case: dict[str, Any], position: int, data_key: bytes) -> dict[str, Any]:
    if name == "audit_entries":
        return {**row, "chain": f"case:{case['id']}", "seq": position + 1, "record_id": case["id"]}
    changed = {"id": new_id(), "case_id": case["id"]}
    person_id = case["principal_person_id"]
    for column in [column for column in row if column.endswith("_sealed")]:
        shown = _SHOWN_TEXTS.get(column) if row[column] is not None else None
        label = f"{name}.{column.removesuffix('_sealed')}"
        row[column] = sealed_text(data_key, person_id, label, changed["id"], shown) if shown else None
    if "person_id" in row:
        changed["person_id"] = person_id
    if name == "notifications":
        changed |= {"key": new_id(), "case_reference": case["reference"]}
    return {**row, **changed}


def _earlier(row: dict[str, Any], by: timedelta) -> dict[str, Any]:
    """Return a copy of a row with its dates moved back; what lies at the end of time stays there."""
    days = timedelta(days=by.days)
    moved = dict(row)
    for column, value in row.items():
        if not column.endswith(_SHIFTED) or value is None or isinstance(value, str):
            continue
        if isinstance(value, datetime):
            moved[column] = value - by
        elif value.year < 9000:
            moved[column] = value - days
    return moved
