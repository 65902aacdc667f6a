"""A simple limit on how often one address may do something, for pages that are open to everybody.

It is kept in the memory of each process and forgotten at a restart: enough to make trying out tedious.
"""

from collections import deque
from datetime import datetime, timedelta

from ercms.core import clock


class Pace:
    """At most `most` acts from one address within `within`; the address that was silent longest is forgotten first."""

    def __init__(self, *, most: int, within: timedelta, addresses: int = 10_000) -> None:
        self._most, self._within, self._addresses = most, within, addresses
        self._acts: dict[str, deque[datetime]] = {}

    def allows(self, address: str | None) -> bool:
        """Count one act, unless there were too many; tell whether it may go on."""
        key, now = address or "", clock.now()
        acts = self._acts.pop(key, None) or deque()
        while acts and now - acts[0] >= self._within:
            acts.popleft()
        self._acts[key] = acts
        if len(self._acts) > self._addresses:
            self._acts.pop(next(iter(self._acts)))
        if len(acts) >= self._most:
            return False
        acts.append(now)
        return True
