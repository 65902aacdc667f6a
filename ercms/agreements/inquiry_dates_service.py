"""The internal day of an inquiry to an agency, with its arithmetic, under the house's own targets and calendar."""

from dataclasses import dataclass
from datetime import date

from ercms.agreements import overlay
from ercms.agreements.descriptions import describe_step, describe_term
from ercms.core.db_types import Json
from workflows import agreement_files
from workflows.inquiry_due import due_for


@dataclass(frozen=True, slots=True)
class InquiryDate:
    """The day by which an agency answers, and how it was counted, in codes and days."""

    due_on: date
    basis: Json


def inquiry_date(*, sent_on: date, reply_due_on: date | None) -> InquiryDate:
    """Return the day by which an inquiry sent on a day is answered."""
    internal = agreement_files.load_internal()
    found = due_for(
        sent_on=sent_on,
        reply_due_on=reply_due_on,
        share=internal.term("agency_inquiries.share_of_reply"),
        target=internal.term("agency_inquiries.target"),
        calendar=overlay.current().calendars[internal.home.calendar_key],
    )
    return InquiryDate(
        due_on=found.due_on,
        basis={
            "reply_due_on": None if reply_due_on is None else reply_due_on.isoformat(),
            "is_reply_overdue": found.is_reply_overdue,
            "term": describe_term(found.term),
            "arithmetic": [describe_step(step) for step in found.steps],
        },
    )
