"""Two pictures of one person side by side, and what an officer found on them.

One picture came with the application, the other from a register: with an agency's answer, or brought in by an officer
of the Service. Nothing here compares faces; the finding is the officer's own. Findings are added and never changed, so
that a second look stands beside the first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.enums import MemberRelation
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, NotFound
from ercms.evidence import pictures_service as pictures
from ercms.evidence import service as evidence
from ercms.evidence.service import FileLine
from ercms.extensions import db
from ercms.photographs import queries
from ercms.photographs.enums import PhotographFinding
from ercms.photographs.models import PhotographComparison
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from ercms.verification import inquiry_reading

FINDING_LABEL = "photograph_comparisons.finding"
_COMPARTMENTS = ("documents",)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture with where it came from: the agency that gave it, None for one that an officer or authority sent."""

    file: FileLine
    relation: MemberRelation
    agency: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one officer found; None where it cannot be read any more."""

    id: str
    person_id: str
    sent_id: str
    sent_page: int
    other_id: str
    other_page: int
    finding: PhotographFinding | None
    reasons: str | None
    officer: str
    found_at: datetime
    is_of_present: bool


@dataclass(frozen=True, slots=True)
class PairPage:
    """The pictures that can be put side by side, the two that are, and what was found on them so far."""

    reference: str
    version: int
    sent: tuple[Picture, ...]
    others: tuple[Picture, ...]
    left: Picture | None
    right: Picture | None
    findings: tuple[Finding, ...]
    persons: tuple[tuple[str, MemberRelation], ...]
    may_add: bool

    @property
    def findings_on_pair(self) -> tuple[Finding, ...]:
        """Return what was found on the two pictures that are shown."""
        shown = (self.left and self.left.file.id, self.right and self.right.file.id)
        return tuple(one for one in self.findings if (one.sent_id, one.other_id) == shown)


def open_pair(
    *, actor: Actor, reference: str, sent: str | None = None, other: str | None = None, is_again: bool = False
) -> PairPage:
    """Put two pictures side by side, and put on record that they were looked at.

    `is_again`: a form is shown again with what was typed; a picture that has gone meanwhile, or a reason that has run
    out, does not take that away.

    Raises:
        NotFound: there is no such case or picture, or the actor may not know of it.
        PermissionRefused: comparing is for the officers of the Service.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.PHOTOGRAPH_COMPARE)
    files = pictures.pictures_of(actor=actor, case=case)
    sent_ones, others = _sides(case, files)
    left, right = _pair(sent_ones, others, sent, other, is_again=is_again)
    shown = [one.file for one in (left, right) if one is not None]
    if shown:
        viewing.record_view(
            actor=actor,
            case=case,
            action=AuditAction.PHOTOGRAPHS_OPENED,
            record=("person", shown[0].person_id),
            payload={"file_id": left.file.id if left else None, "other_id": right.file.id if right else None},
            compartments=_COMPARTMENTS,
            needs_reason=not is_again,
        )
    else:
        viewing.record_view(actor=actor, case=case, payload={"page": "photographs"}, needs_reason=not is_again)
    return PairPage(
        reference=case.reference,
        version=case.version,
        sent=sent_ones,
        others=others,
        left=left,
        right=right,
        findings=_findings(queries.list_findings(case.id), {file.id for file in files}),
        persons=tuple((member.person_id, member.relation) for member in case.members),
        may_add=evidence.may_write(actor=actor, case=case),
    )


def record(*, actor: Actor, reference: str, expected_version: int, values: Mapping[str, Any]) -> PhotographComparison:
    """Record an officer's finding on two pictures; `values` are those of `FindingRequest`.

    Raises:
        Conflict: `stale_version`; `case_not_editable`, the case is at rest; `pictures_changed`, one of the two is not
            there any more, or they are not of one person.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.PHOTOGRAPH_COMPARE)
    cases.check_version(case=case, expected_version=expected_version)
    if not evidence.may_write(actor=actor, case=case):
        raise Conflict("case_not_editable", reference=reference, state=case.state.value)
    sent_ones, others = _sides(case, pictures.pictures_of(actor=actor, case=case))
    left = _of(sent_ones, values["sent"], values["sent_page"])
    right = _of(others, values["other"], values["other_page"])
    if left.person_id != right.person_id:
        raise Conflict("pictures_changed")
    row = PhotographComparison(
        id=new_id(),
        case_id=case.id,
        person_id=left.person_id,
        sent_id=left.id,
        sent_page=values["sent_page"],
        other_id=right.id,
        other_page=values["other_page"],
        found_by_id=actor.user_id,
        found_at=clock.now(),
    )
    document = json.dumps({"finding": values["finding"].value, "reasons": values["reasons"]}, ensure_ascii=False)
    row.finding_sealed = vault.seal_text(person_id=row.person_id, label=FINDING_LABEL, record_id=row.id, text=document)
    db.session.add(row)
    cases.touch(case=case)
    audit.record(
        actor=actor,
        action=AuditAction.PHOTOGRAPHS_COMPARED,
        chain=audit.case_chain(case.id),
        record_type="person",
        record_id=row.person_id,
        payload={
            "file_id": row.sent_id,
            "other_id": row.other_id,
            "outcome": values["finding"].value,
            "has_text": True,
        },
        compartments=_COMPARTMENTS,
    )
    return row


def compared_in(*, actor: Actor, case: Case) -> tuple[tuple[str, datetime], ...]:
    """Return which findings on photographs a case has, as (identifier, when): nothing of what was found."""
    if not policy.allows(actor, Permission.PHOTOGRAPH_COMPARE, case):
        return ()
    return tuple((row.id, row.found_at) for row in queries.list_findings(case.id))


def findings_in(*, actor: Actor, case: Case) -> tuple[Finding, ...]:
    """Return what was found in a case, the latest first, to the officers of the Service and to nobody else."""
    if not policy.allows(actor, Permission.PHOTOGRAPH_COMPARE, case):
        return ()
    present = {line.id for line in pictures.pictures_of(actor=actor, case=case)}
    return _findings(queries.list_findings(case.id), present)


def findings_on(*, person_id: str) -> tuple[Finding, ...]:
    """Return what was found on one person, the first made first; the caller has checked and records the view."""
    return _findings(queries.list_findings_of([person_id]), set())


def _findings(rows: Sequence[PhotographComparison], present: set[str]) -> tuple[Finding, ...]:
    if not rows:
        return ()
    officers = accounts.user_names(row.found_by_id for row in rows)
    texts = vault.open_texts(SealedText(row.person_id, FINDING_LABEL, row.id, row.finding_sealed) for row in rows)
    return tuple(_finding(row, text, officers, present) for row, text in zip(rows, texts, strict=True))


def _finding(row: PhotographComparison, text: str | None, officers: Mapping[str, str], present: set[str]) -> Finding:
    opened = json.loads(text) if text else {}
    return Finding(
        id=row.id,
        person_id=row.person_id,
        sent_id=row.sent_id,
        sent_page=row.sent_page,
        other_id=row.other_id,
        other_page=row.other_page,
        finding=PhotographFinding(opened["finding"]) if opened else None,
        reasons=opened.get("reasons"),
        officer=officers.get(row.found_by_id, ""),
        found_at=row.found_at,
        is_of_present={row.sent_id, row.other_id} <= present,
    )


def _sides(case: Case, files: Sequence[FileLine]) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """Return the pictures that came with the application, and those that came from elsewhere."""
    agencies = inquiry_reading.givers_of(case=case) if any(file.is_internal for file in files) else {}
    relations = {member.person_id: member.relation for member in case.members}
    found = [
        Picture(file, relations[file.person_id], agencies.get(file.id)) for file in files if file.person_id in relations
    ]
    return (
        tuple(one for one in found if not one.file.is_internal),
        tuple(one for one in found if one.file.is_internal),
    )


def _pair(
    sent_ones: Sequence[Picture], others: Sequence[Picture], sent: str | None, other: str | None, *, is_again: bool
) -> tuple[Picture | None, Picture | None]:
    """Return the two pictures that are meant, both of one person; what is not named is the first that fits."""
    left = next((one for one in sent_ones if one.file.id == sent), None)
    right = next((one for one in others if one.file.id == other), None)
    is_gone = (sent is not None and left is None) or (other is not None and right is None)
    is_mixed = left is not None and right is not None and left.file.person_id != right.file.person_id
    if (is_gone or is_mixed) and not is_again:
        raise NotFound
    if left is None:
        left = next((one for one in sent_ones if right is None or one.file.person_id == right.file.person_id), None)
    if right is None or is_mixed:
        right = next((one for one in others if left is None or one.file.person_id == left.file.person_id), None)
    return left, right


def _of(among: Sequence[Picture], file_id: str, page: int) -> FileLine:
    found = next((one.file for one in among if one.file.id == file_id), None)
    if found is None or page > (found.pages or 1):
        raise Conflict("pictures_changed")
    return found
