"""What the schedule of erasure must know of cases: which ended how, since when, and whose data they hold."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from ercms.cases import retention_queries
from ercms.cases.enums import CaseOutcome


@dataclass(frozen=True, slots=True)
class EndedCase:
    """A case that ended, and the persons whose data it holds."""

    id: str
    reference: str
    outcome: CaseOutcome
    ended_at: datetime
    person_ids: tuple[str, ...]


def list_ended(
    *,
    outcome: CaseOutcome,
    before: datetime,
    without: Select[str],
    case_id: str | None = None,
    limit: int | None = None,
) -> list[EndedCase]:
    """Return cases that ended in this way before an instant, the oldest first; `without` names those left out."""
    found = retention_queries.list_ended(outcome, before, without, case_id=case_id, limit=limit)
    return [
        EndedCase(case.id, case.reference, outcome, at, tuple(member.person_id for member in case.members))
        for case, at in found
    ]
