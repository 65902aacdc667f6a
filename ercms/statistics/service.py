"""Make the tables of the statistics: counts of cases, and for whoever may not see cases, small numbers hidden.

Who may open every case sees the counts as they are. The others see only quarters that have ended, States with few cases
put together, and small numbers hidden with what would give them away (`ercms.statistics.suppression`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.access.policy import ScopeKind
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import figures_service
from ercms.cases.figures_service import Bounds
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.statistics import suppression
from ercms.statistics.enums import Column, TableName
from workflows.readmission import CaseTrigger

OTHERS = ""
"""The row of the States that have too few cases to stand alone."""

_REPLIES = (Column.IN_TIME, Column.LATE, Column.NO_LIMIT)
_DECISIONS = (Column.ACCEPTED, Column.REFUSED, Column.REOPENED)
_UNANSWERED = (Column.DEEMED, Column.WITHDRAWN, Column.OVERDUE, Column.AWAITED)
_DOCUMENTS = (CaseTrigger.ISSUE_DOCUMENT, CaseTrigger.RECORD_STANDARD_DOCUMENT)
_TRANSFERS = {CaseTrigger.CONFIRM_ARRIVAL: Column.ARRIVED, CaseTrigger.RECORD_TRANSFER_FAILURE: Column.FAILED}
_REFERRALS = {CaseTrigger.REFER: Column.REFERRED, CaseTrigger.DECLINE_REFERRAL: Column.DECLINED}

Tally = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of one State, total last; None where a number is hidden. `state` is empty for the others together."""

    state: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """One table: its columns, the rows by State, and the totals."""

    name: TableName
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[int | None, ...]

    @property
    def has_hidden(self) -> bool:
        """Tell whether any number is hidden."""
        return None in self.totals or any(None in row.values for row in self.rows)


@dataclass(frozen=True, slots=True)
class Overview:
    """The statistics of one year."""

    year: int
    years: tuple[int, ...]
    quarters: tuple[str, ...]
    tables: tuple[Figures, ...]
    folded: tuple[str, ...]
    minors_alone: int | None
    is_suppressed: bool
    until: date


def make_overview(*, actor: Actor, year: int | None = None) -> Overview:
    """Return the tables of a year, by default the newest that may be shown.

    Raises:
        PermissionRefused: the actor's role sees no statistics.
        NotFound: nothing was received in that year, or it may not be shown yet.
    """
    policy.check(actor, Permission.STATISTICS_READ)
    is_suppressed = policy.case_scope(actor).kind is not ScopeKind.ALL
    until = _present_quarter() if is_suppressed else clock.now()
    years = _years(until)
    chosen = year if year is not None else (years[0] if years else clock.today().year)
    if year is not None and year not in years:
        raise NotFound
    bounds = _quarters(chosen, until) if years else []
    maker = _Maker(bounds, is_suppressed=is_suppressed)
    tables = maker.tables() if bounds else ()
    _record(actor, chosen)
    return Overview(
        year=chosen,
        years=years,
        quarters=tuple(name for name, _, _ in bounds),
        tables=tables,
        folded=maker.folded,
        minors_alone=maker.minors_alone() if bounds else None,
        is_suppressed=is_suppressed,
        until=until.astimezone(_zone()).date(),
    )


class _Maker:
    """Makes the tables of one span from one reading of the cases."""

    def __init__(self, bounds: Bounds, *, is_suppressed: bool) -> None:
        self.bounds = bounds
        self.is_suppressed = is_suppressed
        self.quarters = [name for name, _, _ in bounds]
        self.folded: tuple[str, ...] = ()

    def tables(self) -> tuple[Figures, ...]:
        """Return all tables, in the order of the page."""
        return (*self._of_requests(), *self._of_moves())

    def minors_alone(self) -> int | None:
        """Return how many requests at least were about minors who are alone; None for so few that nobody is told.

        Nearly all of these cases are sealed: a step of the threshold keeps one more from being seen in the number.
        """
        count = figures_service.count_minors_alone(self.bounds)
        return count - count % suppression.THRESHOLD or None

    def _of_requests(self) -> tuple[Figures, ...]:
        """Make the tables of what was received. They share their rows' totals, so their rows are the same."""
        counted = figures_service.count_requests(self.bounds, clock.today())
        received = _tally((one.state, one.period, one.count) for one in counted)
        replies = _tally((one.state, one.reply, one.count) for one in counted)
        decisions = _tally((one.state, one.decision, one.count) for one in counted if one.decision)
        totals = {
            state: (
                sum(received[state, name] for name in self.quarters if (state, name) in received),
                sum(replies.get((state, column), 0) for column in _REPLIES),
                sum(replies.get((state, column), 0) for column in _UNANSWERED),
            )
            for state in {one.state for one in counted}
        }
        if self._may_show(totals.values()):
            return self._together(
                totals,
                (TableName.RECEIVED, self.quarters, received),
                (TableName.REPLIES, _REPLIES, replies),
                (TableName.DECISIONS, _DECISIONS, decisions),
                (TableName.UNANSWERED, _UNANSWERED, replies),
            )
        # So few are answered, or unanswered, that their number itself is to be hidden: the tables that would show it
        # as a total are left out, and one that has it as a column takes their place.
        unanswered = _tally(
            (state, Column.UNANSWERED if column in _UNANSWERED else column, count)
            for (state, column), count in replies.items()
        )
        return self._together(
            {state: counts[:1] for state, counts in totals.items()},
            (TableName.RECEIVED, self.quarters, received),
            (TableName.REPLIES, (*_REPLIES, Column.UNANSWERED), unanswered),
        )

    def _of_moves(self) -> tuple[Figures, ...]:
        """Make the tables of what was done in the span, whenever the request was received."""
        triggers = (*_DOCUMENTS, *_TRANSFERS, *_REFERRALS)
        counted = figures_service.count_moves(triggers, self.bounds)
        tables: list[tuple[TableName, Sequence[str], Tally]] = [
            (
                TableName.DOCUMENTS,
                self.quarters,
                _tally((one.state, one.period, one.count) for one in counted if one.trigger in _DOCUMENTS),
            )
        ]
        for name, columns in ((TableName.TRANSFERS, _TRANSFERS), (TableName.REFERRALS, _REFERRALS)):
            moves = [(one.state, columns[one.trigger].value, one.count) for one in counted if one.trigger in columns]
            tables.append((name, tuple(columns.values()), _tally(moves)))
        made: list[Figures] = []
        for name, shown, tally in tables:
            totals = {state: (_sum_of(tally, state),) for state, _ in tally}
            made += self._together(totals, (name, shown, tally))
        return tuple(made)

    def _may_show(self, totals: Iterable[tuple[int, ...]]) -> bool:
        return not self.is_suppressed or suppression.is_enough(totals)

    def _together(
        self, totals: Mapping[str, tuple[int, ...]], *wanted: tuple[TableName, Sequence[str], Tally]
    ) -> tuple[Figures, ...]:
        """Make tables that share totals: the same States stand alone in each of them."""
        folded = suppression.fold_small_rows(totals) if self.is_suppressed else frozenset()
        if folded and wanted[0][0] is TableName.RECEIVED:
            self.folded = tuple(sorted(folded))
        alone = sorted(set(totals) - folded)
        may_show = self._may_show(totals.values())
        suppress = suppression.suppress if self.is_suppressed else _as_counted
        made = []
        for name, columns, tally in wanted:
            rows = [[tally.get((state, column), 0) for column in columns] for state in alone]
            if folded:
                rows.append([sum(tally.get((state, column), 0) for state in folded) for column in columns])
            states = (*alone, *((OTHERS,) if folded else ()))
            made.append(_figures(name, columns, states, rows, suppress if may_show else _all_hidden))
        return tuple(made)


def _figures(
    name: TableName,
    columns: Sequence[str],
    states: Sequence[str],
    rows: list[list[int]],
    suppress: Callable[[Sequence[Sequence[int]]], suppression.Table],
) -> Figures:
    cells = suppress(rows).cells
    if not cells:
        return Figures(name, tuple(columns), (), (0,) * (len(columns) + 1))
    shown = tuple(Row(state, values) for state, values in zip(states, cells[:-1], strict=True))
    return Figures(name, tuple(columns), shown, cells[-1])


def _as_counted(rows: Sequence[Sequence[int]]) -> suppression.Table:
    return suppression.Table(suppression.with_totals(rows) if rows else ())


def _all_hidden(rows: Sequence[Sequence[int]]) -> suppression.Table:
    return suppression.Table(tuple((None,) * len(row) for row in suppression.with_totals(rows)) if rows else ())


def _tally(counts: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for state, column, count in counts:
        found[state, column] = found.get((state, column), 0) + count
    return found


def _sum_of(tally: Tally, state: str) -> int:
    return sum(count for (other, _), count in tally.items() if other == state)


def _zone() -> ZoneInfo:
    return ZoneInfo(clock.HOME_ZONE)


def _quarter_start(year: int, quarter: int) -> datetime:
    return datetime(year + (quarter - 1) // 4, (quarter - 1) % 4 * 3 + 1, 1, tzinfo=_zone())


def _present_quarter() -> datetime:
    today = clock.today()
    return _quarter_start(today.year, (today.month - 1) // 3 + 1)


def _quarters(year: int, until: datetime) -> Bounds:
    """Return the quarters of a year that have begun by then, each with its first instant and that of the next."""
    starts = [(quarter, _quarter_start(year, quarter)) for quarter in range(1, 5)]
    return [(f"{year}-{q}", start, _quarter_start(year, q + 1)) for q, start in starts if start < until]


def _years(until: datetime) -> tuple[int, ...]:
    """Return the years that can be shown, the newest first."""
    first = figures_service.find_first_received_at()
    if first is None or first > until:
        return ()
    last = until.astimezone(_zone())
    newest = last.year if last > _quarter_start(last.year, 1) else last.year - 1
    return tuple(range(newest, first.astimezone(_zone()).year - 1, -1))


def _record(actor: Actor, year: int) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.STATISTICS_VIEWED,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="statistics",
        record_id=str(year),
        payload={"report": "overview", "period": str(year)},
    )
