"""Completion and decision: SMS asks for what is missing, one officer proposes, another decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.service import Act, Case, CaseTransition
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.db_types import new_id
from ercms.core.errors import InvalidInput, NotFound
from ercms.extensions import db
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from ercms.verification import grounds, inquiry_reading, inquiry_service, queries, reference_service
from ercms.verification.enums import CarrierKind, DecisionOutcome
from ercms.verification.inquiry_reading import InquiryView
from ercms.verification.models import CompletionRequest, Decision
from ercms.verification.reference_service import Reference
from workflows.readmission import CaseState, CaseTrigger, Proposal

QUESTION_LABEL = "completion_requests.question"
ANSWER_LABEL = "completion_requests.answer"
REASONS_LABEL = "decisions.reasons"
NOTE_LABEL = "decisions.note"


@dataclass(frozen=True, slots=True)
class CompletionView:
    """A request for completion with its answer; a text that can no longer be read is None."""

    id: str
    question: str | None
    asked_at: datetime
    asked_by: str | None
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A proposal and what became of it. For the requesting side only what the reply says: no officer, no note."""

    id: str
    proposal: Proposal
    outcome: DecisionOutcome
    is_open: bool
    ground_text: str
    article: str
    reasons: str | None
    proposed_at: datetime
    proposed_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    note: str | None
    rests_on: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class VerificationPart:
    """What the case page shows of the verification, for one reader."""

    completions: tuple[CompletionView, ...]
    inquiries: tuple[InquiryView, ...]
    decisions: tuple[DecisionView, ...]
    may_send_inquiry: bool


def request_completion(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Ask the requesting authority for what is missing; no limit stops for it."""
    case = cases.get_case(actor=actor, reference=reference)
    act = Act(reason=values["question"])
    moved = _advance(actor, case, CaseTrigger.REQUEST_COMPLETION, act, expected_version)
    row_id = new_id()
    db.session.add(
        CompletionRequest(
            id=row_id,
            case_id=case.id,
            question_sealed=_seal(case, QUESTION_LABEL, row_id, values["question"]),
            asked_by_id=actor.user_id,
            asked_at=clock.now(),
        )
    )
    audit.record_of_case(
        actor=actor,
        action=AuditAction.COMPLETION_REQUESTED,
        case_id=case.id,
        payload={"completion_id": row_id, "has_text": True},
    )
    return moved


def complete(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Send what was missing, with an answer in words."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = _advance(actor, case, CaseTrigger.COMPLETE, Act(reason=values["answer"]), expected_version)
    row = queries.find_open_completion_request(case.id)
    if row is not None:
        row.answer_sealed = _seal(case, ANSWER_LABEL, row.id, values["answer"])
        row.answered_by_id, row.answered_at = actor.user_id, clock.now()
        audit.record_of_case(
            actor=actor,
            action=AuditAction.COMPLETION_ANSWERED,
            case_id=case.id,
            payload={"completion_id": row.id, "has_text": True},
        )
    return moved


def propose_acceptance(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Propose to accept, with the ground, the reasons, and references (`rests_on`) that the caller has checked."""
    return _propose(actor, reference, expected_version, values, Proposal.ACCEPTANCE)


def propose_refusal(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Propose to refuse, in the same way; the reasons go out with the reply."""
    return _propose(actor, reference, expected_version, values, Proposal.REFUSAL)


_PROPOSES = {
    Proposal.ACCEPTANCE: CaseTrigger.PROPOSE_ACCEPTANCE,
    Proposal.REFUSAL: CaseTrigger.PROPOSE_REFUSAL,
}


def _propose(
    actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any], proposal: Proposal
) -> CaseTransition:
    """Write the proposal down and move the case.

    Raises:
        InvalidInput: `unknown_ground`, the case cannot rest on this ground.
    """
    case = cases.get_case(actor=actor, reference=reference)
    ground = grounds.find_ground(case=case, proposal=proposal, code=values["ground"])
    if ground is None:
        raise InvalidInput("unknown_ground", fields={"ground": ["unknown_ground"]})
    act = Act(
        has_legal_ground=True,
        has_written_reasons=bool(values["reasons"]),
        values={"proposal": proposal, "proposed_by_id": actor.user_id},
    )
    moved = _advance(actor, case, _PROPOSES[proposal], act, expected_version)
    now = clock.now()
    for left_over in queries.list_pending_decisions(case.id):
        # The reply limit passed over it, and the case was taken up again: nobody will decide on it any more.
        left_over.outcome, left_over.decided_at = DecisionOutcome.SENT_BACK, now
    decision_id = new_id()
    db.session.add(
        Decision(
            id=decision_id,
            case_id=case.id,
            proposal=proposal,
            ground=ground.code,
            reasons_sealed=_seal(case, REASONS_LABEL, decision_id, values["reasons"]),
            proposed_by_id=actor.user_id,
            proposed_at=now,
            outcome=DecisionOutcome.PENDING,
        )
    )
    db.session.flush()
    rests_on: tuple[Reference, ...] = values.get("rests_on", ())
    reference_service.keep(decision_id=decision_id, references=rests_on)
    facts = {"decision_id": decision_id, "outcome": proposal.value, "ground": ground.code, "count": len(rests_on)}
    audit.record_of_case(
        actor=actor, action=AuditAction.DECISION_PROPOSED, case_id=case.id, payload={**facts, "has_text": True}
    )
    return moved


def send_back(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Return a proposal to its case worker, with what has to be looked at again."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = _advance(actor, case, CaseTrigger.SEND_BACK, Act(reason=values["reason"]), expected_version)
    _decide(actor, case, DecisionOutcome.SENT_BACK, values["reason"])
    return moved


def confirm_acceptance(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Decide to accept as another officer proposed; the database repeats that it is another."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = _advance(actor, case, CaseTrigger.CONFIRM_ACCEPTANCE, Act(), expected_version)
    _decide(actor, case, DecisionOutcome.CONFIRMED, values.get("note"))
    return moved


def confirm_refusal(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Decide to refuse as another officer proposed; the database repeats that it is another."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = _advance(actor, case, CaseTrigger.CONFIRM_REFUSAL, Act(), expected_version)
    _decide(actor, case, DecisionOutcome.CONFIRMED, values.get("note"))
    return moved


def _decide(actor: Actor, case: Case, outcome: DecisionOutcome, note: str | None) -> None:
    pending = queries.list_pending_decisions(case.id)
    if not pending:
        raise NotFound("no_pending_proposal")
    decision = pending[0]
    decision.outcome, decision.decided_by_id, decision.decided_at = outcome, actor.user_id, clock.now()
    if note:
        decision.note_sealed = _seal(case, NOTE_LABEL, decision.id, note)
    db.session.flush()
    confirmed = outcome is DecisionOutcome.CONFIRMED
    action = AuditAction.DECISION_CONFIRMED if confirmed else AuditAction.DECISION_SENT_BACK
    facts = {"decision_id": decision.id, "outcome": decision.proposal.value, "ground": decision.ground}
    audit.record_of_case(actor=actor, action=action, case_id=case.id, payload={**facts, "has_text": bool(note)})


def for_case(*, actor: Actor, case: Case) -> VerificationPart:
    """Return what this actor may read of the verification of a case; the caller puts the view on record.

    The requesting side and the missions see no inquiry, no note, no officer, and a decision only once it is one.
    """
    is_inside = actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE
    reads_decisions = policy.allows(actor, Permission.DECISION_READ, case)
    reads_inquiries = is_inside and policy.allows(actor, Permission.INQUIRY_SEND, case)
    return VerificationPart(
        completions=_completions(case, is_inside) if reads_decisions else (),
        inquiries=inquiry_reading.of_case(case=case) if reads_inquiries else (),
        decisions=_decisions(case, is_inside) if reads_decisions else (),
        may_send_inquiry=reads_inquiries and inquiry_service.is_open_for_inquiries(case),
    )


def _completions(case: Case, is_inside: bool) -> tuple[CompletionView, ...]:
    rows = queries.list_completion_requests(case.id)
    names = accounts.user_names(row.asked_by_id for row in rows) if is_inside else {}
    questions = _open(case, QUESTION_LABEL, [(row.id, row.question_sealed) for row in rows])
    answers = _open(case, ANSWER_LABEL, [(row.id, row.answer_sealed) for row in rows])
    return tuple(
        CompletionView(
            id=row.id,
            question=questions.get(row.id),
            asked_at=row.asked_at,
            asked_by=names.get(row.asked_by_id),
            answer=answers.get(row.id),
            answered_at=row.answered_at,
        )
        for row in rows
    )


def _decisions(case: Case, is_inside: bool) -> tuple[DecisionView, ...]:
    rows = [row for row in queries.list_decisions(case.id) if is_inside or row.outcome is DecisionOutcome.CONFIRMED]
    open_to_reader = [row for row in rows if is_inside or row.proposal is Proposal.REFUSAL]
    reasons = _open(case, REASONS_LABEL, [(row.id, row.reasons_sealed) for row in open_to_reader])
    notes = _open(case, NOTE_LABEL, [(row.id, row.note_sealed) for row in rows]) if is_inside else {}
    officers = {row.proposed_by_id for row in rows} | {row.decided_by_id for row in rows if row.decided_by_id}
    names = accounts.user_names(officers) if is_inside else {}
    relied = reference_service.of_decisions([row.id for row in rows]) if is_inside else {}
    views = []
    for row in rows:
        ground = grounds.find_ground(case=case, proposal=row.proposal, code=row.ground)
        views.append(
            DecisionView(
                id=row.id,
                proposal=row.proposal,
                outcome=row.outcome,
                is_open=row.outcome is DecisionOutcome.PENDING and case.state is CaseState.DECISION_PROPOSED,
                ground_text=ground.text if ground else row.ground,
                article=ground.article if ground else "",
                reasons=reasons.get(row.id),
                proposed_at=row.proposed_at,
                proposed_by=names.get(row.proposed_by_id),
                decided_at=row.decided_at,
                decided_by=names.get(row.decided_by_id or ""),
                note=notes.get(row.id),
                rests_on=relied.get(row.id, ()),
            )
        )
    return tuple(views)


def _advance(actor: Actor, case: Case, trigger: CaseTrigger, act: Act, expected_version: int | None) -> CaseTransition:
    return cases.advance(actor=actor, case=case, trigger=trigger, act=act, expected_version=expected_version)


def _seal(case: Case, label: str, record_id: str, text: str) -> bytes:
    return vault.seal_text(person_id=case.principal_person_id, label=label, record_id=record_id, text=text)


def _open(case: Case, label: str, sealed: list[tuple[str, bytes | None]]) -> dict[str, str | None]:
    items = [SealedText(case.principal_person_id, label, row_id, text) for row_id, text in sealed if text is not None]
    return dict(zip((item.record_id for item in items), vault.open_texts(items), strict=True))


def carried_by(*, decision_id: str, kind: CarrierKind) -> tuple[str, ...]:
    """Return the records of one kind that a decision rests on, by identifier; the caller says what of them is told."""
    relied = reference_service.of_decisions([decision_id]).get(decision_id, ())
    return tuple(one.record_id for one in relied if one.kind is kind)


def open_references(*, actor: Actor, case: Case) -> tuple[Reference, ...]:
    """Return what the proposal that waits for the second officer rests on, to the officers of the Service."""
    if actor.organisation_kind is not OrganisationKind.MIGRATION_SERVICE:
        return ()
    pending = [row.id for row in queries.list_pending_decisions(case.id)][:1]
    return reference_service.of_decisions(pending).get(pending[0], ()) if pending else ()
