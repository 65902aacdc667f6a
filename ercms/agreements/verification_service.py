"""Verify a term: one supervisor names the source that was read, a second person confirms, from then on it counts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import change_service, overlay, proposals, queries, term_values
from ercms.agreements.change_enums import LawChangeKind, ProposalState
from ercms.agreements.models import TermVerification
from ercms.agreements.service import get_agreement
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, NotFound
from ercms.extensions import db
from workflows.terms import Term, TermValue, Unit


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a term as it stands on record."""

    id: str
    state: ProposalState
    agreement_id: str
    term_name: str
    value: TermValue
    unit: Unit | None
    instrument: str
    article: str
    reference: str
    proposed_by_id: str
    proposed_at: datetime
    decided_by_id: str | None
    decided_at: datetime | None


def get_term(*, agreement_id: str, term_name: str) -> Term:
    """Return a term as it counts now.

    Raises:
        NotFound: there is no such version, or it does not speak of the term.
    """
    term = get_agreement(agreement_id).terms.get(term_name)
    if term is None:
        raise NotFound("term_not_found")
    return term


def propose(*, actor: Actor, agreement_id: str, term_name: str, values: Mapping[str, Any]) -> Reading:
    """Record what was read of a term and where: it counts once a second person has confirmed it.

    Raises:
        NotFound: there is no such version or term.
        InvalidInput: the value is none that the term can have, or its unit is wrong.
        Conflict: `term_already_proposed`, a reading of the term waits already.
    """
    policy.check(actor, Permission.AGREEMENT_VERIFY)
    get_term(agreement_id=agreement_id, term_name=term_name)
    value, unit = term_values.checked(term_name, values["value"], values.get("unit"))
    if queries.find_open_verification(agreement_id, term_name) is not None:
        raise Conflict("term_already_proposed", term=term_name)
    row = TermVerification(
        state=ProposalState.PROPOSED,
        agreement_id=agreement_id,
        term_name=term_name,
        value=json.dumps(value),
        unit=unit,
        instrument=values["instrument"],
        article=values["article"],
        reference=values["reference"],
        proposed_by_id=actor.user_id,
        proposed_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    _record(actor, AuditAction.TERM_PROPOSED, row)
    return _reading(row)


def confirm(*, actor: Actor, agreement_id: str, record_id: str) -> Reading:
    """Confirm somebody else's reading: the term is verified, and open cases are computed anew by the worker.

    Raises:
        NotFound: there is no such reading.
        Conflict: `proposal_already_decided`.
        RuleRefused: `own_proposal`, nobody confirms what they proposed.
    """
    row = _find(agreement_id, record_id)
    proposals.decide(actor=actor, permission=Permission.AGREEMENT_CONFIRM, row=row, outcome=ProposalState.CONFIRMED)
    _record(actor, AuditAction.TERM_VERIFIED, row)
    change_service.note_change(actor=actor, kind=LawChangeKind.TERM, subject=row.agreement_id)
    return _reading(row)


def reject(*, actor: Actor, agreement_id: str, record_id: str) -> Reading:
    """Turn a reading down, or take one's own back; nothing changes.

    Raises:
        NotFound: there is no such reading.
        Conflict: `proposal_already_decided`.
    """
    row = _find(agreement_id, record_id)
    proposals.decide(actor=actor, permission=Permission.AGREEMENT_CONFIRM, row=row, outcome=ProposalState.REJECTED)
    _record(actor, AuditAction.TERM_REJECTED, row)
    return _reading(row)


def list_readings(*, actor: Actor, agreement_id: str, term_name: str | None = None) -> tuple[Reading, ...]:
    """Return the readings of an agreement's terms, the newest first."""
    policy.check(actor, Permission.AGREEMENT_READ)
    return tuple(_reading(row) for row in queries.list_verifications(agreement_id, term_name))


def _find(agreement_id: str, record_id: str) -> TermVerification:
    row = queries.find_verification(record_id)
    if row is None or row.agreement_id != agreement_id:
        raise NotFound("proposal_not_found")
    get_term(agreement_id=row.agreement_id, term_name=row.term_name)
    return row


def _record(actor: Actor, action: AuditAction, row: TermVerification) -> None:
    payload = {"agreement": row.agreement_id, "term": row.term_name, "proposal_id": row.id}
    audit.record(
        actor=actor,
        action=action,
        chain=audit.SYSTEM_CHAIN,
        record_type="agreement",
        record_id=row.agreement_id,
        payload=payload,
    )


def _reading(row: TermVerification) -> Reading:
    return Reading(
        id=row.id,
        state=row.state,
        agreement_id=row.agreement_id,
        term_name=row.term_name,
        value=overlay.stored_value(row.value),
        unit=row.unit,
        instrument=row.instrument,
        article=row.article,
        reference=row.reference,
        proposed_by_id=row.proposed_by_id,
        proposed_at=row.proposed_at,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
    )
