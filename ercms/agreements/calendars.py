"""Build the working calendars of the parties from the `holidays` package, with what an administrator laid over it."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.metadata import version

import holidays

from workflows.calendars import WorkingCalendar

FIRST_YEAR = 2013
LAST_YEAR = 2040

_ENGLISH = "en_US"
_ESTIMATED = "estimated"

Overrides = Mapping[date, str | None]


def calendar_for(key: str, overrides: Overrides | None = None) -> WorkingCalendar:
    """Return the working calendar of a country, or of one part of it (`CH-BE`).

    `overrides` maps a day to the name that makes it a day off, or to None where it is worked (a decision of a Cabinet
    that swaps days); an announced day is no longer an estimate. Built once for each set of overrides.

    Raises:
        NotImplementedError: the package knows no such country or part.
    """
    return _build(key, tuple(sorted((overrides or {}).items(), key=lambda item: item[0])))


@lru_cache(maxsize=128)
def _build(key: str, overrides: tuple[tuple[date, str | None], ...]) -> WorkingCalendar:
    country, _, subdivision = key.partition("-")
    known = holidays.country_holidays(
        country, subdiv=subdivision or None, years=range(FIRST_YEAR, LAST_YEAR + 1), language=_ENGLISH
    )
    names = {on: str(name) for on, name in known.items()}
    estimated = {on for on, name in names.items() if _ESTIMATED in name}
    working_weekends = {on for on in known.weekend_workdays if FIRST_YEAR <= on.year <= LAST_YEAR}
    for on, name in overrides:
        estimated.discard(on)
        if name is None:
            names.pop(on, None)
            working_weekends.add(on)
        else:
            names[on] = name
            working_weekends.discard(on)
    package = version("holidays")
    digest = hashlib.sha256(repr((sorted(names.items()), sorted(working_weekends))).encode()).hexdigest()[:8]
    return WorkingCalendar(
        name=key,
        version=f"{key}/holidays-{package}/{digest}",
        first_on=date(FIRST_YEAR, 1, 1),
        last_on=date(LAST_YEAR, 12, 31),
        holidays=names,
        working_weekends=frozenset(on for on in working_weekends if on.weekday() in known.weekend),
        estimated=frozenset(estimated),
    )


class Calendars(Mapping[str, WorkingCalendar]):
    """The calendars by key, each built when it is first asked for."""

    def __init__(self, overrides: Mapping[str, Overrides] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._asked_for: dict[str, WorkingCalendar] = {}

    def __getitem__(self, key: str) -> WorkingCalendar:
        if key not in self._asked_for:
            self._asked_for[key] = calendar_for(key, self._overrides.get(key))
        return self._asked_for[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._asked_for)

    def __len__(self) -> int:
        return len(self._asked_for)
