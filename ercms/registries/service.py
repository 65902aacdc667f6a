"""Connections to registers as administrators keep them, and how far inquiries are, for the case page. No person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.outbound import is_allowed
from ercms.core.text import msg
from ercms.extensions import db
from ercms.registries import breaker as breakers
from ercms.registries import exchange_service, queries, runtime
from ercms.registries.breaker import Breaker
from ercms.registries.enums import BreakerState, ExchangeState, Failure
from ercms.registries.models import RegistryConnection

ADDRESS_NOT_ALLOWED = msg(
    "This address is not called: it must begin with https, and its host must be listed in the settings of the machine."
)


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """The register of an agency, as an administrator sees it."""

    agency_id: str
    agency: str
    address: str
    is_enabled: bool
    breaker: BreakerState
    retry_at: datetime | None
    waiting: int
    last_error: Failure | None
    last_error_at: datetime | None
    last_ok_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """How far one inquiry is at the register."""

    state: ExchangeState
    failures: int
    last_error: Failure | None
    next_at: datetime | None
    sent_at: datetime | None


def list_connections(*, actor: Actor) -> tuple[ConnectionLine, ...]:
    """Return every agency with its register, where it has one."""
    policy.check(actor, Permission.REGISTRY_MANAGE)
    rows = {row.agency_id: row for row in queries.list_connections()}
    waiting = queries.count_open()
    agencies = accounts.list_organisations(kind=OrganisationKind.AGENCY)
    return tuple(_line(one.id, one.name, rows.get(one.id), waiting.get(one.id, 0)) for one in agencies)


def _line(agency_id: str, name: str, row: RegistryConnection | None, waiting: int) -> ConnectionLine:
    breaker = Breaker() if row is None else Breaker(row.failures, row.retry_at, row.probe_until)
    return ConnectionLine(
        agency_id=agency_id,
        agency=name,
        address="" if row is None else row.address,
        is_enabled=row is not None and row.is_enabled,
        breaker=breakers.state_of(breaker, clock.now()),
        retry_at=breaker.retry_at,
        waiting=waiting,
        last_error=Failure(row.last_error) if row is not None and row.last_error else None,
        last_error_at=None if row is None else row.last_error_at,
        last_ok_at=None if row is None else row.last_ok_at,
    )


def configure(*, actor: Actor, values: Mapping[str, Any]) -> None:
    """Say where an agency's register is and whether it is used; what waited for it is called at once.

    Raises:
        InvalidInput: the agency is none, or the address is not one that may be called.
    """
    policy.check(actor, Permission.REGISTRY_MANAGE)
    agency_id, address = values["agency_id"], values.get("address") or ""
    if agency_id not in {one.id for one in accounts.list_organisations(kind=OrganisationKind.AGENCY)}:
        raise NotFound
    if address and not is_allowed(address, runtime.limits()):
        raise InvalidInput(fields={"address": [ADDRESS_NOT_ALLOWED]})
    row = queries.find_connection(agency_id)
    if row is None:
        row = RegistryConnection(agency_id=agency_id, address=address, failures=0)
        db.session.add(row)
    row.address, row.is_enabled = address, bool(values.get("is_enabled"))
    _close_breaker(row)
    db.session.flush()
    if row.is_enabled:
        exchange_service.call_again(agency_id=agency_id)
    _record(actor, row)


def try_again(*, actor: Actor, agency_id: str) -> int:
    """Close the breaker of a register and call at once what waits for it; return how many inquiries that are.

    Raises:
        NotFound: the agency has no register.
    """
    policy.check(actor, Permission.REGISTRY_MANAGE)
    row = queries.find_connection(agency_id)
    if row is None:
        raise NotFound
    _close_breaker(row)
    db.session.flush()
    _record(actor, row)
    return exchange_service.call_again(agency_id=agency_id)


def states_of(*, inquiry_ids: Iterable[str]) -> dict[str, ExchangeLine]:
    """Return how far inquiries are at registers, by inquiry; those that go by hand are absent."""
    ids = list(inquiry_ids)
    return {
        row.inquiry_id: ExchangeLine(
            state=row.state,
            failures=row.failures,
            last_error=Failure(row.last_error) if row.last_error else None,
            next_at=row.next_at,
            sent_at=row.sent_at,
        )
        for row in (queries.list_exchanges(ids) if ids else ())
    }


def _close_breaker(row: RegistryConnection) -> None:
    row.failures, row.retry_at, row.probe_until = 0, None, None


def _record(actor: Actor, row: RegistryConnection) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.REGISTRY_CHANGED,
        chain=audit.organisation_chain(row.agency_id),
        record_type="organisation",
        record_id=row.agency_id,
        payload={"organisation_id": row.agency_id, "active": row.is_enabled},
    )
