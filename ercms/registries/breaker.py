"""When a register that fails is left alone, and when it is tried again: pure, its state is the caller's to keep."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ercms.registries.enums import BreakerState

FAILURES_THAT_OPEN = 3
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
LONGEST_PROBE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Failures in a row, until when nothing is called, and until when one call is out to see whether it works again."""

    failures: int = 0
    retry_at: datetime | None = None
    probe_until: datetime | None = None


def state_of(breaker: Breaker, now: datetime) -> BreakerState:
    """Return how a breaker stands at an instant."""
    if breaker.retry_at is None:
        return BreakerState.CLOSED
    return BreakerState.OPEN if now < breaker.retry_at else BreakerState.HALF_OPEN


def before_call(breaker: Breaker, now: datetime) -> Breaker | None:
    """Return the breaker as it stands while a call is out, or None where none may go out now."""
    match state_of(breaker, now):
        case BreakerState.CLOSED:
            return breaker
        case BreakerState.OPEN:
            return None
        case BreakerState.HALF_OPEN:
            if breaker.probe_until is not None and now < breaker.probe_until:
                return None
            return replace(breaker, probe_until=now + LONGEST_PROBE)


def after_failure(breaker: Breaker, now: datetime, jitter: float) -> Breaker:
    """Return the breaker after a call that failed; each further failure doubles the pause.

    `jitter`, from 0 to 1, spreads the next tries over a quarter of the pause.
    """
    failures = breaker.failures + 1
    if failures < FAILURES_THAT_OPEN:
        return Breaker(failures)
    return Breaker(failures, now + pause_after(failures - FAILURES_THAT_OPEN + 1, jitter))


def pause_after(failures: int, jitter: float) -> timedelta:
    """Return how long to wait after so many failures in a row.

    >>> [pause_after(failures, 0).total_seconds() for failures in (1, 2, 3)]
    [30.0, 60.0, 120.0]
    """
    doublings: int = 2 ** min(failures - 1, 12)
    return min(FIRST_PAUSE * doublings, LONGEST_PAUSE) * (1 + jitter / 4)
