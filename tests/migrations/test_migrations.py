"""The migrations alone make the schema that the models describe, on each database, and undo it."""

import importlib
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Engine, Table, inspect

from config import ROOT, Settings
from ercms.app import create_app
from ercms.extensions import db
from tests import postgres
from tests.architecture import source

for _module in source.modules("ercms"):
    if _module.kind.endswith("models"):
        importlib.import_module(_module.name)

DIRECTORY = str(ROOT / "migrations")
REVISIONS = [each.revision for each in ScriptDirectory(DIRECTORY).walk_revisions()][::-1]


@pytest.fixture
def bare_app(tmp_path: Path, template_folder: Path, database_kind: str) -> Iterator[Flask]:
    """An application on a database without any table."""
    shutil.copy2(template_folder / "keyring.json", tmp_path / "keyring.json")
    name = f"bare_{uuid.uuid4().hex}"
    changes = {"database_url": postgres.running().create_empty(name)} if database_kind == "postgresql" else {}
    made = create_app(Settings.for_tests(tmp_path, **changes))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    if changes:
        postgres.running().drop(name)


def _tables(engine: Engine) -> dict[str, object]:
    """Return what can be seen of the schema, for comparing before and after."""
    seen = inspect(engine)
    written = _written(engine)
    found: dict[str, object] = {}
    for table in sorted(set(seen.get_table_names()) - {"alembic_version"}):
        key = (table, written[table]) if table in written else None
        if key is None or key not in _DESCRIBED:
            _DESCRIBED[key] = (
                sorted((column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)),
                sorted(str(index["name"]) for index in seen.get_indexes(table)),
                _constraints(engine, table),
            )
        found[table] = _DESCRIBED[key]
    return found


# A table that is written down in the same words is the same table: looking at it again took half of the time.
_DESCRIBED: dict[object, object] = {}


def _written(engine: Engine) -> dict[str, tuple[str, ...]]:
    """Return the statements that SQLite keeps of each table and its indexes; PostgreSQL keeps none."""
    if engine.dialect.name != "sqlite":
        return {}
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT tbl_name, coalesce(sql, name) FROM sqlite_master ORDER BY type, name")
        found: dict[str, tuple[str, ...]] = {}
        for table, statement in rows:
            found[table] = (*found.get(table, ()), statement)
    return found


def _constraints(engine: Engine, table: str) -> list[str]:
    seen = inspect(engine)
    named = [
        *(each["name"] for each in seen.get_check_constraints(table)),
        *(each["name"] for each in seen.get_unique_constraints(table)),
        *(each["name"] for each in seen.get_foreign_keys(table)),
        seen.get_pk_constraint(table)["name"],
    ]
    return sorted(str(name) for name in named)


def test_each_migration_can_be_undone_and_done_again(bare_app: Flask) -> None:
    schemas = [_tables(db.engine)]
    for revision in REVISIONS:
        flask_migrate.upgrade(directory=DIRECTORY, revision=revision)
        schemas.append(_tables(db.engine))
    for number in range(len(REVISIONS), 0, -1):
        below = REVISIONS[number - 2] if number > 1 else "base"
        flask_migrate.downgrade(directory=DIRECTORY, revision=below)
        assert _tables(db.engine) == schemas[number - 1], f"{REVISIONS[number - 1]} leaves something behind"
    flask_migrate.upgrade(directory=DIRECTORY)
    assert _tables(db.engine) == schemas[-1]


def test_the_migrations_make_what_the_models_describe(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, db.metadata)
    source.refuse([str(difference)[:300] for difference in differences])


@pytest.mark.usefixtures("app")
def test_every_constraint_of_a_model_is_in_the_database_under_its_name() -> None:
    found = []
    for table in db.metadata.sorted_tables:
        there = set(_constraints(db.engine, table.name))
        expected = _expected(table)
        found += [f"{table.name}: the database has no {name}" for name in sorted(expected - there)]
        found += [f"{table.name}: the models know no {name}" for name in sorted(there - expected)]
    source.refuse(found)


def _expected(table: Table) -> set[str]:
    preparer = db.engine.dialect.identifier_preparer
    names = {preparer.format_constraint(constraint) for constraint in table.constraints}
    return {str(name).strip('"') for name in names if name}


@pytest.mark.usefixtures("app")
def test_a_check_says_the_same_in_the_database_and_in_the_model() -> None:
    """Alembic compares no CHECK: an enum that gained a member would be refused by the database alone."""
    found = []
    for table in db.metadata.sorted_tables:
        there = {check["name"]: check["sqltext"] for check in inspect(db.engine).get_check_constraints(table.name)}
        for constraint in table.constraints:
            if not isinstance(constraint, CheckConstraint):
                continue
            name = str(db.engine.dialect.identifier_preparer.format_constraint(constraint)).strip('"')
            compiled = constraint.sqltext.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True})
            if name in there and _values(str(compiled)) != _values(there[name]):
                found.append(f"{name}: {compiled} in the model, {there[name]} in the database")
    source.refuse(found)


def _values(text: str) -> set[str]:
    """Return the texts in quotes: PostgreSQL writes a condition in its own words, but keeps its values."""
    return set(text.split("'")[1::2])
