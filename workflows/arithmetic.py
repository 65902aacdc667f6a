"""Count a length from a day, over stops and extensions, and keep the arithmetic so that it can be shown.

Rules that hold everywhere: the day of the event is not counted; a month ends on the same day of a later month, or on
that month's last day where it has no such day; a stopped day is not counted, whichever unit the length has; a due day
in calendar days or months stays where it falls; a due day in working days is a working day.
"""

import calendar as month_lengths
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflows.calendars import WorkingCalendar
from workflows.terms import Unit

_ONE_DAY = timedelta(days=1)
_MONTHS_OF_YEAR = 12


class StepCode(StrEnum):
    """What one line of the arithmetic tells."""

    START = "start"
    CAUTIOUS_START = "cautious_start"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    WORKED_WEEKEND = "worked_weekend"
    MONTH_END = "month_end"
    STOPPED = "stopped"
    STOP_OPEN = "stop_open"
    EXTENDED = "extended"
    EXTENSION_LATE = "extension_late"
    COUNTED_BACK = "counted_back"
    SHARE = "share"
    UNKNOWN_LENGTH = "unknown_length"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: what happened on, or from, a day; `count` days or months; a name or ground."""

    code: StepCode
    on: date | None = None
    to_on: date | None = None
    count: int | None = None
    unit: Unit | None = None
    detail: str = ""
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """A span in which a clock does not run: both days are stopped; an open stop has no `to_on` yet.

    `clocks` names the kinds of clocks that it stops; empty stops every clock that counts forward.
    """

    from_on: date
    to_on: date | None = None
    ground: str = ""
    clocks: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on < self.from_on:
            raise ValueError("a stop ends before it begins")


@dataclass(frozen=True, slots=True)
class Extension:
    """A lengthening of a limit, valid only when notified no later than the limit's last day."""

    length: int
    unit: Unit
    ground: str = ""
    notified_on: date | None = None
    clock: str = ""

    def __post_init__(self) -> None:
        if self.length <= 0:
            raise ValueError("an extension has a positive length")
        if self.unit not in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS):
            raise ValueError(f"no limit is extended by {self.unit}")


@dataclass(frozen=True, slots=True)
class Count:
    """Where a count ended: the due day (None while a stop is open) and the lines that lead there.

    `held_on` is the day that would hold without the open stop; None where none is open.
    """

    due_on: date | None
    steps: tuple[Step, ...]
    rests_on_estimate: bool = False
    used_calendar: bool = False
    held_on: date | None = None


def merge_stops(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    """Return the stops as spans that neither overlap nor touch, in order; the grounds of merged ones are joined."""
    merged: list[Stop] = []
    for stop in sorted(stops, key=lambda s: (s.from_on, s.to_on or date.max)):
        last = merged[-1] if merged else None
        if last is None or (last.to_on is not None and stop.from_on > last.to_on + _ONE_DAY):
            merged.append(stop)
            continue
        to_on = None if last.to_on is None or stop.to_on is None else max(last.to_on, stop.to_on)
        grounds = dict.fromkeys(ground for ground in (*last.ground.split("; "), stop.ground) if ground)
        merged[-1] = Stop(last.from_on, to_on, "; ".join(grounds))
    return tuple(merged)


def add_months(on: date, months: int) -> tuple[date, bool]:
    """Return the day `months` later, and whether the month's last day had to stand in for a day that it lacks."""
    index = on.year * _MONTHS_OF_YEAR + on.month - 1 + months
    year, month = index // _MONTHS_OF_YEAR, index % _MONTHS_OF_YEAR + 1
    last = month_lengths.monthrange(year, month)[1]
    return date(year, month, min(on.day, last)), on.day > last


def count_forward(
    start_on: date,
    length: int,
    unit: Unit,
    *,
    calendar: WorkingCalendar,
    stops: Iterable[Stop] = (),
    extensions: Sequence[Extension] = (),
) -> Count:
    """Count `length` units from the day after `start_on`, over stops, and lengthen it by the extensions in order.

    Raises:
        ValueError: the length is not positive, or the unit is not one that is counted.
        CalendarEnds: working days run out of the calendar.
    """
    if length <= 0:
        raise ValueError("a length is positive")
    spans = merge_stops(stops)
    steps: list[Step] = [Step(StepCode.START, start_on)]
    due, held = _advance(start_on, length, unit, calendar, spans, steps)
    for extension in sorted(extensions, key=lambda e: e.notified_on or date.min):
        late = due is not None and extension.notified_on is not None and extension.notified_on > due
        code = StepCode.EXTENSION_LATE if late else StepCode.EXTENDED
        steps.append(Step(code, extension.notified_on, None, extension.length, extension.unit, detail=extension.ground))
        if due is None:
            held = last_day(held, extension.length, extension.unit, calendar)
        elif not late:
            due, held = _advance(due, extension.length, extension.unit, calendar, spans, steps)
    if due is not None:
        steps.append(Step(StepCode.DUE, due))
    used_calendar = unit is Unit.WORKING_DAYS or any(e.unit is Unit.WORKING_DAYS for e in extensions)
    estimate = used_calendar and due is not None and calendar.rests_on_estimate(start_on, due)
    return Count(due, tuple(steps), estimate, used_calendar, held if due is None else None)


def count_back(end_on: date, length: int, *, calendar: WorkingCalendar) -> Count:
    """Return the last working day that still lies `length` working days before a day, which is not counted."""
    due = calendar.add_working_days(end_on, -length)
    steps = [Step(StepCode.START, end_on)]
    steps += _skipped(due - _ONE_DAY, end_on - _ONE_DAY, calendar, ())
    steps.append(Step(StepCode.COUNTED_BACK, due, end_on - _ONE_DAY, length, Unit.WORKING_DAYS))
    steps.append(Step(StepCode.DUE, due))
    return Count(due, tuple(steps), calendar.rests_on_estimate(due, end_on), used_calendar=True)


def last_day(on: date, length: int, unit: Unit, calendar: WorkingCalendar) -> date:
    """Return the day a length later, without stops, extensions and the lines that lead there."""
    return _add(on, length, unit, calendar, [])


def _advance(
    on: date, length: int, unit: Unit, calendar: WorkingCalendar, spans: Sequence[Stop], steps: list[Step]
) -> tuple[date | None, date]:
    """Move a day on by a length and write the lines; no day when an open stop holds the count, and the day so far."""
    due = _add(on, length, unit, calendar, steps)
    for span in spans:
        first = max(span.from_on, on + _ONE_DAY)
        if (span.to_on is not None and span.to_on < first) or first > due:
            continue
        if span.to_on is None:
            steps.append(Step(StepCode.STOP_OPEN, first, detail=span.ground))
            return None, due
        if unit is Unit.WORKING_DAYS:
            lost = calendar.count_working_days(first - _ONE_DAY, span.to_on)
            due = calendar.add_working_days(due, lost)
        else:
            lost = (span.to_on - first).days + 1
            due += timedelta(days=lost)
        counted_in = Unit.WORKING_DAYS if unit is Unit.WORKING_DAYS else Unit.CALENDAR_DAYS
        steps.append(Step(StepCode.STOPPED, first, span.to_on, lost, counted_in, span.ground))
    if unit is Unit.WORKING_DAYS:
        steps += _skipped(on, due, calendar, spans)
    steps.append(Step(StepCode.COUNTED, on + _ONE_DAY, due, length, unit))
    return due, due


def _add(on: date, length: int, unit: Unit, calendar: WorkingCalendar, steps: list[Step]) -> date:
    """Return the day a length later, without stops."""
    if unit is Unit.CALENDAR_DAYS:
        return on + timedelta(days=length)
    if unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(on, length)
    if unit is not Unit.MONTHS:
        raise ValueError(f"no clock is counted in {unit}")
    due, is_month_end = add_months(on, length)
    if is_month_end:
        steps.append(Step(StepCode.MONTH_END, due))
    return due


def _skipped(after: date, until: date, calendar: WorkingCalendar, spans: Sequence[Stop]) -> list[Step]:
    """Return the days of a span that do not count as working days, and the weekends that do, stopped days left out."""
    steps: list[Step] = []
    for day in calendar.unusual_days(after, until):
        if any(span.from_on <= day and (span.to_on is None or day <= span.to_on) for span in spans):
            continue
        reason = calendar.why_not_working(day)
        if reason is None:
            if day in calendar.working_weekends:
                steps.append(Step(StepCode.WORKED_WEEKEND, day))
        elif reason:
            steps.append(Step(StepCode.HOLIDAY, day, detail=reason, is_estimated=day in calendar.estimated))
        elif steps and steps[-1].code is StepCode.WEEKEND and steps[-1].to_on == day - _ONE_DAY:
            steps[-1] = Step(StepCode.WEEKEND, steps[-1].on, day)
        else:
            steps.append(Step(StepCode.WEEKEND, day, day))
    return steps
