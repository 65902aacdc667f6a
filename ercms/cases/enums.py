"""The closed vocabularies of a case that the process itself does not need."""

from enum import StrEnum


class MemberRelation(StrEnum):
    """How a person belongs to an application (the joint form, parts A to C)."""

    PRINCIPAL = "principal"
    SPOUSE = "spouse"
    CHILD = "child"


class StopGround(StrEnum):
    """The legal grounds on which a clock may stand still."""

    REMEDY_WITH_SUSPENSIVE_EFFECT = "remedy_with_suspensive_effect"
    CRISIS_MEASURE = "crisis_measure"
    RECOGNISED_OBSTACLE = "recognised_obstacle"


class ClockStatus(StrEnum):
    """Whether a due date still binds anybody. `over`: the case went another way, and nobody owes the act any more."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    UNKNOWN_LENGTH = "unknown_length"
    MET = "met"
    MISSED = "missed"
    OVER = "over"
    SUPERSEDED = "superseded"


class ApprehensionPlace(StrEnum):
    """Where a person was found after crossing, as the requesting State says."""

    BORDER_AREA = "border_area"
    ELSEWHERE = "elsewhere"


class Section(StrEnum):
    """The sections of a request, in the order of the joint form."""

    REQUEST = "request"
    PERSON = "person"
    CONTACT = "contact"
    FAMILY = "family"
    EVIDENCE = "evidence"
    CIRCUMSTANCES = "circumstances"
    JOURNEY = "journey"


class CaseOutcome(StrEnum):
    """How a case ended, for the schedule by which its personal data are erased."""

    NEVER_SENT = "never_sent"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    NOT_CARRIED_OUT = "not_carried_out"
    RETURNED = "returned"


class SealGround(StrEnum):
    """Why a case is visible to named readers only."""

    MINOR_ALONE = "minor_alone"
    TRAFFICKING = "trafficking"
    OTHER = "other"


class OpeningPurpose(StrEnum):
    """Why an officer looks at a case that is not theirs to work on."""

    STANDING_IN = "standing_in"
    AUTHORITY_ASKED = "authority_asked"
    PERSON_ASKED = "person_asked"
    SAME_PERSON = "same_person"
    QUALITY = "quality"
    OTHER = "other"


class OpeningMark(StrEnum):
    """What the data protection officer makes of a reason."""

    LOOKED_AT = "looked_at"
    QUESTIONED = "questioned"
