"""What a case says of its interviews, for its clock: since when one is owed, and when it was held."""

from datetime import datetime

from ercms.cases import clocks
from ercms.cases.models import Case
from ercms.cases.service import touch


def note_interviews(*, case: Case, asked_at: datetime | None, held_at: datetime | None) -> None:
    """Write down since when an interview is owed and when it was held, and compute the dates of the case anew.

    Neither means that every interview was called off or closed without one: then none is owed any more, also not the
    one that the application asked for. Whether the actor may, the caller has checked.
    """
    case.interview_asked_at, case.interviewed_at = asked_at, held_at
    case.interview_dropped = asked_at is None and held_at is None
    clocks.recompute(case=case)
    touch(case=case)
