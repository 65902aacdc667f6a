"""Dates of each agreement worked out by hand with a calendar on the table, the hard days first.

Days without work in Azerbaijan that the rows meet. 2024: 8, 11 (moved from 9), 12 and 13 November (for Saturdays 16 and
23, which were worked); 30 December and 3 January 2025 (for 28 and 29 December, a weekend that was worked), 31 December,
1 and 2 January. 2026: 20 to 30 March without a gap (Novruz 20-24, Ramazan 20-21, moved days 25-27 and 30);
the first day worked is Tuesday 31 March. 2026/2027: 31 December, 1, 2 and 4 January (moved from Saturday 2 January).
"""

from collections.abc import Sequence
from datetime import date

import pytest

from tests.unit.workflows.clock_examples import ACCELERATED, NORMAL, OWN, STATELESS, TCN, TRANSIT, clocks
from workflows.deadlines import ClockKind, Event, Extension, Stop
from workflows.terms import CaseKind, Procedure, Unit

K, E = ClockKind, Event

# state, kind, procedure, event, when, clock, due, article
ROWS = [
    # Norway, the length inferred from the EU text, no article read. 15 calendar days after the day in Baku.
    ("NO", OWN, NORMAL, E.RECEIPT, "2026-03-18T23:59+04:00", K.REPLY, "2026-04-02", ""),
    ("NO", OWN, NORMAL, E.RECEIPT, "2026-03-19T00:01+04:00", K.REPLY, "2026-04-03", ""),
    # 20:59 and 21:01 in Oslo are 23:59 of the 18th and 00:01 of the 19th in Baku.
    ("NO", OWN, NORMAL, E.RECEIPT, "2026-03-18T20:59+01:00", K.REPLY, "2026-04-02", ""),
    ("NO", OWN, NORMAL, E.RECEIPT, "2026-03-18T21:01+01:00", K.REPLY, "2026-04-03", ""),
    ("NO", OWN, NORMAL, E.RECEIPT, "2024-02-14", K.REPLY, "2024-02-29", ""),
    ("NO", OWN, NORMAL, E.RECEIPT, "2024-02-29", K.REPLY, "2024-03-15", ""),
    ("NO", OWN, NORMAL, E.RECEIPT, "2026-12-20", K.REPLY, "2027-01-04", ""),
    # Two working days of Azerbaijan: 31 March and 1 April; the worked Saturday 6 April 2024 and Monday 8 April.
    ("NO", TCN, ACCELERATED, E.RECEIPT, "2026-03-19", K.REPLY_ACCELERATED, "2026-04-01", ""),
    ("NO", TCN, ACCELERATED, E.RECEIPT, "2024-04-05", K.REPLY_ACCELERATED, "2024-04-08", ""),
    # Two working days of Norway: 2, 3 and 6 April 2026 are Easter: 7 and 8 April. 14 May is Ascension: 15 and 18 May.
    ("NO", TCN, ACCELERATED, E.APPREHENSION, "2026-04-01", K.SUBMISSION_ACCELERATED, "2026-04-08", ""),
    ("NO", TCN, ACCELERATED, E.APPREHENSION, "2026-05-13", K.SUBMISSION_ACCELERATED, "2026-05-18", ""),
    # The day of apprehension is Oslo's: Thursday 23:59 counts Friday 9 and Monday 12 October; 00:01 counts 12 and 13.
    ("NO", TCN, ACCELERATED, E.APPREHENSION, "2026-10-08T23:59+02:00", K.SUBMISSION_ACCELERATED, "2026-10-12", ""),
    ("NO", TCN, ACCELERATED, E.APPREHENSION, "2026-10-09T00:01+02:00", K.SUBMISSION_ACCELERATED, "2026-10-13", ""),
    ("NO", TCN, NORMAL, E.KNOWLEDGE, "2023-08-31", K.SUBMISSION, "2024-02-29", ""),
    ("NO", STATELESS, NORMAL, E.KNOWLEDGE, "2025-08-31", K.SUBMISSION, "2026-02-28", ""),
    ("NO", TCN, NORMAL, E.KNOWLEDGE, "2026-01-31T23:59+01:00", K.SUBMISSION, "2026-07-31", ""),
    ("NO", TCN, NORMAL, E.KNOWLEDGE, "2026-02-01T00:01+01:00", K.SUBMISSION, "2026-08-01", ""),
    # Five working days: 31 March, 1, 2, 3 and 6 April; 28 and 29 December 2024, 6, 7 and 8 January 2025.
    ("NO", OWN, NORMAL, E.ACCEPTANCE, "2026-03-19", K.DOCUMENT_ISSUE, "2026-04-06", ""),
    ("NO", OWN, NORMAL, E.ACCEPTANCE, "2024-12-27", K.DOCUMENT_ISSUE, "2025-01-08", ""),
    ("NO", OWN, NORMAL, E.ACCEPTANCE, "2026-08-31", K.TRANSFER, "2026-11-30", ""),
    ("NO", OWN, NORMAL, E.ACCEPTANCE, "2025-11-30", K.TRANSFER, "2026-02-28", ""),
    # EU: 29 February as the day of the event; six months from it end on 29 August.
    ("DE", OWN, NORMAL, E.RECEIPT, "2024-02-29", K.REPLY, "2024-03-15", "11"),
    ("DE", TCN, NORMAL, E.KNOWLEDGE, "2024-02-29", K.SUBMISSION, "2024-08-29", "11(1)"),
    ("DE", OWN, NORMAL, E.TRANSFER, "2024-02-29", K.ERROR_WINDOW, "2024-08-29", "13"),
    # EU, two working days over the moved days of November 2024: Thursday 14 and Friday 15.
    ("DE", TCN, ACCELERATED, E.RECEIPT, "2024-11-07", K.REPLY_ACCELERATED, "2024-11-15", "11"),
    # Friday 22 November: Saturday 23 is worked, then Monday 25.
    ("DE", TCN, ACCELERATED, E.RECEIPT, "2024-11-22", K.REPLY_ACCELERATED, "2024-11-25", "11"),
    # At 23:59 in Baku on Friday 5 April 2024 the worked Saturday counts first; at 00:01 it is the day of the event.
    ("DE", TCN, ACCELERATED, E.RECEIPT, "2024-04-05T23:59+04:00", K.REPLY_ACCELERATED, "2024-04-08", "11"),
    ("DE", TCN, ACCELERATED, E.RECEIPT, "2024-04-06T00:01+04:00", K.REPLY_ACCELERATED, "2024-04-09", "11"),
    # EU, five working days from Monday 28 December 2026: 29, 30 December, 5, 6, 7 January.
    ("DE", OWN, NORMAL, E.ACCEPTANCE, "2026-12-28", K.DOCUMENT_ISSUE, "2027-01-07", "3(4)"),
    # Switzerland: the same days, by its articles.
    ("CH", OWN, NORMAL, E.ACCEPTANCE, "2026-12-28", K.DOCUMENT_ISSUE, "2027-01-07", "2(4)"),
    ("CH", OWN, NORMAL, E.DOCUMENT_REISSUE_REQUESTED, "2026-03-19", K.DOCUMENT_REISSUE, "2026-04-06", "2(5)"),
    # Friday 15 November 2024: Saturday 16 is worked, then 18, 19, 20 and 21.
    ("CH", OWN, NORMAL, E.ACCEPTANCE, "2024-11-15", K.DOCUMENT_ISSUE, "2024-11-21", "2(4)"),
    ("CH", TCN, ACCELERATED, E.ACKNOWLEDGEMENT, "2024-04-05", K.REPLY_ACCELERATED, "2024-04-08", "8(2)"),
    ("CH", OWN, NORMAL, E.ACKNOWLEDGEMENT, "2024-02-29", K.REPLY, "2024-03-25", "8(2)"),
    ("CH", TRANSIT, NORMAL, E.RECEIPT, "2026-03-19", K.TRANSIT_REPLY, "2026-04-06", "12(2)"),
    ("CH", TRANSIT, NORMAL, E.RECEIPT, "2024-11-15", K.TRANSIT_REPLY, "2024-11-21", "12(2)"),
    # 30 days from 31 January 2024: 29 left in February of a leap year and one in March.
    ("CH", TRANSIT, NORMAL, E.ACCEPTANCE, "2024-01-31", K.TRANSIT_USE, "2024-03-01", "12(3)-(5)"),
    # Knowledge is a day of Bern: 31 October + 6 months has no 31 April; a minute past midnight it is 1 November.
    ("CH", TCN, NORMAL, E.KNOWLEDGE, "2025-10-31T23:59+01:00", K.SUBMISSION, "2026-04-30", "8(1)"),
    ("CH", TCN, NORMAL, E.KNOWLEDGE, "2025-11-01T00:01+01:00", K.SUBMISSION, "2026-05-01", "8(1)"),
    # Three working days of Bern back from Tuesday 5 January 2027: 4 January, 31 and 30 December.
    ("CH", OWN, NORMAL, E.TRANSFER_PLANNED, "2027-01-05", K.TRANSFER_NOTICE, "2026-12-30", "9(1)"),
    ("CH", OWN, NORMAL, E.TRANSFER, "2024-02-29", K.ERROR_WINDOW, "2024-08-29", "10"),
    ("CH", STATELESS, NORMAL, E.TRANSFER, "2024-02-29", K.ERROR_WINDOW, "2025-02-28", "10"),
]


@pytest.mark.parametrize(("state", "kind", "procedure", "event", "when", "clock", "due", "article"), ROWS)
def test_a_date_of_the_agreement(
    state: str,
    kind: CaseKind,
    procedure: Procedure,
    event: Event,
    when: str,
    clock: ClockKind,
    due: str,
    article: str,
) -> None:
    deadline = clocks(state, {event: when}, kind=kind, procedure=procedure)[clock]
    assert (deadline.due_on, deadline.term.source.article) == (date.fromisoformat(due), article)
    assert not deadline.is_internal


# state, kind, procedure, event, when, clock, internal target of Azerbaijan or of the requesting State, due
TARGETS = [
    # Where the text is silent: five working days for the transit reply, three of Norway back from a Monday in May.
    ("DE", TRANSIT, E.RECEIPT, "2026-03-19", K.TRANSIT_REPLY, "2026-04-06"),
    ("NO", TRANSIT, E.RECEIPT, "2024-11-15", K.TRANSIT_REPLY, "2024-11-21"),
    # Friday 15, Wednesday 13, Tuesday 12 May 2026: Thursday 14 is Ascension.
    ("NO", OWN, E.TRANSFER_PLANNED, "2026-05-18", K.TRANSFER_NOTICE, "2026-05-12"),
    ("NO", OWN, E.INTERVIEW_REQUESTED, "2026-03-19", K.INTERVIEW, "2026-04-06"),
    ("CH", OWN, E.INTERVIEW_REQUESTED, "2026-12-28", K.INTERVIEW, "2027-01-07"),
]


@pytest.mark.parametrize(("state", "kind", "event", "when", "clock", "due"), TARGETS)
def test_a_target_that_stands_in_binds_nobody(
    state: str, kind: CaseKind, event: Event, when: str, clock: ClockKind, due: str
) -> None:
    deadline = clocks(state, {event: when}, kind=kind)[clock]
    assert deadline.due_on == date.fromisoformat(due)
    assert deadline.is_internal
    assert not deadline.has_legal_effect


@pytest.mark.parametrize("kind", [OWN, TCN, STATELESS, TRANSIT])
def test_what_no_norwegian_article_says_has_no_day(kind: CaseKind) -> None:
    found = clocks("NO", dict.fromkeys((E.RECEIPT, E.ACCEPTANCE, E.TRANSFER), "2026-03-18"), kind=kind)
    assert {found[k].due_on for k in (K.ERROR_WINDOW, K.TRANSIT_USE) if k in found} == {None}
    assert not any(deadline.has_legal_effect for deadline in found.values())


APART = [(8, 10), (14, 15)]
TOUCHING = [(8, 10), (11, 13)]
OVERLAPPING = [(8, 11), (10, 13)]
WITHIN = [(8, 13), (9, 10)]
# state, kind, procedure, event of 6 April 2026 (a Monday), clock, spans of April, due, article.
STOPPED = [
    # 15 days: 21 April. Six days stand still however the six are written; five when a gap of three days runs between.
    ("DE", OWN, NORMAL, E.RECEIPT, K.REPLY, TOUCHING, "2026-04-27", "11"),
    ("DE", OWN, NORMAL, E.RECEIPT, K.REPLY, OVERLAPPING, "2026-04-27", "11"),
    ("DE", OWN, NORMAL, E.RECEIPT, K.REPLY, WITHIN, "2026-04-27", "11"),
    ("DE", OWN, NORMAL, E.RECEIPT, K.REPLY, APART, "2026-04-26", "11"),
    ("NO", OWN, NORMAL, E.RECEIPT, K.REPLY, TOUCHING, "2026-04-27", ""),
    ("NO", OWN, NORMAL, E.RECEIPT, K.REPLY, OVERLAPPING, "2026-04-27", ""),
    # 25 days: 1 May, six later 7 May.
    ("CH", OWN, NORMAL, E.ACKNOWLEDGEMENT, K.REPLY, TOUCHING, "2026-05-07", "8(2)"),
    ("CH", OWN, NORMAL, E.ACKNOWLEDGEMENT, K.REPLY, OVERLAPPING, "2026-05-07", "8(2)"),
    # Two working days, 7 and 8 April; with 8 to 13 stopped 7 counts, then Tuesday 14.
    ("DE", TCN, ACCELERATED, E.RECEIPT, K.REPLY_ACCELERATED, TOUCHING, "2026-04-14", "11"),
    ("CH", TCN, ACCELERATED, E.ACKNOWLEDGEMENT, K.REPLY_ACCELERATED, OVERLAPPING, "2026-04-14", "8(2)"),
    ("NO", TCN, ACCELERATED, E.RECEIPT, K.REPLY_ACCELERATED, WITHIN, "2026-04-14", ""),
    # Five working days, 7 to 13 April; with 8 to 13 stopped: 7, 14, 15, 16, 17.
    ("DE", OWN, NORMAL, E.ACCEPTANCE, K.DOCUMENT_ISSUE, TOUCHING, "2026-04-17", "3(4)"),
    ("CH", OWN, NORMAL, E.ACCEPTANCE, K.DOCUMENT_ISSUE, OVERLAPPING, "2026-04-17", "2(4)"),
    # Three months: 6 July, and six days.
    ("DE", OWN, NORMAL, E.ACCEPTANCE, K.TRANSFER, OVERLAPPING, "2026-07-12", "11(4)"),
    ("CH", OWN, NORMAL, E.ACCEPTANCE, K.TRANSFER, TOUCHING, "2026-07-12", "8(4)"),
    ("NO", OWN, NORMAL, E.ACCEPTANCE, K.TRANSFER, WITHIN, "2026-07-12", ""),
    # Transit in Switzerland: five working days as above; 30 days are 6 May, and six days.
    ("CH", TRANSIT, NORMAL, E.RECEIPT, K.TRANSIT_REPLY, TOUCHING, "2026-04-17", "12(2)"),
    ("CH", TRANSIT, NORMAL, E.ACCEPTANCE, K.TRANSIT_USE, OVERLAPPING, "2026-05-12", "12(3)-(5)"),
]


@pytest.mark.parametrize(("state", "kind", "procedure", "event", "clock", "spans", "due", "article"), STOPPED)
def test_stops_that_touch_or_overlap_stop_each_day_once(
    state: str,
    kind: CaseKind,
    procedure: Procedure,
    event: Event,
    clock: ClockKind,
    spans: Sequence[tuple[int, int]],
    due: str,
    article: str,
) -> None:
    stops = [Stop(date(2026, 4, first), date(2026, 4, last), "remedy") for first, last in spans]
    deadline = clocks(state, {event: "2026-04-06"}, kind=kind, procedure=procedure, stops=stops)[clock]
    assert (deadline.due_on, deadline.term.source.article) == (date.fromisoformat(due), article)


def test_stops_that_touch_over_novruz_take_only_the_days_that_are_worked() -> None:
    # From 19 March: 31 March, 1, 2, 3, 6 April. With 28 March to 1 April stopped, 2, 3, 6, 7, 8 April.
    stops = [Stop(date(2026, 3, 28), date(2026, 3, 31)), Stop(date(2026, 4, 1), date(2026, 4, 1))]
    found = clocks("CH", {E.ACCEPTANCE: "2026-03-19"}, stops=stops)
    assert found[K.DOCUMENT_ISSUE].due_on == date(2026, 4, 8)


# state, event, when, clock, length and unit of the extension, notified on the last day or one day late, due, article.
EXTENDED = [
    # Switzerland, a further 25 days on notice: 18 March + 25 = 12 April, + 25 = 7 May.
    ("CH", E.ACKNOWLEDGEMENT, "2026-03-18", K.REPLY, 25, Unit.CALENDAR_DAYS, "2026-04-12", "2026-05-07", "8(2)"),
    ("CH", E.ACKNOWLEDGEMENT, "2026-03-18", K.REPLY, 25, Unit.CALENDAR_DAYS, "2026-04-13", "2026-04-12", "8(2)"),
    # Over the year's end: 10 December + 25 = 4 January, + 25 = 29 January.
    ("CH", E.ACKNOWLEDGEMENT, "2026-12-10", K.REPLY, 25, Unit.CALENDAR_DAYS, "2027-01-04", "2027-01-29", "8(2)"),
    ("CH", E.ACKNOWLEDGEMENT, "2026-12-10", K.REPLY, 25, Unit.CALENDAR_DAYS, "2027-01-05", "2027-01-04", "8(2)"),
    # Into 29 February: 10 January 2024 + 25 = 4 February, + 25 = 29 February.
    ("CH", E.ACKNOWLEDGEMENT, "2024-01-10", K.REPLY, 25, Unit.CALENDAR_DAYS, "2024-02-04", "2024-02-29", "8(2)"),
    # The transfer limit, lengthened at request for as long as obstacles last, in all three.
    ("CH", E.ACCEPTANCE, "2026-04-01", K.TRANSFER, 1, Unit.MONTHS, "2026-07-01", "2026-08-01", "8(4)"),
    ("CH", E.ACCEPTANCE, "2026-04-01", K.TRANSFER, 1, Unit.MONTHS, "2026-07-02", "2026-07-01", "8(4)"),
    ("DE", E.ACCEPTANCE, "2026-08-31", K.TRANSFER, 10, Unit.CALENDAR_DAYS, "2026-11-30", "2026-12-10", "11(4)"),
    ("DE", E.ACCEPTANCE, "2026-08-31", K.TRANSFER, 10, Unit.CALENDAR_DAYS, "2026-12-01", "2026-11-30", "11(4)"),
    # A month from 28 February is 28 March, not 30: an extension counts from the last day that held, the earlier date.
    ("DE", E.ACCEPTANCE, "2025-11-30", K.TRANSFER, 1, Unit.MONTHS, "2026-02-28", "2026-03-28", "11(4)"),
    ("NO", E.ACCEPTANCE, "2026-03-19", K.TRANSFER, 2, Unit.MONTHS, "2026-06-19", "2026-08-19", ""),
    ("NO", E.ACCEPTANCE, "2026-03-19", K.TRANSFER, 2, Unit.MONTHS, "2026-06-20", "2026-06-19", ""),
    # The EU and Norwegian texts are not known to extend the reply; one that a person records counts by the same day.
    ("DE", E.RECEIPT, "2026-03-18", K.REPLY, 10, Unit.CALENDAR_DAYS, "2026-04-02", "2026-04-12", "11"),
    ("DE", E.RECEIPT, "2026-03-18", K.REPLY, 10, Unit.CALENDAR_DAYS, "2026-04-03", "2026-04-02", "11"),
    ("NO", E.RECEIPT, "2026-03-18", K.REPLY, 10, Unit.CALENDAR_DAYS, "2026-04-02", "2026-04-12", ""),
    ("NO", E.RECEIPT, "2026-03-18", K.REPLY, 10, Unit.CALENDAR_DAYS, "2026-04-03", "2026-04-02", ""),
]


@pytest.mark.parametrize(
    ("state", "event", "when", "clock", "length", "unit", "notified_on", "due", "article"), EXTENDED
)
def test_an_extension_notified_on_the_last_day_counts_and_one_day_late_does_not(
    state: str,
    event: Event,
    when: str,
    clock: ClockKind,
    length: int,
    unit: Unit,
    notified_on: str,
    due: str,
    article: str,
) -> None:
    extension = Extension(length, unit, "obstacle", date.fromisoformat(notified_on), clock.value)
    deadline = clocks(state, {event: when}, extensions=[extension])[clock]
    assert (deadline.due_on, deadline.term.source.article) == (date.fromisoformat(due), article)
