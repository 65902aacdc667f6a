"""The closed vocabularies about a person, as the joint form of the agreements uses them."""

from enum import StrEnum


class Sex(StrEnum):
    """Sex as a travel document shows it (Doc 9303: M, F or unspecified)."""

    FEMALE = "female"
    MALE = "male"
    UNSPECIFIED = "unspecified"


class CivilStatus(StrEnum):
    """Civil status."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"
    SEPARATED = "separated"
    UNKNOWN = "unknown"


class Vulnerability(StrEnum):
    """The working list of flags; a flag asks for a look at the person, it decides nothing (IOM Handbook, part 1)."""

    UNACCOMPANIED_CHILD = "unaccompanied_child"
    CHILD_IN_FAMILY = "child_in_family"
    SINGLE_PARENT = "single_parent"
    PREGNANT_OR_NURSING = "pregnant_or_nursing"
    OLDER_PERSON = "older_person"
    ILLNESS = "illness"
    DISABILITY = "disability"
    SURVIVOR_OF_VIOLENCE = "survivor_of_violence"
    POSSIBLE_TRAFFICKING = "possible_trafficking"
    STATELESS_OR_UNCLEAR = "stateless_or_unclear"
    NO_FAMILY_OR_HOME = "no_family_or_home"
    MINORITY = "minority"


class TransitMode(StrEnum):
    """How a transit is to be made (application for transit, part B)."""

    AIR = "air"
    LAND = "land"
    SEA = "sea"
