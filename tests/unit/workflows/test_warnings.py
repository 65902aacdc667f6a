"""The schedule of warnings."""

from datetime import date, timedelta

import pytest

from ercms.agreements.calendars import Calendars
from workflows.calendars import WorkingCalendar
from workflows.clocks import ClockKind
from workflows.warnings import Told, WarningStep, load_schedule, parse_schedule

# Every day until June is worked here but the weekends; 30 May is a Saturday.
AZ = WorkingCalendar("AZ", "test", date(2025, 1, 1), date(2027, 1, 1))
START = date(2026, 3, 3)


def _step(due_on: date, today: date, calendar: WorkingCalendar = AZ) -> WarningStep | None:
    return load_schedule().step_due(started_on=START, due_on=due_on, today=today, calendar=calendar)


def _codes(length: int) -> dict[int, str]:
    """Return on which days after the start a new step comes."""
    due_on, found, last = START + timedelta(days=length), {}, ""
    for day in range(length + 5):
        today = START + timedelta(days=day)
        step = load_schedule().step_due(started_on=START, due_on=due_on, today=today, calendar=AZ)
        if step is not None and step.code != last:
            found[day] = last = step.code
    return found


def test_warnings_rise_from_half_of_the_time_to_the_day_after() -> None:
    expected = {45: "half", 68: "three_quarters", 87: "three_days", 89: "one_day", 90: "last_day", 91: "passed"}
    assert _codes(90) == expected


def test_a_limit_of_two_days_goes_straight_to_its_last_steps() -> None:
    assert _codes(2) == {0: "three_days", 1: "one_day", 2: "last_day", 3: "passed"}


def test_a_day_counted_back_from_a_planned_transfer_is_warned_of_by_days_only() -> None:
    due_on = START - timedelta(days=5)
    codes = [
        step.code if step else None
        for days in (-6, -3, -1, 0, 1)
        for step in [_step(due_on, due_on + timedelta(days=days))]
    ]
    assert codes == [None, "three_days", "one_day", "last_day", "passed"]


def test_a_limit_that_ends_on_a_sunday_is_warned_of_on_the_friday() -> None:
    sunday = date(2026, 5, 31)
    found = [_step(sunday, sunday + timedelta(days=days)) for days in (-3, -2, -1, 0, 1)]
    codes = [step.code if step else None for step in found]
    assert codes == ["three_days", "last_working_day", "last_working_day", "last_day", "passed"]
    assert Told.REQUESTING in load_schedule().audience(ClockKind.REPLY, found[1] or load_schedule().steps[0])


def test_a_limit_that_ends_within_novruz_is_warned_of_on_the_last_day_before_it() -> None:
    # Novruz and Ramazan of 2026: nobody works from Friday 20 March to Monday 30 March, moved days included.
    baku = Calendars()["AZ"]
    codes = {}
    for day in (18, 19, 24, 27, 28):
        step = _step(date(2026, 3, 27), date(2026, 3, day), baku)
        codes[day] = step.code if step else None
    expected = {18: "half", 19: "last_working_day", 24: "last_working_day", 27: "last_day", 28: "passed"}
    assert codes == expected


def test_each_later_step_tells_everybody_whom_an_earlier_one_told() -> None:
    schedule = load_schedule()
    for kind in schedule.owed_by:
        told: set[Told] = set()
        for step in schedule.steps:
            assert told <= set(schedule.audience(kind, step))
            told = set(schedule.audience(kind, step))


def test_whoever_owes_the_act_is_warned_first_and_in_the_end_both_sides() -> None:
    schedule = load_schedule()
    first, last = schedule.steps[0], schedule.steps[-1]
    assert schedule.audience(ClockKind.TRANSFER, first) == (Told.REQUESTING,)
    assert schedule.audience(ClockKind.REPLY, first) == (Told.OFFICER,)
    assert set(schedule.audience(ClockKind.REPLY, last)) == {Told.OFFICER, Told.SUPERVISORS, Told.REQUESTING}


@pytest.mark.parametrize(
    "step",
    [
        {"code": "both", "share": 50, "days_before": 1, "tell": ["owing"]},
        {"code": "neither", "tell": ["owing"]},
        {"code": "both_again", "on_last_working_day": True, "share": 50, "tell": ["owing"]},
        {"code": "nobody", "share": 50, "tell": []},
        {"code": "stranger", "share": 50, "tell": ["everybody"]},
    ],
)
def test_a_step_that_makes_no_sense_is_refused(step: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"step|Told"):
        parse_schedule({"steps": [step], "owed_by": {"reply": "officer"}})
