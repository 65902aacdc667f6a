"""The internal day by which an agency answers one inquiry, counted back from the day on which the reply is owed.

Each inquiry has a day of its own: of the time that is left when it goes out, the agency has a share, and the rest is
for the decision and its second officer. Where no day for the reply is known, a target counted from the sending stands
in. Neither is a treaty date, and nothing follows from it by itself.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from workflows.arithmetic import Step, StepCode, count_forward
from workflows.calendars import WorkingCalendar
from workflows.terms import Term, Unit


@dataclass(frozen=True, slots=True)
class InquiryDue:
    """The day, what it was counted with, and the lines that lead there.

    `reply_due_on` is None where no reply date is known; `is_reply_overdue` says that it had passed at the sending.
    """

    due_on: date
    term: Term
    steps: tuple[Step, ...]
    reply_due_on: date | None
    is_reply_overdue: bool = False


def due_for(
    *, sent_on: date, reply_due_on: date | None, share: Term, target: Term, calendar: WorkingCalendar
) -> InquiryDue:
    """Return the day by which an inquiry sent on a day is answered.

    `share` is a percentage of the span from the sending to the day of the reply; `target` a length from the sending.

    Raises:
        ValueError: the share is no whole percentage, or the target has no length.
    """
    if reply_due_on is None:
        if target.length is None or target.unit is None:
            raise ValueError("the target has no length")
        count = count_forward(sent_on, target.length, target.unit, calendar=calendar)
        return InquiryDue(count.due_on or sent_on, target, count.steps, None)
    if not isinstance(share.value, int):
        raise ValueError("the share is no whole percentage")
    if reply_due_on <= sent_on:
        # Whoever asks after the limit needs the answer at once; a day in the past would help nobody.
        return InquiryDue(sent_on, share, (Step(StepCode.DUE, sent_on),), reply_due_on, is_reply_overdue=True)
    left = timedelta(days=(reply_due_on - sent_on).days * share.value // 100)
    due = max(calendar.last_working_day_until(sent_on + left), sent_on)
    steps = (Step(StepCode.SHARE, sent_on, reply_due_on, share.value, Unit.PERCENT), Step(StepCode.DUE, due))
    return InquiryDue(due, share, steps, reply_due_on)
