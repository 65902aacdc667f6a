"""What the letters of a case say: facts, each read through the domain that keeps it, and the reading put on record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.audit.actions import AuditAction
from ercms.cases import record_service
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.models import Case
from ercms.cases.record_service import ClockLine
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.evidence import kinds_service
from ercms.evidence.kinds_service import KindOnRecord
from ercms.interviews import reading_service as interviews
from ercms.marks import service as marks
from ercms.marks.service import Decided
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from ercms.verification import service as verification
from ercms.verification.enums import CarrierKind, DecisionOutcome
from ercms.verification.service import DecisionView


class LetterKind(StrEnum):
    """The letters that the State Migration Service writes in a case."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    DATA_NOTICE = "data_notice"


@dataclass(frozen=True, slots=True)
class PersonInLetter:
    """Who a letter is about."""

    name: str
    birth_date: str
    nationalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything that a letter says, before it is put into words.

    `is_treaty` is False where no agreement is in force: then `limits` is empty, and the letter names no date at all.
    `relied` and `interviewed_at` are what the requesting authority may know of what the decision rests on.
    """

    kind: LetterKind
    reference: str
    own_reference: str
    authority: str
    authority_address: str
    requesting_state: str
    agreement_title: str | None
    protocol_title: str | None
    is_treaty: bool
    written_at: datetime
    received_at: datetime
    persons: tuple[PersonInLetter, ...]
    decision: DecisionView | None
    is_accepted: bool
    relied: tuple[KindOnRecord, ...]
    interviewed_at: tuple[datetime, ...]
    limits: tuple[ClockLine, ...]
    data_notices: tuple[Decided, ...]


def letters_for(*, actor: Actor, case: Case) -> tuple[LetterKind, ...]:
    """Return the letters that this actor may read in a case now."""
    if not policy.allows(actor, Permission.LETTER_READ, case):
        return ()
    kinds = []
    if case.acknowledged_at is not None:
        kinds.append(LetterKind.ACKNOWLEDGEMENT)
    if case.decided_at is not None:
        kinds.append(LetterKind.REPLY)
    if marks.has_decided(person_ids=[member.person_id for member in case.members]):
        kinds.append(LetterKind.DATA_NOTICE)
    return tuple(kinds)


def facts_of(*, actor: Actor, reference: str, kind: LetterKind, language: str) -> LetterFacts:
    """Return what a letter says, and record that it was made.

    Raises:
        NotFound: there is no such case for this actor, or no such letter in it yet.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.LETTER_READ)
    if kind not in letters_for(actor=actor, case=case) or case.submitted_at is None:
        raise NotFound
    written_at = _written_at(case, kind)
    if written_at is None:
        raise NotFound
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.LETTER_MADE,
        payload={"letter": kind.value, "language": language},
        compartments=[Compartment.IDENTITY.value],
    )
    authority = accounts.get_organisation(case.requesting_organisation_id)
    agreement = agreements.get_agreement(case.agreement_id) if case.agreement_id else None
    protocol = agreements.protocol_behind(agreement) if agreement else None
    decision = _decision(actor, case) if kind is LetterKind.REPLY else None
    return LetterFacts(
        kind=kind,
        reference=case.reference,
        own_reference=cases.own_reference_of(case=case),
        authority=authority.name,
        authority_address=authority.address or "",
        requesting_state=case.requesting_state,
        agreement_title=agreement.title if agreement else None,
        protocol_title=protocol.title if protocol else None,
        is_treaty=agreement is not None,
        written_at=written_at,
        received_at=case.submitted_at,
        persons=_persons(case),
        decision=decision,
        is_accepted=case.accepted_at is not None,
        relied=_relied(case, decision),
        interviewed_at=_interviewed_at(case, decision),
        limits=_limits(case, kind),
        data_notices=tuple(_data_notices(case)) if kind is LetterKind.DATA_NOTICE else (),
    )


def _written_at(case: Case, kind: LetterKind) -> datetime | None:
    if kind is LetterKind.ACKNOWLEDGEMENT:
        return case.acknowledged_at
    if kind is LetterKind.REPLY:
        return case.decided_at
    return max(notice.lifted_at or notice.decided_at for notice in _data_notices(case))


def _data_notices(case: Case) -> list[Decided]:
    """Return the corrections and restrictions of which the authority that sent the data is told."""
    return marks.decided_on(person_ids=[member.person_id for member in case.members])


def _persons(case: Case) -> tuple[PersonInLetter, ...]:
    members = sorted(case.members, key=lambda member: member.position)
    opened = vault.open_many(person_ids=[m.person_id for m in members], compartment=Compartment.IDENTITY)
    found = []
    for member in members:
        identity = opened.get(member.person_id, {})
        found.append(
            PersonInLetter(
                name=persons.name_in(identity).display,
                birth_date=identity.get("birth_date", ""),
                nationalities=tuple(identity.get("nationalities", ())),
            )
        )
    return tuple(found)


def _decision(actor: Actor, case: Case) -> DecisionView | None:
    """Return the decision that was confirmed last; None where consent was deemed and nobody decided."""
    decisions = verification.for_case(actor=actor, case=case).decisions
    # The latest stands first; one that was sent back was decided on, and is no decision.
    return next((decision for decision in decisions if decision.outcome is DecisionOutcome.CONFIRMED), None)


def _relied(case: Case, decision: DecisionView | None) -> tuple[KindOnRecord, ...]:
    """Return the evidence that the decision rests on, as far as the requesting authority sees that it is there."""
    if decision is None:
        return ()
    ids = verification.carried_by(decision_id=decision.id, kind=CarrierKind.EVIDENCE)
    return kinds_service.kinds_told(case=case, ids=ids) if ids else ()


def _interviewed_at(case: Case, decision: DecisionView | None) -> tuple[datetime, ...]:
    """Return when the interviews were held that the decision rests on: the day and no word of any protocol."""
    if decision is None:
        return ()
    ids = set(verification.carried_by(decision_id=decision.id, kind=CarrierKind.INTERVIEW))
    return tuple(one.held_at for one in interviews.days_held(case=case) if one.id in ids) if ids else ()


_AFTER_ACCEPTANCE = frozenset({"document_issue", "transfer"})


def _limits(case: Case, kind: LetterKind) -> tuple[ClockLine, ...]:
    """Return the treaty limits that matter to the reader now: after an acceptance those of document and transfer."""
    lines = [line for line in record_service.current_clocks(case=case) if not line.is_internal and line.due_on]
    if kind is LetterKind.DATA_NOTICE:
        return ()
    if kind is LetterKind.ACKNOWLEDGEMENT:
        return tuple(line for line in lines if line.kind.startswith("reply") or line.kind == "transit_reply")
    if case.accepted_at is None:
        return ()
    return tuple(line for line in lines if line.kind in _AFTER_ACCEPTANCE)
