from dataclasses import fields

import pytest

from tests.unit.workflows.readmission_examples import OPEN, PAIRS, ROWS, TABLE, TODAY, open_facts
from workflows.errors import TransitionNotAllowed
from workflows.readmission import (
    MACHINE,
    CaseFacts,
    CaseKind,
    CaseState,
    CaseTransition,
    CaseTrigger,
    Procedure,
    SilenceEffect,
    Stage,
    available,
    fire,
    stage_of,
    triggers_from,
)

UNGUARDED = {
    ("submitted", "acknowledge"),
    ("incomplete", "complete"),
    ("lapsed", "reply_late"),
    ("transfer_notified", "confirm_arrival"),
    ("referral_offered", "decline_referral"),
    ("referred", "start_reintegration"),
    ("referred", "revoke_consent"),
    ("reintegrating", "revoke_consent"),
    ("withdrawn", "close"),
    ("refused", "close"),
    ("acceptance_expired", "close"),
    ("referral_declined", "close"),
    ("taken_back", "close"),
}

STAGES = {
    Stage.REQUEST: {"draft", "submitted", "incomplete", "withdrawn"},
    Stage.IDENTITY_VERIFICATION: {"under_verification", "decision_proposed", "accepted", "refused", "lapsed"},
    Stage.TRAVEL_DOCUMENT: {"document_requested", "document_issued"},
    Stage.RETURN: {"transfer_notified", "transferred", "transfer_failed", "acceptance_expired", "taken_back"},
    Stage.REINTEGRATION: {"referral_offered", "referral_declined", "referred", "reintegrating"},
    Stage.CLOSED: {"closed"},
}


def test_the_table_knows_every_state_and_every_trigger() -> None:
    assert set(TABLE) == {state.value for state in CaseState}
    assert {trigger for row in TABLE.values() for trigger in row} == {trigger.value for trigger in CaseTrigger}


@pytest.mark.parametrize(("state", "trigger"), PAIRS, ids=lambda value: value.value)
def test_every_trigger_is_allowed_or_refused_in_every_state_as_the_table_says(
    state: CaseState, trigger: CaseTrigger
) -> None:
    destination = TABLE[state].get(trigger)
    facts = open_facts(trigger)
    if destination is None:
        with pytest.raises(TransitionNotAllowed) as refusal:
            fire(state, trigger, facts)
        assert (refusal.value.code, refusal.value.state, refusal.value.trigger) == (
            "transition_not_allowed",
            state.value,
            trigger.value,
        )
        assert trigger not in [option.trigger for option in available(state, facts)]
    else:
        assert fire(state, trigger, facts) == CaseTransition(trigger, state, CaseState(destination))
        (option,) = [option for option in available(state, facts) if option.trigger == trigger]
        assert option.is_open
        assert option.destination == destination


@pytest.mark.parametrize("state", CaseState)
def test_the_triggers_from_a_state_are_those_of_the_table(state: CaseState) -> None:
    assert {trigger.value for trigger in triggers_from(state)} == set(TABLE[state])


def test_facts_of_which_nothing_is_known_open_only_what_needs_no_facts() -> None:
    unknown = CaseFacts(today=TODAY)
    opened = {
        (state.value, option.trigger.value)
        for state in CaseState
        for option in available(state, unknown)
        if option.is_open
    }
    assert opened == UNGUARDED


def test_the_open_facts_of_these_tests_leave_out_nothing_that_a_guard_may_ask() -> None:
    unknown = CaseFacts(today=TODAY)
    untouched = {f.name for f in fields(CaseFacts) if getattr(OPEN, f.name) == getattr(unknown, f.name)}
    assert untouched == {"today", "minor_safeguards_complete"}


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached = {CaseState.DRAFT}
    while found := {d for s, _, d in ROWS if s in reached} - reached:
        reached |= found
    assert reached == set(CaseState)


@pytest.mark.parametrize("kind", CaseKind)
def test_no_state_strands_a_case_of_which_the_agreement_says_nothing(kind: CaseKind) -> None:
    def moves(state: CaseState) -> set[CaseState]:
        opened: set[CaseState] = set()
        for procedure in Procedure:
            facts = open_facts(
                "",
                kind=kind,
                procedure=procedure,
                is_application_waived=False,
                is_reply_owed=False,
                reply_due_on=None,
                silence=SilenceEffect.UNKNOWN,
                is_standard_document_fallback_open=False,
                document_valid_until=None,
                transfer_due_on=None,
                error_window_ends_on=None,
                is_referral_finished=True,
            )
            opened |= {option.destination for option in available(state, facts) if option.is_open}
        return opened

    for state in CaseState:
        reached = {state}
        while found := {d for s in reached for d in moves(s)} - reached:
            reached |= found
        assert CaseState.CLOSED in reached, state


def test_only_a_readmission_in_error_leads_out_of_a_closed_case() -> None:
    assert triggers_from(CaseState.CLOSED) == (CaseTrigger.TAKE_BACK,)


def test_no_trigger_leads_from_a_state_to_itself() -> None:
    assert all(source != destination for source, _, destination in MACHINE.rows())


@pytest.mark.parametrize("state", CaseState)
def test_every_state_lies_in_the_stage_of_the_design(state: CaseState) -> None:
    assert state.value in STAGES[stage_of(state)]
