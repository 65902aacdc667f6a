"""Sending a request: its evidence classified once more, what was sent kept under seal, and a signed receipt given.

The receipt says reference, time and digest, and anybody who holds the published key can check it. The digest is of a
document that holds everything that was sent; a random value in it keeps the digest from confirming a guess.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ercms.access.permissions import Permission, permission_for_trigger
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case, CaseTransition
from ercms.core.actor import Actor
from ercms.core.db_types import Json, new_id
from ercms.core.errors import NotFound
from ercms.evidence import queries, service
from ercms.evidence.models import SubmissionReceipt
from ercms.extensions import db
from ercms.interviews import service as interviews
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from workflows.readmission import CaseTrigger

CONTENT_LABEL = "submission_receipts.content"
STATEMENT_TITLE = "ERCMS receipt of a readmission request, version 1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the requesting authority holds: the statement, who signed it, and what it is checked with."""

    reference: str
    received_at: datetime
    digest: str
    statement: str
    key_id: str
    signature: str
    public_key: str | None


def submit(*, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]) -> CaseTransition:
    """Send a request to the requested State and give a receipt for it.

    `values["whats_new"]` is what the authority says is new since an earlier refusal, if anything.
    """
    act = cases.Act(reason=values.get("whats_new"))
    return _send(actor, reference, expected_version, CaseTrigger.SUBMIT, act)


def register_without_application(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Register a return for which the agreement asks no application, because a valid travel document exists.

    The officer states until when the document is valid; that day stands on the case from then on.
    """
    act = cases.Act(values={"document_valid_until": values["document_valid_until"]})
    return _send(actor, reference, expected_version, CaseTrigger.REGISTER_WITHOUT_APPLICATION, act)


def receipt_of(*, actor: Actor, reference: str) -> Receipt:
    """Return the receipt of a submission, and put on record that it was read.

    Raises:
        NotFound: the request has not been sent.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.CASE_PRINT)
    row = queries.find_receipt(case.id)
    if row is None:
        raise NotFound
    viewing.record_view(actor=actor, case=case, payload={"page": "receipt"})
    public_key = vault.signature_keys().get(row.key_id)
    return Receipt(
        reference=case.reference,
        received_at=row.received_at,
        digest=row.digest,
        statement=row.statement,
        key_id=row.key_id,
        signature=row.signature,
        public_key=public_key.hex() if public_key else None,
    )


def received_content(*, actor: Actor, reference: str) -> str:
    """Return the document whose digest stands on the receipt, and put on record that it was taken out."""
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.CASE_PRINT)
    row = queries.find_receipt(case.id)
    if row is None:
        raise NotFound
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.CASE_EXPORTED,
        payload={"format": "json", "digest": row.digest},
        compartments=[compartment.value for compartment in Compartment],
    )
    return vault.open_text(
        person_id=case.principal_person_id, label=CONTENT_LABEL, record_id=row.id, sealed=row.content_sealed
    )


def _send(
    actor: Actor,
    reference: str,
    expected_version: int | None,
    trigger: CaseTrigger,
    act: cases.Act = cases.NOTHING_MORE,
) -> CaseTransition:
    case = cases.get_case(actor=actor, reference=reference, permission=permission_for_trigger(trigger.value))
    moved = cases.advance(actor=actor, case=case, trigger=trigger, act=act, expected_version=expected_version)
    service.reclassify(case=case)
    _give_receipt(actor, case, moved, act.reason)
    if trigger is CaseTrigger.SUBMIT:
        interviews.ask_as_applied(actor=actor, case=case)
    return moved


def _give_receipt(actor: Actor, case: Case, moved: CaseTransition, whats_new: str | None) -> None:
    content = _canonical({**_what_was_sent(actor, case, moved), **({"whats_new": whats_new} if whats_new else {})})
    digest = hashlib.sha256(content.encode()).hexdigest()
    received_at = moved.at.astimezone(UTC)
    statement = "\n".join(
        (
            STATEMENT_TITLE,
            f"reference: {case.reference}",
            f"received: {received_at.isoformat(timespec='seconds')}",
            f"sha256: {digest}",
        )
    )
    signature = vault.sign(statement.encode())
    row_id = new_id()
    sealed = vault.seal_text(person_id=case.principal_person_id, label=CONTENT_LABEL, record_id=row_id, text=content)
    db.session.add(
        SubmissionReceipt(
            id=row_id,
            case_id=case.id,
            received_at=received_at,
            digest=digest,
            content_sealed=sealed,
            statement=statement,
            key_id=signature.key_id,
            signature=signature.value.hex(),
        )
    )
    db.session.flush()
    audit.record_of_case(
        actor=actor,
        action=AuditAction.RECEIPT_MADE,
        case_id=case.id,
        payload={"digest": digest, "key_id": signature.key_id},
    )


def _canonical(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, default=str)


def _what_was_sent(actor: Actor, case: Case, moved: CaseTransition) -> Json:
    evidence = service.for_case(actor=actor, case=case)
    files = (*evidence.loose_files, *evidence.photographs, *(file for item in evidence.items for file in item.files))
    return {
        "reference": case.reference,
        "received": moved.at.astimezone(UTC).isoformat(timespec="seconds"),
        "requesting_state": case.requesting_state,
        "requesting_organisation": case.requesting_organisation_id,
        "own_reference": cases.own_reference_of(case=case),
        "kind": case.kind.value,
        "procedure": case.procedure.value,
        "interview_requested": case.interview_requested,
        "agreement": case.agreement_id,
        "random": secrets.token_hex(16),
        "persons": [
            {
                "relation": member.relation.value,
                **{
                    compartment.value: document
                    for compartment in Compartment
                    if (document := persons.read_compartment(person_id=member.person_id, compartment=compartment))
                },
            }
            for member in case.members
        ],
        "evidence": [
            {
                "kind": item.code,
                "shows": item.purpose.value,
                "class": item.weight.value,
                **{name: value for name, value in item.details.items() if value is not None},
            }
            for item in evidence.items
        ],
        "files": [
            {"name": file.name, "role": file.role.value, "size": file.size, "sha256": file.digest} for file in files
        ],
    }
