from dataclasses import replace
from typing import Any

import pytest

from tests.unit.workflows.machine_table import check_pair, check_refusal
from workflows.interview import MACHINE, OPEN_STATES, InterviewFacts, InterviewState, InterviewTrigger, available, fire

TABLE: dict[str, dict[str, str]] = {
    "requested": {"offer": "slots_offered", "cancel": "cancelled"},
    "slots_offered": {
        "offer": "slots_offered",
        "choose": "agreed",
        "release": "requested",
        "cancel": "cancelled",
    },
    "agreed": {"release": "requested", "hold": "held", "miss": "missed", "cancel": "cancelled"},
    "missed": {"offer": "slots_offered", "close": "closed_without", "cancel": "cancelled"},
    "held": {},
    "closed_without": {},
    "cancelled": {},
}
OPEN = InterviewFacts(
    is_case_open=True,
    has_place=True,
    has_slots=True,
    are_slots_ahead=True,
    are_slots_free=True,
    is_slot_offered=True,
    is_slot_ahead=True,
    is_slot_free=True,
    is_contact_allowed=True,
    has_begun=True,
    has_outcome=True,
    has_protocol=True,
    has_reason=True,
    absences=1,
)
REFUSALS: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("requested", "offer", {"is_case_open": False}, "no_interview_now"),
    ("requested", "offer", {"has_place": False}, "interview_place_missing"),
    ("requested", "offer", {"has_slots": False}, "slots_missing"),
    ("requested", "offer", {"are_slots_ahead": False}, "slot_in_the_past"),
    ("requested", "offer", {"are_slots_free": False}, "slot_taken"),
    ("missed", "offer", {"absences": 2}, "no_third_appointment"),
    ("missed", "offer", {"absences": 1}, None),
    ("slots_offered", "choose", {"is_case_open": False}, "no_interview_now"),
    ("slots_offered", "choose", {"is_slot_offered": False}, "slot_not_offered"),
    ("slots_offered", "choose", {"is_slot_ahead": False}, "slot_in_the_past"),
    ("slots_offered", "choose", {"is_slot_free": False}, "slot_taken"),
    ("slots_offered", "choose", {"is_contact_allowed": False}, "contact_not_confirmed"),
    ("slots_offered", "release", {"has_reason": False}, "reason_missing"),
    ("agreed", "release", {"has_reason": False}, "reason_missing"),
    ("agreed", "hold", {"has_begun": False}, "interview_not_begun"),
    ("agreed", "hold", {"has_outcome": False}, "interview_outcome_missing"),
    ("agreed", "hold", {"has_protocol": False}, "protocol_missing"),
    ("agreed", "hold", {"is_case_open": False}, None),
    ("agreed", "miss", {"has_begun": False}, "interview_not_begun"),
    ("missed", "close", {"has_reason": False}, "reason_missing"),
    ("missed", "close", {"absences": 2}, None),
    ("agreed", "cancel", {"has_reason": False}, "reason_missing"),
    ("requested", "cancel", {"is_case_open": False}, None),
]


@pytest.mark.parametrize("trigger", InterviewTrigger)
@pytest.mark.parametrize("state", InterviewState)
def test_every_trigger_is_allowed_or_refused_in_every_state_as_the_table_says(
    state: InterviewState, trigger: InterviewTrigger
) -> None:
    check_pair(MACHINE, TABLE, state, trigger, OPEN)


@pytest.mark.parametrize(("source", "trigger", "changes", "code"), REFUSALS)
def test_each_guard_refuses_with_its_code(source: str, trigger: str, changes: dict[str, Any], code: str | None) -> None:
    check_refusal(MACHINE, InterviewState(source), InterviewTrigger(trigger), OPEN, changes, code)


def test_what_is_not_known_speaks_against_every_act() -> None:
    for state in InterviewState:
        assert all(not option.is_open for option in available(state, InterviewFacts()))


def test_an_interview_is_open_exactly_while_something_leads_on() -> None:
    assert {state for state in InterviewState if not MACHINE.is_final(state)} == OPEN_STATES
    assert replace(OPEN, absences=0).absences == 0
    assert fire(InterviewState.AGREED, InterviewTrigger.HOLD, OPEN).destination is InterviewState.HELD
