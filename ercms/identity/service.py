"""Possible duplicates: found when a request arrives, shown side by side, decided by an officer.

What is recorded here is the finding. `linking_service` makes one person of two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases import service as cases
from ercms.cases.lookup_service import Case
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor
from ercms.core.errors import Conflict, NotFound
from ercms.core.unit_of_work import stale_is_conflict
from ercms.extensions import db
from ercms.identity import queries
from ercms.identity.enums import Decision, Likeness
from ercms.identity.judging import Judgement, judge
from ercms.identity.models import DuplicatePair
from ercms.persons import matching_service as matching
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind
from workflows.readmission import CaseState

REASON_LABEL = "duplicate_pairs.reason"
MOST_PAIRS = 20


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """Another case that may concern the same person, as the page of a case names it: no name stands here."""

    pair_id: str
    reference: str
    state: CaseState
    submitted_at: datetime | None
    decided_at: datetime | None
    likeness: Likeness
    decision: Decision | None
    is_earlier: bool
    is_refused: bool
    is_joined: bool = False

    @property
    def was_refused(self) -> bool:
        """Tell whether the case before this one was refused, so that something new is to be asked for."""
        return self.is_earlier and self.is_refused


def was_refused(case: Case) -> bool:
    """Tell whether a request ended with a refusal, closed since or not."""
    is_over = case.state in (CaseState.REFUSED, CaseState.CLOSED)
    return is_over and case.decided_at is not None and case.accepted_at is None


def match_case(*, case_id: str) -> int:
    """Match the persons of a case that was sent against all others, closed cases too; return how many pairs there are.

    Pairs that nobody decided are brought up to date; a decision stays as it was made.
    """
    case = cases.get_case_of_record(case_id=case_id)
    own = [member.person_id for member in case.members]
    standing = {(pair.person_id, pair.other_person_id): pair for pair in queries.list_open_pairs_of_persons(own)}
    found = {}
    for person_id in own:
        for other_id, other_case_id, judgement in likely(actor=SYSTEM, person_id=person_id, case_id=case_id):
            places = sorted(((person_id, case_id), (other_id, other_case_id)))
            found[places[0][0], places[1][0]] = (places, judgement)
    for key, pair in standing.items():
        if key not in found:
            db.session.delete(pair)
    for key, (places, judgement) in found.items():
        _record(standing.get(key) or queries.find_pair_of(*key), places, judgement)
    db.session.flush()
    if found:
        audit.record_of_case(
            actor=SYSTEM,
            action=AuditAction.PERSON_MATCHED,
            case_id=case_id,
            payload={"count": len(found)},
            compartments=[Compartment.IDENTITY.value, Compartment.DOCUMENTS.value],
        )
    return len(found)


def likely(*, actor: Actor, person_id: str, case_id: str) -> list[tuple[str, str, Judgement]]:
    """Return who may be the same person in another case in the actor's sight, with case and judgement, likeliest first.

    The caller has checked that the actor may match the person of this case, and puts it on record.
    """
    identity = persons.read_compartment(person_id=person_id, compartment=Compartment.IDENTITY)
    number = _number_of([person_id]).get(person_id)
    in_sight: dict[str, str] = {}

    def among(person_ids: Sequence[str]) -> set[str]:
        seen = lookup_service.persons_in_sight(actor=actor, person_ids=person_ids)
        others = {one: where for one, where in seen.items() if where != case_id}
        in_sight.update(others)
        return set(others)

    ids = {candidate.person_id for candidate in matching.find_like(identity=identity, among=among)}
    exact = [(TokenKind.FIN, identity.get("fin")), (TokenKind.DOCUMENT_NUMBER, number)]
    by_number = {one for kind, value in exact if value for one in vault.find_person_ids(kind=kind, value=value)}
    ids |= among(sorted(by_number))
    opened = vault.open_many(person_ids=ids, compartment=Compartment.IDENTITY)
    numbers = _number_of(ids)
    judged = [
        (one, in_sight[one], judge(identity, other, number=number, other_number=numbers.get(one)))
        for one, other in opened.items()
    ]
    likely = [line for line in judged if line[2].likeness is not None]
    return sorted(likely, key=lambda line: (line[2].likeness is not Likeness.SAME, -line[2].score))[:MOST_PAIRS]


def _number_of(person_ids: Sequence[str] | set[str]) -> dict[str, str]:
    opened = vault.open_many(person_ids=person_ids, compartment=Compartment.DOCUMENTS)
    return {one: str(values["document_number"]) for one, values in opened.items() if values.get("document_number")}


def _record(pair: DuplicatePair | None, places: Sequence[tuple[str, str]], judgement: Judgement) -> None:
    if judgement.likeness is None or (pair is not None and pair.decision is not None):
        return
    if pair is None:
        (person_id, case_id), (other_person_id, other_case_id) = places
        pair = DuplicatePair(
            person_id=person_id,
            case_id=case_id,
            other_person_id=other_person_id,
            other_case_id=other_case_id,
            found_at=clock.now(),
        )
        db.session.add(pair)
    pair.likeness = judgement.likeness
    pair.score = judgement.score
    codes = [*(sign.value for sign in judgement.signs), *(reason.code.value for reason in judgement.reasons)]
    pair.signs = ",".join(dict.fromkeys(codes))[:1000]


def decide(*, actor: Actor, pair_id: str, expected_version: int, values: Mapping[str, Any]) -> None:
    """Record that a pair is one person, or is not, with the reason; a later decision takes the place of a former one.

    Raises:
        NotFound: there is no such pair for this actor.
        Conflict: `stale_version`, somebody has decided meanwhile; `persons_are_joined`.
    """
    policy.check(actor, Permission.DUPLICATE_DECIDE)
    pair = get_pair(actor=actor, pair_id=pair_id)
    if pair.version != expected_version:
        raise Conflict("stale_version", version=pair.version)
    if any(link.undone_at is None for link in queries.list_links_of_pair(pair.id)):
        raise Conflict("persons_are_joined")
    sealed = vault.seal_text(person_id=pair.person_id, label=REASON_LABEL, record_id=pair.id, text=values["reason"])
    pair.decision, pair.decided_by_id, pair.decided_at = values["decision"], actor.user_id, clock.now()
    pair.reason_sealed = sealed
    with stale_is_conflict():
        db.session.flush()
    for case_id, person_id in sorted(((pair.case_id, pair.other_person_id), (pair.other_case_id, pair.person_id))):
        audit.record(
            actor=actor,
            action=AuditAction.PERSON_MATCHED,
            chain=audit.case_chain(case_id),
            record_type="duplicate",
            record_id=pair.id,
            payload={"person_id": person_id, "decision": values["decision"].value, "has_text": True},
        )


def get_pair(*, actor: Actor, pair_id: str) -> DuplicatePair:
    """Return a pair of which the actor may see both cases.

    Raises:
        NotFound: there is none.
    """
    policy.check(actor, Permission.DUPLICATE_READ)
    pair = queries.find_pair(pair_id)
    if pair is None:
        raise NotFound
    seen = lookup_service.persons_in_sight(actor=actor, person_ids=[pair.person_id, pair.other_person_id])
    if len(seen) < 2:
        raise NotFound
    return pair


def for_case(*, actor: Actor, case: Case) -> tuple[EarlierCase, ...]:
    """Return the other cases that may concern the same persons; nothing to whom duplicates are not shown.

    Of another authority's case nobody learns here but SMS, which may see every case that was sent.
    """
    if not policy.allows(actor, Permission.DUPLICATE_READ):
        return ()
    pairs = {
        (pair.other_case_id if pair.case_id == case.id else pair.case_id): pair
        for pair in reversed(queries.list_pairs_of_case(case.id))
    }
    joined = _joined_cases(case, pairs)
    pairs = joined | pairs
    others = lookup_service.cases_of_records(case_ids=pairs)
    lines = [
        EarlierCase(
            pair_id=pairs[other.id].id,
            reference=other.reference,
            state=other.state,
            submitted_at=other.submitted_at,
            decided_at=other.decided_at,
            likeness=pairs[other.id].likeness,
            decision=pairs[other.id].decision,
            is_joined=other.id in joined,
            is_earlier=_is_earlier(other, case),
            is_refused=was_refused(other),
        )
        for other in others.values()
        if policy.allows(actor, Permission.CASE_READ, other)
    ]
    return tuple(sorted(lines, key=lambda line: (not line.is_earlier, line.reference)))


def _joined_cases(case: Case, pairs: Mapping[str, DuplicatePair]) -> dict[str, DuplicatePair]:
    """Return the cases whose persons are one with this case's, over several cases too, with the pair that leads there.

    No pair was decided as one: no link touches the case, and nothing is asked.
    """
    if not any(pair.decision is Decision.SAME_PERSON for pair in pairs.values()):
        return {}
    links = queries.persons_joined_with([member.person_id for member in case.members])
    found = {}
    for person_id, link in links.items():
        pair = queries.find_pair(link.pair_id)
        if pair is not None:
            found[link.case_id if link.person_id == person_id else link.other_case_id] = pair
    return {other: pair for other, pair in found.items() if other != case.id}


def _is_earlier(other: Case, case: Case) -> bool:
    return other.submitted_at is not None and (case.submitted_at is None or other.submitted_at <= case.submitted_at)
