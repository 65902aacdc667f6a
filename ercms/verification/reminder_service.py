"""Remind agencies of what they still owe; no stop of a treaty clock silences this."""

from datetime import timedelta

from ercms.cases import clock_service
from ercms.core import clock, outbox
from ercms.verification import queries

DUE_TOPIC = "inquiry.due"
OVERDUE_TOPIC = "inquiry.overdue"
_ONE_DAY = timedelta(days=1)


def remind() -> int:
    """Ask for a reminder on the day before an answer is due and another once it is overdue; return how many are asked.

    Each is asked for again until its row is there, and given once: its key names the inquiry.
    """
    today = clock.today()
    waiting = queries.list_due_inquiries(until=today + _ONE_DAY)
    references = clock_service.references_of(case_ids={row.case_id for row in waiting})
    for row in waiting:
        topic = OVERDUE_TOPIC if row.due_on is not None and row.due_on < today else DUE_TOPIC
        payload = {
            "case_id": row.case_id,
            "reference": references[row.case_id],
            "inquiry_id": row.id,
            "agency_id": row.agency_id,
        }
        outbox.enqueue(topic, payload, key=f"{topic}:{row.id}")
    return len(waiting)
