from datetime import date

import pytest

from workflows.agreement_files import load_internal
from workflows.arithmetic import StepCode
from workflows.calendars import WorkingCalendar
from workflows.inquiry_due import due_for

INTERNAL = load_internal()
SHARE, TARGET = INTERNAL.term("agency_inquiries.share_of_reply"), INTERNAL.term("agency_inquiries.target")
CALENDAR = WorkingCalendar("test", "1", date(2026, 1, 1), date(2027, 12, 31), {date(2026, 12, 31): "Solidarity"})


@pytest.mark.parametrize(
    ("sent", "reply", "due"),
    [
        # 60 per cent of 30 days is 18: Saturday 12 December, so the Friday before it.
        (date(2026, 11, 24), date(2026, 12, 24), date(2026, 12, 11)),
        # Later in the limit the agency has its share of what is left, not a day that has passed.
        (date(2026, 12, 14), date(2026, 12, 24), date(2026, 12, 18)),
        (date(2026, 12, 23), date(2026, 12, 24), date(2026, 12, 23)),
        (date(2026, 12, 30), date(2027, 1, 1), date(2026, 12, 30)),
    ],
)
def test_the_day_is_a_share_of_the_time_left_until_the_reply(sent: date, reply: date, due: date) -> None:
    found = due_for(sent_on=sent, reply_due_on=reply, share=SHARE, target=TARGET, calendar=CALENDAR)
    assert (found.due_on, found.term, found.is_reply_overdue) == (due, SHARE, False)
    assert [step.code for step in found.steps] == [StepCode.SHARE, StepCode.DUE]


@pytest.mark.parametrize("reply", [date(2026, 11, 24), date(2026, 11, 2)])
def test_after_the_reply_date_the_answer_is_needed_at_once(reply: date) -> None:
    sent = date(2026, 11, 24)
    found = due_for(sent_on=sent, reply_due_on=reply, share=SHARE, target=TARGET, calendar=CALENDAR)
    assert (found.due_on, found.is_reply_overdue) == (sent, True)


def test_without_a_reply_date_the_house_s_own_target_counts_from_the_sending() -> None:
    found = due_for(sent_on=date(2026, 12, 18), reply_due_on=None, share=SHARE, target=TARGET, calendar=CALENDAR)
    # Ten working days from a Friday; 31 December is not one.
    assert (found.due_on, found.term, found.reply_due_on) == (date(2027, 1, 4), TARGET, None)
    assert found.steps[-1].code is StepCode.DUE
