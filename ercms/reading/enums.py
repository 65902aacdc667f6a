"""What the data protection officer makes of unusual reading."""

from enum import StrEnum


class AlarmMark(StrEnum):
    """What came out when the data protection officer looked into an alarm."""

    EXPLAINED = "explained"
    QUESTIONED = "questioned"
