from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.workflows.machine_table import check_pair, check_refusal
from workflows.inquiry import MACHINE, InquiryFacts, InquiryState, InquiryTrigger, available, fire, is_overdue

TODAY = date(2026, 3, 18)
TABLE: dict[str, dict[str, str]] = {
    "draft": {"send": "sent", "withdraw": "withdrawn"},
    "sent": {"answer": "answered", "withdraw": "withdrawn"},
    "answered": {},
    "withdrawn": {},
}
OPEN = InquiryFacts(has_agency=True, has_named_fields=True, has_answer=True, has_reason=True)
EXCEPTIONS: dict[str, dict[str, Any]] = {}
REFUSALS: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("draft", "send", {"has_agency": False}, "agency_missing"),
    ("draft", "send", {"has_named_fields": False}, "inquiry_fields_missing"),
    ("sent", "answer", {"has_answer": False}, "answer_missing"),
    ("sent", "withdraw", {"has_reason": False}, "reason_missing"),
    ("draft", "withdraw", {"has_reason": False}, None),
]


@pytest.mark.parametrize("trigger", InquiryTrigger)
@pytest.mark.parametrize("state", InquiryState)
def test_every_trigger_is_allowed_or_refused_in_every_state_as_the_table_says(
    state: InquiryState, trigger: InquiryTrigger
) -> None:
    check_pair(MACHINE, TABLE, state, trigger, replace(OPEN, **EXCEPTIONS.get(trigger, {})))


@pytest.mark.parametrize(("source", "trigger", "changes", "code"), REFUSALS)
def test_each_guard_refuses_with_its_code(source: str, trigger: str, changes: dict[str, Any], code: str | None) -> None:
    facts = replace(OPEN, **EXCEPTIONS.get(trigger, {}))
    check_refusal(MACHINE, InquiryState(source), InquiryTrigger(trigger), facts, changes, code)


def test_fire_and_available_speak_for_the_machine() -> None:
    for state in InquiryState:
        for option in available(state, OPEN):
            if option.is_open:
                assert fire(state, option.trigger, OPEN).destination == option.destination


@pytest.mark.parametrize(
    ("state", "due_on", "expected"),
    [
        (InquiryState.SENT, TODAY - timedelta(days=1), True),
        (InquiryState.SENT, TODAY, False),
        (InquiryState.SENT, None, False),
        (InquiryState.DRAFT, TODAY - timedelta(days=1), False),
        (InquiryState.ANSWERED, TODAY - timedelta(days=1), False),
        (InquiryState.WITHDRAWN, TODAY - timedelta(days=1), False),
    ],
)
def test_only_a_sent_inquiry_can_be_overdue(state: InquiryState, due_on: date | None, expected: bool) -> None:
    assert is_overdue(state, due_on, TODAY) is expected
