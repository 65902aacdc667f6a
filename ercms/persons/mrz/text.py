"""Bring pasted, typed or scanned text into the lines of a machine-readable zone."""

import string
from dataclasses import dataclass
from itertools import pairwise

from ercms.persons.mrz.layout import LAYOUTS, MrzFormat

ALPHABET = frozenset(string.ascii_uppercase + string.digits + "<")
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_SINGLE_FILLERS = str.maketrans(dict.fromkeys("‹＜〈〈⟨˂﹤", "<"))
_DOUBLE_FILLERS = "«《≪⟪"
_SIZES = {(layout.lines, layout.width) for layout in LAYOUTS.values()}
_LINE_COUNTS = {lines for lines, _ in _SIZES}
_VISA = "V"
_MOST_LINES, _MOST_CHARACTERS = 12, 400  # what is longer is no machine-readable zone, whatever else it is


@dataclass(frozen=True, slots=True)
class Zone:
    """The lines, and the format that they come nearest to; None when nothing is near."""

    lines: tuple[str, ...]
    format: MrzFormat | None

    @property
    def has_right_size(self) -> bool:
        """Say whether number and length of the lines are those of the format."""
        if self.format is None:
            return False
        layout = LAYOUTS[self.format]
        return [len(line) for line in self.lines] == [layout.width] * layout.lines


def _clean(text: str, filler: str) -> list[str]:
    for mark in _DOUBLE_FILLERS:
        text = text.replace(mark, filler)
    text = text.replace("&lt;", "<").translate(_SINGLE_FILLERS).translate(_UPPER)
    # A keyboard wedge may send control characters of its own around the lines.
    lines = ("".join(c for c in line if c.isprintable() and not c.isspace()) for line in text.splitlines())
    return [line for line in lines if line]


def _sizes_fit(lines: list[str]) -> bool:
    return (len(lines), len(lines[0]) if lines else 0) in _SIZES and len({len(line) for line in lines}) == 1


def _rejoined(lines: list[str]) -> list[str]:
    """Cut anew what was pasted in one line or broken at a wrong place, when the length is that of a format."""
    whole = "".join(lines)
    for count, width in sorted(_SIZES):
        if len(whole) == count * width:
            return [whole[start:end] for start, end in pairwise(range(0, len(whole) + 1, width))]
    return lines


def _format(lines: list[str]) -> MrzFormat | None:
    if not lines:
        return None
    is_visa = lines[0].startswith(_VISA)
    length = max(len(line) for line in lines)
    if len(lines) == 1:  # one line that could not be cut: take the nearest whole length
        nearest = min(_SIZES, key=lambda size: abs(size[0] * size[1] - length))
        size_gap = abs(nearest[0] * nearest[1] - length)
    else:
        nearest = min(_SIZES, key=lambda size: (abs(size[1] - length), size[0] != len(lines)))
        size_gap = abs(nearest[1] - length)
    if size_gap > _FURTHEST:
        return None
    named = {(3, 30): "TD1", (2, 36): "MRV-B" if is_visa else "TD2", (2, 44): "MRV-A" if is_visa else "TD3"}
    return MrzFormat(named[nearest])


_FURTHEST = 4


def read_zone(text: str) -> Zone:
    """Return the zone in the text: case, blanks, look-alike fillers and line breaks are put right where they can be."""
    candidates = []
    for filler in ("<<", "<"):  # scanners read two fillers as one guillemet, people type one for one
        lines = _clean(text[:_MOST_CHARACTERS], filler)[:_MOST_LINES]
        lines = lines if _sizes_fit(lines) else _rejoined(lines)
        candidates.append(Zone(tuple(lines), _format(lines)))
    return next((zone for zone in candidates if zone.has_right_size), candidates[-1])
