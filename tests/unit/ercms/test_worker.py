"""Huey carries a tick; what is done stands in the outbox."""

import json
import pickle
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from huey import Huey
from sqlalchemy import update

from ercms import worker
from ercms.core import jobs, outbox
from ercms.core.outbox_models import OutboxMessage
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db


@pytest.fixture
def queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Huey]:
    """The queue of the test installation, with no handler and no job but the test's own."""
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(jobs, "_jobs", {})
    huey = worker.build_huey(app)
    yield huey
    huey.storage.close()


def _put_a_tick(queue: Huey) -> None:
    for task in queue.read_periodic(None):
        queue.enqueue(task)


def test_a_tick_taken_from_the_queue_runs_jobs_and_delivers_rows(app: Flask, queue: Huey) -> None:
    done: list[str] = []
    outbox.register_handler("notice", lambda delivery: done.append(delivery.key))
    jobs.register_job("clearing", timedelta(hours=1), lambda: done.append("clearing"))
    with app.app_context(), unit_of_work():
        outbox.enqueue("notice", {}, key="notice:1")
    _put_a_tick(queue)
    queue.execute(queue.dequeue())
    assert done == ["clearing", "notice:1"]


def test_the_queue_holds_names_and_no_pickles(queue: Huey) -> None:
    _put_a_tick(queue)
    (stored,) = queue.storage.enqueued_items()
    assert json.loads(bytes(stored))["name"].endswith(".tick")


def test_a_pickle_in_the_queue_is_refused(queue: Huey) -> None:
    queue.storage.enqueue(pickle.dumps(("id", "name")))
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        queue.dequeue()


def test_ticks_that_nobody_had_time_for_are_dropped(queue: Huey) -> None:
    _put_a_tick(queue)
    task = queue.dequeue()
    assert task.expires_resolved is not None


def test_the_worker_shows_a_sign_of_life(app: Flask, queue: Huey) -> None:
    worker.register_jobs()
    with app.app_context():
        assert "worker_heartbeat" in jobs.run_due_jobs()


def test_the_command_line_does_once_what_is_due(app: Flask, queue: Huey) -> None:
    done: list[str] = []
    outbox.register_handler("notice", lambda delivery: done.append(delivery.key))
    with app.app_context(), unit_of_work():
        outbox.enqueue("notice", {}, key="notice:1")
    result = app.test_cli_runner().invoke(args=["tick"])
    assert result.exit_code == 0, result.output
    assert "pending 0, dead 0" in result.output
    assert done == ["notice:1"]


def test_the_command_line_shows_a_row_that_was_given_up_and_tries_it_again(app: Flask, queue: Huey) -> None:
    with app.app_context():
        with unit_of_work():
            outbox.enqueue("nobody_delivers_this", {}, key="notice:1")
            db.session.execute(update(OutboxMessage).values(attempts=outbox.MOST_ATTEMPTS - 1))
        worker.tick()
        row_id = outbox.list_dead()[0].id
    runner = app.test_cli_runner()
    shown = runner.invoke(args=["outbox", "list"]).output
    assert "dead 1" in shown
    assert f"{outbox.MOST_ATTEMPTS} attempts  outbox_topic_without_handler" in shown
    assert runner.invoke(args=["outbox", "retry", row_id]).exit_code == 0
    with app.app_context():
        assert outbox.count_by_state()["pending"] == 1
