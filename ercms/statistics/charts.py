"""Work out where the bars of a chart stand; the template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 560, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 20, 28
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label; a hidden number has no height, only its place."""

    label: str
    value: int | None
    x: float
    y: float
    width: float
    height: float
    middle: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on a scale; `lines` are the heights of the scale with their numbers."""

    width: int
    height: int
    floor: int
    left: int
    right: int
    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]


def bar_chart(points: Sequence[tuple[str, int | None]]) -> Chart:
    """Return the geometry of a chart of some numbers, each with its label."""
    top = _round_up(max((value for _, value in points if value is not None), default=0))
    floor, room = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    place = (WIDTH - _LEFT - _RIGHT) / max(len(points), 1)
    bars = []
    for index, (label, value) in enumerate(points):
        width = min(place * 0.62, 72)
        middle = _LEFT + place * (index + 0.5)
        height = room * (value if value is not None else top / _STEPS) / top
        bars.append(Bar(label, value, middle - width / 2, floor - height, width, height, middle))
    lines = tuple((floor - room * step / _STEPS, top * step // _STEPS) for step in range(_STEPS + 1))
    return Chart(WIDTH, HEIGHT, floor, _LEFT, WIDTH - _RIGHT, tuple(bars), lines)


def _round_up(value: int) -> int:
    """Return the next number that the steps of the scale divide into whole, round parts."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if value <= step * size * _STEPS:
                return step * size * _STEPS
        size *= 10
