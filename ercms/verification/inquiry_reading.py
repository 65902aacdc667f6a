"""What agencies and SMS see of inquiries; each opened one is put on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from marshmallow import EXCLUDE

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit.actions import AuditAction
from ercms.cases import clock_service, lookup_service
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.evidence import answer_files_service as answer_files
from ercms.marks import service as marks
from ercms.marks.enums import Standing
from ercms.persons import service as persons
from ercms.persons.service import SECTION_SCHEMAS
from ercms.verification import inquiry_fields, queries
from ercms.verification.enums import AnswerChannel, InquiryFinding, InquiryPurpose
from ercms.verification.inquiry_records import (
    ANSWER_LABEL,
    QUESTION_LABEL,
    WITHDRAWAL_LABEL,
    compartments_of,
    get_inquiry,
    texts_of,
)
from ercms.verification.models import Inquiry
from workflows import inquiry as machine
from workflows.inquiry import InquiryState


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that came with an answer: the Service opens it as one of the case's, the agency sees that it is there."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class InquiryView:
    """An inquiry as the case page of SMS shows it."""

    id: str
    purpose: InquiryPurpose
    agency: str
    state: InquiryState
    person: str
    fields: tuple[str, ...]
    question: str | None
    due_on: date | None
    due_basis: Mapping[str, Any] | None
    is_overdue: bool
    sent_at: datetime
    sent_by: str | None
    finding: InquiryFinding | None
    answer: str | None
    answered_at: datetime | None
    answered_by: AnswerChannel | None
    files: tuple[GivenFile, ...]
    withdrawal: str | None
    version: int


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """One line in a list of inquiries: no person."""

    id: str
    reference: str
    purpose: InquiryPurpose
    agency: str
    state: InquiryState
    due_on: date | None
    is_overdue: bool
    sent_at: datetime
    finding: InquiryFinding | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class FieldView:
    """One of the person's data that go with an inquiry; `kind` is text, day, country, countries or choice."""

    name: str
    label: str
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """One inquiry as its agency sees it: exactly the fields that it names."""

    id: str
    reference: str
    purpose: InquiryPurpose
    agency: str
    state: InquiryState
    fields: tuple[FieldView, ...]
    question: str | None
    due_on: date | None
    due_basis: Mapping[str, Any] | None
    is_overdue: bool
    sent_at: datetime
    finding: InquiryFinding | None
    answer: str | None
    answered_at: datetime | None
    files: tuple[GivenFile, ...]
    version: int
    standings: tuple[Standing, ...]
    may_answer: bool
    may_withdraw: bool


def list_for(*, actor: Actor) -> tuple[tuple[InquiryRow, ...], tuple[InquiryRow, ...]]:
    """Return the open inquiries by due day, and the last answered ones: an agency's own, for SMS all."""
    policy.check(actor, Permission.INQUIRY_LIST)
    is_inside = actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE
    agency_id = None if is_inside else actor.organisation_id or ""
    hidden = lookup_service.hidden_case_ids(actor=actor)
    waiting = queries.list_open_inquiries(agency_id=agency_id, hidden=hidden)
    answered = queries.list_answered_inquiries(agency_id=agency_id, hidden=hidden)
    references = clock_service.references_of(case_ids={row.case_id for row in (*waiting, *answered)})
    agencies = accounts.organisation_names(row.agency_id for row in (*waiting, *answered))
    return _rows(waiting, references, agencies), _rows(answered, references, agencies)


def open_page(*, actor: Actor, inquiry_id: str) -> InquiryPage:
    """Open one inquiry with the fields that it names, and put the view on record.

    A withdrawn inquiry shows no data of the person; the agency needs none of them any more.
    """
    inquiry = get_inquiry(actor, inquiry_id, Permission.INQUIRY_READ)
    case = cases.get_case_of_record(case_id=inquiry.case_id)
    shown = inquiry.fields if inquiry.state in {InquiryState.SENT, InquiryState.ANSWERED} else []
    opened = _open_fields(inquiry.person_id, shown)
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.INQUIRY_VIEWED,
        record=("person", inquiry.person_id),
        payload={"inquiry_id": inquiry.id},
        compartments=compartments_of(shown),
        purpose=inquiry.purpose.value,
    )
    texts = texts_of([inquiry])
    return InquiryPage(
        id=inquiry.id,
        reference=case.reference,
        purpose=inquiry.purpose,
        agency=accounts.organisation_names([inquiry.agency_id]).get(inquiry.agency_id, ""),
        state=inquiry.state,
        fields=opened,
        question=texts.get((QUESTION_LABEL, inquiry.id)) if shown else None,
        due_on=inquiry.due_on,
        due_basis=inquiry.due_basis,
        is_overdue=machine.is_overdue(inquiry.state, inquiry.due_on, clock.today()),
        sent_at=inquiry.sent_at,
        finding=inquiry.finding,
        answer=texts.get((ANSWER_LABEL, inquiry.id)),
        answered_at=inquiry.answered_at,
        files=_files_of([inquiry.id]).get(inquiry.id, ()),
        version=inquiry.version,
        standings=marks.standings_of(person_ids=[inquiry.person_id]) if shown else (),
        may_answer=inquiry.state is InquiryState.SENT and policy.allows(actor, Permission.INQUIRY_ANSWER, inquiry),
        may_withdraw=inquiry.state is InquiryState.SENT and policy.allows(actor, Permission.INQUIRY_CANCEL, inquiry),
    )


def fields_for_transmission(*, inquiry: Inquiry) -> tuple[dict[str, Any], str | None]:
    """Return the values that an inquiry names, as JSON has them, and its question, for the connection to the register.

    The caller puts the transmission on record.
    """
    values: dict[str, Any] = {}
    for name in inquiry.fields:
        compartment, part = inquiry_fields.split(name)
        opened = persons.read_compartment(person_id=inquiry.person_id, compartment=compartment)
        values[name] = opened.get(part)
    return values, texts_of([inquiry]).get((QUESTION_LABEL, inquiry.id))


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer by its purpose, agency and finding: nothing of what the agency wrote."""

    id: str
    purpose: InquiryPurpose
    agency: str
    finding: InquiryFinding
    answered_at: datetime


def answered_in(*, actor: Actor, case: Case) -> tuple[Answered, ...]:
    """Return which inquiries of a case were answered and how, to the officers of the Service; to others nothing."""
    is_inside = actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE
    if not (is_inside and policy.allows(actor, Permission.INQUIRY_SEND, case)):
        return ()
    rows = queries.list_inquiries_of_case(case.id)
    agencies = accounts.organisation_names(row.agency_id for row in rows)
    return tuple(
        Answered(row.id, row.purpose, agencies.get(row.agency_id, ""), row.finding, row.answered_at)
        for row in rows
        if row.finding is not None and row.answered_at is not None
    )


def of_case(*, case: Case) -> tuple[InquiryView, ...]:
    """Return the inquiries of a case with their answers, for SMS; the caller has checked and records the view."""
    rows = queries.list_inquiries_of_case(case.id)
    texts = texts_of(rows)
    agencies = accounts.organisation_names(row.agency_id for row in rows)
    officers = accounts.user_names(row.sent_by_id for row in rows)
    names = persons.names_of(person_ids={row.person_id for row in rows})
    files = _files_of([row.id for row in rows])
    today = clock.today()
    return tuple(
        InquiryView(
            id=row.id,
            purpose=row.purpose,
            agency=agencies.get(row.agency_id, ""),
            state=row.state,
            person=names[row.person_id].display if row.person_id in names else "",
            fields=tuple(inquiry_fields.label_of(name) for name in row.fields),
            question=texts.get((QUESTION_LABEL, row.id)),
            due_on=row.due_on,
            due_basis=row.due_basis,
            is_overdue=machine.is_overdue(row.state, row.due_on, today),
            sent_at=row.sent_at,
            sent_by=officers.get(row.sent_by_id),
            finding=row.finding,
            answer=texts.get((ANSWER_LABEL, row.id)),
            answered_at=row.answered_at,
            answered_by=row.answered_by,
            files=files.get(row.id, ()),
            withdrawal=texts.get((WITHDRAWAL_LABEL, row.id)),
            version=row.version,
        )
        for row in rows
    )


def givers_of(*, case: Case) -> dict[str, str]:
    """Return which agency gave which file of a case with its answer, by the file; the caller has opened the case."""
    agency_ids = {row.id: row.agency_id for row in queries.list_inquiries_of_case(case.id)}
    names = accounts.organisation_names(agency_ids.values())
    files = queries.list_file_ids(agency_ids) if agency_ids else []
    return {row.file_id: names.get(agency_ids[row.inquiry_id], "") for row in files}


def _files_of(inquiry_ids: Sequence[str]) -> dict[str, tuple[GivenFile, ...]]:
    """Return the files that came with answers, by inquiry."""
    rows = queries.list_file_ids(inquiry_ids) if inquiry_ids else []
    lines = answer_files.lines_of(row.file_id for row in rows) if rows else {}
    found: dict[str, tuple[GivenFile, ...]] = {}
    for row in rows:
        if row.file_id in lines:
            line = lines[row.file_id]
            found[row.inquiry_id] = (*found.get(row.inquiry_id, ()), GivenFile(line.id, line.name, line.size))
    return found


def _open_fields(person_id: str, names: Sequence[str]) -> tuple[FieldView, ...]:
    """Open only the compartments that the names lie in, and take nothing else from them."""
    split = [inquiry_fields.split(name) for name in names]
    documents = {
        compartment: SECTION_SCHEMAS[compartment]().load(
            persons.read_compartment(person_id=person_id, compartment=compartment), partial=True, unknown=EXCLUDE
        )
        for compartment in dict.fromkeys(compartment for compartment, _ in split)
    }
    views = []
    for full_name, (compartment, name) in zip(names, split, strict=True):
        value = documents[compartment].get(name)
        widget = SECTION_SCHEMAS[compartment]().fields[name].metadata["widget"]
        kind = "choice" if isinstance(value, Enum) else widget if widget in {"day", "country", "countries"} else "text"
        views.append(FieldView(full_name, inquiry_fields.label_of(full_name), kind, value))
    return tuple(views)


def _rows(
    rows: Sequence[Inquiry], references: Mapping[str, str], agencies: Mapping[str, str]
) -> tuple[InquiryRow, ...]:
    today = clock.today()
    return tuple(
        InquiryRow(
            id=row.id,
            reference=references.get(row.case_id, ""),
            purpose=row.purpose,
            agency=agencies.get(row.agency_id, ""),
            state=row.state,
            due_on=row.due_on,
            is_overdue=machine.is_overdue(row.state, row.due_on, today),
            sent_at=row.sent_at,
            finding=row.finding,
            answered_at=row.answered_at,
        )
        for row in rows
    )
