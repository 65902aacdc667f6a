"""Search cases by the name of one of their persons, within what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service, worklist
from ercms.cases.worklist import CaseRow
from ercms.core.actor import Actor
from ercms.persons import matching_service as matching
from ercms.persons import service as persons
from ercms.persons.names.matching import Verdict
from ercms.persons.names.reasons import Reason
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class NameHit:
    """A case with the person in it whose name is like the one looked for, and why."""

    row: CaseRow
    person: str
    birth_date: date | None
    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]


def search_by_name(
    *, actor: Actor, name: str, birth_date: date | None = None, birth_year: int | None = None
) -> tuple[NameHit, ...]:
    """Find the cases, closed ones too, with a person who may bear this name; the likeliest first.

    What the actor may not see is neither opened nor counted. The audit keeps the search as a token.

    Raises:
        InvalidInput: `name_not_searchable`.
    """
    policy.check(actor, Permission.CASE_SEARCH)
    case_of: dict[str, str] = {}

    def among(person_ids: Sequence[str]) -> set[str]:
        seen = lookup_service.persons_in_sight(actor=actor, person_ids=person_ids)
        case_of.update(seen)
        return set(seen)

    within = lookup_service.all_persons_in_sight(actor=actor)
    candidates = matching.find_candidates(
        name=name, birth_date=birth_date, birth_year=birth_year, among=among, within=within
    )
    found = candidates[:MOST_SHOWN]
    audit.record(
        actor=actor,
        action=AuditAction.CASE_SEARCHED,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="search",
        record_id="name",
        payload={"kinds": [TokenKind.NAME_KEY.value], "tokens": [persons.search_token(text=name)], "total": len(found)},
    )
    cases = lookup_service.cases_of_records(case_ids={case_of[one.person_id] for one in found})
    rows = {row.id: row for row in worklist.rows_of(actor=actor, cases=list(cases.values()), purpose="search")}
    opened = vault.open_many(person_ids=[one.person_id for one in found], compartment=Compartment.IDENTITY)
    return tuple(
        NameHit(
            row=rows[case_of[one.person_id]],
            person=persons.name_in(opened[one.person_id]).display,
            birth_date=persons.birth_date_in(opened[one.person_id]),
            verdict=one.verdict,
            score=one.score,
            reasons=one.reasons,
        )
        for one in found
    )
