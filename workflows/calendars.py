"""Working days of a State: pure, and fast enough to date a whole caseload.

What is a holiday is given from outside (`ercms.agreements.calendars`); here it is only counted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class CalendarEnds(ValueError):
    """A count runs out of the years that the calendar covers."""


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one State from `first_on` to `last_on`.

    `holidays` names each non-working day beside the weekends, `working_weekends` holds the Saturdays and Sundays that
    were made working days, `estimated` the holidays whose day is not yet announced. `version` is stored with every date
    that was computed with the calendar.
    """

    name: str
    version: str
    first_on: date
    last_on: date
    holidays: Mapping[date, str] = field(default_factory=dict)
    working_weekends: frozenset[date] = frozenset()
    estimated: frozenset[date] = frozenset()
    _working: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _unusual: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _estimated: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = [date.fromordinal(day) for day in range(self.first_on.toordinal(), self.last_on.toordinal() + 1)]
        unusual = (day for day in days if day in self.working_weekends or not self._is_working(day))
        object.__setattr__(self, "_working", tuple(day.toordinal() for day in days if self._is_working(day)))
        object.__setattr__(self, "_unusual", tuple(unusual))
        object.__setattr__(self, "_estimated", tuple(sorted(self.estimated)))

    def _is_working(self, on: date) -> bool:
        if on in self.working_weekends:
            return True
        return on.weekday() < _SATURDAY and on not in self.holidays

    def is_working_day(self, on: date) -> bool:
        """Tell whether work is done on a day, moved days and working weekends included.

        Raises:
            CalendarEnds: the day lies outside the calendar.
        """
        if not self.first_on <= on <= self.last_on:
            raise CalendarEnds(f"{self.name}: {on} is outside {self.first_on} to {self.last_on}")
        return self._is_working(on)

    def add_working_days(self, on: date, count: int) -> date:
        """Return the day that lies `count` working days after a day, which itself is not counted.

        A negative count goes back. With a count of zero the day itself is given back, working or not.

        Raises:
            CalendarEnds: the count runs out of the calendar.
        """
        if count == 0:
            return on
        ordinal = on.toordinal()
        if count > 0:
            index = bisect_right(self._working, ordinal) + count - 1
        else:
            index = bisect_left(self._working, ordinal) + count
        if not 0 <= index < len(self._working) or not self.first_on <= on <= self.last_on:
            raise CalendarEnds(f"{self.name}: {count} working days from {on} leave {self.first_on} to {self.last_on}")
        return date.fromordinal(self._working[index])

    def count_working_days(self, after: date, until: date) -> int:
        """Return the number of working days after one day and up to another, the latter included."""
        return bisect_right(self._working, until.toordinal()) - bisect_right(self._working, after.toordinal())

    def last_working_day_until(self, on: date) -> date:
        """Return the day itself when it is a working day, else the last one before it."""
        return on if self.is_working_day(on) else self.add_working_days(on, -1)

    def why_not_working(self, on: date) -> str | None:
        """Return the holiday's name, an empty text for a plain weekend, or None for a working day."""
        if self._is_working(on):
            return None
        return self.holidays.get(on, "")

    def rests_on_estimate(self, first_on: date, last_on: date) -> bool:
        """Tell whether an estimated holiday in, or on a day next to, a span could move a date counted over it."""
        index = bisect_left(self._estimated, first_on - _ONE_DAY)
        return index < len(self._estimated) and self._estimated[index] <= last_on + _ONE_DAY

    def unusual_days(self, after: date, until: date) -> tuple[date, ...]:
        """Return days off and worked weekends after one day and up to another, the latter included."""
        return self._unusual[bisect_right(self._unusual, after) : bisect_right(self._unusual, until)]
