"""Stops and extensions of the clocks of a case: each recorded with its ground, its author and its day, then counted.

What the lists say of stops is brought up to the present day here too: a stop begins and ends without anybody's act.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import queries
from ercms.cases.clock_queries import DateOnRecord
from ercms.cases.clocks import is_suspended, recompute
from ercms.cases.models import Case, ClockExtension, ClockStop
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.core.jobs import register_job
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import service as vault

STOP_LABEL = "clock_stops.note"
EXTENSION_LABEL = "clock_extensions.ground"


def record_stop(*, actor: Actor, case: Case, values: Mapping[str, Any]) -> ClockStop:
    """Record a dated stop with its ground and recompute; a stop never makes a date earlier.

    One that is recorded late also moves a clock that has ended since, when it lay within its span.
    """
    stop = ClockStop(
        case_id=case.id,
        ground=values["ground"],
        from_on=values["from_on"],
        to_on=values.get("to_on"),
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session.add(stop)
    db.session.flush()
    stop.note_sealed = vault.seal_text(
        person_id=case.principal_person_id, label=STOP_LABEL, record_id=stop.id, text=values["note"]
    )
    db.session.flush()
    recompute(case=case, concerned=lambda row: _lay_within(stop, row))
    _record(actor, AuditAction.STOP_RECORDED, case, {"ground": stop.ground.value, "from_on": stop.from_on.isoformat()})
    return stop


def _lay_within(stop: ClockStop, row: DateOnRecord) -> bool:
    """Tell whether a stop lay in the span of a clock that has ended: it began no later than the act was done."""
    if row.is_internal or row.started_on is None:
        return False
    ended_on = date.fromisoformat(json.loads(row.arithmetic)["ended_on"])
    return stop.from_on <= ended_on and (stop.to_on is None or stop.to_on > row.started_on)


def end_stop(*, actor: Actor, case: Case, stop_id: str, to_on: date) -> ClockStop:
    """Set the last day of an open stop and recompute.

    Raises:
        NotFound: the case has no such stop.
        Conflict: the stop has ended already.
        InvalidInput: the last day lies before the first.
    """
    stop = next((stop for stop in queries.list_stops(case.id) if stop.id == stop_id), None)
    if stop is None:
        raise NotFound
    if stop.to_on is not None:
        raise Conflict("stop_already_ended", reference=case.reference)
    if to_on < stop.from_on:
        raise InvalidInput("stop_ends_before_start", fields={"to_on": ["stop_ends_before_start"]})
    stop.to_on, stop.ended_by_id = to_on, actor.user_id
    db.session.flush()
    recompute(case=case, concerned=lambda row: _lay_within(stop, row))
    _record(actor, AuditAction.STOP_ENDED, case, {"ground": stop.ground.value, "until_on": to_on.isoformat()})
    return stop


def record_extension(*, actor: Actor, case: Case, values: Mapping[str, Any]) -> ClockExtension:
    """Record an extension of one limit and recompute. It is always a person's act, with its paper.

    Raises:
        InvalidInput: the case has no such limit.
    """
    current = next((row for row in queries.list_current_clocks(case.id) if row.kind == values["kind"]), None)
    if current is None or current.is_internal:
        raise InvalidInput("no_such_limit", fields={"kind": ["no_such_limit"]})
    extension = ClockExtension(
        case_id=case.id,
        kind=values["kind"],
        length=values["length"],
        unit=json.loads(current.arithmetic)["term"]["unit"],
        notified_on=values["notified_on"],
        recorded_by_id=actor.user_id,
        recorded_at=clock.now(),
    )
    db.session.add(extension)
    db.session.flush()
    extension.ground_sealed = vault.seal_text(
        person_id=case.principal_person_id, label=EXTENSION_LABEL, record_id=extension.id, text=values["ground"]
    )
    db.session.flush()
    recompute(case=case, concerned=lambda row: row.kind == extension.kind)
    _record(actor, AuditAction.EXTENSION_RECORDED, case, {"clock": extension.kind, "length": extension.length})
    return extension


def _record(actor: Actor, action: AuditAction, case: Case, payload: dict[str, Any]) -> None:
    audit.record_of_case(
        actor=actor,
        action=action,
        case_id=case.id,
        payload=payload,
    )


def refresh_suspensions() -> None:
    """Bring what the lists say of stops up to the present day: a stop begins and ends without anybody's act."""
    with unit_of_work():
        for case in queries.list_cases_with_stops():
            present = is_suspended(case=case)
            if present != case.is_suspended:
                queries.set_suspended(case.id, present)


def register_upkeep() -> None:
    """Let the worker refresh the stops each hour."""
    register_job("suspensions", timedelta(hours=1), refresh_suspensions)
