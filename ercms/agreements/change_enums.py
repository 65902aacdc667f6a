"""The words of what is laid over the files: proposals, kinds of days, kinds of changes."""

from enum import StrEnum


class ProposalState(StrEnum):
    """Where a proposal stands; only a confirmed one counts."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class DayKind(StrEnum):
    """What a decision makes of a day."""

    HOLIDAY = "holiday"
    WORKING_WEEKEND = "working_weekend"
    ORDINARY = "ordinary"


class LawChangeKind(StrEnum):
    """What was changed, and so which cases are computed anew."""

    TERM = "term"
    STATUS = "status"
    CALENDAR = "calendar"
    TEXT = "text"


class LawTextKind(StrEnum):
    """What an imported text describes."""

    VERSION = "version"
    PROTOCOL = "protocol"
    PARTNER = "partner"
