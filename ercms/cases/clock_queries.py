"""Named reads of due dates across cases."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.orm import load_only

from ercms.cases.models import Case, CaseClock, ClockExtension, ClockStop
from ercms.core.db_types import Json
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


def list_running_due_on(case_ids: Iterable[str], kind: str) -> dict[str, date]:
    """Return the due days of running clocks of one kind, by case."""
    statement = select(CaseClock.case_id, CaseClock.due_on).where(
        CaseClock.case_id.in_(list(case_ids)), CaseClock.kind == kind, CaseClock.status == "running"
    )
    return {row.case_id: row.due_on for row in db.session.execute(statement) if row.due_on is not None}


def list_references(case_ids: Iterable[str]) -> dict[str, str]:
    """Return the references of cases by identifier."""
    rows = db.session.execute(select(Case.id, Case.reference).where(Case.id.in_(list(case_ids))))
    return {row.id: row.reference for row in rows}


def list_owed(kinds: Iterable[str], after: str, limit: int) -> Sequence[tuple[CaseClock, Case, date | None]]:
    """Return running and stopped clocks with their cases and the day they run to, in the order of identifiers."""
    statement = (
        select(CaseClock, Case, func.coalesce(CaseClock.due_on, CaseClock.held_on))
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


def _open_cases(agreement_ids: Iterable[str]) -> ColumnElement[bool]:
    return and_(Case.agreement_id.in_(list(agreement_ids)), Case.state.not_in(_AT_REST))


def count_open_cases(agreement_ids: Iterable[str]) -> int:
    """Count the cases under these versions on which somebody still owes something; sealed ones are left out.

    The number is shown to whoever changed the law; the dates of sealed cases are computed anew all the same.
    """
    shown = select(func.count()).select_from(Case).where(_open_cases(agreement_ids), Case.is_sealed.is_(False))
    return db.session.scalar(shown) or 0


def lock_open_cases(agreement_ids: Iterable[str], after: str, limit: int) -> list[Case]:
    """Return the next open cases under these versions in the order of their identifiers, held until the commit."""
    statement = select(Case).where(_open_cases(agreement_ids), Case.id > after).order_by(Case.id).limit(limit)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def list_stops_of(case_ids: Iterable[str]) -> Sequence[ClockStop]:
    """Return every stop of several cases, the earliest first."""
    statement = select(ClockStop).where(ClockStop.case_id.in_(list(case_ids))).order_by(ClockStop.from_on)
    return db.session.scalars(statement).all()


def list_extensions_of(case_ids: Iterable[str]) -> Sequence[ClockExtension]:
    """Return every extension of several cases, in the order of notification."""
    statement = select(ClockExtension).where(ClockExtension.case_id.in_(list(case_ids)))
    return db.session.scalars(statement.order_by(ClockExtension.notified_on)).all()


class DateOnRecord(NamedTuple):
    """What a computation asks of a due date on record."""

    id: str
    case_id: str
    kind: str
    status: str
    started_on: date | None
    due_on: date | None
    is_internal: bool
    arithmetic: str


_ON_RECORD = [getattr(CaseClock, name) for name in DateOnRecord._fields]


def list_current_of(case_ids: Iterable[str]) -> list[DateOnRecord]:
    """Return the due dates of these cases that have not been superseded."""
    statement = select(*_ON_RECORD).where(CaseClock.case_id.in_(list(case_ids)), CaseClock.status != "superseded")
    return [DateOnRecord(*row) for row in db.session.execute(statement)]


def supersede(clock_ids: Sequence[str]) -> None:
    """Mark due dates as superseded, with one statement for all of them."""
    if clock_ids:
        statement = update(CaseClock).where(CaseClock.id.in_(clock_ids)).values(status="superseded")
        db.session.execute(statement.execution_options(synchronize_session="evaluate"))


def add_clocks(rows: Sequence[Json]) -> None:
    """Add due dates, with one statement for all of them."""
    if rows:
        db.session.execute(insert(CaseClock), list(rows))


def count_closed_since(agreement_ids: Iterable[str], states: Iterable[str], since: datetime) -> int:
    """Count the cases that are over and were received from an instant on, under these versions or from these States.

    Sealed cases are left out.
    """
    over = (CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.REFUSED)
    is_concerned = or_(Case.agreement_id.in_(list(agreement_ids)), Case.requesting_state.in_(list(states)))
    statement = select(func.count()).select_from(Case)
    return (
        db.session.scalar(
            statement.where(Case.state.in_(over), Case.submitted_at >= since, is_concerned, Case.is_sealed.is_(False))
        )
        or 0
    )


_DATES = (
    Case.id,
    Case.state,
    Case.kind,
    Case.procedure,
    Case.requesting_state,
    Case.presence_known_on,
    Case.apprehended_at,
    Case.submitted_at,
    Case.acknowledged_at,
    Case.interview_requested,
    Case.interview_asked_at,
    Case.interviewed_at,
    Case.interview_dropped,
    Case.accepted_at,
    Case.consent_deemed_on,
    Case.replied_at,
    Case.decided_at,
    Case.taken_up_again_at,
    Case.document_requested_at,
    Case.document_reissue_requested_at,
    Case.document_issued_on,
    Case.transfer_on,
    Case.transfer_notified_at,
    Case.transferred_at,
    Case.reply_due_on,
)


def list_dates_of_requests(state: str, since: datetime, until: datetime, after: str, limit: int) -> Sequence[Case]:
    """Return requests of a State received in a span, with their dates and codes alone; any other column raises.

    Sealed cases are none of them: what is computed of past requests is shown to many.
    """
    statement = (
        select(Case)
        .options(load_only(*_DATES, raiseload=True))
        .where(
            Case.requesting_state == state,
            Case.submitted_at >= since,
            Case.submitted_at < until,
            Case.state != CaseState.DRAFT,
            Case.is_sealed.is_(False),
            Case.id > after,
        )
        .order_by(Case.id)
        .limit(limit)
    )
    return db.session.scalars(statement).all()
