from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.workflows.machine_table import check_pair, check_refusal
from workflows.transfer import MACHINE, TransferFacts, TransferState, TransferTrigger, available, fire

TODAY = date(2026, 3, 18)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)

TABLE: dict[str, dict[str, str]] = {
    "planned": {"notify": "notified", "cancel": "cancelled"},
    "notified": {"depart": "departed", "arrive": "arrived", "fail": "failed", "cancel": "cancelled"},
    "departed": {"arrive": "arrived", "fail": "failed"},
    "arrived": {},
    "failed": {},
    "cancelled": {},
}
OPEN = TransferFacts(today=TODAY, transfer_on=TODAY, has_crossing_point=True, arrived_on=TODAY, has_reason=True)
EXCEPTIONS: dict[str, dict[str, Any]] = {}
REFUSALS: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("planned", "notify", {"transfer_on": None}, "transfer_date_missing"),
    ("planned", "notify", {"transfer_on": YESTERDAY}, "transfer_date_past"),
    ("planned", "notify", {"has_crossing_point": False}, "crossing_point_missing"),
    ("notified", "depart", {"transfer_on": TOMORROW}, "transfer_date_not_reached"),
    ("notified", "depart", {"transfer_on": None}, "transfer_date_missing"),
    ("notified", "arrive", {"arrived_on": None}, "arrival_date_missing"),
    ("departed", "arrive", {"arrived_on": TOMORROW}, "arrival_date_in_future"),
    ("departed", "arrive", {"transfer_on": TOMORROW, "arrived_on": YESTERDAY}, None),
    ("notified", "fail", {"has_reason": False}, "reason_missing"),
    ("planned", "cancel", {"has_reason": False}, "reason_missing"),
]


@pytest.mark.parametrize("trigger", TransferTrigger)
@pytest.mark.parametrize("state", TransferState)
def test_every_trigger_is_allowed_or_refused_in_every_state_as_the_table_says(
    state: TransferState, trigger: TransferTrigger
) -> None:
    check_pair(MACHINE, TABLE, state, trigger, replace(OPEN, **EXCEPTIONS.get(trigger, {})))


@pytest.mark.parametrize(("source", "trigger", "changes", "code"), REFUSALS)
def test_each_guard_refuses_with_its_code(source: str, trigger: str, changes: dict[str, Any], code: str | None) -> None:
    facts = replace(OPEN, **EXCEPTIONS.get(trigger, {}))
    check_refusal(MACHINE, TransferState(source), TransferTrigger(trigger), facts, changes, code)


def test_fire_and_available_speak_for_the_machine() -> None:
    for state in TransferState:
        for option in available(state, OPEN):
            if option.is_open:
                assert fire(state, option.trigger, OPEN).destination == option.destination
