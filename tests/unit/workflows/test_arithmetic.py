import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ercms.agreements.calendars import calendar_for
from workflows.arithmetic import Extension, StepCode, Stop, add_months, count_back, count_forward, merge_stops
from workflows.terms import Unit

AZ = calendar_for("AZ")
START = date(2026, 4, 1)
DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))
UNITS = st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS])
LENGTHS = st.integers(1, 40)


@st.composite
def stops(draw: st.DrawFn) -> Stop:
    from_on = draw(DAYS)
    return Stop(from_on, from_on + timedelta(days=draw(st.integers(0, 400))), draw(st.sampled_from(["", "remedy"])))


@st.composite
def extensions(draw: st.DrawFn) -> Extension:
    return Extension(draw(LENGTHS), draw(UNITS), notified_on=draw(DAYS))


@pytest.mark.parametrize(
    ("start", "months", "expected", "is_month_end"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28), True),
        (date(2023, 8, 31), 6, date(2024, 2, 29), True),
        (date(2024, 2, 29), 12, date(2025, 2, 28), True),
        (date(2024, 2, 29), 3, date(2024, 5, 29), False),
        (date(2025, 11, 30), 3, date(2026, 2, 28), True),
        (date(2025, 12, 31), 2, date(2026, 2, 28), True),
        (date(2025, 10, 15), 3, date(2026, 1, 15), False),
        (date(2025, 12, 1), 12, date(2026, 12, 1), False),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(
    start: date, months: int, expected: date, is_month_end: bool
) -> None:
    assert add_months(start, months) == (expected, is_month_end)


# 1 April 2026 + 10 calendar days = 11 April; each row adds the days that stand still.
STOP_ROWS = [
    ("none", [], date(2026, 4, 11)),
    ("inside", [(3, 5)], date(2026, 4, 14)),
    ("touching", [(3, 5), (6, 7)], date(2026, 4, 16)),
    ("overlapping", [(3, 6), (5, 7)], date(2026, 4, 16)),
    ("one in the other", [(3, 8), (5, 6)], date(2026, 4, 17)),
    ("two apart", [(3, 4), (8, 8)], date(2026, 4, 14)),
    ("on the last day", [(11, 12)], date(2026, 4, 13)),
    ("after the last day", [(12, 20)], date(2026, 4, 11)),
    ("over the event", [(-5, 2)], date(2026, 4, 12)),
    ("before the event", [(-5, 1)], date(2026, 4, 11)),
    ("reached only through the first", [(10, 12), (13, 15)], date(2026, 4, 17)),
    ("reached after the first, apart", [(10, 12), (14, 15)], date(2026, 4, 16)),
]


@pytest.mark.parametrize(("name", "spans", "expected"), STOP_ROWS, ids=[row[0] for row in STOP_ROWS])
def test_a_stop_adds_the_days_that_it_covers(name: str, spans: list[tuple[int, int]], expected: date) -> None:
    first = date(2026, 4, 1) - timedelta(days=1)
    given_stops = [Stop(first + timedelta(days=a), first + timedelta(days=b)) for a, b in spans]
    assert count_forward(START, 10, Unit.CALENDAR_DAYS, calendar=AZ, stops=given_stops).due_on == expected


def test_stopped_working_days_are_counted_later() -> None:
    # 1 April 2026 is a Wednesday: 2, 3, 6, 7, 8 are the five; with 3 to 6 stopped: 2, 7, 8, 9, 10.
    stop = Stop(date(2026, 4, 3), date(2026, 4, 6), "remedy")
    count = count_forward(START, 5, Unit.WORKING_DAYS, calendar=AZ, stops=[stop])
    assert count.due_on == date(2026, 4, 10)
    assert [(s.on, s.to_on, s.count, s.detail) for s in count.steps if s.code is StepCode.STOPPED] == [
        (date(2026, 4, 3), date(2026, 4, 6), 2, "remedy")
    ]


def test_an_open_stop_leaves_no_due_day_and_says_so() -> None:
    count = count_forward(START, 10, Unit.CALENDAR_DAYS, calendar=AZ, stops=[Stop(date(2026, 4, 5), None, "crisis")])
    assert count.due_on is None
    assert (count.steps[-1].code, count.steps[-1].detail) == (StepCode.STOP_OPEN, "crisis")


def test_an_open_stop_after_the_limit_changes_nothing() -> None:
    count = count_forward(START, 10, Unit.CALENDAR_DAYS, calendar=AZ, stops=[Stop(date(2026, 4, 12))])
    assert count.due_on == date(2026, 4, 11)


@pytest.mark.parametrize(
    ("notified_on", "expected", "code"),
    [
        (date(2026, 4, 11), date(2026, 5, 6), StepCode.EXTENDED),
        (date(2026, 4, 12), date(2026, 4, 11), StepCode.EXTENSION_LATE),
    ],
)
def test_an_extension_counts_when_notified_by_the_last_day(notified_on: date, expected: date, code: StepCode) -> None:
    extension = Extension(25, Unit.CALENDAR_DAYS, "needed", notified_on)
    count = count_forward(START, 10, Unit.CALENDAR_DAYS, calendar=AZ, extensions=[extension])
    assert count.due_on == expected
    assert code in [step.code for step in count.steps]


def test_a_stop_can_bring_an_extension_into_time() -> None:
    extension = Extension(5, Unit.CALENDAR_DAYS, notified_on=date(2026, 4, 12))
    stop = Stop(date(2026, 4, 5), date(2026, 4, 5))
    count = count_forward(START, 10, Unit.CALENDAR_DAYS, calendar=AZ, stops=[stop], extensions=[extension])
    assert count.due_on == date(2026, 4, 17)


def test_each_skipped_day_is_named_with_its_reason() -> None:
    count = count_forward(date(2026, 3, 19), 1, Unit.WORKING_DAYS, calendar=AZ)
    skipped = [(s.code, s.on, s.detail) for s in count.steps if s.code in (StepCode.HOLIDAY, StepCode.WEEKEND)]
    assert skipped[0] == (StepCode.HOLIDAY, date(2026, 3, 20), "Eid al-Fitr; Spring Festival")
    assert (StepCode.WEEKEND, date(2026, 3, 28), "") in skipped
    assert skipped[-1] == (StepCode.HOLIDAY, date(2026, 3, 30), "Eid al-Fitr (observed)")


def test_a_worked_saturday_is_shown() -> None:
    count = count_forward(date(2024, 4, 5), 2, Unit.WORKING_DAYS, calendar=AZ)
    assert count.due_on == date(2024, 4, 8)
    assert StepCode.WORKED_WEEKEND in [step.code for step in count.steps]


@pytest.mark.parametrize("length", [0, -1])
def test_a_length_that_is_not_positive_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        count_forward(START, length, Unit.MONTHS, calendar=AZ)
    with pytest.raises(ValueError, match="positive"):
        Extension(length, Unit.MONTHS)


def test_a_unit_that_no_limit_is_counted_in_is_refused() -> None:
    with pytest.raises(ValueError, match="kilometres"):
        count_forward(START, 1, Unit.KILOMETRES, calendar=AZ)
    with pytest.raises(ValueError, match="percent"):
        Extension(1, Unit.PERCENT)


def test_a_stop_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Stop(date(2026, 4, 2), date(2026, 4, 1))


@given(st.lists(stops(), max_size=6))
def test_merged_stops_neither_overlap_nor_touch(given_stops: list[Stop]) -> None:
    merged = merge_stops(given_stops)
    for before, after in itertools.pairwise(merged):
        assert before.to_on is not None
        assert after.from_on > before.to_on + timedelta(days=1)


@given(
    start=DAYS,
    length=LENGTHS,
    unit=UNITS,
    given_stops=st.lists(stops(), max_size=4),
    one_more=stops(),
    given_extensions=st.lists(extensions(), max_size=2),
)
def test_adding_a_stop_never_makes_a_date_earlier(
    start: date, length: int, unit: Unit, given_stops: list[Stop], one_more: Stop, given_extensions: list[Extension]
) -> None:
    def due(all_stops: list[Stop]) -> date | None:
        return count_forward(start, length, unit, calendar=AZ, stops=all_stops, extensions=given_extensions).due_on

    before, after = due(given_stops), due([*given_stops, one_more])
    assert before is not None
    assert after is not None
    assert after >= before


@given(start=DAYS, length=LENGTHS, given_stops=st.lists(stops(), max_size=3))
def test_a_date_in_working_days_is_a_working_day_that_is_not_stopped(
    start: date, length: int, given_stops: list[Stop]
) -> None:
    due = count_forward(start, length, Unit.WORKING_DAYS, calendar=AZ, stops=given_stops).due_on
    assert due is not None
    assert AZ.is_working_day(due)
    assert not any(stop.from_on <= due <= (stop.to_on or due) for stop in given_stops)


@given(start=DAYS, length=LENGTHS, given_stops=st.lists(stops(), max_size=3))
def test_exactly_the_length_lies_outside_the_stops(start: date, length: int, given_stops: list[Stop]) -> None:
    due = count_forward(start, length, Unit.CALENDAR_DAYS, calendar=AZ, stops=given_stops).due_on
    assert due is not None
    days = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    running = [d for d in days if not any(s.from_on <= d <= (s.to_on or d) for s in given_stops)]
    assert len(running) == length


@given(end=DAYS, length=LENGTHS)
def test_counting_back_leaves_the_full_length_before_the_day(end: date, length: int) -> None:
    due = count_back(end, length, calendar=AZ).due_on
    assert due is not None
    assert AZ.is_working_day(due)
    assert AZ.count_working_days(due, end - timedelta(days=1)) == length - 1


@given(start=DAYS, length=LENGTHS, unit=UNITS, given_stops=st.lists(stops(), max_size=4), data=st.data())
def test_the_order_in_which_stops_were_recorded_moves_no_date(
    start: date, length: int, unit: Unit, given_stops: list[Stop], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(given_stops))
    one, other = (count_forward(start, length, unit, calendar=AZ, stops=some) for some in (given_stops, shuffled))
    assert (one.due_on, one.held_on) == (other.due_on, other.held_on)


@given(
    start=DAYS, length=LENGTHS, unit=UNITS, from_on=DAYS, days=st.integers(1, 200), cut=st.data(), shared=st.booleans()
)
def test_stops_that_touch_or_overlap_count_as_the_one_that_they_make(
    start: date, length: int, unit: Unit, from_on: date, days: int, cut: st.DataObject, shared: bool
) -> None:
    whole = Stop(from_on, from_on + timedelta(days=days))
    first = Stop(from_on, from_on + timedelta(days=cut.draw(st.integers(0, days - 1))))
    assert first.to_on is not None
    rest = Stop(first.to_on + timedelta(days=0 if shared else 1), whole.to_on)
    parts = count_forward(start, length, unit, calendar=AZ, stops=[first, rest]).due_on
    assert parts == count_forward(start, length, unit, calendar=AZ, stops=[whole]).due_on


@given(end=DAYS, length=LENGTHS, key=st.sampled_from(["AZ", "DE", "CH-BE", "NO"]))
def test_counting_forward_from_what_was_counted_back_comes_to_the_day(end: date, length: int, key: str) -> None:
    calendar = calendar_for(key)
    due = count_back(end, length, calendar=calendar).due_on
    assert due is not None
    there = count_forward(due, length, Unit.WORKING_DAYS, calendar=calendar).due_on
    # From the last day of the notice, as many working days on is the day itself, or the first one worked after it.
    assert there == (end if calendar.is_working_day(end) else calendar.add_working_days(end, 1))
    assert count_back(there, length, calendar=calendar).due_on == due
