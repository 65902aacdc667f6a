"""How a travel document is written: its number sealed, its state moved by its machine, each act in the case's audit."""

from collections.abc import Mapping, Sequence
from typing import Any

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.workflow_refusals import refusals_of
from ercms.extensions import db
from ercms.persons import service as persons
from ercms.travel_documents import queries
from ercms.travel_documents.models import TravelDocument
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind
from ercms.vault.service import SealedText
from workflows import travel_document as machine
from workflows.travel_document import DocumentFacts, DocumentState, DocumentTrigger

NUMBER_LABEL = "travel_documents.number"
IN_HAND = frozenset({DocumentState.ISSUED, DocumentState.HANDED_OVER})
TRAVELLED_ON = IN_HAND | {DocumentState.USED}


def numbers_of(documents: Sequence[TravelDocument]) -> list[str | None]:
    """Open the numbers of documents, in their order; None where there is none."""
    sealed = [SealedText(d.person_id, NUMBER_LABEL, d.id, d.number_sealed) for d in documents if d.number_sealed]
    opened = dict(zip([item.record_id for item in sealed], vault.open_texts(sealed), strict=True))
    return [opened.get(document.id) for document in documents]


def in_hand(case: Case) -> list[TravelDocument]:
    """Return the documents on which the persons of a case may travel."""
    return [document for document in queries.list_of_case(case.id) if document.state in IN_HAND]


def issue(
    *,
    actor: Actor,
    case: Case,
    document: TravelDocument,
    values: Mapping[str, Any],
    action: AuditAction = AuditAction.DOCUMENT_ISSUED,
) -> None:
    """Seal the number, write the dates, and let the machine say whether this is a document."""
    document.number_sealed = vault.seal_text(
        person_id=document.person_id, label=NUMBER_LABEL, record_id=document.id, text=values["number"]
    )
    document.issued_on, document.valid_until = values["issued_on"], values["valid_until"]
    document.issued_by_id = actor.user_id
    fire(document, DocumentTrigger.ISSUE)
    _make_findable(document.person_id, values["number"])
    payload: dict[str, Any] = {"valid_until": values["valid_until"]}
    if action is AuditAction.DOCUMENT_ISSUED:
        payload |= {"issued_on": values["issued_on"], "mission": document.mission_id}
    record(actor, action, case, document, payload)


def _make_findable(person_id: str, number: str) -> None:
    """Let the person be found by this number too, beside the one of the application."""
    former = persons.read_compartment(person_id=person_id, compartment=Compartment.DOCUMENTS).get("document_number")
    numbers = [value for value in (former, number) if value]
    vault.set_tokens(person_id=person_id, kind=TokenKind.DOCUMENT_NUMBER, values=numbers)


def fire(document: TravelDocument, trigger: DocumentTrigger, *, has_reason: bool = False) -> None:
    """Move a document by one trigger.

    Raises:
        Conflict: `document_not_in_state`.
        RuleRefused: a guard says no; the code names the rule.
    """
    known = DocumentFacts(
        today=clock.today(),
        has_number=document.number_sealed is not None,
        issued_on=document.issued_on,
        valid_until=document.valid_until,
        has_reason=has_reason,
        has_successor=document.replaced_by_id is not None,
    )
    with refusals_of("document"):
        transition = machine.fire(document.state, trigger, known)
    _apply(document, transition.destination)


def _apply(document: TravelDocument, destination: DocumentState) -> None:
    document.state = destination
    db.session.flush()


def record(actor: Actor, action: AuditAction, case: Case, document: TravelDocument, payload: Mapping[str, Any]) -> None:
    """Write an act on a document into the audit of its case."""
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(case.id),
        record_type="travel_document",
        record_id=document.id,
        payload={"document_id": document.id, "document_kind": document.kind, **payload},
    )
