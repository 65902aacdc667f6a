"""What an authority is asked before it sends a request: what is new, where its own refused one may be of the person.

Only what the authority may see already is looked at: its own cases, in its own sight. Of another authority's refusal it
learns nothing, not even that nobody found one.
"""

from dataclasses import dataclass
from datetime import datetime

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases import service as cases
from ercms.core.actor import Actor, OrganisationKind
from ercms.identity import service as identity
from ercms.vault.enums import Compartment

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class EarlierRefusal:
    """A request of the authority's own that was refused, about what may be the same person."""

    reference: str
    decided_at: datetime


def refused_before(*, actor: Actor, reference: str) -> tuple[EarlierRefusal, ...]:
    """Return the refused requests of the actor's own authority that may be about a person of this draft, latest first.

    Opening what is compared is put on record in the draft; the caller has a unit of work open.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.CASE_EDIT)
    if actor.organisation_kind is not OrganisationKind.REQUESTING_AUTHORITY or not case.has_name:
        return ()
    found = {
        other_case_id
        for member in case.members
        for _, other_case_id, _ in identity.likely(actor=actor, person_id=member.person_id, case_id=case.id)
    }
    if not found:
        return ()
    audit.record_of_case(
        actor=actor,
        action=AuditAction.PERSON_MATCHED,
        case_id=case.id,
        payload={"count": len(found)},
        compartments=[Compartment.IDENTITY.value, Compartment.DOCUMENTS.value],
    )
    refusals = [
        EarlierRefusal(other.reference, other.decided_at)
        for other in lookup_service.cases_of_records(case_ids=found).values()
        if other.decided_at is not None
        and identity.was_refused(other)
        and policy.allows(actor, Permission.CASE_READ, other)
    ]
    return tuple(sorted(refusals, key=lambda one: one.decided_at, reverse=True)[:MOST_SHOWN])
