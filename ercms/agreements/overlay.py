"""What holds now: the files and the imported texts, with the verified terms, statuses and decided days over them.

Built once for each change of the law and kept in memory. Every transaction asks the database once which change is the
latest, so that no process goes on with what another has changed.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ercms.agreements import queries
from ercms.agreements.calendars import Calendars
from ercms.agreements.change_enums import DayKind, LawTextKind
from ercms.agreements.models import LawText, StatusRecord, TermVerification
from ercms.extensions import db
from workflows import agreement_files, protocols
from workflows.protocols import Protocol
from workflows.terms import Agreement, Confidence, Source, StatusChange, Term, TermValue

_SATURDAY = 5
_REMEMBERED = "law_of_this_transaction"
_MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class Law:
    """What the agreements and the calendars say, whole.

    `agreements` are the versions, `by_id` also finds each with a protocol laid over it.
    """

    agreements: tuple[Agreement, ...]
    by_id: Mapping[str, Agreement]
    calendars: Calendars
    protocols: tuple[Protocol, ...] = ()
    zones: Mapping[str, str] = field(default_factory=dict)


_kept: dict[str | None, Law] = {}
_only_files: ContextVar[bool] = ContextVar("law_from_files_only", default=False)


def current() -> Law:
    """Return what holds now; the files alone where there is no application with a database around the call."""
    if _only_files.get() or not _has_database():
        return _law_of_files()
    session = db.session()
    transaction, known = session.get_transaction(), session.info.get(_REMEMBERED)
    if known is not None and transaction is not None and known[0] is transaction:
        law: Law = known[1]
        return law
    law = _law_at(queries.find_latest_mark())
    session.info[_REMEMBERED] = (session.get_transaction(), law)
    return law


def forget() -> None:
    """Let this transaction look again: it has changed the law itself."""
    db.session().info.pop(_REMEMBERED, None)


@contextmanager
def files_only() -> Iterator[None]:
    """Let the files speak alone, for commands that run before there is a database."""
    token = _only_files.set(True)
    try:
        yield
    finally:
        _only_files.reset(token)


@contextmanager
def as_far_as_there_is_one() -> Iterator[bool]:
    """Take what lies over the files where the database is there and migrated, else the files alone; say which.

    For commands only: a page that cannot reach the database must fail, and not tell a law that does not hold.
    """
    if not _has_database() or queries.is_readable():
        yield _has_database()
        return
    with files_only():
        yield False


def _has_database() -> bool:
    try:
        return bool(db.engines)
    except RuntimeError:
        # No application around the call, or one without a database: the law can be read all the same.
        return False


def _law_of_files() -> Law:
    return _law_at(None)


def _law_at(mark: str | None) -> Law:
    if mark not in _kept:
        made = law_of(agreement_files.load_agreements(), protocols.load_protocols()) if mark is None else _read()
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[mark] = made
    return _kept[mark]


def law_of(
    agreements: tuple[Agreement, ...],
    laid_over: tuple[Protocol, ...] = (),
    overrides: Mapping[str, Mapping[date, str | None]] | None = None,
    terms: Mapping[str, Mapping[str, TermVerification]] | None = None,
) -> Law:
    """Put agreements, protocols and calendars together; `terms` are the readings, also those of a protocol's terms."""
    by_id = {agreement.id: agreement for agreement in agreements}
    for agreement in agreements:
        for protocol in laid_over:
            if protocol.agreement == agreement.key and agreement.binds(protocol.state):
                made = protocols.with_protocol(agreement, protocol)
                by_id[made.id] = _read_over(made, (terms or {}).get(made.id, {}))
    named = sorted(agreements, key=lambda agreement: agreement.since)
    zones = {party.state: party.zone for agreement in named for party in agreement.partners}
    return Law(agreements, by_id, Calendars(overrides), laid_over, zones)


def _read() -> Law:
    with db.session.no_autoflush:
        terms: dict[str, dict[str, TermVerification]] = defaultdict(dict)
        for reading in queries.list_confirmed_terms():
            terms[reading.agreement_id][reading.term_name] = reading
        statuses: dict[str, list[StatusRecord]] = defaultdict(list)
        for record in queries.list_confirmed_statuses():
            # An agreement has one life, of which every version of it partakes.
            statuses[record.agreement_id.partition("@")[0]].append(record)
        overrides: dict[str, dict[date, str | None]] = defaultdict(dict)
        for day in queries.list_current_days():
            overrides[day.calendar][day.day] = override_name(day.kind, day.day, day.name)
        texts = queries.list_confirmed_texts()
    versions = (*agreement_files.load_agreements(), *(version_of(row) for row in texts if _is_version(row)))
    laid_over = (*protocols.load_protocols(), *(protocol_of(row) for row in texts if not _is_version(row)))
    agreements = tuple(
        _read_over(agreement, terms.get(agreement.id, {})).with_status_changes(
            [status_change(row) for row in statuses.get(agreement.key, [])]
        )
        for agreement in versions
    )
    return law_of(agreements, laid_over, overrides, terms)


def _is_version(row: LawText) -> bool:
    return row.kind is not LawTextKind.PROTOCOL


def version_of(row: LawText) -> Agreement:
    """Return the version that an imported text describes, with the day from which it counts."""
    read = agreement_files.parse_text(row.content, agreement_files.load_internal().home)
    return replace(read, counts_from=row.effective_on)


def protocol_of(row: LawText) -> Protocol:
    """Return the protocol that an imported text describes, with the day from which it counts."""
    return replace(protocols.parse_protocol(row.content), counts_from=row.effective_on)


def override_name(kind: DayKind, day: date, name: str) -> str | None:
    """Return what `calendars.calendar_for` takes: the name of a day off, or None for a worked day.

    An ordinary day is what the week makes of it: worked from Monday to Friday, else a day off without a name.
    """
    if kind is DayKind.HOLIDAY:
        return name
    return "" if kind is DayKind.ORDINARY and day.weekday() >= _SATURDAY else None


def _read_over(agreement: Agreement, terms: Mapping[str, TermVerification]) -> Agreement:
    known = [verified_term(agreement.terms[name], row) for name, row in terms.items() if name in agreement.terms]
    return agreement.with_terms(known)


def verified_term(term: Term, reading: TermVerification) -> Term:
    """Return a term as it was read: who owes it and what starts it stay as the file says."""
    return replace(
        term,
        value=stored_value(reading.value),
        unit=reading.unit,
        source=Source(reading.instrument, reading.article, reading.reference),
        confidence=Confidence.VERIFIED,
        note="",
    )


def stored_value(text: str) -> TermValue:
    """Return a term's value from its JSON text."""
    value: Any = json.loads(text)
    read: TermValue = tuple(value) if isinstance(value, list) else value
    return read


def status_change(record: StatusRecord) -> StatusChange:
    """Return a recorded step as one of the agreement's history."""
    source = Source(record.instrument, record.article, record.reference)
    return StatusChange(record.status, record.effective_on, source, Confidence.VERIFIED)
