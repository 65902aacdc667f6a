"""A hidden number cannot be worked out: checked by trying every table that fits what was published."""

import itertools
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ercms.statistics.suppression import THRESHOLD, Table, fold_small_rows, is_enough, suppress, with_totals

Rows = list[list[int]]


def ways(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Give every way to share a total among some cells."""
    if parts == 0:
        if total == 0:
            yield ()
        return
    for first in range(total + 1) if parts > 1 else (total,):
        for rest in ways(total - first, parts - 1):
            yield (first, *rest)


def fitting(published: Table) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Give every table, totals last, that agrees with all that was published."""
    *rows, totals = published.cells
    choices = []
    for *cells, total in rows:
        assert total is not None, "the totals of the rows are always shown"
        gaps = [j for j, value in enumerate(cells) if value is None]
        known = sum(value for value in cells if value is not None)
        options = []
        for way in ways(total - known, len(gaps)):
            filled = [value if value is not None else way[gaps.index(j)] for j, value in enumerate(cells)]
            options.append(filled)
        choices.append(options)
    for combination in itertools.product(*choices):
        full = with_totals(combination)
        if all(shown is None or shown == value for shown, value in zip(totals, full[-1], strict=True)):
            yield full


def worked_out(published: Table) -> set[tuple[int, int]]:
    """Name the hidden numbers that have one value only in every table that fits."""
    seen: dict[tuple[int, int], set[int]] = {cell: set() for cell in published.hidden}
    for table in fitting(published):
        for i, j in seen:
            seen[i, j].add(table[i][j])
    return {cell for cell, values in seen.items() if len(values) < 2}


def small_ones_only(rows: Sequence[Sequence[int]]) -> Table:
    """Hide the small numbers and nothing else: what this module must not do."""
    full = with_totals(rows)
    return Table(
        tuple(
            tuple(None if 0 < value < THRESHOLD and j < len(row) - 1 else value for j, value in enumerate(row))
            for row in full
        )
    )


def test_the_check_finds_a_number_that_totals_give_away() -> None:
    assert (0, 0) in worked_out(small_ones_only([[3, 9], [8, 7]]))


@pytest.mark.parametrize(
    "rows",
    [
        [[3, 9], [8, 7]],
        [[1, 4], [9, 9], [8, 0]],
        [[1, 1, 3], [5, 5, 5]],
        [[3, 9, 0]],
        [[4, 1, 1], [1, 4, 1]],
        [[1, 0, 6], [0, 0, 7], [0, 9, 0]],
    ],
)
def test_no_hidden_number_can_be_worked_out(rows: Rows) -> None:
    published = suppress(rows)
    assert published.hidden
    assert worked_out(published) == set()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    st.integers(2, 3).flatmap(
        lambda width: st.lists(
            st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 6, 8]), min_size=width, max_size=width), min_size=1, max_size=3
        )
    )
)
def test_whatever_the_numbers_none_that_is_hidden_can_be_worked_out(rows: Rows) -> None:
    assume(all(sum(row) >= THRESHOLD for row in rows))
    published = suppress(rows)
    assert worked_out(published) == set()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=1, max_size=12))
def test_every_small_number_is_hidden_and_every_other_one_shown_is_right(rows: Rows) -> None:
    assume(all(sum(row) >= THRESHOLD for row in rows))
    full, published = with_totals(rows), suppress(rows)
    for i, row in enumerate(full):
        for j, value in enumerate(row):
            shown = published.cells[i][j]
            assert shown in (None, value)
            if 0 < value < THRESHOLD:
                assert shown is None
    assert [row[-1] for row in published.cells] == [row[-1] for row in full]


def test_a_hidden_number_could_be_as_large_as_the_threshold_where_there_is_room() -> None:
    published = suppress([[1, 20, 20], [20, 20, 20], [20, 20, 20]])
    values = {table[0][0] for table in fitting(published)}
    assert max(values) >= THRESHOLD


def test_a_table_with_too_few_in_all_shows_nothing() -> None:
    assert suppress([[1, 2]]).cells == ((None, None, None), (None, None, None))


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    assert suppress([[5, 0], [7, 9]]).cells == ((5, 0, 5), (7, 9, 16), (12, 9, 21))


def test_small_rows_go_together_so_that_none_can_be_subtracted() -> None:
    assert fold_small_rows({"A": (30,), "B": (2,), "C": (4,), "D": (9,)}) == {"B", "C"}
    assert fold_small_rows({"A": (30,), "B": (2,), "D": (9,)}) == {"B", "D"}
    assert fold_small_rows({"A": (30,), "B": (1,), "C": (1,), "D": (9,)}) == {"B", "C", "D"}
    assert fold_small_rows({"A": (30,), "D": (9,), "E": (0,)}) == frozenset()


def test_a_row_is_small_when_any_of_its_totals_is() -> None:
    assert fold_small_rows({"A": (30, 28, 2), "B": (20, 12, 8)}) == {"A", "B"}
    assert fold_small_rows({"A": (30, 20, 10), "B": (20, 20, 0)}) == frozenset()
    assert not is_enough([(4, 4, 0)])
    assert not is_enough([(10, 9, 1), (8, 7, 1)])
    assert is_enough([(10, 7, 3), (8, 6, 2)])
