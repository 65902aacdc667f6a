from dataclasses import replace
from typing import Any

import pytest

from tests.unit.workflows.machine_table import check_pair, check_refusal
from workflows.referral import (
    MACHINE,
    SHARED_STATES,
    ReferralFacts,
    ReferralState,
    ReferralTrigger,
    available,
    fire,
    is_finished,
)

TABLE: dict[str, dict[str, str]] = {
    "offered": {"refer": "referred", "decline_by_person": "declined_by_person", "discontinue": "discontinued"},
    "declined_by_person": {},
    "referred": {
        "accept": "accepted",
        "decline_by_partner": "declined_by_partner",
        "discontinue": "discontinued",
        "revoke_consent": "consent_revoked",
    },
    "accepted": {"start": "in_progress", "discontinue": "discontinued", "revoke_consent": "consent_revoked"},
    "declined_by_partner": {},
    "in_progress": {"complete": "completed", "discontinue": "discontinued", "revoke_consent": "consent_revoked"},
    "completed": {},
    "discontinued": {},
    "consent_revoked": {},
}
OPEN = ReferralFacts(has_consent=True, has_partner=True, has_needs=True, has_outcome=True, has_reason=True)
EXCEPTIONS: dict[str, dict[str, Any]] = {}
REFUSALS: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("offered", "refer", {"has_partner": False}, "partner_missing"),
    ("offered", "refer", {"has_consent": False}, "consent_missing"),
    ("offered", "refer", {"has_needs": False}, "needs_missing"),
    ("offered", "decline_by_person", {"has_reason": False}, None),
    ("referred", "accept", {"has_consent": False}, "consent_missing"),
    ("referred", "decline_by_partner", {"has_reason": False}, "reason_missing"),
    ("accepted", "start", {"has_consent": False}, "consent_missing"),
    ("in_progress", "complete", {"has_outcome": False}, "outcome_missing"),
    ("in_progress", "discontinue", {"has_reason": False}, "reason_missing"),
    ("in_progress", "revoke_consent", {"has_reason": False}, None),
]


@pytest.mark.parametrize("trigger", ReferralTrigger)
@pytest.mark.parametrize("state", ReferralState)
def test_every_trigger_is_allowed_or_refused_in_every_state_as_the_table_says(
    state: ReferralState, trigger: ReferralTrigger
) -> None:
    check_pair(MACHINE, TABLE, state, trigger, replace(OPEN, **EXCEPTIONS.get(trigger, {})))


@pytest.mark.parametrize(("source", "trigger", "changes", "code"), REFUSALS)
def test_each_guard_refuses_with_its_code(source: str, trigger: str, changes: dict[str, Any], code: str | None) -> None:
    facts = replace(OPEN, **EXCEPTIONS.get(trigger, {}))
    check_refusal(MACHINE, ReferralState(source), ReferralTrigger(trigger), facts, changes, code)


def test_fire_and_available_speak_for_the_machine() -> None:
    for state in ReferralState:
        for option in available(state, OPEN):
            if option.is_open:
                assert fire(state, option.trigger, OPEN).destination == option.destination


@pytest.mark.parametrize("state", ReferralState)
def test_a_referral_is_finished_when_the_table_leads_nowhere(state: ReferralState) -> None:
    assert is_finished(state) is (TABLE[state] == {})


def test_the_partner_sees_nothing_before_the_referral_and_nothing_after_its_end() -> None:
    assert {state.value for state in SHARED_STATES} == {"referred", "accepted", "in_progress"}
