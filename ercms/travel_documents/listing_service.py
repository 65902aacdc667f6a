"""The lists of travel documents: what a mission is asked for, and what the other parties wait for."""

from dataclasses import dataclass
from datetime import date, datetime

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service as lookup
from ercms.cases import viewing_service as viewing
from ercms.cases.lookup_service import Case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.errors import NotFound
from ercms.core.paging import cursor_of, day_and_id, place_of
from ercms.persons import service as persons
from ercms.travel_documents import kinds, queries
from ercms.travel_documents.models import TravelDocument
from ercms.vault.enums import Compartment
from workflows.readmission import CaseState, CaseTrigger, triggers_from
from workflows.travel_document import DocumentState

PAGE_SIZE = 50
# While a case stands in one of these, somebody waits for its documents; a withdrawn one waits for nothing.
_WAITING = frozenset(
    {CaseState.DOCUMENT_REQUESTED, CaseState.DOCUMENT_ISSUED, CaseState.TRANSFER_NOTIFIED, CaseState.TRANSFER_FAILED}
)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document that is asked for."""

    id: str
    reference: str
    person_name: str | None
    is_principal: bool
    kind_text: str
    requesting_state: str
    mission: str | None
    requested_at: datetime
    due_on: date | None
    is_overdue: bool
    may_issue: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents that are asked for, and where the following ones begin."""

    lines: tuple[DocumentLine, ...]
    next_cursor: str | None


def list_requested(*, actor: Actor, cursor: str | None = None) -> DocumentPage:
    """Return the documents that are asked for and not issued yet, what is due first at the top.

    A mission sees what was asked of it, the others what belongs to the cases that they may see.

    Raises:
        InvalidInput: `bad_cursor`.
    """
    policy.check(actor, Permission.DOCUMENT_LIST)
    is_mission = actor.organisation_kind is OrganisationKind.MISSION
    found = queries.list_requested(
        cases=lookup.waiting_for_documents(actor=actor, states=_WAITING),
        mission_id=actor.organisation_id if is_mission else None,
        after=place_of(cursor, day_and_id),
        limit=PAGE_SIZE + 1,
    )
    shown = found[:PAGE_SIZE]
    cases_by_id = lookup.cases_of_records(case_ids={document.case_id for document in shown})
    names = persons.names_of(person_ids={document.person_id for document in shown})
    missions = accounts.organisation_names([document.mission_id for document in shown if document.mission_id])
    lines = tuple(
        _line(actor, document, cases_by_id[document.case_id], names.get(document.person_id), missions)
        for document in shown
    )
    _record_list(actor, [line.reference for line in lines])
    last = lines[-1] if len(found) > PAGE_SIZE else None
    following = None if last is None else cursor_of((last.due_on or queries.NEVER).isoformat(), last.id)
    return DocumentPage(lines, following)


def get_requested(*, actor: Actor, document_id: str) -> DocumentLine:
    """Return one document that the actor may issue, with the person's name, and record the view.

    Raises:
        NotFound: there is no such document, or it is not this actor's to see.
    """
    document = queries.find_document(document_id)
    if document is None or document.state is not DocumentState.REQUESTED:
        raise NotFound
    case = lookup.cases_of_records(case_ids=[document.case_id])[document.case_id]
    policy.check(actor, Permission.DOCUMENT_ISSUE, case)
    names = persons.names_of(person_ids=[document.person_id])
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.DOCUMENT_VIEWED,
        record=("person", document.person_id),
        payload={"document_id": document.id, "document_kind": document.kind},
        compartments=[Compartment.IDENTITY],
    )
    return _line(actor, document, case, names.get(document.person_id), {})


def _line(
    actor: Actor,
    document: TravelDocument,
    case: Case,
    name: persons.PersonName | None,
    missions: dict[str, str],
) -> DocumentLine:
    is_principal = document.person_id == case.principal_person_id
    permission = Permission.CASE_ISSUE_DOCUMENT if is_principal else Permission.DOCUMENT_ISSUE
    due_on = case.document_due_on
    return DocumentLine(
        id=document.id,
        reference=case.reference,
        person_name=name.display if name else None,
        is_principal=is_principal,
        kind_text=kinds.kind_text(document.kind),
        requesting_state=case.requesting_state,
        mission=missions.get(document.mission_id or ""),
        requested_at=document.requested_at,
        due_on=due_on,
        is_overdue=due_on is not None and due_on < clock.today(),
        may_issue=policy.allows(actor, permission, case)
        and (not is_principal or CaseTrigger.ISSUE_DOCUMENT in triggers_from(case.state)),
    )


def _record_list(actor: Actor, references: list[str]) -> None:
    if not references:
        return
    audit.record(
        actor=actor,
        action=AuditAction.CASE_LISTED,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="list",
        record_id="travel_documents",
        payload={"references": references},
        compartments=[Compartment.IDENTITY],
    )
