"""Recurring jobs run once per interval, whoever looks."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from ercms.core import clock, jobs
from ercms.core.outbox_models import JobLock
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def _context(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "_jobs", {})
    with app.app_context(), clock.fixed(NOON):
        with unit_of_work():
            db.session.query(JobLock).delete()
        yield


def _lock(name: str = "clearing") -> JobLock:
    db.session.expire_all()
    lock = db.session.get(JobLock, name)
    assert lock is not None
    return lock


@pytest.mark.usefixtures("_context")
def test_a_job_runs_at_once_and_then_once_per_interval() -> None:
    runs: list[datetime] = []
    jobs.register_job("clearing", HOUR, lambda: runs.append(clock.now()))
    for minutes in (0, 1, 59, 60, 61, 119, 120):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            jobs.run_due_jobs()
    assert runs == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert _lock().last_run_at == NOON + 2 * HOUR


@pytest.mark.usefixtures("_context")
def test_a_job_that_fails_is_tried_again_in_the_next_interval_and_does_not_stop_the_others() -> None:
    runs: list[str] = []

    def fail() -> None:
        runs.append("failing")
        raise ZeroDivisionError("the text of an error may quote a person")

    jobs.register_job("clearing", HOUR, fail)
    jobs.register_job("other", HOUR, lambda: runs.append("other"))
    assert jobs.run_due_jobs() == ["clearing", "other"]
    assert runs == ["failing", "other"]
    assert _lock().last_error == "ZeroDivisionError"
    with clock.fixed(NOON + HOUR):
        jobs.run_due_jobs()
    assert runs.count("failing") == 2


@pytest.mark.usefixtures("_context")
def test_a_job_whose_process_died_is_taken_over_when_the_lease_ends() -> None:
    class PowerCut(BaseException):
        pass

    runs: list[datetime] = []

    def work() -> None:
        runs.append(clock.now())
        if len(runs) == 1:
            raise PowerCut

    jobs.register_job("clearing", HOUR, work)
    with pytest.raises(PowerCut):
        jobs.run_due_jobs()
    with clock.fixed(NOON + jobs.LONGEST_RUN - timedelta(seconds=1)):
        assert jobs.run_due_jobs() == []
    with clock.fixed(NOON + jobs.LONGEST_RUN):
        assert jobs.run_due_jobs() == ["clearing"]


@pytest.mark.usefixtures("_context")
def test_a_name_stands_for_one_job() -> None:
    def nothing() -> None: ...

    jobs.register_job("clearing", HOUR, nothing)
    jobs.register_job("clearing", HOUR, nothing)
    with pytest.raises(ValueError, match="clearing"):
        jobs.register_job("clearing", 2 * HOUR, nothing)


@pytest.mark.usefixtures("_context")
def test_several_workers_run_a_job_once(app: Flask) -> None:
    runs: list[int] = []
    jobs.register_job("clearing", HOUR, lambda: runs.append(1))
    failures: list[BaseException] = []
    workers = [threading.Thread(target=_look, args=(app, failures)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert runs == [1]


def _look(app: Flask, failures: list[BaseException]) -> None:
    look: Callable[[], list[str]] = jobs.run_due_jobs
    try:
        with app.app_context():
            look()
    except BaseException as error:
        failures.append(error)
