"""Where a page of a list ends and the following one begins: an opaque text made of the sort keys of the last line.

A list is read on from its last line, not from a count of lines: it costs the same on every page, and a line that
comes or goes in between makes nobody miss another.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from ercms.core.errors import InvalidInput

_ID = re.compile(r"[0-9a-f]{32}")
_Place = TypeVar("_Place")


def cursor_of(*keys: str | int) -> str:
    """Return the text that stands for the place after the line with these sort keys."""
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def place_of(cursor: str | None, read: Callable[..., _Place]) -> _Place | None:
    """Return what `read` makes of the sort keys in a cursor; None at the beginning of a list.

    Raises:
        InvalidInput: `bad_cursor`; the text was not made by `cursor_of`, or for another list. `read` says so with a
            ValueError or a TypeError.
    """
    if not cursor:
        return None
    try:
        return read(*json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InvalidInput("bad_cursor", fields={"cursor": ["bad_cursor"]}) from error


def day_and_id(day: str, last_id: str) -> tuple[date, str]:
    """Read a day and an identifier out of a cursor, for lists that are sorted by these.

    Raises:
        ValueError: it is not a day, or no identifier.
    """
    return date.fromisoformat(day), identifier_in(last_id)


def instant_and_id(at: str, last_id: str) -> tuple[datetime, str]:
    """Read an instant and an identifier out of a cursor, for lists that are sorted by these.

    Raises:
        ValueError: it is not an instant with a zone, or no identifier.
    """
    found = datetime.fromisoformat(at)
    if found.tzinfo is None:
        raise ValueError("an instant has a zone")
    return found, identifier_in(last_id)


def identifier_in(text: str) -> str:
    """Return an identifier as the database makes them.

    Raises:
        ValueError: it is none.
    """
    if not _ID.fullmatch(text):
        raise ValueError("no identifier")
    return text
