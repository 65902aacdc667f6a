"""The closed vocabularies of interviews."""

from enum import StrEnum


class InterviewMode(StrEnum):
    """How an interview is held."""

    IN_PERSON = "in_person"
    VIDEO = "video"


class CalledOffBecause(StrEnum):
    """Why an interview was called off by the move of its case, and by no person's own words."""

    REQUEST_DECIDED = "request_decided"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REPLY_LIMIT_PASSED = "reply_limit_passed"


class InterviewOutcome(StrEnum):
    """What an interview showed of the person's nationality."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    INCONCLUSIVE = "inconclusive"
