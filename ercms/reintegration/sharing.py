"""Open what a person consented to share, field by field, and nothing beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ercms.cases.enums import MemberRelation
from ercms.cases.service import Case
from ercms.persons import service as persons
from ercms.persons.enums import Sex
from ercms.reintegration.enums import SharedField
from ercms.vault.enums import Compartment

_COMPARTMENT_OF = {
    SharedField.FULL_NAME: Compartment.IDENTITY,
    SharedField.BIRTH_YEAR: Compartment.IDENTITY,
    SharedField.SEX: Compartment.IDENTITY,
    SharedField.LANGUAGES: Compartment.IDENTITY,
    SharedField.FAMILY_MEMBERS: Compartment.IDENTITY,
    SharedField.PHONE: Compartment.CONTACT,
    SharedField.DISTRICT: Compartment.CONTACT,
    SharedField.NEEDS: Compartment.HEALTH,
}


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family member who came along: how related and how old, without a name, which is the member's own to share."""

    relation: MemberRelation
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """The consented fields; whatever was not consented to is None, whatever is not known is empty."""

    full_name: str | None = None
    birth_year: str | None = None
    sex: Sex | None = None
    languages: str | None = None
    phone: str | None = None
    district: str | None = None
    family_members: tuple[FamilyLine, ...] | None = None
    needs: str | None = None
    return_date: datetime | None = None


def open_shared(*, case: Case, person_id: str, fields: Iterable[SharedField]) -> tuple[SharedFacts, list[Compartment]]:
    """Open the consented fields, and return them with the compartments that had to be opened."""
    wanted = set(fields)
    compartments = sorted({_COMPARTMENT_OF[field] for field in wanted if field in _COMPARTMENT_OF})
    opened: dict[str, Any] = {}
    for compartment in compartments:
        document = persons.read_compartment(person_id=person_id, compartment=compartment)
        opened |= _facts_in(compartment, document)
    facts = {field.value: opened.get(field.value) for field in wanted}
    if SharedField.FAMILY_MEMBERS in wanted:
        facts["family_members"] = _family(case)
    if SharedField.RETURN_DATE in wanted:
        facts["return_date"] = case.transferred_at
    return SharedFacts(**facts), compartments


def _facts_in(compartment: Compartment, document: dict[str, Any]) -> dict[str, Any]:
    if compartment is Compartment.IDENTITY:
        return {
            SharedField.FULL_NAME.value: persons.name_in(document).display,
            SharedField.BIRTH_YEAR.value: document.get("birth_date", "")[:4],
            SharedField.SEX.value: Sex(document["sex"]) if document.get("sex") else None,
            SharedField.LANGUAGES.value: document.get("languages", ""),
        }
    if compartment is Compartment.CONTACT:
        return {
            SharedField.PHONE.value: document.get("phone", ""),
            SharedField.DISTRICT.value: document.get("district", ""),
        }
    return {SharedField.NEEDS.value: document.get("care_needed", "")}


def _family(case: Case) -> tuple[FamilyLine, ...]:
    members = [member for member in case.members if member.person_id != case.principal_person_id]
    lines = []
    for member in members:
        identity = persons.read_compartment(person_id=member.person_id, compartment=Compartment.IDENTITY)
        born_on = persons.birth_date_in(identity)
        lines.append(FamilyLine(member.relation, born_on.year if born_on else None))
    return tuple(lines)
