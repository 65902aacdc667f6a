"""The due dates of cases, for whoever warns of them or rests on them: codes and days, no person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ercms.cases import clock_queries
from ercms.cases.enums import ClockStatus
from workflows.clocks import ClockKind
from workflows.readmission import CaseState


@dataclass(frozen=True, slots=True)
class OwedClock:
    """A limit that still runs, or stands still: `due_on` is then the day that would hold without the stop."""

    clock_id: str
    case_id: str
    reference: str
    kind: ClockKind
    started_on: date
    due_on: date
    has_legal_effect: bool
    requesting_state: str
    requesting_organisation_id: str
    assigned_to_id: str | None
    is_stopped: bool = False


def running_due_on(*, case_id: str, kind: ClockKind) -> date | None:
    """Return the due day of one of a case's running clocks, if it has such a clock."""
    return clock_queries.find_running_due_on(case_id, kind.value)


def running_due_days(*, case_ids: Iterable[str], kind: ClockKind) -> dict[str, date]:
    """Return the due days of the running clocks of one kind, by case; the caller has checked what leads to them."""
    return clock_queries.list_running_due_on(case_ids, kind.value)


def references_of(*, case_ids: Iterable[str]) -> dict[str, str]:
    """Return the references of cases by identifier; the caller has checked what leads to them."""
    return clock_queries.list_references(case_ids)


def list_owed_clocks(*, kinds: Iterable[ClockKind], after: str, limit: int) -> tuple[OwedClock, ...]:
    """Return limits of these kinds on which somebody still owes an act, in the order of their identifiers.

    Cases at rest owe nothing. A clock that stands still is given with the day that it would have without the stop:
    a stop moves a limit, it does not end the duty.
    """
    return tuple(
        OwedClock(
            clock_id=row.id,
            case_id=row.case_id,
            reference=case.reference,
            kind=ClockKind(row.kind),
            started_on=row.started_on,
            due_on=due_on,
            has_legal_effect=row.has_legal_effect,
            requesting_state=case.requesting_state,
            requesting_organisation_id=case.requesting_organisation_id,
            assigned_to_id=case.assigned_to_id,
            is_stopped=row.status == ClockStatus.STOPPED.value,
        )
        for row, case, due_on in clock_queries.list_owed([kind.value for kind in kinds], after, limit)
        if row.started_on is not None and due_on is not None
    )


def list_past_reply_limit(*, today: date, after: str, limit: int) -> tuple[tuple[str, str], ...]:
    """Return (identifier, reference) of cases whose reply is owed after its last day; the machine decides the rest."""
    states = (CaseState.SUBMITTED, CaseState.INCOMPLETE, CaseState.UNDER_VERIFICATION, CaseState.DECISION_PROPOSED)
    return clock_queries.list_past("reply_due_on", states, today, after, limit)


def list_past_transfer_limit(*, today: date, after: str, limit: int) -> tuple[tuple[str, str], ...]:
    """Return (identifier, reference) of accepted cases after the last day of transfer; the machine decides the rest."""
    states = (
        CaseState.ACCEPTED,
        CaseState.DOCUMENT_REQUESTED,
        CaseState.DOCUMENT_ISSUED,
        CaseState.TRANSFER_FAILED,
    )
    return clock_queries.list_past("transfer_due_on", states, today, after, limit)


def count_closed_since(agreement_ids: Collection[str], states: Collection[str], since: datetime) -> int:
    """Count the cases that are over, of these versions or States, received from an instant on."""
    return clock_queries.count_closed_since(agreement_ids, states, since)
