"""The closed vocabularies of interviews."""

from enum import StrEnum


class InterviewMode(StrEnum):
    """How an interview is held."""

    IN_PERSON = "in_person"
    VIDEO = "video"


class InterviewOutcome(StrEnum):
    """What an interview showed of the person's nationality."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    INCONCLUSIVE = "inconclusive"
