"""Slow down the guessing of passwords without letting a stranger lock somebody out.

Failures are counted three ways. An account from one address waits longer each time. An address waits after many
failures whatever the accounts. An account under attack from many addresses waits a minute at most, and not at all from
an address from which its owner has signed in before.

Wrong codes after a right password are counted apart and braked harder: who guesses there has the password already, and
a stranger without it cannot make the owner wait.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ercms.accounts.models import SignInBrake
from ercms.core import clock
from ercms.extensions import db


class BrakeKind(StrEnum):
    """Under what failures are counted."""

    PAIR = "pair"
    ADDRESS = "address"
    ACCOUNT = "account"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Pace:
    """After `free` failures wait `first`, then twice as long each time, up to `longest`; a quiet `memory` forgets."""

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta


PACES = {
    BrakeKind.PAIR: Pace(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1)),
    BrakeKind.ADDRESS: Pace(50, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1)),
    BrakeKind.ACCOUNT: Pace(50, timedelta(seconds=15), timedelta(minutes=1), timedelta(hours=1)),
    BrakeKind.CODE: Pace(10, timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=24)),
}
PASSWORD_KINDS = (BrakeKind.PAIR, BrakeKind.ADDRESS, BrakeKind.ACCOUNT)
CODE_KINDS = (BrakeKind.PAIR, BrakeKind.ADDRESS, BrakeKind.CODE)


def locked_until(
    email: str, address: str | None, kinds: Iterable[BrakeKind], *, knows_address: bool
) -> datetime | None:
    """Return until when this attempt has to wait, if it has to."""
    now = clock.now()
    waits = []
    keys = _keys(email, address)
    for kind in kinds:
        brake = db.session.get(SignInBrake, keys[kind])
        if brake is None or brake.locked_until is None or brake.locked_until <= now:
            continue
        if kind is BrakeKind.PAIR or not knows_address:
            waits.append(brake.locked_until)
    return max(waits, default=None)


def count_failure(email: str, address: str | None, kinds: Iterable[BrakeKind]) -> None:
    """Count one failure under each key, and set the wait that follows from it."""
    now = clock.now()
    keys = _keys(email, address)
    for kind in kinds:
        pace, key = PACES[kind], keys[kind]
        brake = db.session.get(SignInBrake, key)
        if brake is None:
            brake = SignInBrake(key=key, failed_count=0, last_failed_at=now)
            db.session.add(brake)
        if now - brake.last_failed_at > pace.memory:
            brake.failed_count = 0
        brake.failed_count += 1
        brake.last_failed_at = now
        excess = brake.failed_count - pace.free
        if excess >= 0:
            brake.locked_until = now + min(pace.first * 2 ** min(excess, 20), pace.longest)


def release(email: str, address: str | None) -> None:
    """Forget the failures of this account from this address, once its owner has signed in."""
    brake = db.session.get(SignInBrake, _keys(email, address)[BrakeKind.PAIR])
    if brake is not None:
        db.session.delete(brake)


def _keys(email: str, address: str | None) -> dict[BrakeKind, str]:
    account, place = email.strip().lower(), address or "unknown"
    return {
        BrakeKind.PAIR: _digest(BrakeKind.PAIR, account, place),
        BrakeKind.ADDRESS: _digest(BrakeKind.ADDRESS, place),
        BrakeKind.ACCOUNT: _digest(BrakeKind.ACCOUNT, account),
        BrakeKind.CODE: _digest(BrakeKind.CODE, account),
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
