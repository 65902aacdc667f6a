import ast
from pathlib import Path
from typing import Any

import pytest

from tests.unit.workflows.readmission_examples import ROWS, TODAY, TOMORROW, YESTERDAY, open_facts
from workflows import readmission_guards
from workflows.errors import GuardRefused
from workflows.readmission import CaseKind, CaseState, CaseTrigger, Procedure, Proposal, SilenceEffect, available, fire

# trigger, what is different from facts under which it is open, the code of the refusal (None: still open)
REFUSALS: list[tuple[str, dict[str, Any], str | None]] = [
    ("submit", {"has_requesting_authority": False}, "requesting_authority_missing"),
    ("submit", {"has_name": False}, "name_missing"),
    ("submit", {"procedure": None}, "procedure_unknown"),
    ("submit", {"procedure": Procedure.NONE}, "application_not_needed"),
    ("submit", {"procedure": Procedure.ACCELERATED}, None),
    ("register_without_application", {"has_requesting_authority": False}, "requesting_authority_missing"),
    ("register_without_application", {"has_name": False}, "name_missing"),
    ("register_without_application", {"procedure": None}, "procedure_unknown"),
    ("register_without_application", {"procedure": Procedure.NORMAL}, "application_needed"),
    ("register_without_application", {"is_application_waived": False}, "application_not_waived"),
    ("register_without_application", {"document_valid_until": None}, "document_missing"),
    ("register_without_application", {"document_valid_until": YESTERDAY}, "document_expired"),
    ("register_without_application", {"document_valid_until": TODAY}, None),
    ("withdraw", {"has_reason": False}, "reason_missing"),
    ("request_completion", {"has_reason": False}, "reason_missing"),
    ("propose_acceptance", {"has_legal_ground": False}, "legal_ground_missing"),
    ("propose_acceptance", {"has_written_reasons": False}, "written_reasons_missing"),
    ("propose_refusal", {"has_legal_ground": False}, "legal_ground_missing"),
    ("propose_refusal", {"has_written_reasons": False}, "written_reasons_missing"),
    ("send_back", {"has_reason": False}, "reason_missing"),
    ("send_back", {"actor_is_proposer": True}, "own_proposal"),
    ("send_back", {"actor_is_proposer": None}, "proposer_unknown"),
    ("confirm_acceptance", {"proposal": Proposal.REFUSAL}, "proposal_is_not_acceptance"),
    ("confirm_acceptance", {"proposal": None}, "proposal_is_not_acceptance"),
    ("confirm_acceptance", {"actor_is_proposer": True}, "own_proposal"),
    ("confirm_acceptance", {"actor_is_proposer": None}, "proposer_unknown"),
    ("confirm_acceptance", {"is_suspended": True}, "case_suspended"),
    ("confirm_acceptance", {"is_suspended": None}, "suspension_unknown"),
    ("confirm_refusal", {"proposal": Proposal.ACCEPTANCE}, "proposal_is_not_refusal"),
    ("confirm_refusal", {"proposal": None}, "proposal_is_not_refusal"),
    ("confirm_refusal", {"actor_is_proposer": True}, "own_proposal"),
    ("confirm_refusal", {"is_suspended": True}, None),
    ("lapse", {"is_reply_owed": False}, "reply_not_owed"),
    ("lapse", {"silence": SilenceEffect.NONE}, "silence_means_nothing"),
    ("lapse", {"silence": SilenceEffect.UNKNOWN}, "silence_unknown"),
    ("lapse", {"reply_due_on": None}, "no_reply_limit"),
    ("lapse", {"reply_due_on": TODAY}, "reply_limit_not_passed"),
    ("lapse", {"actor_is_person": False}, None),
    ("lapse", {"actor_is_person": False, "reply_term_is_verified": False}, "reply_term_not_verified"),
    ("lapse", {"actor_is_person": False, "silence_term_is_verified": False}, "silence_term_not_verified"),
    ("lapse", {"reply_term_is_verified": False, "silence_term_is_verified": False}, None),
    ("record_deemed_consent", {"actor_is_person": False}, "person_required"),
    ("record_deemed_consent", {"silence": SilenceEffect.NONE}, "silence_means_nothing"),
    ("record_deemed_consent", {"silence": SilenceEffect.UNKNOWN}, "silence_unknown"),
    ("record_deemed_consent", {"silence_term_is_verified": False}, "silence_term_not_verified"),
    ("reopen", {"has_reason": False}, "reason_missing"),
    ("request_document", {"is_document_needed": False}, "document_not_needed"),
    ("request_document", {"kind": CaseKind.TRANSIT}, "transit_needs_no_document"),
    ("request_document", {"kind": None}, "kind_unknown"),
    ("issue_document", {"document_valid_until": None}, "document_missing"),
    ("issue_document", {"document_valid_until": YESTERDAY}, "document_expired"),
    ("issue_document", {"document_valid_until": TODAY}, None),
    ("record_standard_document", {"is_standard_document_fallback_open": False}, "standard_document_not_allowed"),
    ("record_standard_document", {"kind": None}, "kind_unknown"),
    (
        "record_standard_document",
        {"is_standard_document_fallback_open": False, "kind": CaseKind.TRANSIT},
        "standard_document_not_allowed",
    ),
    (
        "record_standard_document",
        {"is_standard_document_fallback_open": False, "kind": CaseKind.THIRD_COUNTRY_NATIONAL},
        None,
    ),
    ("record_standard_document", {"is_standard_document_fallback_open": False, "kind": CaseKind.STATELESS}, None),
    ("record_standard_document", {"document_valid_until": None}, "document_missing"),
    ("record_standard_document", {"document_valid_until": YESTERDAY}, "document_expired"),
    ("reissue_document", {"kind": CaseKind.TRANSIT}, "transit_needs_no_document"),
    ("reissue_document", {"kind": None}, "kind_unknown"),
    ("notify_transfer", {"is_suspended": True}, "case_suspended"),
    ("notify_transfer", {"is_suspended": None}, "suspension_unknown"),
    ("notify_transfer", {"transfer_on": None}, "transfer_date_missing"),
    ("notify_transfer", {"transfer_on": YESTERDAY}, "transfer_date_past"),
    ("notify_transfer", {"kind": None}, "kind_unknown"),
    ("notify_transfer", {"document_valid_until": None}, "document_missing"),
    ("notify_transfer", {"document_valid_until": YESTERDAY}, "document_expires_before_transfer"),
    ("notify_transfer", {"document_valid_until": TODAY}, None),
    ("notify_transfer", {"document_valid_until": None, "kind": CaseKind.TRANSIT}, None),
    ("notify_transfer", {"transfer_due_on": YESTERDAY}, "transfer_limit_passed"),
    ("notify_transfer", {"transfer_on": TOMORROW}, "transfer_date_after_limit"),
    ("notify_transfer", {"transfer_due_on": YESTERDAY, "transfer_term_is_verified": False}, None),
    ("notify_transfer", {"transfer_due_on": None}, None),
    ("notify_transfer", {"is_unaccompanied_minor": None}, "minor_status_unknown"),
    ("notify_transfer", {"is_unaccompanied_minor": True}, "minor_safeguards_incomplete"),
    ("notify_transfer", {"is_unaccompanied_minor": True, "minor_safeguards_complete": True}, None),
    ("record_transfer_failure", {"has_reason": False}, "reason_missing"),
    ("cancel_transfer", {"has_reason": False}, "reason_missing"),
    ("expire_acceptance", {"transfer_due_on": None}, "no_transfer_limit"),
    ("expire_acceptance", {"transfer_due_on": TODAY}, "transfer_limit_not_passed"),
    ("expire_acceptance", {"is_suspended": True}, "case_suspended"),
    ("expire_acceptance", {"is_suspended": None}, "suspension_unknown"),
    ("expire_acceptance", {"actor_is_person": False}, None),
    (
        "expire_acceptance",
        {"actor_is_person": False, "transfer_term_is_verified": False},
        "transfer_term_not_verified",
    ),
    ("expire_acceptance", {"transfer_term_is_verified": False}, None),
    ("renew_acceptance", {"has_reason": False}, "reason_missing"),
    ("renew_acceptance", {"transfer_due_on": YESTERDAY}, "extension_missing"),
    ("renew_acceptance", {"transfer_due_on": YESTERDAY, "transfer_term_is_verified": False}, "extension_missing"),
    ("take_back", {"error_window_ends_on": YESTERDAY}, "error_window_passed"),
    ("take_back", {"error_window_ends_on": None, "has_reason": False}, "reason_missing"),
    ("take_back", {"error_window_ends_on": None}, None),
    ("take_back", {"has_reason": False}, None),
    ("offer_referral", {"kind": CaseKind.TRANSIT}, "transit_has_no_referral"),
    ("offer_referral", {"kind": None}, "kind_unknown"),
    ("refer", {"has_consent": False}, "consent_missing"),
    ("refer", {"has_partner": False}, "partner_missing"),
    ("return_referral", {"has_reason": False}, "reason_missing"),
]

# The same trigger asks for different things from different states.
REFUSALS_FROM: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("closed", "take_back", {"is_readmitted": False}, "person_not_readmitted"),
    ("transferred", "take_back", {"is_readmitted": False}, None),
    ("transferred", "close", {"has_reason": False}, "reason_missing"),
    ("transferred", "close", {"has_reason": False, "kind": CaseKind.TRANSIT}, None),
    ("transferred", "close", {"is_referral_finished": False}, None),
    ("reintegrating", "close", {"is_referral_finished": False}, "referral_not_finished"),
    ("reintegrating", "close", {"has_reason": False}, None),
    ("referral_declined", "close", {"has_reason": False, "is_referral_finished": False}, None),
]

CASES = [
    (source, trigger, changes, code)
    for name, changes, code in REFUSALS
    for source, trigger, _ in ROWS
    if trigger == name
] + [(CaseState(source), CaseTrigger(trigger), changes, code) for source, trigger, changes, code in REFUSALS_FROM]


@pytest.mark.parametrize(("source", "trigger", "changes", "code"), CASES)
def test_each_guard_refuses_with_its_code_and_with_nothing_else(
    source: CaseState, trigger: CaseTrigger, changes: dict[str, Any], code: str | None
) -> None:
    facts = open_facts(trigger, **changes)
    (option,) = [option for option in available(source, facts) if option.trigger == trigger]
    assert option.refusal_code == code
    if code is None:
        assert fire(source, trigger, facts).source == source
    else:
        with pytest.raises(GuardRefused) as refusal:
            fire(source, trigger, facts)
        assert refusal.value.code == code


def test_every_code_of_the_guards_is_asserted_here() -> None:
    tree = ast.parse(Path(readmission_guards.__file__).read_text(encoding="utf-8"))
    codes = {
        argument.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in ("require", "GuardRefused")
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
    assert codes == {code for _, _, _, code in CASES if code}
