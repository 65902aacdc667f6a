"""Work off the request path: asked for inside a transaction, done after it.

`enqueue` writes a row beside the change that asks for the work: nothing is delivered before the commit, nothing is
lost after it. A worker claims due rows one by one, under a lease that a crash lets run out. A handler changes the
database inside the transaction that marks its row delivered, which makes that change happen exactly once. An act
outside the database (a mail, a call) cannot be part of a transaction: a handler returns it as a function, which runs
with no transaction open, and may run a second time after a crash, with the same key.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ercms.core import clock
from ercms.core.db_types import Json, new_id
from ercms.core.errors import DomainError, NotFound
from ercms.core.outbox_models import OutboxMessage, OutboxState
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=6)
MOST_ATTEMPTS = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a handler receives; `key` is the same in each attempt."""

    id: str
    topic: str
    key: str
    payload: Json
    attempt: int
    lease: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A row that failed in every attempt and waits for a person."""

    id: str
    topic: str
    key: str
    attempts: int
    created_at: datetime
    last_error: str | None


class LeaseLost(Exception):
    """The lease ended while the row was being delivered, and another worker has it now."""


Act = Callable[[], None]
Handler = Callable[[Delivery], Act | None]

_handlers: dict[str, Handler] = {}

# Built once: putting it together takes longer than running it, and a worker runs it for each row.
_CLAIM = (
    update(OutboxMessage)
    .where(
        OutboxMessage.id
        == select(OutboxMessage.id)
        .where(
            OutboxMessage.state == OutboxState.PENDING,
            OutboxMessage.available_at <= bindparam("now"),
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= bindparam("now")),
        )
        .order_by(OutboxMessage.available_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(lease=bindparam("new_lease"), leased_until=bindparam("lease_ends"), attempts=OutboxMessage.attempts + 1)
    .returning(OutboxMessage.id, OutboxMessage.topic, OutboxMessage.key, OutboxMessage.payload, OutboxMessage.attempts)
    .execution_options(synchronize_session=False)
)


def register_handler(topic: str, function: Handler) -> None:
    """Name the function that delivers the rows of `topic`; naming the same one again changes nothing.

    Raises:
        ValueError: another function delivers this topic already.
    """
    if _handlers.setdefault(topic, function) is not function:
        raise ValueError(f"the topic {topic} has a handler already")


def enqueue(topic: str, payload: Mapping[str, Any], *, key: str, available_at: datetime | None = None) -> None:
    """Add a row to the present transaction; a key that exists already is left as it is.

    The payload holds identifiers, codes and dates as text, never personal data: rows lie in the clear, and are
    shown to an administrator when they fail.

    Raises:
        ValueError: the payload holds more than plain values and lists of them.
    """
    _refuse_documents(payload)
    now = clock.now()
    values = {
        "id": new_id(),
        "topic": topic,
        "key": key,
        "payload": dict(payload),
        "state": OutboxState.PENDING,
        "attempts": 0,
        "created_at": now,
        "available_at": available_at or now,
    }
    insert_unless_present(OutboxMessage, values, "key")


def insert_unless_present(model: Any, values: dict[str, Any], unique: str) -> None:
    """Add a row to the present transaction, unless one with the same `unique` value is there."""
    db.session.execute(_unless_present(db.session.get_bind().dialect.name, model, unique), values)


@cache
def _unless_present(dialect: str, model: Any, unique: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(model.__table__).on_conflict_do_nothing(index_elements=[unique])


def deliver_due(limit: int = 100) -> int:
    """Deliver rows that are due, at most `limit`; return how many were tried.

    Opens its own units of work: the caller has none open.
    """
    tried = 0
    is_anything_due = oldest_due_at() is not None
    db.session.remove()
    if not is_anything_due:
        # Most looks find nothing to do, and a look alone must not make a worker a writer.
        return 0
    while tried < limit and (delivery := claim()) is not None:
        _deliver(delivery)
        tried += 1
    return tried


def claim() -> Delivery | None:
    """Take the row that has been due longest, for this process alone, until the lease ends.

    One statement serves both engines: the lock clause lets PostgreSQL's workers pass each other, and SQLite, which
    has one writer at a time, leaves it out.
    """
    now, lease = clock.now(), new_id()
    taken = {"now": now, "new_lease": lease, "lease_ends": now + LEASE}
    with unit_of_work():
        row = db.session.execute(_CLAIM, taken).one_or_none()
    return None if row is None else Delivery(row.id, row.topic, row.key, row.payload, row.attempts, lease)


def _deliver(delivery: Delivery) -> None:
    if delivery.attempt > MOST_ATTEMPTS:
        # The attempts before this one ended without a word: whatever runs this row takes the whole process down.
        _record_failure(delivery, "attempts_exhausted")
        return
    try:
        with unit_of_work():
            act = _handler_of(delivery)(delivery)
            if act is None:
                _mark_delivered(delivery)
        if act is not None:
            act()
            with unit_of_work():
                _mark_delivered(delivery)
    except LeaseLost:
        _log.warning("outbox lease lost", extra=_described(delivery))
    except Exception as error:
        # One row that cannot be delivered must not stop those behind it. The text of the error may hold personal
        # data, its kind may not.
        reason = error.code if isinstance(error, DomainError) else type(error).__name__
        _log.warning(
            "outbox delivery failed", extra={"topic": delivery.topic, "outbox_id": delivery.id, "kind": reason}
        )
        _record_failure(delivery, reason)


def _handler_of(delivery: Delivery) -> Handler:
    if delivery.topic not in _handlers:
        raise NotFound("outbox_topic_without_handler")
    return _handlers[delivery.topic]


def _mark_delivered(delivery: Delivery) -> None:
    _change(
        delivery,
        state=OutboxState.DELIVERED,
        delivered_at=clock.now(),
        lease=None,
        leased_until=None,
        last_error=None,
    )


def _record_failure(delivery: Delivery, reason: str) -> None:
    spent = delivery.attempt >= MOST_ATTEMPTS
    try:
        with unit_of_work():
            _change(
                delivery,
                state=OutboxState.DEAD if spent else OutboxState.PENDING,
                available_at=clock.now() + delay_after(delivery.attempt),
                lease=None,
                leased_until=None,
                last_error=reason[:120],
            )
    except LeaseLost:
        return
    if spent:
        _log.error("outbox row is dead", extra=_described(delivery))


def _described(delivery: Delivery, **more: str) -> dict[str, str]:
    return {"topic": delivery.topic, "outbox_id": delivery.id, **more}


def _change(delivery: Delivery, **values: Any) -> None:
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == delivery.id, OutboxMessage.lease == delivery.lease)
        .values(**values)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).one_or_none() is None:
        raise LeaseLost


def delay_after(attempt: int) -> timedelta:
    """Return how long a row rests after its failed attempt number `attempt`: twice as long each time.

    >>> [delay_after(attempt).total_seconds() for attempt in (1, 2, 3)]
    [10.0, 20.0, 40.0]
    """
    doublings: int = 2 ** min(attempt - 1, 20)
    return min(FIRST_DELAY * doublings, LONGEST_DELAY)


def list_dead(limit: int = 100) -> list[DeadLetter]:
    """Return the rows that are given up, the newest first."""
    rows = db.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.DEAD)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
        .limit(limit)
    )
    return [DeadLetter(row.id, row.topic, row.key, row.attempts, row.created_at, row.last_error) for row in rows]


def revive(message_id: str) -> None:
    """Let a dead row be tried again from the beginning, with the same key.

    Raises:
        NotFound: `outbox_row_not_dead`.
    """
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == OutboxState.DEAD)
        .values(state=OutboxState.PENDING, attempts=0, available_at=clock.now())
        .returning(OutboxMessage.id)
    )
    if db.session.execute(statement).one_or_none() is None:
        raise NotFound("outbox_row_not_dead")


def delete_delivered(*, before: datetime) -> None:
    """Delete the rows delivered before an instant."""
    db.session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.DELIVERED, OutboxMessage.delivered_at < before)
        .execution_options(synchronize_session=False)
    )


def count_by_state() -> dict[str, int]:
    """Return how many rows there are in each state."""
    rows = db.session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    counted = {state.value: number for state, number in rows}
    return {state.value: counted.get(state.value, 0) for state in OutboxState}


def oldest_due_at() -> datetime | None:
    """Return since when the row that has waited longest is due, or None when nothing is."""
    return db.session.scalar(
        select(func.min(OutboxMessage.available_at)).where(
            OutboxMessage.state == OutboxState.PENDING, OutboxMessage.available_at <= clock.now()
        )
    )


def _refuse_documents(payload: Mapping[str, Any]) -> None:
    plain = (str, int, bool, type(None))
    for name, value in payload.items():
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, plain) for part in parts):
            raise ValueError(f"the outbox payload may not hold a document: {name}")
