"""How the application talks to its database: what SQLite must be told on each connection and transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event

from ercms.extensions import db

_writes: ContextVar[bool] = ContextVar("transaction_writes", default=False)

# The cache holds 32 MB of pages: the index of search tokens is written all over, two megabytes hold too little of it.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-32000",
)


def configure_engine(engine: Engine) -> None:
    """Attach what SQLite needs; other databases need nothing."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


@contextmanager
def write_intent() -> Iterator[None]:
    """Let transactions that begin inside the block take SQLite's write lock at once.

    A transaction that begins as a reader and writes later cannot wait for another writer: SQLite refuses it at once,
    whatever the time-out. So units of work begin as writers, and reading never waits.
    """
    token = _writes.set(True)
    try:
        yield
    finally:
        _writes.reset(token)


def is_writing() -> bool:
    """Tell whether a unit of work is open here, whose other writers wait."""
    return _writes.get()


def empty_write_ahead_log() -> None:
    """Let SQLite write its log back into the database and empty it; while somebody reads, the next time does it.

    Until then the log holds pages as they were before: the wrapped key of somebody who was just erased, for one.
    """
    db.session.remove()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _on_connect(connection: Any, record: Any) -> None:
    """Take transactions out of the driver's hands and set the durability that the design asks for."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    """Begin as a writer inside a unit of work, else as a reader."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes.get() else "BEGIN")
