"""Bring inquiries to the registers of agencies and their answers back, from the worker, whatever the registers do.

Each step is a row of the outbox. What goes out is put on record before it goes. The call itself runs with no
transaction open; what it brought is written afterwards, in one. A register that is slow or down is tried again without
end, at growing intervals; one that answers badly is given up after some tries, and the inquiry is answered by hand.
Meanwhile the page of the agency stays open: whichever answer comes first is the answer, and no other is applied.
"""

import secrets
from datetime import timedelta
from functools import partial
from typing import Any

from ercms.audit.actions import AuditAction
from ercms.core import clock, outbox
from ercms.core.actor import SYSTEM
from ercms.core.errors import Conflict
from ercms.core.outbound import OutboundLimits
from ercms.core.outbox import Act, Delivery
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.registries import breaker as breakers
from ercms.registries import client, queries, runtime
from ercms.registries.breaker import Breaker
from ercms.registries.client import Call, CallFailed, UnknownThere
from ercms.registries.enums import ExchangeState, Failure
from ercms.registries.models import RegistryConnection, RegistryExchange
from ercms.verification import inquiry_reading
from ercms.verification import inquiry_service as inquiries
from workflows.inquiry import InquiryState

CALL_TOPIC = "registry.call"
MOST_BAD_ANSWERS = 5
FIRST_POLL = timedelta(minutes=1)
LONGEST_POLL = timedelta(hours=1)
# The register is there and says something that cannot be used: trying without end would help nobody.
_BAD_ANSWERS = frozenset({Failure.NONSENSE, Failure.TOO_LONG, Failure.WRONG_PERSON, Failure.REFUSES})


def on_transmit(delivery: Delivery) -> None:
    """Begin an exchange for an inquiry whose agency has a connection that is switched on."""
    inquiry = inquiries.find_for_register(inquiry_id=delivery.payload["inquiry_id"])
    connection = None if inquiry is None else queries.find_connection(inquiry.agency_id)
    if inquiry is None or connection is None or not connection.is_enabled:
        return
    if queries.find_exchange(inquiry.id) is not None:
        return
    exchange = RegistryExchange(
        inquiry_id=inquiry.id,
        agency_id=inquiry.agency_id,
        state=ExchangeState.WAITING,
        subject=secrets.token_hex(16),
        number=1,
    )
    db.session.add(exchange)
    db.session.flush()
    _schedule(exchange, timedelta(0))


def on_call(delivery: Delivery) -> Act | None:
    """Prepare the call that is due, or put it off; the call itself is what is returned."""
    exchange = queries.find_exchange(delivery.payload["inquiry_id"])
    if exchange is None or exchange.number != delivery.payload["number"] or exchange.state not in queries.OPEN:
        return None
    inquiry = inquiries.find_for_register(inquiry_id=exchange.inquiry_id)
    connection = queries.find_connection(exchange.agency_id)
    if inquiry is None or inquiry.state is not InquiryState.SENT:
        _apply(exchange, ExchangeState.ENDED)
        return None
    if connection is None or not connection.is_enabled:
        exchange.next_at, exchange.last_error = None, Failure.NOT_CALLED.value
        return None
    now = clock.now()
    asked = breakers.before_call(_breaker_of(connection), now)
    if asked is None:
        exchange.last_error = exchange.last_error or Failure.NOT_CALLED.value
        _schedule(exchange, max((connection.retry_at or now) - now, timedelta(seconds=5)) + _spread())
        return None
    _write(connection, asked)
    content = None
    if exchange.state is ExchangeState.WAITING:
        content = _content(inquiry, exchange)
        exchange.sent_at = now
    call = Call(connection.address, inquiry.id, exchange.subject, content, now)
    return partial(_carry_out, call, exchange.number, runtime.limits())


def _content(inquiry: Any, exchange: RegistryExchange) -> dict[str, Any]:
    """Return what goes to the register, and put on record that it goes: a call that fails may have arrived."""
    values, question = inquiry_reading.fields_for_transmission(inquiry=inquiry)
    inquiries.record_transmission(inquiry=inquiry, action=AuditAction.INQUIRY_TRANSMITTED, number=exchange.number)
    return {
        "inquiry": inquiry.id,
        "subject": exchange.subject,
        "purpose": inquiry.purpose.value,
        "due_on": inquiry.due_on.isoformat() if inquiry.due_on else None,
        "fields": values,
        "question": question,
    }


def _carry_out(call: Call, number: int, limits: OutboundLimits) -> None:
    reply: dict[str, Any] | None = None
    failure: Failure | None = None
    is_unknown = False
    try:
        reply = client.send(call, limits)
    except CallFailed as error:
        failure = error.failure
    except UnknownThere:
        is_unknown = True
    try:
        with unit_of_work():
            _settle(call, number, reply, failure, is_unknown=is_unknown)
    except Conflict:
        # Answered by hand, or withdrawn, while the call was out: that holds, and this answer is applied to nothing.
        with unit_of_work():
            _end(call.inquiry_id)


def _settle(
    call: Call, number: int, reply: dict[str, Any] | None, failure: Failure | None, *, is_unknown: bool
) -> None:
    exchange = queries.find_exchange(call.inquiry_id)
    if exchange is None or exchange.number != number or exchange.state not in queries.OPEN:
        return
    connection = queries.find_connection(exchange.agency_id)
    if connection is not None:
        _note_result(connection, failure)
    if failure is not None:
        _note_failure(exchange, failure)
        return
    exchange.failures, exchange.last_error = 0, None
    if is_unknown:
        # The register has lost it, or never had it: it is put there again, under the same key.
        _apply(exchange, ExchangeState.WAITING)
        _next(exchange, FIRST_POLL)
    elif reply is not None and reply["status"] == "answered":
        inquiries.take_register_answer(
            actor=SYSTEM,
            inquiry_id=exchange.inquiry_id,
            values={"finding": reply["finding"], "answer": reply["answer"]},
        )
        _apply(exchange, ExchangeState.ANSWERED)
    else:
        _apply(exchange, ExchangeState.ACCEPTED)
        _next(exchange, min(FIRST_POLL * 2 ** min(exchange.number, 10), LONGEST_POLL))


def _note_failure(exchange: RegistryExchange, failure: Failure) -> None:
    exchange.failures, exchange.last_error = exchange.failures + 1, failure.value
    if failure in _BAD_ANSWERS:
        exchange.bad_answers += 1
    if exchange.bad_answers >= MOST_BAD_ANSWERS:
        _apply(exchange, ExchangeState.BY_HAND)
        return
    _next(exchange, breakers.pause_after(exchange.failures, _chance()))


def _note_result(connection: RegistryConnection, failure: Failure | None) -> None:
    now = clock.now()
    if failure is None:
        _write(connection, Breaker())
        connection.last_ok_at = now
        return
    _write(connection, breakers.after_failure(_breaker_of(connection), now, _chance()))
    connection.last_error, connection.last_error_at = failure.value, now


def _end(inquiry_id: str) -> None:
    exchange = queries.find_exchange(inquiry_id)
    if exchange is not None and exchange.state in queries.OPEN:
        _apply(exchange, ExchangeState.ENDED)


def _next(exchange: RegistryExchange, pause: timedelta) -> None:
    exchange.number += 1
    _schedule(exchange, pause + _spread())


def _schedule(exchange: RegistryExchange, pause: timedelta) -> None:
    """Ask for the call that is due after a pause; one that was put off keeps its number and gets a row of its own."""
    exchange.next_at = clock.now() + pause
    key = f"{CALL_TOPIC}:{exchange.inquiry_id}:{exchange.number}:{exchange.next_at.isoformat()}"
    payload = {"inquiry_id": exchange.inquiry_id, "number": exchange.number}
    outbox.enqueue(CALL_TOPIC, payload, key=key, available_at=exchange.next_at)


def call_again(*, agency_id: str) -> int:
    """Ask at once for every call to an agency's register that waits; return how many there are."""
    waiting = queries.list_open_exchanges(agency_id)
    for exchange in waiting:
        exchange.number += 1
        _schedule(exchange, timedelta(0))
    return len(waiting)


def _apply(exchange: RegistryExchange, state: ExchangeState) -> None:
    exchange.state = state
    if state not in queries.OPEN:
        exchange.next_at, exchange.ended_at = None, clock.now()


def _breaker_of(connection: RegistryConnection) -> Breaker:
    return Breaker(connection.failures, connection.retry_at, connection.probe_until)


def _write(connection: RegistryConnection, breaker: Breaker) -> None:
    connection.failures, connection.retry_at = breaker.failures, breaker.retry_at
    connection.probe_until = breaker.probe_until


def _chance() -> float:
    return secrets.randbelow(1000) / 1000


def _spread() -> timedelta:
    return timedelta(seconds=5 * _chance())
