"""Looking at a case outside one's own work: the reason first, for a limited time, under the eyes of an officer.

Asked are the officers of SMS, who may open every case; of all others the policy says which cases are theirs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.access.runtime import runtime
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service
from ercms.cases.enums import OpeningMark, OpeningPurpose
from ercms.cases.models import Case
from ercms.cases.opening_models import CaseOpening
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.db_types import new_id
from ercms.core.errors import NotFound, ReasonNeeded
from ercms.extensions import db
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from workflows.readmission import CaseState

WORDS_LABEL = "case_openings.words"
PAGE_SIZE = 100
# What waits for a supervisor, whoever the officer in charge is.
_FOR_SUPERVISORS = frozenset({CaseState.DECISION_PROPOSED, CaseState.LAPSED})


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """A reason as the data protection officer reads it; the words are gone once the person was erased."""

    id: str
    reference: str
    officer: str
    organisation: str
    purpose: OpeningPurpose
    words: str | None
    opened_at: datetime
    ends_at: datetime
    mark: OpeningMark | None
    marked_by: str


def is_own_work(*, actor: Actor, case: Case) -> bool:
    """Tell whether a case is the actor's daily work, which nobody has to give a reason for.

    It is the officer's who is in charge, until the case is closed; everybody's in SMS while nobody is in charge; every
    supervisor's while it waits for one; and a named reader's, who was named with a reason.
    """
    is_officer = actor.role in {Role.CASE_WORKER, Role.SUPERVISOR}
    if not is_officer or actor.organisation_kind is not OrganisationKind.MIGRATION_SERVICE or case.is_sealed:
        return True
    if case.state is CaseState.CLOSED:
        return False
    if case.assigned_to_id in (None, actor.user_id):
        return True
    return actor.role is Role.SUPERVISOR and case.state in _FOR_SUPERVISORS


def purpose_of(*, actor: Actor, case: Case) -> str | None:
    """Return for which purpose the actor looks at a case outside their own work; None within it.

    Raises:
        ReasonNeeded: no reason of this officer for this case holds now.
    """
    if runtime().opening_for <= timedelta(0) or is_own_work(actor=actor, case=case):
        return None
    statement = (
        select(CaseOpening.purpose)
        .where(CaseOpening.user_id == actor.user_id, CaseOpening.case_id == case.id, CaseOpening.ends_at > clock.now())
        .order_by(CaseOpening.ends_at.desc())
        .limit(1)
    )
    purpose = db.session.scalar(statement)
    if purpose is None:
        raise ReasonNeeded(reference=case.reference)
    return purpose.value


def give_reason(*, actor: Actor, reference: str, purpose: OpeningPurpose, words: str) -> datetime:
    """Open a case to an officer for a limited time; return until when.

    Raises:
        NotFound: there is no such case for this officer.
    """
    case = service.get_case(actor=actor, reference=reference, permission=Permission.CASE_OPEN)
    opening_id, now = new_id(), clock.now()
    sealed = vault.seal_text(person_id=case.principal_person_id, label=WORDS_LABEL, record_id=opening_id, text=words)
    opening = CaseOpening(
        id=opening_id,
        case_id=case.id,
        user_id=actor.user_id,
        purpose=purpose,
        words_sealed=sealed,
        opened_at=now,
        ends_at=now + runtime().opening_for,
    )
    db.session.add(opening)
    audit.record_of_case(
        actor=actor,
        action=AuditAction.CASE_OPENED,
        case_id=case.id,
        payload={"opening_id": opening_id, "has_text": True},
        purpose=purpose.value,
    )
    return opening.ends_at


def list_openings(*, actor: Actor, is_marked: bool) -> list[OpeningLine]:
    """Return the reasons that nobody has looked at yet, or those that somebody has, the newest first."""
    policy.check(actor, Permission.AUDIT_READ)
    marked = CaseOpening.mark.is_not(None) if is_marked else CaseOpening.mark.is_(None)
    statement = (
        select(CaseOpening, Case.reference, Case.principal_person_id)
        .join(Case, Case.id == CaseOpening.case_id)
        .where(marked)
        .order_by(CaseOpening.opened_at.desc(), CaseOpening.id)
        .limit(PAGE_SIZE)
    )
    rows = db.session.execute(statement).all()
    words = vault.open_texts([SealedText(person, WORDS_LABEL, row.id, row.words_sealed) for row, _, person in rows])
    people = {one.id: one for one in accounts.users_of(row.user_id for row, _, _ in rows)}
    names = accounts.user_names(row.marked_by_id for row, _, _ in rows if row.marked_by_id)
    return [
        OpeningLine(
            id=row.id,
            reference=reference,
            officer=people[row.user_id].display_name,
            organisation=people[row.user_id].organisation_name,
            purpose=row.purpose,
            words=text,
            opened_at=row.opened_at,
            ends_at=row.ends_at,
            mark=row.mark,
            marked_by=names.get(row.marked_by_id or "", ""),
        )
        for (row, reference, _), text in zip(rows, words, strict=True)
    ]


def mark(*, actor: Actor, opening_id: str, mark: OpeningMark) -> None:
    """Note what the data protection officer makes of a reason; a later mark replaces an earlier one.

    Raises:
        NotFound: there is no such reason.
    """
    policy.check(actor, Permission.AUDIT_READ)
    opening = db.session.get(CaseOpening, opening_id)
    if opening is None:
        raise NotFound
    opening.mark, opening.marked_by_id, opening.marked_at = mark, actor.user_id, clock.now()
    audit.record_of_case(
        actor=actor,
        action=AuditAction.OPENING_MARKED,
        case_id=opening.case_id,
        payload={"opening_id": opening.id, "status": mark.value},
    )


def on_record(purpose: str | None) -> dict[str, Any]:
    """Return what the audit's entry of a view says of its purpose."""
    return {} if purpose is None else {"break_glass": True}
