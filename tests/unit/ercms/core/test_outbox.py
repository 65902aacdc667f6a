"""Work asked for in a transaction is done after it: never before, never lost, never twice at the same time."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from ercms.core import clock, outbox
from ercms.core.errors import NotFound, RuleRefused
from ercms.core.outbox import Act, Delivery
from ercms.core.outbox_models import OutboxMessage, OutboxState
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> dict[str, outbox.Handler]:
    """An empty table of handlers."""
    table: dict[str, outbox.Handler] = {}
    monkeypatch.setattr(outbox, "_handlers", table)
    return table


@pytest.fixture
def context(app: Flask, handlers: dict[str, outbox.Handler]) -> Iterator[None]:
    """An application context with no handler registered and nothing in the outbox."""
    with app.app_context(), clock.fixed(NOON):
        with unit_of_work():
            db.session.query(OutboxMessage).delete()
        yield


def _rows() -> list[OutboxMessage]:
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.key)))


def _deliver_in_thread(app: Flask) -> int:
    with app.app_context(), clock.fixed(NOON):
        return outbox.deliver_due()


def _ask(key: str = "notice:1", topic: str = "notice", **payload: str) -> None:
    with unit_of_work():
        outbox.enqueue(topic, payload, key=key)


@pytest.mark.usefixtures("context")
def test_nothing_is_delivered_before_the_commit(app: Flask, handlers: dict[str, outbox.Handler]) -> None:
    seen: list[str] = []
    handlers["notice"] = lambda delivery: seen.append(delivery.key)
    with unit_of_work():
        outbox.enqueue("notice", {"case_id": "c1"}, key="notice:1")
        with ThreadPoolExecutor() as worker:
            assert worker.submit(_deliver_in_thread, app).result() == 0
    assert seen == []
    assert outbox.deliver_due() == 1
    assert seen == ["notice:1"]


@pytest.mark.usefixtures("context")
def test_nothing_is_asked_for_when_the_change_is_rolled_back() -> None:
    def ask_and_refuse() -> None:
        with unit_of_work():
            outbox.enqueue("notice", {}, key="notice:1")
            raise RuleRefused("no")

    with pytest.raises(RuleRefused):
        ask_and_refuse()
    assert _rows() == []


@pytest.mark.usefixtures("context")
def test_the_same_key_asks_once() -> None:
    with unit_of_work():
        outbox.enqueue("notice", {"case_id": "first"}, key="notice:1")
        outbox.enqueue("notice", {"case_id": "second"}, key="notice:1")
    _ask(case_id="third")
    assert [row.payload for row in _rows()] == [{"case_id": "first"}]


@pytest.mark.usefixtures("context")
def test_a_payload_holds_plain_values_only() -> None:
    with pytest.raises(ValueError, match="person"), unit_of_work():
        outbox.enqueue("notice", {"person": {"name": "?"}}, key="notice:1")


@pytest.mark.usefixtures("context")
def test_work_waits_until_it_is_due(handlers: dict[str, outbox.Handler]) -> None:
    handlers["notice"] = lambda delivery: None
    with unit_of_work():
        outbox.enqueue("notice", {}, key="notice:1", available_at=NOON + timedelta(minutes=1))
    assert outbox.deliver_due() == 0
    assert outbox.oldest_due_at() is None
    with clock.fixed(NOON + timedelta(minutes=1)):
        assert outbox.oldest_due_at() == NOON + timedelta(minutes=1)
        assert outbox.deliver_due() == 1


@pytest.mark.usefixtures("context")
def test_a_change_made_by_a_handler_is_undone_when_the_handler_fails(handlers: dict[str, outbox.Handler]) -> None:
    def half_done(_delivery: Delivery) -> None:
        outbox.enqueue("other", {}, key="other:1")
        raise RuleRefused("not_today")

    handlers["notice"] = half_done
    _ask()
    outbox.deliver_due()
    (row,) = _rows()
    assert (row.key, row.state, row.attempts, row.last_error) == ("notice:1", OutboxState.PENDING, 1, "not_today")


@pytest.mark.usefixtures("context")
def test_an_act_outside_happens_with_no_transaction_open(handlers: dict[str, outbox.Handler]) -> None:
    open_then: list[bool] = []

    def prepare(_delivery: Delivery) -> Act:
        db.session.execute(select(OutboxMessage.id)).all()
        return lambda: open_then.append(db.session().in_transaction())

    handlers["mail"] = prepare
    _ask(topic="mail")
    outbox.deliver_due()
    assert open_then == [False]
    assert _rows()[0].state is OutboxState.DELIVERED


@pytest.mark.usefixtures("context")
def test_a_crash_between_the_act_and_its_record_repeats_it_with_the_same_key(
    handlers: dict[str, outbox.Handler],
) -> None:
    sent: list[tuple[str, int]] = []

    class PowerCut(BaseException):
        pass

    def prepare(delivery: Delivery) -> Act:
        def send() -> None:
            sent.append((delivery.key, delivery.attempt))
            if delivery.attempt == 1:
                raise PowerCut

        return send

    handlers["mail"] = prepare
    _ask(topic="mail")
    with pytest.raises(PowerCut):
        outbox.deliver_due()
    assert outbox.deliver_due() == 0, "the lease of the process that died still holds"
    with clock.fixed(NOON + outbox.LEASE):
        assert outbox.deliver_due() == 1
    assert sent == [("notice:1", 1), ("notice:1", 2)]
    assert _rows()[0].state is OutboxState.DELIVERED


@pytest.mark.usefixtures("context")
def test_a_worker_that_lost_its_lease_does_not_mark_the_row(handlers: dict[str, outbox.Handler]) -> None:
    def slow(delivery: Delivery) -> Act:
        def send() -> None:
            with unit_of_work():
                db.session.execute(update(OutboxMessage).values(lease="f" * 32))

        return send

    handlers["mail"] = slow
    _ask(topic="mail")
    outbox.deliver_due()
    (row,) = _rows()
    assert (row.state, row.lease, row.last_error) == (OutboxState.PENDING, "f" * 32, None)


@pytest.mark.usefixtures("context")
def test_a_row_that_always_fails_is_given_up_and_shown(handlers: dict[str, outbox.Handler]) -> None:
    def poison(_delivery: Delivery) -> None:
        raise ZeroDivisionError("the text of an error may quote a person")

    seen: list[str] = []
    handlers["notice"] = poison
    handlers["other"] = lambda delivery: seen.append(delivery.key)
    _ask()
    _ask(key="other:1", topic="other")
    moment = NOON
    tries = 0
    while _rows()[0].state is OutboxState.PENDING:
        with clock.fixed(moment):
            outbox.deliver_due()
        tries += 1
        moment += outbox.delay_after(tries)
    assert tries == outbox.MOST_ATTEMPTS
    assert seen == ["other:1"], "a poison row must not stop the others"
    (letter,) = outbox.list_dead()
    assert (letter.topic, letter.attempts, letter.last_error) == ("notice", outbox.MOST_ATTEMPTS, "ZeroDivisionError")
    assert outbox.count_by_state() == {"pending": 0, "delivered": 1, "dead": 1}


@pytest.mark.usefixtures("context")
def test_a_row_that_takes_the_process_down_is_given_up_as_well(handlers: dict[str, outbox.Handler]) -> None:
    handlers["notice"] = lambda delivery: None
    _ask()
    with unit_of_work():
        db.session.execute(update(OutboxMessage).values(attempts=outbox.MOST_ATTEMPTS))
    outbox.deliver_due()
    assert [letter.last_error for letter in outbox.list_dead()] == ["attempts_exhausted"]


@pytest.mark.usefixtures("context")
def test_a_row_that_was_given_up_can_be_tried_again(handlers: dict[str, outbox.Handler]) -> None:
    _ask()
    with unit_of_work():
        db.session.execute(update(OutboxMessage).values(state=OutboxState.DEAD, attempts=8))
    row_id = outbox.list_dead()[0].id
    seen: list[tuple[str, int]] = []
    handlers["notice"] = lambda delivery: seen.append((delivery.key, delivery.attempt))
    with unit_of_work():
        outbox.revive(row_id)
    outbox.deliver_due()
    assert seen == [("notice:1", 1)]
    with pytest.raises(NotFound, match="outbox_row_not_dead"), unit_of_work():
        outbox.revive(row_id)


@pytest.mark.usefixtures("context")
def test_a_topic_nobody_delivers_waits_for_somebody_who_does() -> None:
    _ask(topic="of_a_newer_version")
    outbox.deliver_due()
    assert _rows()[0].last_error == "outbox_topic_without_handler"


def test_a_topic_has_one_handler(handlers: dict[str, outbox.Handler]) -> None:
    def first(_delivery: Delivery) -> None: ...

    outbox.register_handler("notice", first)
    outbox.register_handler("notice", first)
    with pytest.raises(ValueError, match="notice"):
        outbox.register_handler("notice", lambda delivery: None)


@pytest.mark.usefixtures("context")
def test_delivered_rows_are_cleared_after_their_time(handlers: dict[str, outbox.Handler]) -> None:
    handlers["notice"] = lambda delivery: None
    _ask()
    outbox.deliver_due()
    _ask(key="notice:2")
    with unit_of_work():
        outbox.delete_delivered(before=NOON + timedelta(seconds=1))
    assert [row.key for row in _rows()] == ["notice:2"]


@pytest.mark.usefixtures("context")
def test_several_workers_never_deliver_one_row_at_the_same_time(
    app: Flask, handlers: dict[str, outbox.Handler]
) -> None:
    rows, workers = 60, 4
    seen: list[str] = []
    handlers["notice"] = lambda delivery: lambda: seen.append(delivery.key)
    with unit_of_work():
        for number in range(rows):
            outbox.enqueue("notice", {}, key=f"notice:{number}")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                outbox.deliver_due()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(seen) == sorted(f"notice:{number}" for number in range(rows))
    assert {row.attempts for row in _rows()} == {1}
