"""Transfers: announced by the requesting authority, confirmed or reported as failed at the border.

Each attempt is a record of its own. Who escorts, on which flight, and why something failed is sealed under the
principal person's key.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.service import Act, Case, CaseTransition
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.text import msg
from ercms.core.workflow_refusals import refusals_of
from ercms.extensions import db
from ercms.returns import queries
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.returns.models import Transfer
from ercms.travel_documents import service as travel_documents
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from workflows import transfer as machine
from workflows.deadlines import ClockKind
from workflows.readmission import CaseTrigger
from workflows.transfer import TransferFacts, TransferState, TransferTrigger

DETAILS_LABEL = "transfers.details"
NOTE_LABEL = "transfers.note"
_DETAILS = ("carrier", "flight_number", "arrival_time", "escorts", "has_medical_escort", "notes")
_MISSED = "missed"
_NOON = time(12)
_IN_FUTURE = msg("The arrival would lie in the future.")
_BEFORE_NOTICE = msg("The arrival would lie before the day on which the transfer was announced.")


@dataclass(frozen=True, slots=True)
class TransferDetails:
    """What a notice says beside day, means and place."""

    carrier: str = ""
    flight_number: str = ""
    arrival_time: str = ""
    escorts: str = ""
    has_medical_escort: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class TransferForCase:
    """One attempt as the case page shows it.

    `notice_due_on` is the day by which the present attempt had to be announced, `is_notice_short` that it was
    announced later, `is_notice_internal` that no agreement says so but the house's own target.
    """

    id: str
    attempt: int
    state: TransferState
    planned_on: date
    means: TransferMeans
    crossing_point: str
    details: TransferDetails
    notified_at: datetime
    ended_at: datetime | None
    failure: TransferFailure | None
    note: str | None
    notice_due_on: date | None
    is_notice_short: bool
    is_notice_internal: bool


def notify_transfer(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Announce a transfer; a notice shorter than the agreement's, or the internal target, warns and blocks nothing."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.NOTIFY_TRANSFER,
        act=Act(values={"transfer_on": values["transfer_on"]}),
        expected_version=expected_version,
    )
    transfer = Transfer(
        case_id=case.id,
        attempt=queries.next_attempt(case.id),
        state=TransferState.PLANNED,
        planned_on=values["transfer_on"],
        means=values["means"],
        crossing_point=values["crossing_point"],
        notified_by_id=actor.user_id,
        notified_at=clock.now(),
    )
    db.session.add(transfer)
    db.session.flush()
    details = {name: values[name] for name in _DETAILS if values.get(name)}
    transfer.details_sealed = vault.seal_text(
        person_id=case.principal_person_id,
        label=DETAILS_LABEL,
        record_id=transfer.id,
        text=json.dumps(details, ensure_ascii=False, sort_keys=True),
    )
    _fire(transfer, TransferTrigger.NOTIFY)
    payload = {"mode": transfer.means.value, "transfer_on": transfer.planned_on}
    _record(actor, AuditAction.TRANSFER_NOTIFIED, case, transfer, payload)
    return moved


def cancel_transfer(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Call the announced transfer off; the document stays as it is."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.CANCEL_TRANSFER,
        act=Act(reason=values.get("reason")),
        expected_version=expected_version,
    )
    transfer = _present(case)
    _end(actor, case, transfer, values.get("reason"))
    _fire(transfer, TransferTrigger.CANCEL, has_reason=bool(values.get("reason")))
    _record(actor, AuditAction.TRANSFER_CANCELLED, case, transfer, {})
    return moved


def confirm_arrival(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Confirm that the person arrived: when, and on which document.

    Raises:
        InvalidInput: the arrival lies in the future, or before the transfer was announced; `unknown_document`.
    """
    case = cases.get_case(actor=actor, reference=reference)
    transfer = queries.find_last_of_case(case.id)
    arrived_at = _arrival_instant(values, transfer)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.CONFIRM_ARRIVAL,
        act=Act(values={"transferred_at": arrived_at}),
        expected_version=expected_version,
    )
    transfer = _present(case)
    _end(actor, case, transfer, values.get("arrival_note"))
    _fire(transfer, TransferTrigger.ARRIVE, arrived_on=values["arrived_on"])
    travel_documents.use_documents(actor=actor, case=case, document_id=values.get("document_id"))
    _record(actor, AuditAction.TRANSFER_ARRIVED, case, transfer, {"arrived_on": values["arrived_on"]})
    return moved


def record_transfer_failure(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Record that the announced transfer did not take place, with a code and what happened."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.RECORD_TRANSFER_FAILURE,
        act=Act(reason=values.get("note")),
        expected_version=expected_version,
    )
    transfer = _present(case)
    transfer.failure = values["failure"]
    _end(actor, case, transfer, values.get("note"))
    _fire(transfer, TransferTrigger.FAIL, has_reason=bool(values.get("note")))
    _record(actor, AuditAction.TRANSFER_FAILED, case, transfer, {"ground": values["failure"].value})
    return moved


def for_case(*, actor: Actor, case: Case) -> tuple[TransferForCase, ...]:
    """Return the attempts of a case, the last one first; nothing to whom may not read them."""
    if not policy.allows(actor, Permission.TRANSFER_READ, case):
        return ()
    transfers = list(reversed(queries.list_of_case(case.id)))
    details = details_of(pairs=[(transfer, case) for transfer in transfers])
    notes = vault.open_texts(
        SealedText(case.principal_person_id, NOTE_LABEL, transfer.id, transfer.note_sealed)
        for transfer in transfers
        if transfer.note_sealed
    )
    opened = dict(zip([transfer.id for transfer in transfers if transfer.note_sealed], notes, strict=True))
    return tuple(_for_case(case, transfer, details[transfer.id], opened.get(transfer.id)) for transfer in transfers)


def _for_case(case: Case, transfer: Transfer, details: TransferDetails, note: str | None) -> TransferForCase:
    is_present = transfer.state in (TransferState.NOTIFIED, TransferState.DEPARTED)
    notice = next(
        (
            row
            for row in case.clocks
            if is_present and row.kind == ClockKind.TRANSFER_NOTICE.value and row.status != "superseded"
        ),
        None,
    )
    return TransferForCase(
        id=transfer.id,
        attempt=transfer.attempt,
        state=transfer.state,
        planned_on=transfer.planned_on,
        means=transfer.means,
        crossing_point=transfer.crossing_point,
        details=details,
        notified_at=transfer.notified_at,
        ended_at=transfer.ended_at,
        failure=transfer.failure,
        note=note,
        notice_due_on=notice.due_on if notice else None,
        is_notice_short=notice is not None and notice.status == _MISSED,
        is_notice_internal=notice is not None and notice.is_internal,
    )


def details_of(*, pairs: list[tuple[Transfer, Case]]) -> dict[str, TransferDetails]:
    """Open the details of transfers, each with its case, by the transfer's identifier."""
    sealed = [
        SealedText(case.principal_person_id, DETAILS_LABEL, transfer.id, transfer.details_sealed)
        for transfer, case in pairs
        if transfer.details_sealed
    ]
    opened = dict(zip([item.record_id for item in sealed], vault.open_texts(sealed), strict=True))
    return {transfer.id: TransferDetails(**json.loads(opened.get(transfer.id) or "{}")) for transfer, _ in pairs}


def _arrival_instant(values: Mapping[str, Any], transfer: Transfer | None) -> datetime:
    """Return when the person arrived; without a time of day noon stands in, or the present moment before noon."""
    zone = ZoneInfo(clock.HOME_ZONE)
    arrived_on: date = values["arrived_on"]
    now = clock.now()
    at = datetime.combine(arrived_on, values.get("arrived_at") or _NOON, zone)
    if arrived_on > clock.today():
        raise InvalidInput("arrival_in_future", fields={"arrived_on": [_IN_FUTURE]})
    if values.get("arrived_at") and at > now:
        raise InvalidInput("arrival_in_future", fields={"arrived_at": [_IN_FUTURE]})
    if transfer is not None and arrived_on < transfer.notified_at.astimezone(zone).date():
        raise InvalidInput("arrival_before_notice", fields={"arrived_on": [_BEFORE_NOTICE]})
    return min(at, now)


def _present(case: Case) -> Transfer:
    transfer = queries.find_last_of_case(case.id)
    if transfer is None:
        raise Conflict("no_transfer_announced", reference=case.reference)
    return transfer


def _end(actor: Actor, case: Case, transfer: Transfer, note: str | None) -> None:
    transfer.ended_by_id, transfer.ended_at = actor.user_id, clock.now()
    if note:
        transfer.note_sealed = vault.seal_text(
            person_id=case.principal_person_id, label=NOTE_LABEL, record_id=transfer.id, text=note
        )


def _fire(
    transfer: Transfer, trigger: TransferTrigger, *, has_reason: bool = False, arrived_on: date | None = None
) -> None:
    known = TransferFacts(
        today=clock.today(),
        transfer_on=transfer.planned_on,
        has_crossing_point=bool(transfer.crossing_point),
        arrived_on=arrived_on,
        has_reason=has_reason,
    )
    with refusals_of("transfer"):
        transition = machine.fire(transfer.state, trigger, known)
    _apply(transfer, transition.destination)


def _apply(transfer: Transfer, destination: TransferState) -> None:
    transfer.state = destination
    db.session.flush()


def _record(actor: Actor, action: AuditAction, case: Case, transfer: Transfer, payload: Mapping[str, Any]) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(case.id),
        record_type="transfer",
        record_id=transfer.id,
        payload={"transfer_id": transfer.id, **payload},
    )
