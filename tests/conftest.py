"""What every test may ask for: settings, an application on a migrated database, a client, people."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config import ROOT, Settings
from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.app import create_app
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.extensions import db
from ercms.vault import keyring
from script.translate import compile_all
from tests import postgres
from tests.factories import accounts as account_factory

PASSWORD = account_factory.PASSWORD
TODAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="on which database to run")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for this run and its pytest-xdist workers, when it is asked for."""
    config.stash[_RESOURCES] = ExitStack()
    if config.getoption("--database") == "postgresql" and not hasattr(config, "workerinput"):
        config.stash[_RESOURCES].enter_context(postgres.server())


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_RESOURCES].close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a database, and those that try the database itself: `script/test` chooses by these."""
    for item in items:
        if {"settings", "database_kind"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        if _STORING.search(item.path.relative_to(ROOT).as_posix()):
            item.add_marker("storing")


# What stores, finds, counts, locks and survives a kill differs from database to database. What the rules, the pages
# and the interface make of it does not: a build tries that on both, and whoever changes something on SQLite alone.
_STORING = re.compile(
    r"^tests/(migrations/|functional/test_(kills|recomputation_kills|no_personal_data_leaks|damage)"
    r"|unit/ercms/(audit|core|persons|vault|statistics|identity|reading)/(?!test_\w*(views|pages|labels|commands)\.py)"
    r"|unit/ercms/cases/test_(service|worklist|sealing|openings)|unit/ercms/interviews/test_following"
    r"|unit/ercms/(notifications/test_watch|privacy/test_erasure|accounts/test_clearing|test_worker))"
)

_RESOURCES: pytest.StashKey[ExitStack] = pytest.StashKey()


class Client(FlaskClient):
    """A browser that shares no application context, session or identity map with the test around it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()
        kwargs.setdefault("buffered", True)
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.rollback()
        return response


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def template_folder(tmp_path_factory: pytest.TempPathFactory, database_kind: str) -> Path:
    """Return an instance folder with a keyring, and with the migrated database that each test copies."""
    compile_all()
    folder = tmp_path_factory.mktemp("template")
    keyring.create(folder / "keyring.json")
    if database_kind == "sqlite":
        migrate(Settings.for_tests(folder))
    else:
        postgres.running().ensure_template(lambda url: migrate(Settings.for_tests(folder, database_url=url)))
    return folder


def migrate(settings: Settings, revision: str = "head") -> None:
    """Bring the database of these settings to a revision, and leave no connection open."""
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"), revision=revision)
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def settings(tmp_path: Path, template_folder: Path, database_kind: str) -> Iterator[Settings]:
    """Return settings with keys and a migrated, empty database of the test's own."""
    shutil.copy2(template_folder / "keyring.json", tmp_path / "keyring.json")
    if database_kind == "sqlite":
        shutil.copy2(template_folder / "ercms.sqlite", tmp_path / "ercms.sqlite")
        yield Settings.for_tests(tmp_path)
        return
    yield Settings.for_tests(tmp_path, database_url=postgres.running().lend())


def _remember_compiled_rules() -> None:
    """Compile the rule of each route once a run, not once for each test's application: it took a third of all time."""
    compile_rule = Rule.compile
    compiled: dict[tuple[Any, ...], Rule] = {}

    def remembered(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults))
        if key not in compiled:
            compile_rule(rule)
            compiled[key] = rule
            return
        known = compiled[key]
        rule._parts, rule._trace, rule._converters = known._parts, known._trace, known._converters
        rule.arguments = set(known.arguments)
        rule._build = known._build.__func__.__get__(rule)  # type: ignore[attr-defined]
        rule._build_unknown = known._build_unknown.__func__.__get__(rule)  # type: ignore[attr-defined]

    Rule.compile = remembered  # type: ignore[method-assign]


def _remember_compiled_statements() -> None:
    """Compile each statement once a run: an engine keeps what it compiled to itself, and each test has an engine."""
    same = SQLiteDialect_pysqlite, PGDialect_psycopg
    for dialect in same:
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign]
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
    make_engine = SQLAlchemy._make_engine

    def sharing(*args: Any, **kwargs: Any) -> Engine:
        engine = make_engine(*args, **kwargs)
        engine._compiled_cache = _STATEMENTS
        return engine

    SQLAlchemy._make_engine = sharing  # type: ignore[method-assign]


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """Leave writing out to the system: what a killed process committed is kept, and no test cuts the power."""
    connection.execute("PRAGMA synchronous = OFF")


class CompiledTemplates(BytecodeCache):
    """The compiled templates of a run: each test's application has an environment of its own, on the same files."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template's code back; the bucket itself refuses that of another text."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_STATEMENTS: LRUCache[Any, Any] = LRUCache(5000)
_remember_compiled_rules()
_remember_compiled_statements()
_TEMPLATES = CompiledTemplates()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Return the application, with its context pushed, so that services can be called at once."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = _TEMPLATES
    made.test_client_class = Client
    with made.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Client:
    return new_client(app)


def new_client(app: Flask) -> Client:
    """Return one more browser, with its own cookies."""
    made = app.test_client()
    assert isinstance(made, Client)
    return made


@pytest.fixture
def fixed_clock() -> Iterator[datetime]:
    """Hold the time at 24 November 2026, noon in Baku."""
    with clock.fixed(TODAY):
        yield TODAY


@pytest.fixture
def make_organisation(app: Flask) -> Callable[..., accounts.OrganisationSummary]:
    return account_factory.make_organisation


@pytest.fixture
def make_user(app: Flask) -> Callable[..., UserSummary]:
    return account_factory.make_user


@pytest.fixture
def make_actor(app: Flask) -> Callable[..., Actor]:
    """Return a function that makes a user of a role and returns the actor that this user is."""

    def make(role: Role, **options: Any) -> Actor:
        return accounts.get_actor(account_factory.make_user(role, **options).id)

    return make


@pytest.fixture
def sign_in() -> Callable[..., TestResponse]:
    """Return a function that signs a user in through the real page, with its CSRF token."""

    def through_the_page(client: FlaskClient, user: UserSummary, password: str = PASSWORD) -> TestResponse:
        account_factory.POCKET.of(user.id)
        token = csrf_token(client.get("/sign-in").text)
        answer = client.post("/sign-in", data={"email": user.email, "password": password, "csrf_token": token})
        assert answer.status_code == 302, answer.text
        return second_step(client, user.id)

    return through_the_page


def second_step(client: FlaskClient, user_id: str) -> TestResponse:
    """Show the code of the user's device on the page that asks for it."""
    device = account_factory.POCKET.of(user_id)
    page = client.get("/sign-in/second-step")
    data = {"code": device.code(), "csrf_token": csrf_token(page.text)}
    answer = client.post("/sign-in/second-step", data=data)
    assert answer.status_code == 302, answer.text
    return answer


def csrf_token(html: str) -> str:
    """Return the CSRF token of the first form in a page."""
    found = re.search(r'name="csrf_token"\s+value="([^"]+)"', html)
    assert found, "the page has no form with a CSRF token"
    return found.group(1)
