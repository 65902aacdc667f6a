"""Pairs of persons who may be one, as the queue and the page of a pair show them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.lookup_service import Case
from ercms.core.actor import Actor
from ercms.identity import queries
from ercms.identity import service as identity
from ercms.identity.enums import Decision, Likeness, Sign
from ercms.identity.judging import judge
from ercms.identity.models import DuplicatePair
from ercms.persons import service as persons
from ercms.persons.names.reasons import Reason
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from workflows.readmission import CaseState

PAGE_SIZE = 25
_SHOWN = (Compartment.IDENTITY, Compartment.DOCUMENTS, Compartment.CONTACT, Compartment.FAMILY)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two persons, with the case in which the person stands."""

    person_id: str
    reference: str
    state: CaseState
    requesting_state: str
    authority: str
    submitted_at: datetime | None
    decided_at: datetime | None
    own_reference: str
    name: str
    birth_date: date | None
    compartments: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair in the queue; the earlier case stands first."""

    id: str
    likeness: Likeness
    score: float
    signs: tuple[Sign, ...]
    found_at: datetime
    decision: Decision | None
    decided_at: datetime | None
    decided_by: str
    earlier: Side
    later: Side


@dataclass(frozen=True, slots=True)
class PairSheet:
    """A pair side by side, judged anew as the persons stand now."""

    line: PairLine
    version: int
    reasons: tuple[Reason, ...]
    signs: tuple[Sign, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class PairPage:
    """One page of the queue, and how much there is on both sides of it."""

    lines: tuple[PairLine, ...]
    waiting: int
    decided: int
    has_more: bool


def list_pairs(*, actor: Actor, is_decided: bool, page: int) -> PairPage:
    """Return pairs of cases that the actor may see; whose names were shown is put on record."""
    policy.check(actor, Permission.DUPLICATE_READ)
    visible = lookup_service.visible_case_ids(actor=actor)
    found = queries.list_pairs(
        is_decided=is_decided, visible=visible, limit=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE
    )
    lines = _lines(found[:PAGE_SIZE], (Compartment.IDENTITY,))
    if lines:
        references = sorted({side.reference for line in lines for side in (line.earlier, line.later)})
        audit.record(
            actor=actor,
            action=AuditAction.CASE_LISTED,
            chain=audit.organisation_chain(actor.organisation_id),
            record_type="list",
            record_id="duplicates",
            payload={"references": references},
            compartments=[Compartment.IDENTITY.value],
        )
    waiting, decided = queries.count_pairs(visible=visible)
    return PairPage(lines, waiting, decided, has_more=len(found) > PAGE_SIZE)


def open_pair(*, actor: Actor, pair_id: str) -> PairSheet:
    """Open a pair side by side; the view is put on record in both cases.

    Raises:
        NotFound: there is no such pair for this actor.
    """
    pair = identity.get_pair(actor=actor, pair_id=pair_id)
    cases = lookup_service.cases_of_records(case_ids=[pair.case_id, pair.other_case_id])
    for case_id in sorted(cases):
        viewing.record_view(
            actor=actor,
            case=cases[case_id],
            payload={"page": "duplicate"},
            compartments=[compartment.value for compartment in _SHOWN],
            needs_reason=False,
        )
    line = _lines([pair], _SHOWN)[0]
    one, other = line.earlier.compartments, line.later.compartments
    judgement = judge(
        one["identity"],
        other["identity"],
        number=one["documents"].get("document_number"),
        other_number=other["documents"].get("document_number"),
    )
    return PairSheet(line, pair.version, judgement.reasons, judgement.signs, _reason_of(pair))


def _reason_of(pair: DuplicatePair) -> str | None:
    if pair.reason_sealed is None or vault.erased_at(person_id=pair.person_id) is not None:
        return None
    return vault.open_text(
        person_id=pair.person_id, label=identity.REASON_LABEL, record_id=pair.id, sealed=pair.reason_sealed
    )


def _lines(pairs: Any, compartments: tuple[Compartment, ...]) -> tuple[PairLine, ...]:
    by_id = lookup_service.cases_of_records(
        case_ids={case_id for pair in pairs for case_id in (pair.case_id, pair.other_case_id)}
    )
    person_ids = {one for pair in pairs for one in (pair.person_id, pair.other_person_id)}
    opened = {part: vault.open_many(person_ids=person_ids, compartment=part) for part in compartments}
    names = accounts.organisation_names({case.requesting_organisation_id for case in by_id.values()})
    officers = accounts.user_names([pair.decided_by_id for pair in pairs if pair.decided_by_id])

    def side(person_id: str, case: Case) -> Side:
        parts = {part.value: opened[part].get(person_id, {}) for part in compartments}
        return Side(
            person_id=person_id,
            reference=case.reference,
            state=case.state,
            requesting_state=case.requesting_state,
            authority=names.get(case.requesting_organisation_id, ""),
            submitted_at=case.submitted_at,
            decided_at=case.decided_at,
            own_reference=cases.own_reference_of(case=case) if len(compartments) > 1 else "",
            name=persons.name_in(parts["identity"]).display,
            birth_date=persons.birth_date_in(parts["identity"]),
            compartments=parts,
        )

    lines = []
    for pair in pairs:
        sides = [side(pair.person_id, by_id[pair.case_id]), side(pair.other_person_id, by_id[pair.other_case_id])]
        earlier, later = sorted(sides, key=lambda one: (str(one.submitted_at or ""), one.reference))
        lines.append(_line(pair, earlier, later, officers))
    return tuple(lines)


def _line(pair: DuplicatePair, earlier: Side, later: Side, officers: dict[str, str]) -> PairLine:
    return PairLine(
        id=pair.id,
        likeness=pair.likeness,
        score=pair.score,
        signs=tuple(Sign(code) for code in pair.signs.split(",") if code in set(Sign)),
        found_at=pair.found_at,
        decision=pair.decision,
        decided_at=pair.decided_at,
        decided_by=officers.get(pair.decided_by_id or "", ""),
        earlier=earlier,
        later=later,
    )
