"""Every entry of the audit in order, spelled as it was hashed, by the database itself.

Spelling an entry takes a database a third of the time that Python takes, and a verification of millions of entries is
mostly that. Both write JSON strings in the one way that RFC 8259 leaves when nothing is escaped without need
(section 7), which tests hold. Nothing rests on it that could hide a change: a spelling that gives the right hash is the
text that was hashed, whoever wrote it.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection

from ercms.audit import canonical
from ercms.audit.models import AuditEntry
from ercms.extensions import db

Row = tuple[str, int, str, str, bytes]
"""Chain, number, the hash before, the hash, and the text that was hashed."""

_ROWS_AT_ONCE = 2000
_KEY = "chain, seq, prev_hash, hash"


def partitions(connection: Connection) -> Iterator[list[Row]]:
    """Give all entries in order, some thousands at a time, as raw rows of the driver."""
    is_postgresql = connection.dialect.name == "postgresql"
    # PostgreSQL sends a whole result at once unless the cursor has a name and so lives on the server.
    driver = connection.connection
    cursor = driver.cursor(name="audit_entries_in_order") if is_postgresql else driver.cursor()
    text = _postgresql_text() if is_postgresql else _sqlite_text()
    with closing(cursor):
        # Only names of our own columns are put together here.
        cursor.execute(f"SELECT {_KEY}, {text} FROM {AuditEntry.__tablename__} ORDER BY chain, seq")  # noqa: S608
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield list(rows)


@contextmanager
def one_moment() -> Iterator[Connection]:
    """Read on a connection of its own that sees one moment only; SQLite's readers do so anyway."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _sqlite_text() -> str:
    # SQLite lets bytes stand in a column of text, and refuses to spell them: they are spelled as nothing was hashed.
    values = (
        f"CASE typeof({name}) WHEN 'blob' THEN 'bytes:' || hex({name}) ELSE {name} END" for name in canonical.FIELDS
    )
    return f"CAST(json_array({', '.join(values)}) AS BLOB)"


def _postgresql_text() -> str:
    spelled = (f"coalesce(to_json({name})::text, 'null')" for name in canonical.FIELDS)
    joined = " || ',' || ".join(spelled)
    return f"convert_to('[' || {joined} || ']', 'UTF8')"
