"""Read the dates of six characters, of which parts may be unknown."""

from dataclasses import dataclass
from datetime import date

_CENTURY = 100
# An expiry date lies at most this far ahead; a document of longer validity would be read as long expired.
_YEARS_AHEAD = 50
_UNKNOWN = "<<"


@dataclass(frozen=True, slots=True)
class MrzDate:
    """A date as printed; `day` is None when a part is unknown or there is no such day, which `is_possible` tells."""

    is_possible: bool
    day: date | None = None


def _parts(text: str) -> list[str] | None:
    parts = [text[place : place + 2] for place in (0, 2, 4)]
    is_readable = all(part == _UNKNOWN or (part.isascii() and part.isdigit()) for part in parts)
    return parts if is_readable else None


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read(text: str) -> tuple[int, int, int] | MrzDate:
    parts = _parts(text)
    if parts is None:
        return MrzDate(is_possible=False)
    if _UNKNOWN in parts:
        month, day = parts[1], parts[2]
        may_be = (month == _UNKNOWN or 1 <= int(month) <= 12) and (day == _UNKNOWN or 1 <= int(day) <= 31)
        return MrzDate(is_possible=may_be)
    return int(parts[0]), int(parts[1]), int(parts[2])


def birth_date(text: str, *, today: date) -> MrzDate:
    """Read a birth date: the newest year that is not in the future (Doc 9303 gives no rule for the century)."""
    read = _read(text)
    if isinstance(read, MrzDate):
        return read
    century = today.year - today.year % _CENTURY
    for start in (century, century - _CENTURY):
        day = _on(start + read[0], read[1], read[2])
        if day and day <= today:
            return MrzDate(is_possible=True, day=day)
    return MrzDate(is_possible=False)


def expiry_date(text: str, *, today: date) -> MrzDate:
    """Read an expiry date: the newest year that is at most 50 years ahead."""
    read = _read(text)
    if isinstance(read, MrzDate):
        return read
    century = today.year - today.year % _CENTURY + _CENTURY
    for start in (century, century - _CENTURY, century - 2 * _CENTURY):
        if start + read[0] <= today.year + _YEARS_AHEAD:
            day = _on(start + read[0], read[1], read[2])
            return MrzDate(is_possible=day is not None, day=day)
    return MrzDate(is_possible=False)
