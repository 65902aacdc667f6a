"""The only caller of the system time.

Instants are aware and in UTC. A legal day is a `date` in the zone of the State whose law counts it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HOME_ZONE = "Asia/Baku"

_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """Return the present instant in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today(zone: str = HOME_ZONE) -> date:
    """Return the present day in `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant`: for tests, and for the demonstration, which acts in the past.

    Raises:
        ValueError: the instant carries no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("the clock is fixed at an aware instant only")
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
