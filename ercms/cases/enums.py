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
    """Whether a due date still binds anybody."""

    RUNNING = "running"
    STOPPED = "stopped"
    MET = "met"
    MISSED = "missed"
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
