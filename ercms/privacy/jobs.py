"""What the worker does for retention without being asked."""

from datetime import timedelta

from ercms.core.actor import SYSTEM
from ercms.core.jobs import register_job
from ercms.privacy import erasure_service

BETWEEN_RUNS = timedelta(days=1)


def register_upkeep() -> None:
    """Name the recurring work of retention."""
    register_job("retention", BETWEEN_RUNS, erase_due)


def erase_due() -> None:
    """Erase what is due and sign a report."""
    erasure_service.run(actor=SYSTEM)
