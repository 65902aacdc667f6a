"""A stretch of the audit, read in order and checked; several stretches are read by as many processes at once.

The audit is one line of entries, ordered by chain and number, and can be cut anywhere: the hash of an entry rests on
the hash of the one before it, and on nothing further back. Whoever reads the later stretch begins with number and hash
of the entry at the cut; that this entry is sound is for the stretch before to say, and the first stretch that finds a
flaw names the first flaw of all.

Spelling an entry takes a database half the time that Python takes, and a verification of millions of entries is mostly
that. Both write JSON strings in the one way that RFC 8259 leaves when nothing is escaped without need (section 7),
which tests hold. Nothing rests on it that could hide a change: a spelling that gives the right hash is the text that
was hashed, whoever wrote it. This module needs a driver and nothing else of the application, and starts quickly.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ercms.audit import canonical

_CHAINS_AT_ONCE = 500
_ROWS_AT_ONCE = 2000
_TABLE = "audit_entries"
_KEY = "chain, seq, prev_hash, hash"

Row = tuple[str, int, str, str, bytes]
"""Chain, number, the hash before, the hash, and the text that was hashed."""


class Flaw(StrEnum):
    """What is wrong at the first place where something is."""

    EDITED = "edited"
    MISSING = "missing"
    OUT_OF_PLACE = "out_of_place"
    TAIL_CUT = "tail_cut"
    TAIL_ADDED = "tail_added"
    REWRITTEN = "rewritten"
    CHECKPOINT_MISSING = "checkpoint_missing"
    CHECKPOINT_FORGED = "checkpoint_forged"
    CHECKPOINT_CONTRADICTED = "checkpoint_contradicted"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first flaw: an entry by its chain and number, or a checkpoint by its number."""

    flaw: Flaw
    chain: str
    seq: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Where one stretch ends and the next begins: the last entry of the former, and its hash."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """The entries behind one cut, up to and with another; None is the beginning, and the end."""

    after: Cut | None = None
    until: Cut | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many entries were read and how many chains ended in a stretch, and its first flaw."""

    entries: int
    chains: int
    finding: Finding | None


class Source:
    """A connection of a driver, PostgreSQL's or SQLite's, inside a transaction that sees one moment."""

    def __init__(self, driver: Any, *, is_postgresql: bool) -> None:
        self.driver = driver
        self.is_postgresql = is_postgresql
        self.mark = "%s" if is_postgresql else "?"

    def rows(self, stretch: Stretch) -> Iterator[list[Row]]:
        """Give the entries of a stretch in order, some thousands at a time, spelled as they were hashed."""
        if self.is_postgresql:
            yield from self._spelled(stretch, _postgresql_text())
            return
        given = 0
        try:
            for rows in self._spelled(stretch, _sqlite_text()):
                yield rows
                given += len(rows)
        except sqlite3.OperationalError:
            # SQLite lets bytes stand in a column of text and refuses to spell them; looking at the kind of each
            # value first takes half as long again, so it is done only where a refusal was met.
            for rows in self._spelled(stretch, _sqlite_text_of_any_kind()):
                fresh, given = rows[given:], max(0, given - len(rows))
                if fresh:
                    yield fresh

    def heads_of(self, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Return number and hash of the last entry of these chains, as their heads say."""
        marks = ", ".join([self.mark] * len(chains))
        cursor = self.driver.cursor()
        with closing(cursor):
            cursor.execute(
                f"SELECT chain, last_seq, last_hash FROM audit_chains WHERE chain IN ({marks})",  # noqa: S608
                tuple(chains),
            )
            return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}

    def _spelled(self, stretch: Stretch, text: str) -> Iterator[list[Row]]:
        bounds = [(">", stretch.after), ("<=", stretch.until)]
        where = " AND ".join(f"(chain, seq) {sign} ({self.mark}, {self.mark})" for sign, cut in bounds if cut)
        values = [value for _, cut in bounds if cut for value in (cut.chain, cut.seq)]
        # PostgreSQL sends a whole result at once unless the cursor has a name and so lives on the server.
        cursor = self.driver.cursor(name="audit_entries_in_order") if self.is_postgresql else self.driver.cursor()
        with closing(cursor):
            # Only names of our own columns are put together here.
            cursor.execute(
                f"SELECT {_KEY}, {text} FROM {_TABLE} {'WHERE ' + where if where else ''} ORDER BY chain, seq",  # noqa: S608
                values,
            )
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                yield list(rows)


class _Reader:
    """One pass over a stretch; the heads of finished chains are compared some hundreds at a time."""

    def __init__(self, source: Source, stretch: Stretch) -> None:
        self.source = source
        self.stretch = stretch
        self.entries = 0
        self.chains = 0
        self._ends: dict[str, tuple[int, str]] = {}

    def first_flaw(self) -> Finding | None:
        """Read until the first flaw or the end; a chain that ended before the flaw is looked at first."""
        finding = self._read()
        return self._compare_heads() or finding

    def _read(self) -> Finding | None:
        sha256 = hashlib.sha256
        after = self.stretch.after
        chain, seq, last = (after.chain, after.seq, after.hash) if after else ("", 0, canonical.START)
        for rows in self.source.rows(self.stretch):
            for row_chain, row_seq, claimed, own, spelled in rows:
                if row_chain != chain:
                    finding = self._end_chain(chain, seq, last)
                    if finding is not None:
                        return finding
                    chain, seq, last = row_chain, 0, canonical.START
                seq += 1
                if row_seq != seq:
                    return Finding(Flaw.MISSING if row_seq > seq else Flaw.OUT_OF_PLACE, chain, min(seq, row_seq))
                if sha256(spelled).hexdigest() != own:
                    return Finding(Flaw.EDITED, chain, seq)
                if claimed != last:
                    return Finding(Flaw.OUT_OF_PLACE, chain, seq)
                last = own
            self.entries += len(rows)
        until = self.stretch.until
        # The chain at the cut ends in the next stretch.
        return None if until is not None and until.chain == chain else self._end_chain(chain, seq, last)

    def _end_chain(self, chain: str, seq: int, last: str) -> Finding | None:
        if not chain:
            return None
        self.chains += 1
        self._ends[chain] = (seq, last)
        return self._compare_heads() if len(self._ends) >= _CHAINS_AT_ONCE else None

    def _compare_heads(self) -> Finding | None:
        heads = self.source.heads_of(list(self._ends)) if self._ends else {}
        for chain, (seq, last) in self._ends.items():
            head_seq, head_hash = heads.get(chain, (0, canonical.START))
            if seq < head_seq:
                return Finding(Flaw.TAIL_CUT, chain, seq + 1)
            if seq > head_seq:
                return Finding(Flaw.TAIL_ADDED, chain, head_seq + 1)
            if last != head_hash:
                return Finding(Flaw.REWRITTEN, chain, seq)
        self._ends.clear()
        return None


def check(source: Source, stretch: Stretch) -> Outcome:
    """Read a stretch and check every hash, link and head in it."""
    reader = _Reader(source, stretch)
    finding = reader.first_flaw()
    return Outcome(reader.entries, reader.chains, finding)


def _sqlite_text() -> str:
    return f"CAST(json_array({', '.join(canonical.FIELDS)}) AS BLOB)"


def _sqlite_text_of_any_kind() -> str:
    values = (
        f"CASE typeof({name}) WHEN 'blob' THEN 'bytes:' || hex({name}) ELSE {name} END" for name in canonical.FIELDS
    )
    return f"CAST(json_array({', '.join(values)}) AS BLOB)"


def _postgresql_text() -> str:
    spelled = (f"coalesce(to_json({name})::text, 'null')" for name in canonical.FIELDS)
    joined = " || ',' || ".join(spelled)
    return f"convert_to('[' || {joined} || ']', 'UTF8')"
