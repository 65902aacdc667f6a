"""Every entry of the audit in order, spelled as it was hashed, on a connection of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from ercms.audit.stretches import Row, Source, Stretch
from ercms.extensions import db


def source_of(connection: Connection) -> Source:
    """Return what reads entries as raw rows of the driver."""
    return Source(connection.connection, is_postgresql=connection.dialect.name == "postgresql")


def partitions(connection: Connection) -> Iterator[list[Row]]:
    """Give all entries in order, some thousands at a time."""
    yield from source_of(connection).rows(Stretch())


@contextmanager
def one_moment() -> Iterator[Connection]:
    """Read on a connection of its own that sees one moment only; SQLite's readers do so anyway."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
