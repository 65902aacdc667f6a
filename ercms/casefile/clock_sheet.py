"""The clock sheet: how each date of a case was counted, and what was computed before, on one page to print.

It is about dates and names no person: neither the notes of the stops nor the grounds of the extensions are opened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.audit.actions import AuditAction
from ercms.cases import discretion, record_service, service
from ercms.cases import viewing_service as viewing
from ercms.cases.clock_reasons import ChangeReason, reasons_of
from ercms.cases.record_service import ClockLine, StopLine
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from workflows.terms import Agreement


@dataclass(frozen=True, slots=True)
class FormerDate:
    """A date that was computed before, and why the next one took its place."""

    line: ClockLine
    reasons: tuple[ChangeReason, ...]


@dataclass(frozen=True, slots=True)
class DateEntry:
    """All that was ever computed of one kind of date: what holds, and before it the former ones, the oldest first."""

    kind: str
    line: ClockLine | None
    former: tuple[FormerDate, ...]


@dataclass(frozen=True, slots=True)
class ClockSheet:
    """What the sheet shows."""

    case: Case
    authority: str
    agreement: Agreement | None
    entries: tuple[DateEntry, ...]
    stops: tuple[StopLine, ...]
    made_at: datetime


def open_sheet(*, actor: Actor, reference: str, as_file_in: str | None = None) -> ClockSheet:
    """Put the sheet of a case together and put on record that it was opened.

    `as_file_in` is the language of the file that is made of it: then the record says that a copy was taken out.

    Raises:
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
        NotFound: there is no such case, or the actor may not know of it.
        PermissionRefused: the actor may not read the timeline of the case.
    """
    case = service.get_case(actor=actor, reference=reference, permission=Permission.CASE_HISTORY)
    taken_out = {} if as_file_in is None else {"format": "pdf", "language": as_file_in}
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.CASE_EXPORTED if taken_out else AuditAction.CASE_VIEWED,
        payload={"page": "clock_sheet", **taken_out},
    )
    current = discretion.clocks_for(actor=actor, lines=record_service.current_clocks(case=case))
    former = discretion.clocks_for(actor=actor, lines=record_service.former_clocks(case=case))
    names = accounts.organisation_names([case.requesting_organisation_id])
    return ClockSheet(
        case=case,
        authority=names.get(case.requesting_organisation_id, ""),
        agreement=agreements.get_agreement(case.agreement_id) if case.agreement_id else None,
        entries=entries_of(current, former),
        stops=record_service.stops_of(case=case, with_words=False),
        made_at=clock.now(),
    )


def entries_of(current: Iterable[ClockLine], former: Iterable[ClockLine]) -> tuple[DateEntry, ...]:
    """Return the dates by kind: those that hold in their order, then kinds of which none holds any more."""
    now = {line.kind: line for line in current}
    before: dict[str, list[ClockLine]] = {}
    for line in sorted(former, key=lambda one: one.computed_at):
        before.setdefault(line.kind, []).append(line)
    return tuple(_entry(kind, now.get(kind), before.get(kind, [])) for kind in dict.fromkeys((*now, *before)))


def _entry(kind: str, line: ClockLine | None, before: list[ClockLine]) -> DateEntry:
    later = [*before, line][1:]
    former = [
        FormerDate(one, reasons_of(one.details, None if after is None else after.details))
        for one, after in zip(before, later, strict=True)
    ]
    return DateEntry(kind, line, tuple(former))
