"""Travel documents for the return: asked of the mission, issued, replaced, used.

A document belongs to one person. The case carries the dates of the principal's one; each of the family has a row too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.service import Act, Case, CaseTransition
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from ercms.core.text import msg
from ercms.extensions import db
from ercms.persons import service as persons
from ercms.travel_documents import kinds, queries, records
from ercms.travel_documents.models import TravelDocument
from workflows.deadlines import validity_shortfall
from workflows.readmission import CaseTrigger
from workflows.travel_document import DocumentState, DocumentTrigger

_UNKNOWN = msg("This document is not among those on which the person may travel.")


@dataclass(frozen=True, slots=True)
class DocumentForCase:
    """A travel document as the case page shows it; `shortfall_days` is by how much it is valid for too short a time."""

    id: str
    person_id: str
    person_name: str
    is_principal: bool
    kind_text: str
    state: DocumentState
    mission: str | None
    number: str | None
    requested_at: datetime
    issued_on: date | None
    valid_until: date | None
    due_on: date | None
    is_overdue: bool
    is_expired: bool
    shortfall_days: int | None


def request_document(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Ask the mission that serves the requesting State for a document for each person of the case.

    Raises:
        RuleRefused: `no_mission_for_state`, nobody issues documents there; or the case machine's own refusals.
    """
    case = cases.get_case(actor=actor, reference=reference)
    mission_id = mission_for(state=case.requesting_state)
    moved = cases.advance(
        actor=actor, case=case, trigger=CaseTrigger.REQUEST_DOCUMENT, expected_version=expected_version
    )
    _ask_anew(actor=actor, case=case, mission_id=mission_id, action=AuditAction.DOCUMENT_REQUESTED)
    return moved


def issue_document(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Record the principal's document that the mission issued, with its number sealed.

    A validity shorter than the agreement demands is shown with the document and blocks nothing.

    Raises:
        Conflict: `document_not_requested`, none was asked for.
    """
    case = cases.get_case(actor=actor, reference=reference)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.ISSUE_DOCUMENT,
        act=_dates_of(values),
        expected_version=expected_version,
    )
    document = _open_request(case, case.principal_person_id)
    records.issue(actor=actor, case=case, document=document, values=values)
    return moved


def issue_member_document(*, actor: Actor, document_id: str, values: Mapping[str, Any]) -> TravelDocument:
    """Record the document of a family member; the case itself waits for the principal's one only.

    Raises:
        NotFound: there is no such document, or it is not this mission's to issue.
        Conflict: `document_of_principal`, that one is issued with the case.
    """
    document, case = _document_and_case(actor, document_id, Permission.DOCUMENT_ISSUE)
    if document.person_id == case.principal_person_id:
        raise Conflict("document_of_principal", reference=case.reference)
    records.issue(actor=actor, case=case, document=document, values=values)
    cases.touch(case=case)
    return document


def record_standard_document(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Record the requesting State's own document, where the agreement allows it; what was asked for is called off."""
    case = cases.get_case(actor=actor, reference=reference)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.RECORD_STANDARD_DOCUMENT,
        act=_dates_of(values),
        expected_version=expected_version,
    )
    for document in queries.list_of_case(case.id):
        if document.state is DocumentState.REQUESTED and document.person_id == case.principal_person_id:
            records.fire(document, DocumentTrigger.CANCEL, has_reason=True)
    document = TravelDocument(
        case_id=case.id,
        person_id=case.principal_person_id,
        kind=kinds.standard_kind(agreement_id=case.agreement_id, kind=case.kind),
        state=DocumentState.REQUESTED,
        requested_at=clock.now(),
    )
    db.session.add(document)
    db.session.flush()
    records.issue(actor=actor, case=case, document=document, values=values, action=AuditAction.DOCUMENT_RECORDED)
    return moved


def reissue_document(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> CaseTransition:
    """Ask for new documents in place of those on record, which are replaced, or expired where their time is over."""
    case = cases.get_case(actor=actor, reference=reference)
    mission_id = mission_for(state=case.requesting_state)
    moved = cases.advance(
        actor=actor,
        case=case,
        trigger=CaseTrigger.REISSUE_DOCUMENT,
        act=Act(reason=values.get("reason")),
        expected_version=expected_version,
    )
    _ask_anew(actor=actor, case=case, mission_id=mission_id, action=AuditAction.DOCUMENT_REISSUED)
    return moved


def use_documents(*, actor: Actor, case: Case, document_id: str | None) -> None:
    """Record on which documents the persons of a case arrived: this one, or all that they held.

    Raises:
        InvalidInput: `unknown_document`, the case has no such document in hand.
    """
    held = records.in_hand(case)
    if document_id is not None:
        chosen = [document for document in held if document.id == document_id]
        if not chosen:
            raise InvalidInput("unknown_document", fields={"document_id": [_UNKNOWN]})
        person_id = chosen[0].person_id
        # The others of the family travelled on their own papers.
        held = chosen + [document for document in held if document.person_id != person_id]
    for document in held:
        source = document.state
        records.fire(document, DocumentTrigger.USE)
        records.record(
            actor,
            AuditAction.DOCUMENT_CHANGED,
            case,
            document,
            {"trigger": DocumentTrigger.USE.value, "from": source.value, "to": document.state.value},
        )


def mission_for(*, state: str) -> str:
    """Return the organisation that issues documents for returns from a State.

    Raises:
        RuleRefused: `no_mission_for_state`.
    """
    missions = accounts.list_missions(state=state)
    if not missions:
        raise RuleRefused("no_mission_for_state", state=state)
    return missions[0].id


def for_case(*, actor: Actor, case: Case) -> tuple[DocumentForCase, ...]:
    """Return the documents of a case, numbers opened, the newest first; nothing to whom may not read them."""
    if not policy.allows(actor, Permission.DOCUMENT_READ, case):
        return ()
    return shown(case=case, documents=list(reversed(queries.list_of_case(case.id))))


def document_options(*, case: Case) -> list[tuple[str, str]]:
    """Return the documents in hand as (identifier, number), for the choice at an arrival."""
    held = records.in_hand(case)
    return [(document.id, number or "") for document, number in zip(held, records.numbers_of(held), strict=True)]


def numbers_by_person(*, case: Case) -> dict[str, tuple[str, ...]]:
    """Return the numbers of the documents on which each person of a case travels or travelled."""
    used = [document for document in queries.list_of_case(case.id) if document.state in records.TRAVELLED_ON]
    numbers: dict[str, tuple[str, ...]] = {}
    for document, number in zip(used, records.numbers_of(used), strict=True):
        numbers[document.person_id] = (*numbers.get(document.person_id, ()), number or "")
    return numbers


def shown(*, case: Case, documents: Sequence[TravelDocument]) -> tuple[DocumentForCase, ...]:
    """Open documents of one case for showing; the caller has checked who asks, and records the view."""
    names = persons.names_of(person_ids={document.person_id for document in documents})
    missions = accounts.organisation_names([d.mission_id for d in documents if d.mission_id])
    numbers = records.numbers_of(documents)
    return tuple(
        _shown(case, document, number, names, missions) for document, number in zip(documents, numbers, strict=True)
    )


def _shown(
    case: Case,
    document: TravelDocument,
    number: str | None,
    names: Mapping[str, persons.PersonName],
    missions: Mapping[str, str],
) -> DocumentForCase:
    today = clock.today()
    is_asked = document.state is DocumentState.REQUESTED
    due_on = case.document_due_on if is_asked else None
    return DocumentForCase(
        id=document.id,
        person_id=document.person_id,
        person_name=names[document.person_id].display if document.person_id in names else "",
        is_principal=document.person_id == case.principal_person_id,
        kind_text=kinds.kind_text(document.kind),
        state=document.state,
        mission=missions.get(document.mission_id or ""),
        number=number,
        requested_at=document.requested_at,
        issued_on=document.issued_on,
        valid_until=document.valid_until,
        due_on=due_on,
        is_overdue=due_on is not None and due_on < today,
        is_expired=document.state in records.IN_HAND
        and document.valid_until is not None
        and document.valid_until < today,
        shortfall_days=shortfall_days(case=case, issued_on=document.issued_on, valid_until=document.valid_until),
    )


def shortfall_days(*, case: Case, issued_on: date | None, valid_until: date | None) -> int | None:
    """Return by how many days a document is valid for less than the case's agreement demands; None when it is not."""
    if case.agreement_id is None or issued_on is None or valid_until is None:
        return None
    agreement = agreements.get_agreement(case.agreement_id)
    return validity_shortfall(agreement, issued_on=issued_on, valid_until=valid_until)


def _dates_of(values: Mapping[str, Any]) -> Act:
    return Act(values={"document_issued_on": values["issued_on"], "document_valid_until": values["valid_until"]})


def _ask_anew(*, actor: Actor, case: Case, mission_id: str, action: AuditAction) -> None:
    """Ask for one document a person, unless one is asked for already, and retire what it replaces."""
    documents = queries.list_of_case(case.id)
    for member in case.members:
        own = [document for document in documents if document.person_id == member.person_id]
        if any(document.state is DocumentState.REQUESTED for document in own):
            continue
        successor = TravelDocument(
            case_id=case.id,
            person_id=member.person_id,
            kind=kinds.mission_kind(),
            state=DocumentState.REQUESTED,
            mission_id=mission_id,
            requested_at=clock.now(),
        )
        db.session.add(successor)
        db.session.flush()
        for document in own:
            _retire(document, successor)
        payload = {"mission": mission_id} if action is AuditAction.DOCUMENT_REQUESTED else {}
        records.record(actor, action, case, successor, payload)


def _retire(document: TravelDocument, successor: TravelDocument) -> None:
    if document.state not in records.IN_HAND:
        return
    is_over = document.valid_until is not None and document.valid_until < clock.today()
    document.replaced_by_id = successor.id
    records.fire(document, DocumentTrigger.EXPIRE if is_over else DocumentTrigger.REPLACE)


def _open_request(case: Case, person_id: str) -> TravelDocument:
    for document in queries.list_of_case(case.id):
        if document.person_id == person_id and document.state is DocumentState.REQUESTED:
            return document
    raise Conflict("document_not_requested", reference=case.reference)


def _document_and_case(actor: Actor, document_id: str, permission: Permission) -> tuple[TravelDocument, Case]:
    document = queries.find_document(document_id)
    if document is None:
        raise NotFound
    case = cases.get_case_of_record(case_id=document.case_id)
    policy.check(actor, permission, case)
    return document, case
