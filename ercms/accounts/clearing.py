"""Forget what no longer protects anybody: old counts of failed sign-ins, and sessions long ended."""

from datetime import timedelta

from sqlalchemy import delete

from ercms.accounts.models import SignInBrake, SignInSession
from ercms.core import clock, jobs
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

BRAKES_ARE_KEPT = timedelta(days=1)
SESSIONS_ARE_KEPT = timedelta(days=180)
"""For as long, an address from which somebody signed in counts as known; the audit keeps the sign-in itself."""


def register_jobs() -> None:
    """Name the recurring job of this domain."""
    jobs.register_job("accounts_clearing", timedelta(days=1), clear)


def clear() -> None:
    """Delete what is older than it is kept."""
    now = clock.now()
    with unit_of_work():
        db.session.execute(delete(SignInBrake).where(SignInBrake.last_failed_at < now - BRAKES_ARE_KEPT))
        db.session.execute(delete(SignInSession).where(SignInSession.last_seen_at < now - SESSIONS_ARE_KEPT))
