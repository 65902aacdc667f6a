"""Read the audit for oversight: the newest acts across all chains, one case's chain, and who looked at it.

Everything here is for the data protection officer, and each reading is itself an act on record.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import chain_check, queries, service
from ercms.audit.actions import VIEWS, AuditAction
from ercms.audit.models import AuditEntry
from ercms.audit.service import AuditLine
from ercms.audit.verify import Report
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.paging import cursor_of, place_of

PAGE_SIZE = 50

_Place = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some acts, the newest first, and where the older ones begin."""

    lines: tuple[AuditLine, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who came to see data of a case: how often, when, which compartments, from where."""

    actor_id: str
    organisation_id: str | None
    role: str
    count: int
    first_at: datetime
    last_at: datetime
    compartments: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainSheet:
    """The chain of a case: its size, who looked, and one page of its acts."""

    count: int
    viewers: tuple[Viewer, ...]
    page: AuditPage


def list_acts(*, actor: Actor, wanted: Mapping[str, Any], chain: str | None = None) -> AuditPage:
    """Return acts that meet the filter, the newest first.

    `wanted` may hold `action`, `views`, `organisation`, `actor`, `from_on`, `to_on` and `cursor`.

    Raises:
        PermissionRefused: the actor oversees nothing.
        InvalidInput: `bad_cursor`.
    """
    policy.check(actor, Permission.AUDIT_READ)
    page = _page([*_criteria(wanted), *([AuditEntry.chain == chain] if chain else [])], wanted.get("cursor"))
    filters = sorted(name for name, value in wanted.items() if value and name != "cursor")
    _record(actor, chain or service.organisation_chain(actor.organisation_id), filters, len(page.lines))
    return page


def case_sheet(*, actor: Actor, case_id: str, cursor: str | None = None) -> ChainSheet:
    """Return the chain of a case, the newest act first, with everybody who came to see its data.

    Raises:
        PermissionRefused: the actor oversees nothing.
        InvalidInput: `bad_cursor`.
    """
    policy.check(actor, Permission.AUDIT_READ)
    chain = service.case_chain(case_id)
    in_chain = AuditEntry.chain == chain
    page = _page([in_chain], cursor)
    views = [service.line_of(entry) for entry in queries.list_entries(in_chain, queries.is_action(VIEWS))]
    sheet = ChainSheet(queries.count_entries(in_chain), _viewers(views), page)
    _record(actor, chain, ["case"], len(page.lines))
    return sheet


def verify_case(*, actor: Actor, case_id: str) -> Report:
    """Check every entry of a case's chain, and put the check on record.

    Raises:
        PermissionRefused: the actor oversees nothing.
    """
    policy.check(actor, Permission.AUDIT_READ)
    chain = service.case_chain(case_id)
    report = chain_check.verify_chain(chain)
    service.record(
        actor=actor,
        action=AuditAction.AUDIT_VERIFIED,
        chain=service.organisation_chain(actor.organisation_id),
        record_type="audit",
        record_id=case_id,
        payload={"entries": report.entries, "chains": report.chains, "sound": report.is_sound},
    )
    return report


def _criteria(wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    criteria: list[ColumnElement[bool]] = []
    if wanted.get("action"):
        criteria.append(AuditEntry.action == wanted["action"].value)
    if wanted.get("views"):
        criteria.append(queries.is_action(VIEWS))
    if wanted.get("organisation"):
        criteria.append(AuditEntry.organisation_id == wanted["organisation"])
    if wanted.get("actor"):
        criteria.append(AuditEntry.actor_id == wanted["actor"])
    if wanted.get("from_on"):
        criteria.append(AuditEntry.at >= _start_of(wanted["from_on"]))
    if wanted.get("to_on"):
        criteria.append(AuditEntry.at < _start_of(wanted["to_on"] + timedelta(days=1)))
    return criteria


def _start_of(day: date) -> str:
    """Return the first instant of a day in Baku, as the audit writes instants."""
    return service.instant_text(datetime.combine(day, time(), tzinfo=ZoneInfo(clock.HOME_ZONE)))


def _page(criteria: list[ColumnElement[bool]], cursor: str | None) -> AuditPage:
    place = place_of(cursor, _place)
    before = [] if place is None else [_before(place)]
    entries = queries.list_entries(*criteria, *before, newest_first=True, limit=PAGE_SIZE + 1)
    shown = entries[:PAGE_SIZE]
    last = shown[-1] if len(entries) > PAGE_SIZE else None
    following = None if last is None else cursor_of(last.at, last.chain, last.seq)
    return AuditPage(tuple(service.line_of(entry) for entry in shown), following)


def _before(place: _Place) -> ColumnElement[bool]:
    at, chain, seq = place
    return or_(
        AuditEntry.at < at,
        and_(AuditEntry.at == at, AuditEntry.chain < chain),
        and_(AuditEntry.at == at, AuditEntry.chain == chain, AuditEntry.seq < seq),
    )


def _place(at: str, chain: str, seq: int) -> _Place:
    return str(at), str(chain), int(seq)


def _viewers(views: list[AuditLine]) -> tuple[Viewer, ...]:
    """Put the views of a case together by who looked in which role, the last to look first."""
    by_person: dict[tuple[str, str | None, str], list[AuditLine]] = {}
    for line in views:
        by_person.setdefault((line.actor_id, line.organisation_id, line.role), []).append(line)
    found = [
        Viewer(
            *person,
            count=len(lines),
            first_at=min(line.at for line in lines),
            last_at=max(line.at for line in lines),
            compartments=tuple(sorted({name for line in lines for name in line.compartments})),
            addresses=tuple(address for address, _ in Counter(line.address or "" for line in lines).most_common()),
        )
        for person, lines in by_person.items()
    ]
    return tuple(sorted(found, key=lambda viewer: viewer.last_at, reverse=True))


def _record(actor: Actor, chain: str, filters: list[str], total: int) -> None:
    service.record(
        actor=actor,
        action=AuditAction.AUDIT_VIEWED,
        chain=chain,
        record_type="audit",
        record_id=chain,
        payload={"filters": filters, "total": total},
    )
