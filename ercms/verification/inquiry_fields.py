"""Which of a person's data go with an inquiry: what each purpose may name, and what it names unless told otherwise.

A field is `<compartment>.<field>`. Nothing of the health compartment ever goes to an agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ercms.persons.service import SECTION_SCHEMAS
from ercms.vault.enums import Compartment
from ercms.verification.enums import InquiryPurpose

_NAME = ("identity.surname", "identity.given_names", "identity.patronymic")
_BORN = ("identity.birth_date", "identity.birth_place")
_OTHER_NAMES = ("identity.maiden_name", "identity.former_names")
_PAPERS = ("identity.fin", "documents.document_number")
_HOME = ("contact.last_residence", "contact.district")


@dataclass(frozen=True, slots=True)
class PurposeFields:
    """The fields that a purpose may name, and those that it names by default."""

    allowed: tuple[str, ...]
    default: frozenset[str]


def _fields(default: tuple[str, ...], *more: str) -> PurposeFields:
    return PurposeFields((*default, *more), frozenset(default))


FIELDS: Mapping[InquiryPurpose, PurposeFields] = {
    InquiryPurpose.CITIZENSHIP: _fields(
        (*_NAME, *_BORN, *_PAPERS, "identity.nationalities"),
        *_OTHER_NAMES,
        "identity.sex",
        "identity.birth_country",
        "family.parents",
        *_HOME,
    ),
    InquiryPurpose.IDENTITY_DOCUMENTS: _fields(
        (*_NAME, *_BORN, *_PAPERS), *_OTHER_NAMES, "identity.sex", "identity.nationalities", *_HOME
    ),
    InquiryPurpose.CIVIL_STATUS: _fields(
        (*_NAME, *_OTHER_NAMES, *_BORN, "family.parents"), "identity.fin", "identity.civil_status", "identity.sex"
    ),
    InquiryPurpose.RESIDENCE_TITLE: _fields(
        (*_NAME, "identity.birth_date", "identity.nationalities", "documents.document_number"),
        *_OTHER_NAMES,
        "identity.birth_place",
        "itinerary.residence_title",
        *_HOME,
    ),
    InquiryPurpose.BORDER_CROSSINGS: _fields(
        (*_NAME, "identity.birth_date", "identity.nationalities", "documents.document_number", "itinerary.route"),
        *_OTHER_NAMES,
        "identity.fin",
    ),
    InquiryPurpose.SECURITY: _fields((*_NAME, *_BORN, "identity.nationalities"), *_OTHER_NAMES, *_PAPERS),
}


def label_of(field: str) -> str:
    """Return what a field is called on the form, marked for translation there."""
    compartment, name = split(field)
    return str(SECTION_SCHEMAS[compartment]().fields[name].metadata["label"])


def split(field: str) -> tuple[Compartment, str]:
    """Return the compartment and the name of a field."""
    compartment, _, name = field.partition(".")
    return Compartment(compartment), name
