"""The closed list of tables and their columns: there are no free cross-tables."""

from enum import StrEnum


class TableName(StrEnum):
    """The tables, in the order of the page."""

    RECEIVED = "received"
    REPLIES = "replies"
    DECISIONS = "decisions"
    UNANSWERED = "unanswered"
    DOCUMENTS = "documents"
    TRANSFERS = "transfers"
    REFERRALS = "referrals"


class Column(StrEnum):
    """The columns of the tables that are not cut into quarters."""

    IN_TIME = "in_time"
    LATE = "late"
    NO_LIMIT = "no_limit"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REOPENED = "reopened"
    UNANSWERED = "unanswered"
    DEEMED = "deemed"
    WITHDRAWN = "withdrawn"
    OVERDUE = "overdue"
    AWAITED = "awaited"
    ARRIVED = "arrived"
    FAILED = "failed"
    REFERRED = "referred"
    DECLINED = "declined"
