"""A request written by a program: the head, the sections and the members in one go, by the services of the pages."""

from collections.abc import Mapping
from typing import Any

from ercms.api.documents import OBSERVATIONS
from ercms.cases import drafting
from ercms.cases.service import Case
from ercms.core.actor import Actor
from ercms.vault.enums import Compartment

HEAD = "request"
SECTIONS = (HEAD, *(compartment.value for compartment in Compartment), OBSERVATIONS)


def create(*, actor: Actor, values: Mapping[str, Any]) -> Case:
    """Begin a draft with as much as came in."""
    head = {name: value for name, value in values.items() if name not in {"sections", "members", "organisation_id"}}
    case = drafting.create_case(actor=actor, values=head, organisation_id=values.get("organisation_id"))
    for section, content in (values.get("sections") or {}).items():
        save(actor=actor, reference=case.reference, expected_version=None, section=section, values=content)
    for member in values.get("members") or ():
        add_member(actor=actor, reference=case.reference, expected_version=None, values=member)
    return case


def save(
    *,
    actor: Actor,
    reference: str,
    expected_version: int | None,
    section: str,
    values: Mapping[str, Any],
    person_id: str | None = None,
) -> Case:
    """Write one section whole, in place of what stood there."""
    if section == HEAD:
        return drafting.save_head(actor=actor, reference=reference, expected_version=expected_version, values=values)
    if section == OBSERVATIONS:
        text = values.get(OBSERVATIONS) or ""
        return drafting.save_observations(
            actor=actor, reference=reference, expected_version=expected_version, text=text
        )
    return drafting.save_compartment(
        actor=actor,
        reference=reference,
        expected_version=expected_version,
        compartment=Compartment(section),
        values=values,
        person_id=person_id,
    )


def add_member(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> tuple[str, str]:
    """Add a spouse or a child, and return the identifiers of the case and of the person."""
    identity = {name: value for name, value in values.items() if name != "relation"}
    member = drafting.add_member(
        actor=actor,
        reference=reference,
        expected_version=expected_version,
        relation=values["relation"],
        identity=identity,
    )
    return member.case.id, member.person_id
