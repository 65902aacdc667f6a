"""Named reads of completion requests, inquiries and decisions."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, select

from ercms.extensions import db
from ercms.verification.enums import DecisionOutcome, RuleState
from ercms.verification.models import CompletionRequest, Decision, DecisionReference, Inquiry, InquiryFile, PurposeRule
from workflows.inquiry import InquiryState

MOST_ANSWERED = 50
MOST_OPEN = 500


def list_completion_requests(case_id: str) -> Sequence[CompletionRequest]:
    """Return the requests for completion of a case, the latest first."""
    statement = (
        select(CompletionRequest)
        .where(CompletionRequest.case_id == case_id)
        .order_by(CompletionRequest.asked_at.desc(), CompletionRequest.id)
    )
    return db.session.scalars(statement).all()


def find_open_completion_request(case_id: str) -> CompletionRequest | None:
    """Return the latest request for completion that was not answered."""
    return next((row for row in list_completion_requests(case_id) if row.answered_at is None), None)


def list_decisions(case_id: str) -> Sequence[Decision]:
    """Return the proposals made in a case, the latest first."""
    statement = select(Decision).where(Decision.case_id == case_id).order_by(Decision.proposed_at.desc(), Decision.id)
    return db.session.scalars(statement).all()


def list_pending_decisions(case_id: str) -> Sequence[Decision]:
    """Return the proposals that nobody has decided on."""
    statement = select(Decision).where(Decision.case_id == case_id, Decision.outcome == DecisionOutcome.PENDING)
    return db.session.scalars(statement.order_by(Decision.proposed_at.desc())).all()


def find_inquiry(inquiry_id: str) -> Inquiry | None:
    """Return an inquiry."""
    return db.session.get(Inquiry, inquiry_id)


def list_inquiries_of_case(case_id: str) -> Sequence[Inquiry]:
    """Return the inquiries of a case, the latest first."""
    statement = select(Inquiry).where(Inquiry.case_id == case_id).order_by(Inquiry.sent_at.desc(), Inquiry.id)
    return db.session.scalars(statement).all()


def list_open_inquiries(*, agency_id: str | None, hidden: Select[str]) -> Sequence[Inquiry]:
    """Return the inquiries that wait for an answer, of one agency or of all but hidden cases, by their due day."""
    statement = select(Inquiry).where(Inquiry.state == InquiryState.SENT, Inquiry.case_id.not_in(hidden))
    if agency_id is not None:
        statement = statement.where(Inquiry.agency_id == agency_id)
    ordered = statement.order_by(Inquiry.due_on.is_(None), Inquiry.due_on, Inquiry.sent_at, Inquiry.id)
    return db.session.scalars(ordered.limit(MOST_OPEN)).all()


def list_answered_inquiries(*, agency_id: str | None, hidden: Select[str]) -> Sequence[Inquiry]:
    """Return the inquiries answered last, of one agency or of all but hidden cases."""
    statement = select(Inquiry).where(Inquiry.state == InquiryState.ANSWERED, Inquiry.case_id.not_in(hidden))
    if agency_id is not None:
        statement = statement.where(Inquiry.agency_id == agency_id)
    return db.session.scalars(statement.order_by(Inquiry.answered_at.desc()).limit(MOST_ANSWERED)).all()


def list_due_inquiries(*, until: date) -> Sequence[Inquiry]:
    """Return the inquiries that wait for an answer and are due until a day, or were before."""
    statement = select(Inquiry).where(Inquiry.state == InquiryState.SENT, Inquiry.due_on <= until)
    return db.session.scalars(statement.order_by(Inquiry.due_on, Inquiry.id)).all()


def list_purpose_rules(state: RuleState) -> Sequence[PurposeRule]:
    """Return the rules of one state on what inquiries may name, the oldest first."""
    statement = select(PurposeRule).where(PurposeRule.state == state)
    return db.session.scalars(statement.order_by(PurposeRule.proposed_at, PurposeRule.id)).all()


def list_file_ids(inquiry_ids: Iterable[str]) -> Sequence[InquiryFile]:
    """Return the files given with the answers to these inquiries, the first given first."""
    statement = select(InquiryFile).where(InquiryFile.inquiry_id.in_(list(inquiry_ids)))
    return db.session.scalars(statement.order_by(InquiryFile.given_at, InquiryFile.file_id)).all()


def list_references(decision_ids: Sequence[str]) -> Sequence[DecisionReference]:
    """Return what these decisions rest on."""
    statement = select(DecisionReference).where(DecisionReference.decision_id.in_(decision_ids))
    return db.session.scalars(statement).all()
