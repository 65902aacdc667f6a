"""The closed vocabularies of the duplicates: what was found, what speaks for it, what was decided."""

from enum import StrEnum


class Likeness(StrEnum):
    """How alike two persons are, as the system sees it; whether they are one is for an officer to decide."""

    SAME = "same"
    REVIEW = "review"


class Decision(StrEnum):
    """What an officer decided about a pair."""

    SAME_PERSON = "same_person"
    NOT_THE_SAME = "not_the_same"


class Sign(StrEnum):
    """What else than the name speaks for or against one person."""

    FIN_AGREES = "fin_agrees"
    FIN_DIFFERS = "fin_differs"
    DOCUMENT_AGREES = "document_agrees"
    BIRTH_DATE_AGREES = "birth_date_agrees"
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    NAME_DIFFERS = "name_differs"
