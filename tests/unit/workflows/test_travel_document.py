from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.workflows.machine_table import check_pair, check_refusal
from workflows.travel_document import MACHINE, DocumentFacts, DocumentState, DocumentTrigger, available, fire

TODAY = date(2026, 3, 18)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)

TABLE: dict[str, dict[str, str]] = {
    "requested": {"issue": "issued", "cancel": "cancelled"},
    "issued": {
        "hand_over": "handed_over",
        "use": "used",
        "expire": "expired",
        "replace": "replaced",
        "cancel": "cancelled",
    },
    "handed_over": {"use": "used", "expire": "expired", "replace": "replaced", "cancel": "cancelled"},
    "used": {},
    "expired": {"replace": "replaced"},
    "cancelled": {},
    "replaced": {},
}
OPEN = DocumentFacts(
    today=TODAY, has_number=True, issued_on=TODAY, valid_until=TODAY, has_reason=True, has_successor=True
)
EXCEPTIONS: dict[str, dict[str, Any]] = {"expire": {"valid_until": YESTERDAY}}
REFUSALS: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("requested", "issue", {"has_number": False}, "document_number_missing"),
    ("requested", "issue", {"issued_on": None}, "issue_date_missing"),
    ("requested", "issue", {"issued_on": TOMORROW}, "issue_date_in_future"),
    ("requested", "issue", {"valid_until": None}, "validity_missing"),
    ("requested", "issue", {"valid_until": YESTERDAY}, "document_expired"),
    ("issued", "hand_over", {"valid_until": YESTERDAY}, "document_expired"),
    ("issued", "use", {"valid_until": YESTERDAY}, None),
    ("issued", "expire", {"valid_until": TODAY}, "document_still_valid"),
    ("handed_over", "expire", {"valid_until": None}, "validity_missing"),
    ("issued", "replace", {"has_successor": False}, "successor_missing"),
    ("expired", "replace", {"has_successor": False}, "successor_missing"),
    ("requested", "cancel", {"has_reason": False}, "reason_missing"),
]


@pytest.mark.parametrize("trigger", DocumentTrigger)
@pytest.mark.parametrize("state", DocumentState)
def test_every_trigger_is_allowed_or_refused_in_every_state_as_the_table_says(
    state: DocumentState, trigger: DocumentTrigger
) -> None:
    check_pair(MACHINE, TABLE, state, trigger, replace(OPEN, **EXCEPTIONS.get(trigger, {})))


@pytest.mark.parametrize(("source", "trigger", "changes", "code"), REFUSALS)
def test_each_guard_refuses_with_its_code(source: str, trigger: str, changes: dict[str, Any], code: str | None) -> None:
    facts = replace(OPEN, **EXCEPTIONS.get(trigger, {}))
    check_refusal(MACHINE, DocumentState(source), DocumentTrigger(trigger), facts, changes, code)


def test_fire_and_available_speak_for_the_machine() -> None:
    for state in DocumentState:
        for option in available(state, OPEN):
            if option.is_open:
                assert fire(state, option.trigger, OPEN).destination == option.destination
