"""Named reads of due dates across cases."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ercms.cases.models import Case, CaseClock
from ercms.extensions import db
from workflows.readmission import CaseState

_AT_REST = (CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.REFUSED, CaseState.DRAFT)


def find_running_due_on(case_id: str, kind: str) -> date | None:
    """Return the due day of a case's running clock of one kind."""
    return db.session.scalar(
        select(CaseClock.due_on).where(
            CaseClock.case_id == case_id, CaseClock.kind == kind, CaseClock.status == "running"
        )
    )


def list_references(case_ids: Iterable[str]) -> dict[str, str]:
    """Return the references of cases by identifier."""
    rows = db.session.execute(select(Case.id, Case.reference).where(Case.id.in_(list(case_ids))))
    return {row.id: row.reference for row in rows}


def list_owed(kinds: Iterable[str], after: str, limit: int) -> Sequence[tuple[CaseClock, Case, date | None]]:
    """Return running and stopped clocks with their cases and the last due day known, in the order of identifiers."""
    former = aliased(CaseClock)
    before_the_stop = (
        select(func.max(former.due_on))
        .where(former.case_id == CaseClock.case_id, former.kind == CaseClock.kind, former.status == "superseded")
        .scalar_subquery()
    )
    statement = (
        select(CaseClock, Case, func.coalesce(CaseClock.due_on, before_the_stop))
        .join(Case, Case.id == CaseClock.case_id)
        .where(
            CaseClock.status.in_(("running", "stopped")),
            CaseClock.kind.in_(list(kinds)),
            CaseClock.id > after,
            Case.state.not_in(_AT_REST),
        )
        .order_by(CaseClock.id)
        .limit(limit)
    )
    return [(clock, case, due_on) for clock, case, due_on in db.session.execute(statement)]


def list_past(
    column: Literal["reply_due_on", "transfer_due_on"],
    states: Iterable[CaseState],
    today: date,
    after: str,
    limit: int,
) -> tuple[tuple[str, str], ...]:
    """Return (identifier, reference) of cases in these states whose day in a column is over."""
    due_on = getattr(Case, column)
    statement = (
        select(Case.id, Case.reference)
        .where(Case.state.in_(list(states)), due_on < today, Case.id > after)
        .order_by(Case.id)
        .limit(limit)
    )
    return tuple((row.id, row.reference) for row in db.session.execute(statement))
