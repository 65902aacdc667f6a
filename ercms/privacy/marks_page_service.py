"""What the page of a case's corrections and restrictions shows of its persons."""

from ercms.access.permissions import Permission
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.models import Case
from ercms.core.actor import Actor
from ercms.persons import service as persons
from ercms.vault.enums import Compartment


def open_for_asking(*, actor: Actor, reference: str) -> tuple[Case, list[str]]:
    """Return a case with the names of its persons in their order, and record the view.

    Raises:
        NotFound: there is no such case for this actor.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.PERSON_CONTEST)
    viewing.record_view(
        actor=actor, case=case, payload={"page": "corrections"}, compartments=[Compartment.IDENTITY.value]
    )
    members = sorted(case.members, key=lambda member: member.position)
    names = persons.names_of(person_ids=[member.person_id for member in members])
    return case, [names[one.person_id].display if one.person_id in names else "" for one in members]
