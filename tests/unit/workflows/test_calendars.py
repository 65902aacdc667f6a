from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ercms.agreements.calendars import calendar_for
from workflows.calendars import CalendarEnds

AZ = calendar_for("AZ")
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def test_novruz_and_ramazan_of_2026_are_moved_as_the_cabinet_announced() -> None:
    # Decision 362 of 2 December 2025: free from 20 to 30 March, first working day 31 March.
    free = [date(2026, 3, 19) + timedelta(days=n) for n in range(1, 12)]
    assert not any(AZ.is_working_day(day) for day in free)
    assert AZ.is_working_day(date(2026, 3, 19))
    assert AZ.add_working_days(date(2026, 3, 19), 1) == date(2026, 3, 31)


@pytest.mark.parametrize(("year", "expected"), [(2024, 241), (2026, 241)])
def test_the_years_have_the_announced_number_of_working_days(year: int, expected: int) -> None:
    assert AZ.count_working_days(date(year - 1, 12, 31), date(year, 12, 31)) == expected


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 1, 7),
        date(2024, 4, 6),
        date(2024, 11, 16),
        date(2024, 11, 23),
        date(2024, 12, 28),
        date(2024, 12, 29),
    ],
)
def test_swapped_weekends_of_2024_are_working_days(day: date) -> None:
    assert day.weekday() >= 5
    assert AZ.is_working_day(day)
    assert AZ.add_working_days(day - timedelta(days=1), 1) == day


def test_religious_days_of_2027_are_marked_as_estimated() -> None:
    assert AZ.rests_on_estimate(date(2027, 3, 1), date(2027, 3, 12))
    assert not AZ.rests_on_estimate(date(2026, 3, 1), date(2026, 4, 30))


def test_a_day_next_to_an_estimate_rests_on_it_too() -> None:
    assert AZ.rests_on_estimate(date(2027, 3, 1), date(2027, 3, 8))
    assert not AZ.rests_on_estimate(date(2027, 3, 1), date(2027, 3, 7))


def test_an_override_makes_days_free_or_worked_and_changes_the_version() -> None:
    saturday, monday = date(2026, 4, 11), date(2026, 4, 13)
    changed = calendar_for("AZ", {saturday: None, monday: "Day off"})
    assert changed.is_working_day(saturday)
    assert not changed.is_working_day(monday)
    assert changed.version != AZ.version
    assert AZ.is_working_day(monday)


def test_an_announced_day_is_no_longer_an_estimate() -> None:
    announced = {day: "Ramazan" for day in AZ.estimated if day.year == 2027}
    assert not calendar_for("AZ", announced).rests_on_estimate(date(2027, 1, 1), date(2027, 12, 31))


def test_a_count_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarEnds):
        AZ.add_working_days(AZ.last_on, 1)
    with pytest.raises(CalendarEnds):
        AZ.is_working_day(AZ.first_on - timedelta(days=1))


@given(day=DAYS, count=st.integers(1, 200))
def test_a_day_found_by_counting_is_a_working_day(day: date, count: int) -> None:
    assert AZ.is_working_day(AZ.add_working_days(day, count))
    assert AZ.is_working_day(AZ.add_working_days(day, -count))


@given(day=DAYS, count=st.integers(1, 200))
def test_counting_forward_and_back_agree(day: date, count: int) -> None:
    forward = AZ.add_working_days(day, count)
    assert AZ.count_working_days(day, forward) == count
    start = day if AZ.is_working_day(day) else AZ.add_working_days(day, -1)
    assert AZ.add_working_days(forward, -count) == start


@pytest.mark.parametrize("year", [2024, 2026, 2027])
def test_what_is_read_off_the_calendar_is_what_each_day_says(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    for first, last in ((0, 364), (60, 100), (75, 75), (150, 200)):
        span = days[first + 1 : last + 1]
        said = tuple(day for day in span if not AZ.is_working_day(day) or day in AZ.working_weekends)
        assert AZ.unusual_days(days[first], days[last]) == said
        near = [day for day in AZ.estimated if days[first] - timedelta(1) <= day <= days[last] + timedelta(1)]
        assert AZ.rests_on_estimate(days[first], days[last]) is bool(near)
