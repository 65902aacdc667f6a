"""The measurements say what was measured."""

from tests.bench.harness import Report, Timing


def test_the_median_and_the_95th_of_100_calls() -> None:
    timing = Timing("list", 10, tuple(float(number) for number in range(1, 102)))
    assert (timing.median, timing.p95) == (51.0, 96.0)


def test_calls_to_warm_up_are_not_counted() -> None:
    seen: list[int] = []
    timing = Report("Lists").measure("list", 10, seen.append, range(5), warm_up=2)
    assert seen == [0, 1, 0, 1, 2, 3, 4]
    assert len(timing.milliseconds) == 5


def test_the_table_shows_the_growth_from_one_size_to_the_next() -> None:
    report = Report("Lists", [Timing("queue", 100_000, (30.0,)), Timing("queue", 10_000, (20.0,))])
    lines = report.table().splitlines()
    assert lines[1].split() == ["queue", "10,000", "1", "20.00", "20.00"]
    assert lines[2].split() == ["queue", "100,000", "1", "30.00", "30.00", "x1.50", "for", "x10"]
