"""The closed vocabulary of what an officer finds on two pictures."""

from enum import StrEnum


class PhotographFinding(StrEnum):
    """What an officer sees in two pictures held side by side."""

    SAME = "same_face"
    NOT_SAME = "other_face"
    CANNOT_SAY = "cannot_say"
