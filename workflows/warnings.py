"""When a running limit is to be warned of, and to whom: a rising schedule, as data.

Pure: the schedule stands in `workflows/agreements/internal.toml`. No stop silences a warning; a clock that stands still
is warned of by the day that held before the stop.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from workflows.agreement_files import INTERNAL_FILE
from workflows.calendars import WorkingCalendar
from workflows.clocks import ClockKind


class Told(StrEnum):
    """Who is warned."""

    OWING = "owing"
    """Whoever owes the act of this limit."""
    OFFICER = "officer"
    SUPERVISORS = "supervisors"
    REQUESTING = "requesting"
    MISSION = "mission"


@dataclass(frozen=True, slots=True)
class WarningStep:
    """One step of the schedule: by a share of the span in percent, by days before the due day, or by working days.

    `on_last_working_day` is the last working day up to the due day: a limit that runs out within a weekend or a row of
    holidays is warned of while somebody still works.
    """

    code: str
    tell: tuple[Told, ...]
    share: int | None = None
    days_before: int | None = None
    on_last_working_day: bool = False

    def day(self, started_on: date, due_on: date, calendar: WorkingCalendar) -> date:
        """Return the first day on which this step is due; the calendar is that of whoever owes the act."""
        if self.on_last_working_day:
            return calendar.last_working_day_until(due_on)
        if self.days_before is not None:
            return due_on - timedelta(days=self.days_before)
        span = (due_on - started_on).days
        if span <= 0:
            # A limit counted back from a planned day has no share that could have run.
            return due_on
        return started_on + timedelta(days=-(-span * (self.share or 0) // 100))


@dataclass(frozen=True, slots=True)
class WarningSchedule:
    """The steps in their order, and who owes the act of each kind of clock; other kinds are not warned of."""

    steps: tuple[WarningStep, ...]
    owed_by: Mapping[ClockKind, Told]

    def step_due(self, *, started_on: date, due_on: date, today: date, calendar: WorkingCalendar) -> WarningStep | None:
        """Return the last step whose day has come: what a late start passed over is not made up for.

        Of steps that fall on one day, the later one counts. Shares do not outrun the days before the due day, so that
        a limit of two days goes straight to its last steps.
        """
        reached = [step for step in self.steps if step.day(started_on, due_on, calendar) <= today]
        return reached[-1] if reached else None

    def days(self, started_on: date, due_on: date, calendar: WorkingCalendar) -> tuple[tuple[WarningStep, date], ...]:
        """Return each step with its day; one that a later step overtakes on or before that day has none of its own."""
        days = [(step, step.day(started_on, due_on, calendar)) for step in self.steps]
        return tuple((step, on) for n, (step, on) in enumerate(days) if all(on < later for _, later in days[n + 1 :]))

    def audience(self, kind: ClockKind, step: WarningStep) -> tuple[Told, ...]:
        """Return whom a step tells, with the one who owes the act by name."""
        named = (self.owed_by[kind] if told is Told.OWING else told for told in step.tell)
        return tuple(dict.fromkeys(named))


def parse_schedule(document: Mapping[str, Any]) -> WarningSchedule:
    """Return the schedule that a parsed file describes.

    Raises:
        ValueError: a step has neither a share nor days, or both; or nobody is told.
    """
    steps = tuple(
        WarningStep(
            entry["code"],
            tuple(map(Told, entry["tell"])),
            entry.get("share"),
            entry.get("days_before"),
            entry.get("on_last_working_day", False),
        )
        for entry in document["steps"]
    )
    for step in steps:
        ways = (step.share is not None, step.days_before is not None, step.on_last_working_day)
        if sum(ways) != 1 or not step.tell:
            raise ValueError(
                f"{step.code}: a step has one of a share, days and the last working day, and tells somebody"
            )
    owed_by = {ClockKind(kind): Told(told) for kind, told in document["owed_by"].items()}
    return WarningSchedule(steps, MappingProxyType(owed_by))


@cache
def load_schedule() -> WarningSchedule:
    """Return the schedule on file."""
    return parse_schedule(tomllib.loads(INTERNAL_FILE.read_text(encoding="utf-8"))["warnings"])
