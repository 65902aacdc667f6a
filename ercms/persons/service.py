"""What the other domains do with persons: make one, write and read a compartment, find by an exact value."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ercms.core.errors import InvalidInput
from ercms.persons import name_tokens
from ercms.persons.sections import (
    ContactSection,
    DocumentsSection,
    FamilySection,
    HealthSection,
    IdentitySection,
    JourneySection,
)
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind

SECTION_SCHEMAS = {
    Compartment.IDENTITY: IdentitySection,
    Compartment.DOCUMENTS: DocumentsSection,
    Compartment.CONTACT: ContactSection,
    Compartment.FAMILY: FamilySection,
    Compartment.HEALTH: HealthSection,
    Compartment.ITINERARY: JourneySection,
}


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name as given; `display` is how lists show it."""

    surname: str
    given_names: str
    patronymic: str

    @property
    def display(self) -> str:
        """Return surname first, as the joint form does; empty when nothing is known."""
        first = " ".join(part for part in (self.given_names, self.patronymic) if part)
        return ", ".join(part for part in (self.surname, first) if part)


def create_person() -> str:
    """Create a person of whom nothing is known yet, and return the identifier."""
    return vault.create_person()


def write_compartment(*, person_id: str, compartment: Compartment, values: Mapping[str, Any]) -> None:
    """Seal validated values as the person's compartment and renew the search tokens that rest on it."""
    schema = SECTION_SCHEMAS[compartment]()
    document: dict[str, Any] = schema.dump(values)
    vault.seal(
        person_id=person_id,
        compartment=compartment,
        document=_given(document),
    )
    if compartment is Compartment.IDENTITY:
        _set_token(person_id, TokenKind.FIN, document.get("fin"))
        _set_token(person_id, TokenKind.BIRTH_DATE, document.get("birth_date"))
        set_name_tokens(person_id=person_id, identity=_given(document))
    elif compartment is Compartment.DOCUMENTS:
        _set_token(person_id, TokenKind.DOCUMENT_NUMBER, document.get("document_number"))


def set_name_tokens(*, person_id: str, identity: Mapping[str, Any]) -> int:
    """Make a person findable by the names of an opened identity; return how many tokens that changed."""
    values = name_tokens.stored_values(names=name_tokens.names_in(identity), birth_date=birth_date_in(identity))
    return vault.set_tokens(person_id=person_id, kind=TokenKind.NAME_KEY, values=values)


def _given(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, "", [])}


def _set_token(person_id: str, kind: TokenKind, value: str | None) -> None:
    vault.set_tokens(person_id=person_id, kind=kind, values=[value] if value else [])


def read_compartment(*, person_id: str, compartment: Compartment) -> dict[str, Any]:
    """Open one compartment; empty when nothing was written."""
    return vault.open(person_id=person_id, compartment=compartment)


def names_of(*, person_ids: Iterable[str]) -> dict[str, PersonName]:
    """Open the names of several persons at once, for a list."""
    opened = vault.open_many(person_ids=list(person_ids), compartment=Compartment.IDENTITY)
    return {person_id: name_in(identity) for person_id, identity in opened.items()}


def name_in(identity: Mapping[str, Any]) -> PersonName:
    """Return the name within an opened identity compartment."""
    return PersonName(
        surname=identity.get("surname", ""),
        given_names=identity.get("given_names", ""),
        patronymic=identity.get("patronymic", ""),
    )


def birth_date_in(identity: Mapping[str, Any]) -> date | None:
    """Return the birth date within an opened identity compartment."""
    value = identity.get("birth_date")
    return date.fromisoformat(value) if value else None


def find_by_exact(*, text: str) -> dict[str, list[TokenKind]]:
    """Find persons by a document number, a FIN, a birth date or an authority's own reference, through keyed tokens.

    Returns:
        The identifiers of the persons, each with the kinds of value under which it was found.

    Raises:
        InvalidInput: `search_too_short`, fewer than four characters.
    """
    wanted = unicodedata.normalize("NFC", text).strip()
    if len(wanted) < 4:
        raise InvalidInput("search_too_short", fields={"q": ["search_too_short"]})
    found: dict[str, list[TokenKind]] = {}
    for kind in (TokenKind.DOCUMENT_NUMBER, TokenKind.FIN, TokenKind.BIRTH_DATE, TokenKind.OWN_REFERENCE):
        for person_id in vault.find_person_ids(kind=kind, value=wanted):
            found.setdefault(person_id, []).append(kind)
    return found


def search_token(*, text: str) -> str:
    """Return what the audit keeps of a search: a keyed token of its text, from which nobody reads the text."""
    return vault.token(TokenKind.DOCUMENT_NUMBER, text).hex()
