"""Record the life of an agreement: one administrator names the step and its source, a second one confirms."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import change_service, overlay, proposals, queries
from ercms.agreements.change_enums import LawChangeKind, ProposalState
from ercms.agreements.models import StatusRecord
from ercms.agreements.schemas import check_set
from ercms.agreements.service import get_agreement
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import InvalidInput, NotFound, RuleRefused
from ercms.core.text import msg
from ercms.extensions import db
from workflows.terms import Agreement, AgreementStatus, Confidence, Source, StatusChange

CountClosed = Callable[[Collection[str], Collection[str], datetime], int]
"""Counts the cases that are over, of these versions or States, received from an instant on."""

ON_RECORD = msg("This step, or one of the same day, is on record already.")
TWO_IN_FORCE = msg("With this, two agreements would be in force with one State at once.")
CLOSED_AFTER = msg("Cases that are over were received on or after this day. Choose a later day of effect.")
_MAY = Permission.AGREEMENT_MANAGE
_MOVES_CLOCKS = frozenset({AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED, AgreementStatus.TERMINATED})


@dataclass(frozen=True, slots=True)
class StatusStep:
    """One recorded step as it stands on record."""

    id: str
    state: ProposalState
    agreement_id: str
    status: AgreementStatus
    effective_on: date
    instrument: str
    article: str
    reference: str
    proposed_by_id: str
    proposed_at: datetime
    decided_by_id: str | None
    decided_at: datetime | None


def propose(*, actor: Actor, agreement_id: str, values: Mapping[str, Any], count_closed: CountClosed) -> StatusStep:
    """Record a step in the life of an agreement; it counts once a second administrator has confirmed it.

    Raises:
        NotFound: there is no such version.
        InvalidInput: the step is on record, would put two agreements in force at once, or would change the dates of
            cases that are over.
    """
    policy.check(actor, Permission.AGREEMENT_MANAGE)
    agreement = get_agreement(agreement_id)
    refusal = _refusal(agreement, values["status"], values["effective_on"], count_closed)
    if refusal is not None:
        raise InvalidInput(refusal[0], fields={"effective_on": [refusal[1]]})
    row = StatusRecord(
        state=ProposalState.PROPOSED,
        agreement_id=agreement_id,
        status=values["status"],
        effective_on=values["effective_on"],
        instrument=values["instrument"],
        article=values["article"],
        reference=values["reference"],
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _record(actor, AuditAction.AGREEMENT_STATUS_PROPOSED, row)
    return _step(row)


def confirm(*, actor: Actor, agreement_id: str, record_id: str, count_closed: CountClosed) -> StatusStep:
    """Confirm somebody else's step: from its day it counts, and open cases are computed anew by the worker.

    Raises:
        NotFound: there is no such step.
        Conflict: `proposal_already_decided`.
        RuleRefused: `own_proposal`; or what spoke against the step has happened since it was proposed.
    """
    row = _find(agreement_id, record_id)

    def look_again() -> None:
        refusal = _refusal(get_agreement(agreement_id), row.status, row.effective_on, count_closed)
        if refusal is not None:
            raise RuleRefused(refusal[0])

    proposals.decide(actor=actor, permission=_MAY, row=row, outcome=ProposalState.CONFIRMED, check=look_again)
    _record(actor, AuditAction.AGREEMENT_STATUS_CHANGED, row)
    change_service.note_change(actor=actor, kind=LawChangeKind.STATUS, subject=row.agreement_id)
    return _step(row)


def reject(*, actor: Actor, agreement_id: str, record_id: str) -> StatusStep:
    """Turn a step down, or take one's own back; nothing changes.

    Raises:
        NotFound: there is no such step.
        Conflict: `proposal_already_decided`.
    """
    row = _find(agreement_id, record_id)
    proposals.decide(actor=actor, permission=_MAY, row=row, outcome=ProposalState.REJECTED)
    _record(actor, AuditAction.AGREEMENT_STATUS_REJECTED, row)
    return _step(row)


def list_steps(*, actor: Actor, agreement_id: str) -> tuple[StatusStep, ...]:
    """Return the recorded steps of an agreement, the newest first."""
    policy.check(actor, Permission.AGREEMENT_READ)
    return tuple(_step(row) for row in queries.list_statuses(agreement_id))


def _refusal(
    agreement: Agreement, status: AgreementStatus, on: date, count_closed: CountClosed
) -> tuple[str, str] | None:
    """Return why a step cannot be: its code and its sentence."""
    if any(known.on == on or (known.status is status and known.on is None) for known in agreement.status_history):
        return "status_already_recorded", ON_RECORD
    if agreement.status_on(on) is status:
        return "status_already_recorded", ON_RECORD
    if _clashes(agreement, status, on):
        return "two_in_force", TWO_IN_FORCE
    states = [party.state for party in agreement.partners if party.is_bound]
    if status in _MOVES_CLOCKS and count_closed([agreement.id], states, _begins(agreement, on)):
        return "closed_cases_after", CLOSED_AFTER
    return None


def _clashes(agreement: Agreement, status: AgreementStatus, on: date) -> bool:
    """Tell whether the step would put a second agreement in force with a State, on its day or on a later one."""
    if status is not AgreementStatus.IN_FORCE:
        return False
    step = StatusChange(status, on, Source(""), Confidence.VERIFIED)
    others = [known for known in overlay.current().agreements if known.id != agreement.id]
    after = [*others, agreement.with_status_changes([step])]
    days = {on, *(change.on for known in after for change in known.status_history if change.on and change.on > on)}
    return any(check_set(after, day) for day in sorted(days))


def _begins(agreement: Agreement, on: date) -> datetime:
    """Return when a day begins for the home State, in which requests are received."""
    return datetime.combine(on, time(), tzinfo=ZoneInfo(agreement.home.zone)).astimezone(UTC)


def _find(agreement_id: str, record_id: str) -> StatusRecord:
    row = queries.find_status(record_id)
    if row is None or row.agreement_id != agreement_id:
        raise NotFound("proposal_not_found")
    return row


def _record(actor: Actor, action: AuditAction, row: StatusRecord) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.SYSTEM_CHAIN,
        record_type="agreement",
        record_id=row.agreement_id,
        payload={
            "agreement": row.agreement_id,
            "to": row.status.value,
            "from_on": row.effective_on.isoformat(),
            "proposal_id": row.id,
        },
    )


def _step(row: StatusRecord) -> StatusStep:
    return StatusStep(
        id=row.id,
        state=row.state,
        agreement_id=row.agreement_id,
        status=row.status,
        effective_on=row.effective_on,
        instrument=row.instrument,
        article=row.article,
        reference=row.reference,
        proposed_by_id=row.proposed_by_id,
        proposed_at=row.proposed_at,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
    )
