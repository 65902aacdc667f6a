"""Make one person of the persons of several cases, and undo it.

A link is a record beside the persons: nothing sealed is moved or sealed anew, every case keeps its own person, data,
clocks and history, and undoing a link leaves nothing behind. Whoever reads the person as one follows the links from
case to case, and sees of it what the policy lets through. See decision 8.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm.attributes import flag_modified

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases import viewing_service as viewing
from ercms.cases.lookup_service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, NotFound, PermissionRefused
from ercms.core.unit_of_work import stale_is_conflict
from ercms.extensions import db
from ercms.identity import queries
from ercms.identity import service as identity
from ercms.identity.enums import Decision
from ercms.identity.models import DuplicatePair, PersonLink
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from workflows.readmission import CaseState

UNDONE_LABEL = "person_links.undone_reason"


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link that a pair has or had, with both reasons."""

    decided_by: str
    decided_at: datetime
    reason: str
    confirmed_by: str
    confirmed_at: datetime
    undone_by: str
    undone_at: datetime | None
    undone_reason: str


@dataclass(frozen=True, slots=True)
class PersonInCase:
    """The person as one of the cases has it, in that case's own spelling."""

    reference: str
    state: CaseState
    requesting_state: str
    authority: str
    submitted_at: datetime | None
    decided_at: datetime | None
    name: str
    birth_date: date | None
    document_number: str


def link(*, actor: Actor, pair_id: str, expected_version: int) -> None:
    """Join the two persons of a pair that another officer found to be one.

    Raises:
        NotFound: there is no such pair for this actor.
        Conflict: `stale_version`, `not_decided_as_same` or `persons_are_joined`.
        PermissionRefused: `decided_by_yourself`.
    """
    pair = _pair(actor, pair_id, expected_version)
    if pair.decision is not Decision.SAME_PERSON or not pair.decided_by_id or not pair.decided_at:
        raise Conflict("not_decided_as_same")
    if pair.decided_by_id == actor.user_id:
        raise PermissionRefused("decided_by_yourself")
    if _standing(pair.id) is not None or pair.reason_sealed is None or actor.user_id is None:
        raise Conflict("persons_are_joined")
    db.session.add(
        PersonLink(
            pair_id=pair.id,
            person_id=pair.person_id,
            case_id=pair.case_id,
            other_person_id=pair.other_person_id,
            other_case_id=pair.other_case_id,
            decided_by_id=pair.decided_by_id,
            decided_at=pair.decided_at,
            reason_sealed=pair.reason_sealed,
            confirmed_by_id=actor.user_id,
            confirmed_at=clock.now(),
        )
    )
    # Two officers who act on one page at a time are told apart by the version of the pair.
    flag_modified(pair, "decision")
    with stale_is_conflict():
        db.session.flush()
    _put_on_record(actor, pair, AuditAction.PERSON_LINKED)


def unlink(*, actor: Actor, pair_id: str, expected_version: int, reason: str) -> None:
    """Take two joined persons apart again; the pair waits for a decision anew.

    Raises:
        NotFound: there is no such pair for this actor.
        Conflict: `stale_version` or `not_joined`.
    """
    pair = _pair(actor, pair_id, expected_version)
    standing = _standing(pair.id)
    if standing is None:
        raise Conflict("not_joined")
    sealed = vault.seal_text(person_id=pair.person_id, label=UNDONE_LABEL, record_id=standing.id, text=reason)
    standing.undone_by_id, standing.undone_at, standing.undone_reason_sealed = actor.user_id, clock.now(), sealed
    pair.decision = pair.decided_by_id = pair.decided_at = pair.reason_sealed = None
    with stale_is_conflict():
        db.session.flush()
    _put_on_record(actor, pair, AuditAction.PERSON_UNLINKED)


def links_of_pair(*, actor: Actor, pair_id: str) -> tuple[LinkLine, ...]:
    """Return the links that a pair has or had, the newest first.

    Raises:
        NotFound: there is no such pair for this actor.
    """
    pair = identity.get_pair(actor=actor, pair_id=pair_id)
    rows = queries.list_links_of_pair(pair.id)
    ids = [one for row in rows for one in (row.decided_by_id, row.confirmed_by_id, row.undone_by_id) if one]
    names = accounts.user_names(ids)
    return tuple(
        LinkLine(
            decided_by=names.get(row.decided_by_id, ""),
            decided_at=row.decided_at,
            reason=_opened(row, identity.REASON_LABEL, row.pair_id, row.reason_sealed),
            confirmed_by=names.get(row.confirmed_by_id, ""),
            confirmed_at=row.confirmed_at,
            undone_by=names.get(row.undone_by_id or "", ""),
            undone_at=row.undone_at,
            undone_reason=_opened(row, UNDONE_LABEL, row.id, row.undone_reason_sealed),
        )
        for row in rows
    )


def open_person(*, actor: Actor, pair_id: str) -> tuple[PersonInCase, ...]:
    """Open the joined person as each case has it, the earliest case first; each view is put on record.

    A case that the actor may not see is left out, and nothing says that there is one.

    Raises:
        NotFound: there is no such pair for this actor, or its persons are not joined.
    """
    pair = identity.get_pair(actor=actor, pair_id=pair_id)
    if _standing(pair.id) is None:
        raise NotFound
    joined = queries.persons_joined_with([pair.person_id])
    places = {pair.person_id: pair.case_id} | {one: case_of(link, one) for one, link in joined.items()}
    cases = lookup_service.cases_of_records(case_ids=places.values())
    seen = {
        person_id: cases[case_id]
        for person_id, case_id in places.items()
        if case_id in cases and policy.allows(actor, Permission.CASE_READ, cases[case_id])
    }
    for case_id in sorted({case.id for case in seen.values()}):
        viewing.record_view(
            actor=actor,
            case=cases[case_id],
            payload={"page": "person"},
            compartments=[Compartment.IDENTITY.value, Compartment.DOCUMENTS.value],
            needs_reason=False,
        )
    return _as_in_cases(seen)


def case_of(link: PersonLink, person_id: str) -> str:
    """Return the case of one of the two persons of a link."""
    return link.case_id if link.person_id == person_id else link.other_case_id


def _as_in_cases(seen: dict[str, Case]) -> tuple[PersonInCase, ...]:
    identities = vault.open_many(person_ids=seen, compartment=Compartment.IDENTITY)
    documents = vault.open_many(person_ids=seen, compartment=Compartment.DOCUMENTS)
    authorities = accounts.organisation_names({case.requesting_organisation_id for case in seen.values()})
    lines = [
        PersonInCase(
            reference=case.reference,
            state=case.state,
            requesting_state=case.requesting_state,
            authority=authorities.get(case.requesting_organisation_id, ""),
            submitted_at=case.submitted_at,
            decided_at=case.decided_at,
            name=persons.name_in(identities.get(person_id, {})).display,
            birth_date=persons.birth_date_in(identities.get(person_id, {})),
            document_number=str(documents.get(person_id, {}).get("document_number", "")),
        )
        for person_id, case in seen.items()
    ]
    return tuple(sorted(lines, key=lambda line: (str(line.submitted_at or ""), line.reference)))


def _pair(actor: Actor, pair_id: str, expected_version: int) -> DuplicatePair:
    policy.check(actor, Permission.DUPLICATE_LINK)
    pair = identity.get_pair(actor=actor, pair_id=pair_id)
    if pair.version != expected_version:
        raise Conflict("stale_version", version=pair.version)
    return pair


def _standing(pair_id: str) -> PersonLink | None:
    return next((row for row in queries.list_links_of_pair(pair_id) if row.undone_at is None), None)


def _opened(row: PersonLink, label: str, record_id: str, sealed: bytes | None) -> str:
    if sealed is None or vault.erased_at(person_id=row.person_id) is not None:
        return ""
    return vault.open_text(person_id=row.person_id, label=label, record_id=record_id, sealed=sealed)


def _put_on_record(actor: Actor, pair: DuplicatePair, action: AuditAction) -> None:
    for case_id, person_id in sorted(((pair.case_id, pair.other_person_id), (pair.other_case_id, pair.person_id))):
        audit.record(
            actor=actor,
            action=action,
            chain=audit.case_chain(case_id),
            record_type="duplicate",
            record_id=pair.id,
            payload={"person_id": person_id, "has_text": action is AuditAction.PERSON_UNLINKED},
        )
