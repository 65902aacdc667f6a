"""What the page of a case's corrections and restrictions shows of its persons."""

from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.models import Case
from ercms.core.actor import Actor
from ercms.persons import service as persons
from ercms.vault.enums import Compartment


def open_for_asking(*, actor: Actor, reference: str) -> tuple[Case, list[str]]:
    """Return a case with the names of its persons in their order, and record the view.

    Raises:
        NotFound: there is no such case for this actor.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.PERSON_CONTEST)
    members = sorted(case.members, key=lambda member: member.position)
    names = persons.names_of(person_ids=[member.person_id for member in members])
    audit.record_of_case(
        actor=actor,
        action=AuditAction.CASE_VIEWED,
        case_id=case.id,
        payload={"page": "corrections"},
        compartments=[Compartment.IDENTITY.value],
    )
    return case, [names[one.person_id].display if one.person_id in names else "" for one in members]
