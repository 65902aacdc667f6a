"""Inquiries to agencies: each names one person, one purpose and the fields that go with it, and nothing else goes.

Sending, withdrawing, answering and every look at an inquiry are in the audit of the case, as the agreements demand of
transmissions of personal data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import clock_service
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core import clock, outbox
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.unit_of_work import stale_is_conflict
from ercms.core.workflow_refusals import refusals_of
from ercms.extensions import db
from ercms.marks import service as marks
from ercms.persons import service as persons
from ercms.vault.enums import Compartment
from ercms.verification import inquiry_fields
from ercms.verification.enums import InquiryFinding, InquiryPurpose
from ercms.verification.inquiry_records import (
    ANSWER_LABEL,
    QUESTION_LABEL,
    WITHDRAWAL_LABEL,
    compartments_of,
    get_inquiry,
    record,
    seal,
)
from ercms.verification.models import Inquiry
from workflows import inquiry as machine
from workflows.clocks import ClockKind
from workflows.inquiry import InquiryFacts, InquiryState, InquiryTrigger
from workflows.readmission import CaseState

SENT_TOPIC = "inquiry.sent"
ANSWERED_TOPIC = "inquiry.answered"
WITHDRAWN_TOPIC = "inquiry.withdrawn"

# An inquiry serves the decision; once there is one, nobody's data go out for it any more.
_OPEN_STATES = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.INCOMPLETE,
        CaseState.UNDER_VERIFICATION,
        CaseState.DECISION_PROPOSED,
        CaseState.LAPSED,
    }
)


@dataclass(frozen=True, slots=True)
class PurposeOffer:
    """A purpose on the form that sends inquiries: its fields as (name, label, is default)."""

    purpose: InquiryPurpose
    fields: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class InquiryForm:
    """What the form that sends inquiries offers for a case."""

    reference: str
    persons: tuple[tuple[str, str], ...]
    agencies: tuple[tuple[str, str], ...]
    purposes: tuple[PurposeOffer, ...]
    due_on: date | None


def is_open_for_inquiries(case: Case) -> bool:
    """Tell whether inquiries may go out in this case."""
    return case.state in _OPEN_STATES


def form_for(*, actor: Actor, reference: str) -> InquiryForm:
    """Return what can be asked in a case, of whom, about whom.

    Raises:
        RuleRefused: `no_inquiries_now`, the case has been decided, or was not sent yet.
    """
    case = _case_for_sending(actor, reference)
    person_ids = [member.person_id for member in case.members]
    names = persons.names_of(person_ids=person_ids)
    audit.record(
        actor=actor,
        action=AuditAction.PERSON_LISTED,
        chain=audit.case_chain(case.id),
        record_type="case",
        record_id=case.id,
        payload={"total": len(names)},
        compartments=[Compartment.IDENTITY.value],
        purpose="inquiry",
    )
    offers = tuple(
        PurposeOffer(
            purpose,
            tuple((name, inquiry_fields.label_of(name), name in known.default) for name in known.allowed),
        )
        for purpose, known in inquiry_fields.FIELDS.items()
    )
    return InquiryForm(
        reference=case.reference,
        persons=tuple((person_id, names[person_id].display) for person_id in person_ids if person_id in names),
        agencies=_agencies(),
        purposes=offers,
        due_on=_due_on(case),
    )


def send(*, actor: Actor, reference: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Put one or several inquiries about one person of a case; return their identifiers.

    Raises:
        RuleRefused: `no_inquiries_now`, `use_restricted`, or what the inquiry's machine says.
        InvalidInput: a person, an agency or a field that cannot be asked about here.
    """
    case = _case_for_sending(actor, reference)
    person_id = values.get("person_id") or case.principal_person_id
    if person_id not in {member.person_id for member in case.members}:
        raise InvalidInput("unknown_person", fields={"person_id": ["unknown_person"]})
    marks.check_disclosure(person_ids=[person_id])
    asked = [row for row in values["inquiries"] if row.get("asked", True)]
    known = {agency_id for agency_id, _ in _agencies()}
    for index, row in enumerate(values["inquiries"]):
        if row.get("asked", True) and row.get("agency_id") not in known:
            raise InvalidInput("unknown_agency", fields={f"inquiries-{index}-agency_id": ["unknown_agency"]})
    due_on = _due_on(case)
    return tuple(_send_one(actor, case, person_id, row, due_on) for row in asked)


def _send_one(actor: Actor, case: Case, person_id: str, row: Mapping[str, Any], due_on: date | None) -> str:
    purpose: InquiryPurpose = row["purpose"]
    allowed = inquiry_fields.FIELDS[purpose].allowed
    foreign = set(row["named"]) - set(allowed)
    if foreign:
        raise InvalidInput("field_not_for_purpose", fields={"inquiries": ["field_not_for_purpose"]})
    names = [name for name in allowed if name in set(row["named"])]
    facts = InquiryFacts(has_agency=bool(row.get("agency_id")), has_named_fields=bool(names))
    inquiry_id, question = new_id(), row.get("question")
    inquiry = Inquiry(
        id=inquiry_id,
        case_id=case.id,
        person_id=person_id,
        agency_id=row["agency_id"],
        purpose=purpose,
        state=InquiryState.DRAFT,
        fields=names,
        question_sealed=seal(person_id, QUESTION_LABEL, inquiry_id, question) if question else None,
        due_on=due_on,
        sent_by_id=actor.user_id,
        sent_at=clock.now(),
    )
    _apply(inquiry, InquiryTrigger.SEND, facts)
    db.session.add(inquiry)
    db.session.flush()
    facts_sent = {"fields": names, "due_on": due_on, "has_text": bool(question)}
    record(actor, inquiry, AuditAction.INQUIRY_SENT, facts_sent, compartments_of(names))
    _tell(SENT_TOPIC, inquiry, case)
    return inquiry.id


def withdraw(*, actor: Actor, inquiry_id: str, expected_version: int | None, values: Mapping[str, Any]) -> str:
    """Withdraw an inquiry that is no longer needed; the agency sees no data of the person any more.

    Returns:
        The reference of the case.
    """
    inquiry = get_inquiry(actor, inquiry_id, Permission.INQUIRY_CANCEL)
    _check_version(inquiry, expected_version)
    # Sealed before the state changes: reading a key flushes what is half-written.
    sealed = seal(inquiry.person_id, WITHDRAWAL_LABEL, inquiry.id, values["reason"])
    _apply(inquiry, InquiryTrigger.WITHDRAW, InquiryFacts(has_reason=bool(values["reason"])))
    inquiry.withdrawal_sealed = sealed
    inquiry.withdrawn_by_id, inquiry.withdrawn_at = actor.user_id, clock.now()
    with stale_is_conflict():
        db.session.flush()
    record(actor, inquiry, AuditAction.INQUIRY_CANCELLED, {"has_text": True})
    case = cases.get_case_of_record(case_id=inquiry.case_id)
    _tell(WITHDRAWN_TOPIC, inquiry, case)
    return case.reference


def answer(*, actor: Actor, inquiry_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Record what the agency found, once; a further question is a new inquiry."""
    inquiry = get_inquiry(actor, inquiry_id, Permission.INQUIRY_ANSWER)
    _check_version(inquiry, expected_version)
    finding: InquiryFinding = values["finding"]
    sealed = seal(inquiry.person_id, ANSWER_LABEL, inquiry.id, values["answer"])
    _apply(inquiry, InquiryTrigger.ANSWER, InquiryFacts(has_answer=True))
    inquiry.finding, inquiry.answer_sealed = finding, sealed
    inquiry.answered_by_id, inquiry.answered_at = actor.user_id, clock.now()
    with stale_is_conflict():
        db.session.flush()
    record(actor, inquiry, AuditAction.INQUIRY_ANSWERED, {"outcome": finding.value, "has_text": True})
    _tell(ANSWERED_TOPIC, inquiry, cases.get_case_of_record(case_id=inquiry.case_id))


def _case_for_sending(actor: Actor, reference: str) -> Case:
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.INQUIRY_SEND)
    if not is_open_for_inquiries(case):
        raise RuleRefused("no_inquiries_now", reference=reference)
    return case


def _due_on(case: Case) -> date | None:
    """Return the internal day for agencies' answers; a day that has passed already binds nobody by surprise."""
    due_on = clock_service.running_due_on(case_id=case.id, kind=ClockKind.AGENCY_INQUIRIES)
    return None if due_on is None else max(due_on, clock.today())


def _agencies() -> tuple[tuple[str, str], ...]:
    return tuple((agency.id, agency.name) for agency in accounts.list_organisations(kind=OrganisationKind.AGENCY))


def _check_version(inquiry: Inquiry, expected_version: int | None) -> None:
    if expected_version is not None and inquiry.version != expected_version:
        raise Conflict("stale_version", version=inquiry.version, state=inquiry.state.value)


def _apply(inquiry: Inquiry, trigger: InquiryTrigger, facts: InquiryFacts) -> None:
    with refusals_of("inquiry"):
        inquiry.state = machine.fire(inquiry.state, trigger, facts).destination


def _tell(topic: str, inquiry: Inquiry, case: Case) -> None:
    payload = {
        "case_id": case.id,
        "reference": case.reference,
        "inquiry_id": inquiry.id,
        "agency_id": inquiry.agency_id,
    }
    outbox.enqueue(topic, payload, key=f"{topic}:{inquiry.id}")
