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
from ercms.agreements import inquiry_dates_service as dates
from ercms.agreements.inquiry_dates_service import InquiryDate
from ercms.audit.actions import AuditAction
from ercms.cases import record_service
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case
from ercms.core import clock, outbox
from ercms.core.actor import SYSTEM, Actor, OrganisationKind
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from ercms.core.text import msg
from ercms.core.unit_of_work import stale_is_conflict, unit_of_work
from ercms.core.workflow_refusals import refusals_of
from ercms.evidence import answer_files_service as answer_files
from ercms.evidence import incoming_service
from ercms.evidence.incoming_service import Received, Upload
from ercms.extensions import db
from ercms.marks import service as marks
from ercms.vault.files import Readable
from ercms.verification import inquiry_fields, purpose_service, queries
from ercms.verification.enums import AnswerChannel, InquiryFinding, InquiryPurpose
from ercms.verification.inquiry_records import (
    ANSWER_LABEL,
    QUESTION_LABEL,
    WITHDRAWAL_LABEL,
    compartments_of,
    get_inquiry,
    record,
    seal,
)
from ercms.verification.models import Inquiry, InquiryFile
from ercms.verification.purpose_service import PurposeSetting
from workflows import inquiry as machine
from workflows.clocks import REPLY_CLOCKS, ClockKind
from workflows.inquiry import InquiryFacts, InquiryState, InquiryTrigger
from workflows.readmission import CaseState

SENT_TOPIC = "inquiry.sent"
ANSWERED_TOPIC = "inquiry.answered"
WITHDRAWN_TOPIC = "inquiry.withdrawn"
TRANSMIT_TOPIC = "inquiry.transmit"
"""Asks whoever connects to an agency's register to put the inquiry there; where nobody does, the page is the way."""

MOST_FILES = 5
TOO_MANY_FILES = msg("At most five files go with an answer.")
AGENCY_NOT_FOR_PURPOSE = msg("This agency is not asked for this purpose.")
_REPLIES = frozenset({*REPLY_CLOCKS, ClockKind.REPLY_RENEWED, ClockKind.TRANSIT_REPLY})

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
    """A purpose on the form that sends inquiries: its fields as (name, label, is default), and who may be asked."""

    purpose: InquiryPurpose
    body: str
    fields: tuple[tuple[str, str, bool], ...]
    agencies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InquiryForm:
    """What the form that sends inquiries offers for a case."""

    reference: str
    persons: tuple[tuple[str, str], ...]
    agencies: tuple[tuple[str, str], ...]
    purposes: tuple[PurposeOffer, ...]
    due_on: date
    due_basis: Mapping[str, Any]


def is_open_for_inquiries(case: Case) -> bool:
    """Tell whether inquiries may go out in this case."""
    return case.state in _OPEN_STATES


def form_for(*, actor: Actor, reference: str, is_again: bool = False) -> InquiryForm:
    """Return what can be asked in a case, of whom, about whom; `is_again`: with what was typed.

    Raises:
        RuleRefused: `no_inquiries_now`, the case has been decided, or was not sent yet.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case = _case_for_sending(actor, reference)
    named = viewing.persons_to_choose(actor=actor, case=case, purpose="inquiry", is_again=is_again)
    agencies, due = _agencies(), _due(case)
    offers = tuple(_offer(setting, agencies) for setting in purpose_service.settings().values())
    return InquiryForm(
        reference=case.reference,
        persons=named,
        agencies=agencies,
        purposes=offers,
        due_on=due.due_on,
        due_basis=due.basis,
    )


def _offer(setting: PurposeSetting, agencies: tuple[tuple[str, str], ...]) -> PurposeOffer:
    named = tuple((name, inquiry_fields.label_of(name), name in setting.defaults) for name in setting.fields)
    asked = tuple((agency_id, name) for agency_id, name in agencies if setting.may_ask(agency_id))
    return PurposeOffer(setting.purpose, setting.body, named, asked)


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
    settings = purpose_service.settings()
    asked = [row for row in values["inquiries"] if row.get("asked", True)]
    known = {agency_id for agency_id, _ in _agencies()}
    for index, row in enumerate(values["inquiries"]):
        if not row.get("asked", True):
            continue
        if row.get("agency_id") not in known:
            raise InvalidInput("unknown_agency", fields={f"inquiries-{index}-agency_id": ["unknown_agency"]})
        if not settings[row["purpose"]].may_ask(row["agency_id"]):
            raise InvalidInput(fields={f"inquiries-{index}-agency_id": [AGENCY_NOT_FOR_PURPOSE]})
    due = _due(case)
    return tuple(_send_one(actor, case, person_id, row, settings[row["purpose"]], due) for row in asked)


def _send_one(
    actor: Actor, case: Case, person_id: str, row: Mapping[str, Any], setting: PurposeSetting, due: InquiryDate
) -> str:
    purpose: InquiryPurpose = row["purpose"]
    if set(row["named"]) - set(setting.fields):
        raise InvalidInput("field_not_for_purpose", fields={"inquiries": ["field_not_for_purpose"]})
    names = [name for name in setting.fields if name in set(row["named"])]
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
        due_on=due.due_on,
        due_basis=due.basis,
        sent_by_id=actor.user_id,
        sent_at=clock.now(),
    )
    _apply(inquiry, InquiryTrigger.SEND, facts)
    db.session.add(inquiry)
    db.session.flush()
    facts_sent = {"fields": names, "due_on": due.due_on, "has_text": bool(question)}
    record(actor, inquiry, AuditAction.INQUIRY_SENT, facts_sent, compartments_of(names))
    _tell(SENT_TOPIC, inquiry, case)
    outbox.enqueue(TRANSMIT_TOPIC, {"inquiry_id": inquiry.id}, key=f"{TRANSMIT_TOPIC}:{inquiry.id}")
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


def receive_file(*, actor: Actor, inquiry_id: str, name: str, stream: Readable) -> Received:
    """Return the clean copy of a file for an answer, to be given in a unit of work that begins afterwards.

    Raises:
        NotFound: there is no such inquiry, or it was put to somebody else.
        InvalidInput: the file is refused, with the reason at the field `file`; nothing is stored.
    """
    with unit_of_work():
        case_id = get_inquiry(actor, inquiry_id, Permission.INQUIRY_ANSWER).case_id
    return incoming_service.received(actor=actor, case_id=case_id, name=name, stream=stream)


def give_file(*, actor: Actor, inquiry_id: str, name: str, stream: Upload, expected_version: int | None = None) -> str:
    """Seal a file that the agency gives with its answer, before or while it answers; return its identifier.

    Raises:
        InvalidInput: the file is refused, or there are too many.
        Conflict: `inquiry_not_in_state`, the inquiry was answered or withdrawn.
    """
    inquiry = get_inquiry(actor, inquiry_id, Permission.INQUIRY_ANSWER)
    _check_version(inquiry, expected_version)
    if inquiry.state is not InquiryState.SENT:
        raise Conflict("inquiry_not_in_state", state=inquiry.state.value)
    if len(queries.list_file_ids([inquiry.id])) >= MOST_FILES:
        raise InvalidInput(fields={"file": [TOO_MANY_FILES]})
    case = cases.get_case_of_record(case_id=inquiry.case_id)
    file_id = answer_files.keep(actor=actor, case=case, person_id=inquiry.person_id, name=name, stream=stream)
    db.session.add(InquiryFile(inquiry_id=inquiry.id, file_id=file_id, given_at=clock.now()))
    db.session.flush()
    return file_id


def answer(*, actor: Actor, inquiry_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Record what the agency found, once; a further question is a new inquiry."""
    inquiry = get_inquiry(actor, inquiry_id, Permission.INQUIRY_ANSWER)
    _check_version(inquiry, expected_version)
    channel = AnswerChannel.INTERFACE if actor.channel == "api" else AnswerChannel.PAGE
    _take_answer(actor, inquiry, values, channel)


def take_register_answer(*, actor: Actor, inquiry_id: str, values: Mapping[str, Any]) -> None:
    """Record what an agency's register answered over its connection; the caller has checked that it did.

    Raises:
        NotFound: there is no such inquiry.
        Conflict: `inquiry_not_in_state`, it was answered or withdrawn meanwhile: an answer is never applied twice.
    """
    inquiry = queries.find_inquiry(inquiry_id)
    if inquiry is None or not actor.is_system:
        raise NotFound
    _take_answer(actor, inquiry, values, AnswerChannel.REGISTER)


def find_for_register(*, inquiry_id: str) -> Inquiry | None:
    """Return an inquiry for the connection to its agency's register; the system asks, not a person."""
    return queries.find_inquiry(inquiry_id)


def record_transmission(*, inquiry: Inquiry, action: AuditAction, number: int) -> None:
    """Put on record that the fields of an inquiry go to the register of its agency, before they go."""
    payload = {"fields": list(inquiry.fields), "number": number}
    record(SYSTEM, inquiry, action, payload, compartments_of(inquiry.fields))


def _take_answer(actor: Actor, inquiry: Inquiry, values: Mapping[str, Any], channel: AnswerChannel) -> None:
    finding: InquiryFinding = values["finding"]
    sealed = seal(inquiry.person_id, ANSWER_LABEL, inquiry.id, values["answer"])
    _apply(inquiry, InquiryTrigger.ANSWER, InquiryFacts(has_answer=bool(values["answer"])))
    inquiry.finding, inquiry.answer_sealed, inquiry.answered_by = finding, sealed, channel
    inquiry.answered_by_id, inquiry.answered_at = actor.user_id, clock.now()
    with stale_is_conflict():
        db.session.flush()
    given = len(queries.list_file_ids([inquiry.id]))
    payload = {"outcome": finding.value, "has_text": True, "kind": channel.value, "count": given}
    record(actor, inquiry, AuditAction.INQUIRY_ANSWERED, payload)
    _tell(ANSWERED_TOPIC, inquiry, cases.get_case_of_record(case_id=inquiry.case_id))


def _case_for_sending(actor: Actor, reference: str) -> Case:
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.INQUIRY_SEND)
    if not is_open_for_inquiries(case):
        raise RuleRefused("no_inquiries_now", reference=reference)
    return case


def _due(case: Case) -> InquiryDate:
    """Return the internal day for an answer to a question put today, counted back from the day of the reply.

    While a stop holds the limit of the reply, no day is known for it; the house's own target stands in.
    """
    lines = record_service.current_clocks(case=case)
    owed = [line.due_on for line in lines if line.kind in _REPLIES and line.status == "running" and line.due_on]
    return dates.inquiry_date(sent_on=clock.today(), reply_due_on=min(owed, default=None))


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
