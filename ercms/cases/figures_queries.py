"""Counts of cases for the statistics: aggregates over columns that say nothing of a person.

Sealed cases are left out of every count but one. Days are cut into periods by bounds that the caller works out, so
that both databases count alike and a day begins in the zone that the caller means.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, func, literal, or_, select

from ercms.cases.models import Case, CaseClock, CaseTransition
from ercms.extensions import db
from workflows.clocks import REPLY_CLOCKS, ClockKind
from workflows.readmission import CaseState, CaseTrigger, Procedure

Bounds = Sequence[tuple[str, datetime, datetime]]
"""Periods that follow one another: name, first instant, first instant after."""

_REPLY_KINDS = [kind.value for kind in (*REPLY_CLOCKS, ClockKind.TRANSIT_REPLY)]


@dataclass(frozen=True, slots=True)
class RequestCount:
    """How many requests of a State and a period were answered so, and decided so.

    `reply` is in_time, late or no_limit for an answered one, else deemed, withdrawn, overdue or awaited; `decision` is
    accepted, refused or reopened for an answered one, else empty.
    """

    state: str
    period: str
    reply: str
    decision: str
    count: int


@dataclass(frozen=True, slots=True)
class MoveCount:
    """How many cases of a State made a move in a period."""

    state: str
    period: str
    trigger: CaseTrigger
    count: int


def count_requests(bounds: Bounds, today: date) -> list[RequestCount]:
    """Count the requests received in some periods; returns without an application are no requests."""
    period, reply, decision = _period(Case.submitted_at, bounds), _reply(today), _decision()
    statement = (
        select(Case.requesting_state, period, reply, decision, func.count(func.distinct(Case.id)))
        .select_from(Case)
        .outerjoin(CaseClock, _is_reply_limit())
        .where(*_received(bounds))
        .group_by(Case.requesting_state, period, reply, decision)
    )
    return [RequestCount(*row) for row in db.session.execute(statement)]


def count_moves(triggers: Iterable[CaseTrigger], bounds: Bounds) -> list[MoveCount]:
    """Count the moves of these kinds in some periods."""
    period = _period(CaseTransition.at, bounds)
    statement = (
        select(Case.requesting_state, period, CaseTransition.trigger, func.count())
        .select_from(CaseTransition)
        .join(Case, Case.id == CaseTransition.case_id)
        .where(
            CaseTransition.trigger.in_(list(triggers)),
            CaseTransition.at >= bounds[0][1],
            CaseTransition.at < bounds[-1][2],
            Case.is_sealed.is_(False),
        )
        .group_by(Case.requesting_state, period, CaseTransition.trigger)
    )
    return [MoveCount(*row) for row in db.session.execute(statement)]


def count_minors_alone(bounds: Bounds) -> int:
    """Count the requests about minors who are alone, sealed ones too; never by State."""
    received = (
        Case.procedure != Procedure.NONE, Case.submitted_at >= bounds[0][1], Case.submitted_at < bounds[-1][2]
    )  # fmt: skip
    statement = select(func.count()).select_from(Case).where(*received, Case.is_minor_alone.is_(True))
    return db.session.scalar(statement) or 0


def find_first_received_at() -> datetime | None:
    """Return when the first case that is counted was received."""
    statement = select(Case.submitted_at).where(Case.is_sealed.is_(False), Case.submitted_at.is_not(None))
    return db.session.scalar(statement.order_by(Case.submitted_at).limit(1))


def _received(bounds: Bounds) -> tuple[ColumnElement[bool], ...]:
    return (
        Case.is_sealed.is_(False),
        Case.procedure != Procedure.NONE,
        Case.submitted_at >= bounds[0][1],
        Case.submitted_at < bounds[-1][2],
    )


def _period(column: Any, bounds: Bounds) -> ColumnElement[str]:
    return case(*((and_(column >= start, column < end), _word(name)) for name, start, end in bounds)).label("period")


def _word(text: str) -> ColumnElement[str]:
    # Written into the statement: PostgreSQL takes two parameters for two expressions, and would not group by them.
    return literal(text, literal_execute=True)


def _is_reply_limit() -> ColumnElement[bool]:
    return and_(
        CaseClock.case_id == Case.id,
        CaseClock.status != "superseded",
        CaseClock.kind.in_(_REPLY_KINDS),
        CaseClock.is_internal.is_(False),
        CaseClock.due_on.is_not(None),
    )


def _reply(today: date) -> ColumnElement[str]:
    has_limit, is_replied = CaseClock.id.is_not(None), Case.replied_at.is_not(None)
    return case(
        (and_(is_replied, CaseClock.status == "missed"), _word("late")),
        (and_(is_replied, has_limit), _word("in_time")),
        (is_replied, _word("no_limit")),
        (Case.consent_deemed_on.is_not(None), _word("deemed")),
        (_ended_undecided(), _word("withdrawn")),
        (and_(has_limit, CaseClock.due_on < literal(today, Date(), literal_execute=True)), _word("overdue")),
        else_=_word("awaited"),
    ).label("reply")


def _decision() -> ColumnElement[str]:
    return case(
        (Case.replied_at.is_(None), _word("")),
        (Case.accepted_at.is_not(None), _word("accepted")),
        (Case.decided_at.is_not(None), _word("refused")),
        else_=_word("reopened"),
    ).label("decision")


def _ended_undecided() -> ColumnElement[bool]:
    """Return the criterion of a withdrawn request; one that was closed later bears no other mark."""
    undecided = and_(Case.decided_at.is_(None), Case.accepted_at.is_(None))
    return or_(Case.state == CaseState.WITHDRAWN, and_(Case.state == CaseState.CLOSED, undecided))
