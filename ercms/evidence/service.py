"""Evidence of a case: recorded, classified under the agreement, checked; and what is still missing.

The classes are the agreement's. While a request is a draft, the agreement that would apply today counts; submission
classifies everything once more.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import service as agreements
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.core.text import msg
from ercms.evidence import queries
from ercms.evidence.enums import FileRole
from ercms.evidence.lines import (
    NAME_LABEL,
    NOTE_LABEL,
    REBUTTAL_LABEL,
    CaseEvidence,
    EvidenceLine,
    FileLine,
    Kind,
    details_of,
    file_lines,
    item_lines,
    opened_details,
    sealed_details,
    with_translations,
)
from ercms.evidence.models import EvidenceItem
from ercms.extensions import db
from ercms.vault import service as vault
from workflows.evidence import Classification, MissingEvidence
from workflows.evidence import EvidenceItem as LegalItem
from workflows.readmission import CaseState
from workflows.terms import EvidencePurpose, EvidenceRule

__all__ = [
    "NAME_LABEL",
    "CaseEvidence",
    "EvidenceLine",
    "FileLine",
    "add_item",
    "agreement_id_of",
    "check_item",
    "details_of",
    "file_lines",
    "for_case",
    "forget_person",
    "has_any",
    "is_internal_author",
    "kinds_for",
    "may_check",
    "may_write",
    "missing_for",
    "person_of",
    "reclassify",
    "remove_item",
    "writable_case",
]

MOST_ITEMS = 60

UNKNOWN_KIND = msg("Choose one of the kinds of evidence offered.")
UNKNOWN_PERSON = msg("Choose one of the persons of this request.")
TOO_MANY = msg("A request holds at most 60 pieces of evidence.")

# While one of these holds, the requesting authority may add to its request; SMS may add until the case is at rest.
_OPEN_TO_REQUESTING = frozenset({CaseState.DRAFT, CaseState.INCOMPLETE})
_AT_REST = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})


def agreement_id_of(case: Case) -> str | None:
    """Return the agreement under which evidence of a case counts: in a draft, the one that would apply today."""
    if case.state is CaseState.DRAFT:
        return agreements.agreement_id_for(state=case.requesting_state, on=clock.today())
    return case.agreement_id


def kinds_for(*, agreement_id: str | None) -> tuple[EvidenceRule, ...]:
    """Return the kinds of evidence that a form offers: the agreement's, or without a list of its own all known ones."""
    if agreement_id is not None and (own := agreements.get_agreement(agreement_id).evidence):
        return own
    known: dict[tuple[str, EvidencePurpose], EvidenceRule] = {}
    for agreement in agreements.list_agreements():
        for rule in agreement.evidence:
            known.setdefault((rule.code, rule.purpose), rule)
    return tuple(known.values())


def add_item(*, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]) -> EvidenceItem:
    """Record one means of evidence, classified at once; without `person_id` it is the principal's.

    Raises:
        Conflict: `case_not_editable`, the request has been sent and nothing was asked back.
        InvalidInput: the kind is not offered, or the person is not of this application.
    """
    case = writable_case(actor=actor, reference=reference, expected_version=expected_version)
    person_id = person_of(case=case, person_id=values.get("person_id"))
    code, purpose = values["code"], values["purpose"]
    if not any(rule.code == code and rule.purpose is purpose for rule in kinds_for(agreement_id=agreement_id_of(case))):
        raise InvalidInput("unknown_evidence", fields={"code": [UNKNOWN_KIND]})
    if len(queries.list_items(case.id)) >= MOST_ITEMS:
        raise InvalidInput("too_much_evidence", fields={"code": [TOO_MANY]})
    item_id = new_id()
    item = EvidenceItem(
        id=item_id,
        case_id=case.id,
        person_id=person_id,
        code=code,
        purpose=purpose.value,
        details_sealed=sealed_details(person_id=person_id, item_id=item_id, values=values),
        is_false=bool(values.get("is_false")),
        is_internal=is_internal_author(actor),
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    _classify(case, item, values.get("expires_on"))
    db.session.add(item)
    cases.touch(case=case)
    _record(actor, AuditAction.EVIDENCE_ADDED, case, item)
    return item


def remove_item(*, actor: Actor, reference: str, expected_version: int | None, evidence_id: str) -> Case:
    """Take one means of evidence, with its files, out of a request that is still open to its author.

    Raises:
        Conflict: the request has been sent: what was sent stays.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_REMOVE)
    cases.check_version(case=case, expected_version=expected_version)
    if case.state is not CaseState.DRAFT:
        raise Conflict("evidence_was_sent", reference=reference, state=case.state.value)
    item = _item(case, evidence_id)
    item.removed_at = clock.now()
    for file in queries.list_files(case.id):
        if file.evidence_id == item.id:
            file.removed_at = item.removed_at
    cases.touch(case=case)
    _record(actor, AuditAction.EVIDENCE_REMOVED, case, item)
    return case


def forget_person(*, actor: Actor, case: Case, person_id: str) -> None:
    """Take the evidence and files of a family member out of a draft, together with the member."""
    at = clock.now()
    for item in queries.list_items(case.id):
        if item.person_id == person_id:
            item.removed_at = at
            _record(actor, AuditAction.EVIDENCE_REMOVED, case, item)
    for file in queries.list_files(case.id):
        if file.person_id == person_id:
            file.removed_at = at


def check_item(
    *, actor: Actor, reference: str, expected_version: int | None, evidence_id: str, values: Mapping[str, Any]
) -> EvidenceItem:
    """Record what a check of one item found, and classify it anew: false or rebutted, it proves nothing more."""
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_CHECK)
    cases.check_version(case=case, expected_version=expected_version)
    item = _item(case, evidence_id)
    item.is_false, item.is_rebutted = bool(values.get("is_false")), bool(values.get("is_rebutted"))
    item.checked_by_id, item.checked_at = actor.user_id, clock.now()
    item.check_note_sealed = vault.seal_text(
        person_id=item.person_id, label=NOTE_LABEL, record_id=item.id, text=values["note"]
    )
    # A later check that finds no rebuttal takes the ground of the former one away.
    item.rebuttal_sealed = None
    if item.is_rebutted and values.get("rebuttal"):
        item.rebuttal_sealed = vault.seal_text(
            person_id=item.person_id, label=REBUTTAL_LABEL, record_id=item.id, text=values["rebuttal"]
        )
    _classify(case, item, _expiry_of(item))
    cases.touch(case=case)
    _record(actor, AuditAction.EVIDENCE_ASSESSED, case, item)
    return item


def reclassify(*, case: Case) -> None:
    """Classify all evidence of a case anew, measured today under the agreement that now counts."""
    for item in queries.list_items(case.id):
        _classify(case, item, _expiry_of(item))


def missing_for(*, case: Case) -> tuple[MissingEvidence, ...]:
    """Return what the request still lacks under its agreement: a warning, never a wall."""
    stored = queries.list_files(case.id)
    hidden = {file.evidence_id for file in stored if file.is_held} - {
        file.evidence_id for file in stored if not file.is_held
    }
    return _missing(case, [item for item in queries.list_items(case.id) if item.id not in hidden])


def has_any(*, case_id: str) -> bool:
    """Tell whether any evidence or file stands in a case; the caller has opened the case."""
    return bool(queries.list_items(case_id) or queries.list_files(case_id))


def for_case(*, actor: Actor, case: Case) -> CaseEvidence:
    """Return the evidence and files of a case that this actor may see, with their details opened.

    What the officers of SMS added, and what their checks found, is theirs. A document that is set aside is shown to
    nobody here, nor is the evidence that rests on it alone. The caller audits the view.
    """
    if not policy.allows(actor, Permission.EVIDENCE_READ, case):
        return CaseEvidence((), (), (), (), may_check=False)
    checks = may_check(actor=actor, case=case)
    sees_internal = is_internal_author(actor)
    stored = queries.list_files(case.id)
    files = [file for file in stored if not file.is_held and (sees_internal or not file.is_internal)]
    hidden = {file.evidence_id for file in stored if file.is_held} - {file.evidence_id for file in files}
    items = [
        item
        for item in queries.list_items(case.id)
        if item.id not in hidden and (sees_internal or not item.is_internal)
    ]
    lines = with_translations(file_lines(files))
    agreement_id = agreement_id_of(case)
    return CaseEvidence(
        items=item_lines(rules_of(case), items, lines, with_notes=checks and sees_internal),
        loose_files=tuple(f for f in lines if f.evidence_id is None and f.role is not FileRole.PHOTOGRAPH),
        photographs=tuple(line for line in lines if line.role is FileRole.PHOTOGRAPH),
        missing=_missing(case, items),
        may_check=checks,
        may_compare=policy.allows(actor, Permission.PHOTOGRAPH_COMPARE, case),
        agreement_id=agreement_id,
        is_listed=agreement_id is not None and bool(agreements.get_agreement(agreement_id).evidence),
    )


def open_item(*, actor: Actor, reference: str, evidence_id: str, is_again: bool = False) -> tuple[Case, EvidenceLine]:
    """Open one piece of evidence to be checked, and put the view on record; `is_again`: with what was typed.

    Raises:
        NotFound: there is no such case or evidence, or the actor may not know of it.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_CHECK)
    line = next((one for one in for_case(actor=actor, case=case).items if one.id == evidence_id), None)
    if line is None:
        raise NotFound
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.EVIDENCE_VIEWED,
        payload={"evidence_id": evidence_id},
        compartments=["documents"],
        needs_reason=not is_again,
    )
    return case, line


def may_write(*, actor: Actor, case: Case) -> bool:
    """Tell whether this actor may add a file to the case as it stands."""
    if not policy.allows(actor, Permission.EVIDENCE_ADD, case):
        return False
    return case.state not in _AT_REST if is_internal_author(actor) else case.state in _OPEN_TO_REQUESTING


def may_check(*, actor: Actor, case: Case) -> bool:
    """Tell whether this actor checks the evidence of the case."""
    return policy.allows(actor, Permission.EVIDENCE_CHECK, case)


def writable_case(*, actor: Actor, reference: str, expected_version: int | None) -> Case:
    """Return a case to which this actor may add evidence or a file.

    Raises:
        Conflict: `case_not_editable`.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_ADD)
    cases.check_version(case=case, expected_version=expected_version)
    if not may_write(actor=actor, case=case):
        raise Conflict("case_not_editable", reference=reference, state=case.state.value)
    return case


def person_of(*, case: Case, person_id: str | None) -> str:
    """Return the person of the application who is meant; nobody named means the principal.

    Raises:
        InvalidInput: the person is not of this application.
    """
    if not person_id:
        return case.principal_person_id
    if person_id not in {member.person_id for member in case.members}:
        raise InvalidInput("unknown_person", fields={"person_id": [UNKNOWN_PERSON]})
    return person_id


def is_internal_author(actor: Actor) -> bool:
    """Tell whether what this actor adds stays with the requested State's own officers."""
    return actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE


def _item(case: Case, evidence_id: str) -> EvidenceItem:
    item = queries.find_item(case.id, evidence_id)
    if item is None:
        raise NotFound
    return item


def _expiry_of(item: EvidenceItem) -> date | None:
    expires_on: date | None = details_of(item).get("expires_on")
    return expires_on


def _classify(case: Case, item: EvidenceItem, expires_on: date | None) -> Classification:
    """Write the class of an item. Expiry is measured on the day of submission, in a draft today."""
    result = agreements.classify(
        agreement_id=agreement_id_of(case),
        code=item.code,
        purpose=EvidencePurpose(item.purpose),
        expired_on=expires_on,
        submitted_on=_measured_on(case),
        is_false=bool(item.is_false),
        is_rebutted=bool(item.is_rebutted),
    )
    item.weight = result.proof_class.value
    item.weight_reason = result.reason.value
    item.weight_confidence = result.confidence.value
    return result


def _measured_on(case: Case) -> date:
    return clock.today() if case.submitted_at is None else case.submitted_at.date()


def _missing(case: Case, items: list[EvidenceItem] | Any) -> tuple[MissingEvidence, ...]:
    opened = opened_details(list(items))
    legal = [
        LegalItem(
            code=item.code,
            purpose=EvidencePurpose(item.purpose),
            expired_on=details.get("expires_on"),
            submitted_on=_measured_on(case),
            is_false=item.is_false,
            is_rebutted=item.is_rebutted,
        )
        for item, details in zip(items, opened, strict=True)
    ]
    return agreements.missing_evidence(agreement_id=agreement_id_of(case), items=legal, kind=case.kind)


def rules_of(case: Case) -> dict[Kind, EvidenceRule]:
    """Return what names the kinds of a case's evidence: its agreement's lists, and after them every known one."""
    rules = (*kinds_for(agreement_id=None), *kinds_for(agreement_id=agreement_id_of(case)))
    return {(rule.code, rule.purpose): rule for rule in rules}


def _record(actor: Actor, action: AuditAction, case: Case, item: EvidenceItem) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(case.id),
        record_type="evidence",
        record_id=item.id,
        payload={"document_kind": item.code, "class": item.weight, "evidence_id": item.id}
        if action is not AuditAction.EVIDENCE_REMOVED
        else {"document_kind": item.code, "evidence_id": item.id},
        compartments=["documents"],
    )
