"""What the tables of the statistics and their columns are called on a page."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ercms.statistics.enums import Column, TableName
from ercms.web.labels import label, register


def register_labels(_state: object) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    register(
        TableName,
        {
            TableName.RECEIVED: _l("Requests received"),
            TableName.REPLIES: _l("Requests answered: in time or late"),
            TableName.DECISIONS: _l("Requests answered: accepted or refused"),
            TableName.UNANSWERED: _l("Requests without an answer"),
            TableName.DOCUMENTS: _l("Travel documents issued"),
            TableName.TRANSFERS: _l("Transfers"),
            TableName.REFERRALS: _l("Offers of reintegration support that were answered"),
        },
    )
    register(
        Column,
        {
            Column.IN_TIME: _l("In time"),
            Column.LATE: _l("Late"),
            Column.NO_LIMIT: _l("No treaty limit"),
            Column.ACCEPTED: _l("Accepted"),
            Column.REFUSED: _l("Refused"),
            Column.REOPENED: _l("Examined again"),
            Column.UNANSWERED: _l("Not answered"),
            Column.DEEMED: _l("Consent deemed"),
            Column.WITHDRAWN: _l("Withdrawn"),
            Column.OVERDUE: _l("Limit run out"),
            Column.AWAITED: _l("Being examined"),
            Column.ARRIVED: _l("Carried out"),
            Column.FAILED: _l("Failed"),
            Column.REFERRED: _l("Referred to a partner"),
            Column.DECLINED: _l("Not wanted"),
        },
    )


NOTES: dict[TableName, Any] = {
    TableName.RECEIVED: _l("Applications by the day of receipt. Returns that need no application are not counted."),
    TableName.REPLIES: _l("These requests by their answer, whenever it was given."),
    TableName.DECISIONS: _l("The same answered requests by what was decided, as it stands today."),
    TableName.UNANSWERED: _l("The rest of these requests, as they stand today."),
    TableName.DOCUMENTS: _l("By the day of issue, whenever the request was received; documents issued again included."),
    TableName.TRANSFERS: _l("By the day on which the attempt ended; a person may need more than one."),
    TableName.REFERRALS: _l("By the day of the answer."),
}


def column_text(name: str) -> str:
    """Return the head of a column: its words, or the number of a quarter."""
    _, dash, quarter = name.partition("-")
    return str(gettext("Quarter %(number)s", number=quarter)) if dash else label(Column(name))
