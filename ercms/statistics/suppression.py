"""Hide small numbers so that what is shown does not give them away.

A table is additive: the last row and the last column are the totals. Read with its totals turned negative, every row
and every column of it sums to nought; so whoever knows the published cells knows of the hidden ones exactly what the
rectangles of hidden cells leave open. Each small number is therefore made a corner of a rectangle whose other corners
are hidden too, with as much room along it as there is for the number to be larger, up to the threshold: a table with
that larger number fits everything that was published. It can then not be worked out, whatever is subtracted from what.

The totals of the rows, and the grand total, are never hidden: the same ones stand in other tables, and what one table
hides another must not show. A row too small for that has been put together with others before (`fold_small_rows`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

THRESHOLD = 5
_DEAR = 10_000
_TOTAL_WEIGHT = 3

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of numbers, totals last in both directions; None where a number is hidden."""

    cells: tuple[tuple[int | None, ...], ...]

    @property
    def hidden(self) -> frozenset[Cell]:
        """Return the places of the hidden numbers."""
        return frozenset((i, j) for i, row in enumerate(self.cells) for j, value in enumerate(row) if value is None)


def with_totals(rows: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return the rows with their totals, and a last row of totals."""
    summed = [(*row, sum(row)) for row in rows]
    width = len(summed[0]) if summed else 1
    return (*summed, tuple(sum(row[j] for row in summed) for j in range(width)))


def fold_small_rows(totals: Mapping[str, Sequence[int]], threshold: int = THRESHOLD) -> frozenset[str]:
    """Name the rows to be shown as one, so that each total of each row is nought or reaches the threshold.

    `totals` gives for each row the totals that tables show of it, the largest first. As many rows go together as make
    two of them and no small total; all rows, when even they are too few.
    """
    filled = sorted((tuple(counts), name) for name, counts in totals.items() if any(counts))
    folded = [pair for pair in filled if _is_small(pair[0], threshold)]
    if not folded:
        return frozenset()
    rest = [pair for pair in filled if pair not in folded]
    while rest and (len(folded) < 2 or _is_small(_sums([counts for counts, _ in folded]), threshold)):
        folded.append(rest.pop(0))
    return frozenset(name for _, name in folded)


def is_enough(totals: Iterable[Sequence[int]], threshold: int = THRESHOLD) -> bool:
    """Tell whether all rows together have no small total."""
    return not _is_small(_sums(list(totals)), threshold)


def _is_small(counts: Sequence[int], threshold: int) -> bool:
    return any(0 < count < threshold for count in counts)


def _sums(rows: Sequence[Sequence[int]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True)))


def suppress(rows: Sequence[Sequence[int]], threshold: int = THRESHOLD) -> Table:
    """Return the table with its totals, small numbers hidden, and others with them for their protection."""
    full = with_totals(rows)
    if not rows or full[-1][-1] < threshold:
        return Table(tuple(tuple(None for _ in row) for row in full) if rows else ())
    last_row, last_column = len(full) - 1, len(full[0]) - 1
    small = [
        (i, j)
        for i, row in enumerate(full)
        for j, value in enumerate(row)
        if 0 < value < threshold and j != last_column
    ]
    hidden = set(small)
    for cell in sorted(small, key=lambda place: full[place[0]][place[1]]):
        hidden |= _protection(full, hidden, cell, threshold, (last_row, last_column))
    return Table(
        tuple(tuple(None if (i, j) in hidden else value for j, value in enumerate(row)) for i, row in enumerate(full))
    )


def _protection(
    full: Sequence[Sequence[int]], hidden: set[Cell], cell: Cell, threshold: int, totals: Cell
) -> set[Cell]:
    """Return the three other corners of the best rectangle for a cell: roomy first, then hiding little more."""
    needed = threshold - full[cell[0]][cell[1]]
    best: tuple[int, int, Cell] | None = None
    for other_row in range(len(full)):
        for other_column in range(totals[1]):
            if other_row == cell[0] or other_column == cell[1]:
                continue
            corners = _corners(cell, (other_row, other_column))
            room = min(needed, _room(full, corners, cell, totals))
            if room > 0:
                cost = sum(_cost(full, corner, totals) for corner in corners if corner not in hidden)
                candidate = (-room, cost, (other_row, other_column))
                best = candidate if best is None or candidate < best else best
    return set() if best is None else set(_corners(cell, best[2]))


def _corners(cell: Cell, opposite: Cell) -> tuple[Cell, Cell, Cell]:
    return (cell[0], opposite[1]), (opposite[0], cell[1]), opposite


def _room(full: Sequence[Sequence[int]], corners: tuple[Cell, Cell, Cell], cell: Cell, totals: Cell) -> int:
    """Return by how much the cell could be larger if the corners took part: those that shrink stop at nought.

    Along a rectangle the signs alternate; a total counts the other way round than the numbers that it sums.
    """
    beside, below, opposite = corners
    sign = _sign(cell, totals)
    shrinking = [corner for corner in (beside, below) if _sign(corner, totals) == sign]
    shrinking += [corner for corner in (opposite,) if _sign(corner, totals) != sign]
    return min((full[i][j] for i, j in shrinking), default=_DEAR)


def _sign(cell: Cell, totals: Cell) -> int:
    return -1 if (cell[0] == totals[0]) != (cell[1] == totals[1]) else 1


def _cost(full: Sequence[Sequence[int]], cell: Cell, totals: Cell) -> int:
    value = full[cell[0]][cell[1]] + 1
    return value * _TOTAL_WEIGHT if cell[0] == totals[0] else value
