"""Keep the calendars of working days: the `holidays` package is the seed, a decision of a Cabinet wins over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import change_service, overlay, queries
from ercms.agreements.calendars import FIRST_YEAR, LAST_YEAR, calendar_for
from ercms.agreements.change_enums import DayKind, LawChangeKind
from ercms.agreements.models import CalendarDay
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.core.text import msg
from ercms.extensions import db

OUTSIDE = msg("The calendars do not cover this year.")
NO_WEEKEND = msg("This is no Saturday or Sunday.")
NAME_NEEDED = msg("A day off needs its name.")
DECIDED_SO = msg("The day is decided so already.")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DayDecision:
    """A decision on a day; `ended_at` where a later one replaced it or it was taken back."""

    day: date
    kind: DayKind
    name: str
    source: str
    recorded_by_id: str
    recorded_at: datetime
    ended_by_id: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A day that is not what the week makes of it: by the seed, by a decision, or by both."""

    day: date
    seed_name: str | None
    is_seed_worked: bool
    is_estimated: bool
    decision: DayDecision | None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of a calendar: what counts, where it comes from, and the decisions that were made."""

    calendar: str
    year: int
    version: str
    lines: tuple[CalendarLine, ...]
    history: tuple[DayDecision, ...]


def calendar_keys() -> tuple[str, ...]:
    """Return the calendars by which the agreements count, the home State's first."""
    agreements = overlay.current().agreements
    home = [agreement.home.calendar_key for agreement in agreements[:1]]
    partners = {party.calendar_key for agreement in agreements for party in agreement.partners if party.is_bound}
    return (*home, *sorted(partners - set(home)))


def calendar_year(*, actor: Actor, calendar: str, year: int) -> CalendarYear:
    """Return a year of a calendar with its seed, its decisions and their history.

    Raises:
        NotFound: `calendar_not_found`, or the year is outside what the calendars cover.
    """
    policy.check(actor, Permission.AGREEMENT_READ)
    if calendar not in calendar_keys() or not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("calendar_not_found")
    seed, now = calendar_for(calendar), overlay.current().calendars[calendar]
    first_on, last_on = date(year, 1, 1), date(year, 12, 31)
    history = tuple(_decision(row) for row in queries.list_days(calendar, first_on, last_on))
    decided = {one.day: one for one in history if one.ended_at is None}
    days = {day for day in (*seed.holidays, *seed.working_weekends, *decided) if day.year == year}
    lines = tuple(
        CalendarLine(
            day=day,
            seed_name=seed.holidays.get(day),
            is_seed_worked=day in seed.working_weekends,
            is_estimated=day in now.estimated,
            decision=decided.get(day),
        )
        for day in sorted(days)
    )
    return CalendarYear(calendar, year, now.version, lines, history)


def decide_day(*, actor: Actor, calendar: str, values: Mapping[str, Any]) -> DayDecision:
    """Record what a decision makes of a day: it wins over the seed, and open cases are computed anew.

    Raises:
        NotFound: `calendar_not_found`.
        InvalidInput: the day is outside the calendar, no weekend, without a name, or decided so already.
    """
    policy.check(actor, Permission.CALENDAR_MANAGE)
    if calendar not in calendar_keys():
        raise NotFound("calendar_not_found")
    day, kind, name = values["day"], values["kind"], values.get("name") or ""
    former = queries.find_current_day(calendar, day)
    _check(day, kind, name, former)
    if former is not None:
        former.ended_by_id, former.ended_at = actor.user_id, clock.now()
        db.session.flush()
    row = CalendarDay(
        calendar=calendar,
        day=day,
        kind=kind,
        name=name,
        source=values["source"],
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _changed(actor, calendar, day, kind.value)
    return _decision(row)


def withdraw_day(*, actor: Actor, calendar: str, day: date) -> None:
    """Take a decision on a day back: the seed speaks again, and open cases are computed anew.

    Raises:
        Conflict: `day_not_decided`.
    """
    policy.check(actor, Permission.CALENDAR_MANAGE)
    row = queries.find_current_day(calendar, day)
    if row is None:
        raise Conflict("day_not_decided")
    row.ended_by_id, row.ended_at = actor.user_id, clock.now()
    db.session.flush()
    _changed(actor, calendar, day, "seed")


def _check(day: date, kind: DayKind, name: str, former: CalendarDay | None) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput("bad_day", fields={"day": [OUTSIDE]})
    if kind is DayKind.WORKING_WEEKEND and day.weekday() < _SATURDAY:
        raise InvalidInput("bad_day", fields={"day": [NO_WEEKEND]})
    if kind is DayKind.HOLIDAY and not name:
        raise InvalidInput("bad_day", fields={"name": [NAME_NEEDED]})
    if former is not None and (former.kind, former.name) == (kind, name):
        raise InvalidInput("bad_day", fields={"day": [DECIDED_SO]})


def _changed(actor: Actor, calendar: str, day: date, kind: str) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.CALENDAR_CHANGED,
        chain=audit.SYSTEM_CHAIN,
        record_type="calendar",
        record_id=calendar,
        payload={"calendar": calendar, "day": day.isoformat(), "day_kind": kind},
    )
    change_service.note_change(actor=actor, kind=LawChangeKind.CALENDAR, subject=calendar)


def _decision(row: CalendarDay) -> DayDecision:
    return DayDecision(
        day=row.day,
        kind=row.kind,
        name=row.name,
        source=row.source,
        recorded_by_id=row.recorded_by_id,
        recorded_at=row.recorded_at,
        ended_by_id=row.ended_by_id,
        ended_at=row.ended_at,
    )
