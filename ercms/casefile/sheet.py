"""The decision sheet: everything that a decision can rest on, on one page, for the officers of the Service.

What has changed since the open proposal was made is marked, so that nobody confirms what rests on something that is no
longer so. Opening the sheet is a view of the person and of the answers of agencies, and is on record as such.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access.permissions import Permission
from ercms.audit.actions import AuditAction
from ercms.casefile import carriers
from ercms.casefile import page as casefile
from ercms.casefile.carriers import Carrier
from ercms.casefile.page import CasePage
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.evidence import service as evidence
from ercms.evidence.service import CaseEvidence
from ercms.identity import service as identity
from ercms.interviews import reading_service as interviews
from ercms.interviews.reading_service import InterviewView
from ercms.photographs import service as photographs
from ercms.photographs.service import Finding
from ercms.verification import service as verification
from ercms.verification.reference_service import Reference
from ercms.verification.service import DecisionView, VerificationPart
from workflows.readmission import CaseTrigger


@dataclass(frozen=True, slots=True)
class DecisionSheet:
    """What the sheet shows.

    `changed` names by identifier what was added, checked or answered since the proposal, `relied` what the proposal
    rests on, `proposing` the proposals that this officer may make now.
    """

    page: CasePage
    evidence: CaseEvidence
    verification: VerificationPart
    interviews: tuple[InterviewView, ...]
    earlier_cases: tuple[Any, ...]
    photographs: tuple[Finding, ...]
    proposal: DecisionView | None
    changed: frozenset[str]
    relied: tuple[tuple[Reference, Carrier | None], ...]
    proposing: tuple[CaseTrigger, ...]
    made_at: datetime


def open_sheet(*, actor: Actor, reference: str) -> DecisionSheet:
    """Put the sheet of a case together and put the view on record.

    Raises:
        NotFound: there is no such case, or the actor may not know of it.
        PermissionRefused: the sheet is for the officers of the Service.
    """
    cases.get_case(actor=actor, reference=reference, permission=Permission.DECISION_SHEET_READ)
    case, page = casefile.open_page(actor=actor, reference=reference)
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.DECISION_SHEET_OPENED,
        compartments=[compartment.value for compartment in casefile.OPENED_BY_PAGE],
    )
    proofs = evidence.for_case(actor=actor, case=case)
    found = verification.for_case(actor=actor, case=case)
    seen = photographs.findings_in(actor=actor, case=case)
    asked = interviews.for_case(actor=actor, case=case).interviews
    proposal = next((decision for decision in found.decisions if decision.is_open), None)
    return DecisionSheet(
        page=page,
        evidence=proofs,
        verification=found,
        interviews=asked,
        earlier_cases=tuple(identity.for_case(actor=actor, case=case)),
        photographs=seen,
        proposal=proposal,
        changed=_changed(proofs, found, seen, asked, proposal.proposed_at) if proposal else frozenset(),
        relied=carriers.relied_on(actor=actor, case=case, references=proposal.rests_on) if proposal else (),
        proposing=tuple(
            trigger
            for trigger in (CaseTrigger.PROPOSE_ACCEPTANCE, CaseTrigger.PROPOSE_REFUSAL)
            if any(action.trigger is trigger for action in page.actions)
        ),
        made_at=clock.now(),
    )


def _changed(
    proofs: CaseEvidence,
    found: VerificationPart,
    seen: tuple[Finding, ...],
    asked: tuple[InterviewView, ...],
    since: datetime,
) -> frozenset[str]:
    """Return what was added, checked or answered after an instant."""
    items = {
        item.id
        for item in proofs.items
        if any(at is not None and at > since for at in (item.created_at, item.checked_at))
        or any(file.created_at > since for file in item.files)
    }
    files = {file.id for file in (*proofs.loose_files, *proofs.photographs) if file.created_at > since}
    answers = {
        inquiry.id
        for inquiry in found.inquiries
        if inquiry.sent_at > since or (inquiry.answered_at is not None and inquiry.answered_at > since)
    }
    findings = {one.id for one in seen if one.found_at > since}
    held = {one.id for one in asked if one.changed_at > since}
    return frozenset(items | files | answers | findings | held)
