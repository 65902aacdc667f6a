"""Recurring work: each job runs once per interval, however many workers there are.

A row per job is the lock. Who moves `next_run_at` on by one statement may run the job; the lease lets another worker
take over when the process dies on the way.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, update

from ercms.core import clock
from ercms.core.db_types import new_id
from ercms.core.errors import DomainError
from ercms.core.outbox import insert_unless_present
from ercms.core.outbox_models import JobLock
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

LONGEST_RUN = timedelta(minutes=30)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A function without arguments, which opens its own units of work, and how often it runs."""

    name: str
    every: timedelta
    function: Callable[[], None]


_jobs: dict[str, Job] = {}


def register_job(name: str, every: timedelta, function: Callable[[], None]) -> None:
    """Name a function that runs once in each interval; naming the same one again changes nothing.

    Raises:
        ValueError: the name stands for another job already.
    """
    job = Job(name, every, function)
    if _jobs.setdefault(name, job) != job:
        raise ValueError(f"there is another job named {name}")


def run_due_jobs() -> list[str]:
    """Run each job that is due and that nobody else is running; return the names of those tried."""
    tried = []
    for job in list(_jobs.values()):
        lease = _claim(job)
        if lease is not None:
            _run(job, lease)
            tried.append(job.name)
    return tried


def _claim(job: Job) -> str | None:
    now, lease = clock.now(), new_id()
    first = {"name": job.name, "next_run_at": now}
    statement = (
        update(JobLock)
        .where(
            JobLock.name == job.name,
            JobLock.next_run_at <= now,
            or_(JobLock.leased_until.is_(None), JobLock.leased_until <= now),
        )
        .values(lease=lease, leased_until=now + LONGEST_RUN)
        .returning(JobLock.name)
        .execution_options(synchronize_session=False)
    )
    # Most looks find nothing to do, and a look alone must not make a worker a writer.
    lock = db.session.get(JobLock, job.name)
    is_idle = lock is not None and lock.next_run_at > now
    db.session.remove()
    if is_idle:
        return None
    with unit_of_work():
        insert_unless_present(JobLock, first, "name")
        row = db.session.execute(statement).one_or_none()
    return None if row is None else lease


def _run(job: Job, lease: str) -> None:
    failure = None
    try:
        job.function()
    except Exception as error:
        # The next interval tries again; the jobs behind this one are not to suffer. The text of the error may hold
        # personal data, its kind may not.
        failure = error.code if isinstance(error, DomainError) else type(error).__name__
        _log.error("recurring job failed", extra={"job": job.name, "kind": failure})
        db.session.remove()
    now = clock.now()
    with unit_of_work():
        db.session.execute(
            update(JobLock)
            .where(JobLock.name == job.name, JobLock.lease == lease)
            .values(
                lease=None,
                leased_until=None,
                last_run_at=now,
                next_run_at=now + job.every,
                last_error=None if failure is None else failure[:120],
            )
            .execution_options(synchronize_session=False)
        )
