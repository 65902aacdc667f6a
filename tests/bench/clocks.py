"""Measure dates: all of one case, and those of every open case after a change of the calendar, batch by batch."""

import os
import statistics
import time
from collections.abc import Mapping
from datetime import date, timedelta

from ercms.agreements import calendar_service, change_service, service
from ercms.agreements.change_enums import DayKind
from ercms.agreements.enums import CaseKind, Event, Procedure
from ercms.cases import recomputing_service
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict
from ercms.core.outbox import Delivery
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.bench import dataset, harness
from tests.bench.dataset import TODAY
from workflows.deadlines import Stop

REPEATS = 2000
GOAL = 100_000
_HOLIDAY = TODAY.date() + timedelta(days=3)


def main() -> None:
    """Print what one case costs, and how many cases a second are computed anew."""
    options = harness.options(__doc__, sizes=(10_000,))
    print(f"all dates of one case: {dates_of_one_case():.0f} µs (median of {REPEATS:,})")
    for size in options.sizes:
        with dataset.of(size, options.database, dates_only=True) as bench:
            administrator = bench.actor(Role.ADMINISTRATOR)
            for name, cases, seconds, processor in recomputed(administrator):
                print(
                    f"{size:,} cases, {name}: {cases:,} open ones in {seconds:.1f} s ({processor:.1f} s of processor), "
                    f"{cases / seconds:,.0f} a second; {GOAL:,} would take {GOAL * seconds / cases / 60:.1f} min; "
                    f"load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )


def dates_of_one_case() -> float:
    """Return the median of computing every date of a case with a stop, in microseconds."""
    events: Mapping[Event, date] = {
        Event.RECEIPT: date(2026, 3, 18),
        Event.ACKNOWLEDGEMENT: date(2026, 3, 19),
        Event.ACCEPTANCE: date(2026, 4, 1),
        Event.DOCUMENT_REQUESTED: date(2026, 4, 2),
        Event.DOCUMENT_ISSUED: date(2026, 4, 8),
        Event.TRANSFER_PLANNED: date(2026, 4, 30),
        Event.TRANSFER: date(2026, 4, 30),
    }
    durations = []
    for number in range(REPEATS):
        began = time.perf_counter()
        service.clocks(
            agreement_id="eu@2014-09-01",
            state="DE",
            kind=CaseKind.OWN_NATIONAL,
            procedure=Procedure.NORMAL,
            events={event: on + timedelta(days=number % 400) for event, on in events.items()},
            stops=[Stop(date(2026, 3, 25), date(2026, 3, 27), "remedy")],
        )
        durations.append((time.perf_counter() - began) * 1_000_000)
    return statistics.median(durations)


def recomputed(administrator: Actor) -> list[tuple[str, int, float, float]]:
    """Decide a day and take it back, and measure how long each takes to reach every open case."""
    _withdraw(administrator)
    with unit_of_work():
        values = {"day": _HOLIDAY, "kind": DayKind.HOLIDAY, "name": "A day for measuring", "source": "None"}
        calendar_service.decide_day(actor=administrator, calendar="AZ", values=values)
    results = [("a day made a holiday", *_run(administrator))]
    _withdraw(administrator)
    results.append(("the same taken back", *_run(administrator)))
    return results


def _withdraw(administrator: Actor) -> None:
    try:
        with unit_of_work():
            calendar_service.withdraw_day(actor=administrator, calendar="AZ", day=_HOLIDAY)
    except Conflict:
        return


def _run(administrator: Actor) -> tuple[int, float, float]:
    """Deliver the batches of the latest change one after another, each in its transaction, as the worker does."""
    began, busy = time.perf_counter(), time.process_time()
    change = change_service.list_changes(actor=administrator)[0]
    while change.finished_at is None:
        payload = {"change_id": change.id, "after": change.last_case_id}
        delivery = Delivery("bench", change_service.TOPIC, f"bench:{change.last_case_id}", payload, 1, "bench")
        db.session.remove()
        with unit_of_work():
            recomputing_service.on_law_changed(delivery)
        change = change_service.list_changes(actor=administrator)[0]
    return change.cases_done, time.perf_counter() - began, time.process_time() - busy


if __name__ == "__main__":
    main()
