"""Real processes that work without end, to be killed at any moment.

A nursery loads the application once and forks a fresh process for each kill: two hundred kills cost minutes and not an
hour. Started by `Nursery`, as `python -m tests.kills TASK INSTANCE DATABASE`.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select, update

from config import ROOT, Settings
from ercms.agreements import calendar_service, change_service
from ercms.agreements.change_enums import DayKind
from ercms.app import create_app
from ercms.audit import key_service
from ercms.cases import recomputing_service
from ercms.cases.models import Case, CaseClock
from ercms.cases.service import get_case
from ercms.core import clock, outbox
from ercms.core.actor import SYSTEM, Actor
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict
from ercms.core.outbox import OutboxMessage
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.privacy import erasure_service
from ercms.vault import files
from ercms.vault.enums import KeyPurpose
from tests.factories.cases import Cast, make_case, make_draft
from workflows.readmission import CaseState

LONGEST = 0.4
OPEN_CASES = 7


def rotate_all(_cast: Cast) -> None:
    """Put new keys into use and bring everything along."""
    for purpose in (KeyPurpose.DATA, KeyPurpose.TOKEN):
        with unit_of_work():
            key_service.rotate_key(actor=SYSTEM, purpose=purpose)
        after: str | None = ""
        while after is not None:
            with unit_of_work():
                after = key_service.rewrap_batch(actor=SYSTEM, purpose=purpose, limit=7, after=after).last_id


def draft_and_erase(cast: Cast) -> None:
    """Draft requests with files whose time is over at once, and erase them."""
    with clock.fixed(clock.now() - timedelta(days=800)):
        for _ in range(2):
            reference = make_draft(cast)
            with unit_of_work():
                person_id = get_case(actor=cast.requester, reference=reference).principal_person_id
                files.store(person_id=person_id, file_id=new_id(), stream=BytesIO(b"x" * 70_000))
    erasure_service.run(actor=SYSTEM)


def move_cases(cast: Cast) -> None:
    """Drive cases to a refusal, an acceptance and an arrival."""
    for state in (CaseState.REFUSED, CaseState.ACCEPTED, CaseState.TRANSFERRED):
        make_case(cast, state)


def behind_every_lease() -> datetime:
    """Return an instant at which nothing in the outbox is leased any more, and everything is due."""
    leased, available = db.session.execute(
        select(func.max(OutboxMessage.leased_until), func.max(OutboxMessage.available_at))
    ).one()
    db.session.remove()
    return max(at for at in (clock.now(), leased, available) if at is not None) + timedelta(seconds=1)


def change_calendar(cast: Cast) -> None:
    """Make a working day a holiday, or take that back, and compute the dates of the open cases anew, one at a time.

    A worker that finds a change begun goes on with it. It does not wait for the lease of the one that was killed: its
    clock stands just behind the lease.
    """
    recomputing_service.BATCH = 1
    if not db.session.scalar(select(func.count()).select_from(Case)):
        for _ in range(OPEN_CASES):
            make_case(cast, CaseState.UNDER_VERIFICATION)
        with unit_of_work():
            db.session.execute(update(Case).values(assigned_to_id=cast.worker.user_id))
    with clock.fixed(behind_every_lease()):
        if all(change.finished_at for change in change_service.list_changes(actor=cast.administrator)):
            _toggle(cast.administrator)
        outbox.deliver_due()


def _toggle(administrator: Actor) -> None:
    """Decide on the day on which the agencies' answers were due at first: it moves these days, or moves them back."""
    day = db.session.scalar(select(func.max(CaseClock.due_on)).where(CaseClock.kind == "agency_inquiries"))
    assert day is not None
    try:
        with unit_of_work():
            calendar_service.withdraw_day(actor=administrator, calendar="AZ", day=day)
    except Conflict:
        with unit_of_work():
            values = {"day": day, "kind": DayKind.HOLIDAY, "name": "A day of the test", "source": "None"}
            calendar_service.decide_day(actor=administrator, calendar="AZ", values=values)


TASKS: dict[str, Callable[[Cast], None]] = {
    "rotate": rotate_all,
    "erase": draft_and_erase,
    "move": move_cases,
    "calendar": change_calendar,
}


class Nursery:
    """The process that forks one worker after another."""

    def __init__(self, process: "subprocess.Popen[str]", seed: int) -> None:
        self._process = process
        self._chance = random.Random(seed)

    def kill_one(self) -> None:
        """Start a worker, let it work for a random while, and kill it with a signal that it cannot hear."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        time.sleep(self._chance.uniform(0, LONGEST))
        os.kill(pid, signal.SIGKILL)
        # A worker that ended before it was killed has failed, and its end would prove nothing.
        assert self._process.stdout.readline() == f"{-signal.SIGKILL}\n"


@contextmanager
def nursery(task: str, settings: Settings, seed: int = 20261124) -> Iterator[Nursery]:
    """Return a nursery for workers of one task on the database of these settings."""
    command = [sys.executable, "-m", "tests.kills", task, str(settings.instance_path), settings.database_url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Nursery(process, seed)


def main() -> None:
    """Fork a worker for each line that comes in, and say with which status it ended."""
    task, instance, url = sys.argv[1:4]
    cast = Cast()
    app = create_app(Settings.for_tests(Path(instance), database_url=url))
    with app.app_context():
        # One round in the parent makes the people and warms up what every worker would have to learn anew.
        TASKS[task](cast)
        db.session.remove()
        db.engine.dispose()
    _say("ready")
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            with app.app_context():
                _say(os.getpid())
                while True:
                    TASKS[task](cast)
        _, status = os.waitpid(pid, 0)
        _say(os.waitstatus_to_exitcode(status))


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
