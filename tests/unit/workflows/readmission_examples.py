"""The case machine's table as people wrote it down, and facts under which each of its rows is open."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from workflows.readmission import (
    CaseFacts,
    CaseKind,
    CaseState,
    CaseTrigger,
    Procedure,
    Proposal,
    SilenceEffect,
)

TODAY = date(2026, 3, 18)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)

TABLE: dict[str, dict[str, str]] = {
    "draft": {
        "submit": "submitted",
        "register_without_application": "document_issued",
        "withdraw": "withdrawn",
    },
    "submitted": {"acknowledge": "under_verification", "lapse": "lapsed", "withdraw": "withdrawn"},
    "incomplete": {
        "complete": "under_verification",
        "propose_acceptance": "decision_proposed",
        "propose_refusal": "decision_proposed",
        "lapse": "lapsed",
        "withdraw": "withdrawn",
    },
    "withdrawn": {"close": "closed"},
    "under_verification": {
        "request_completion": "incomplete",
        "propose_acceptance": "decision_proposed",
        "propose_refusal": "decision_proposed",
        "lapse": "lapsed",
        "withdraw": "withdrawn",
    },
    "decision_proposed": {
        "send_back": "under_verification",
        "confirm_acceptance": "accepted",
        "confirm_refusal": "refused",
        "lapse": "lapsed",
        "withdraw": "withdrawn",
    },
    "accepted": {
        "request_document": "document_requested",
        "record_standard_document": "document_issued",
        "notify_transfer": "transfer_notified",
        "expire_acceptance": "acceptance_expired",
        "withdraw": "withdrawn",
    },
    "refused": {"reopen": "under_verification", "close": "closed"},
    "lapsed": {
        "record_deemed_consent": "accepted",
        "reply_late": "under_verification",
        "withdraw": "withdrawn",
    },
    "document_requested": {
        "issue_document": "document_issued",
        "record_standard_document": "document_issued",
        "expire_acceptance": "acceptance_expired",
        "withdraw": "withdrawn",
    },
    "document_issued": {
        "reissue_document": "document_requested",
        "notify_transfer": "transfer_notified",
        "expire_acceptance": "acceptance_expired",
        "withdraw": "withdrawn",
    },
    "transfer_notified": {
        "confirm_arrival": "transferred",
        "record_transfer_failure": "transfer_failed",
        "cancel_transfer": "document_issued",
        "withdraw": "withdrawn",
    },
    "transferred": {"offer_referral": "referral_offered", "take_back": "taken_back", "close": "closed"},
    "transfer_failed": {
        "notify_transfer": "transfer_notified",
        "reissue_document": "document_requested",
        "expire_acceptance": "acceptance_expired",
        "withdraw": "withdrawn",
    },
    "acceptance_expired": {"renew_acceptance": "accepted", "close": "closed"},
    "taken_back": {"close": "closed"},
    "referral_offered": {
        "refer": "referred",
        "decline_referral": "referral_declined",
        "take_back": "taken_back",
    },
    "referral_declined": {"offer_referral": "referral_offered", "take_back": "taken_back", "close": "closed"},
    "referred": {
        "start_reintegration": "reintegrating",
        "return_referral": "referral_offered",
        "revoke_consent": "referral_declined",
        "take_back": "taken_back",
    },
    "reintegrating": {"revoke_consent": "referral_declined", "take_back": "taken_back", "close": "closed"},
    "closed": {"take_back": "taken_back"},
}

OPEN = CaseFacts(
    today=TODAY,
    kind=CaseKind.OWN_NATIONAL,
    procedure=Procedure.NORMAL,
    actor_is_person=True,
    has_reason=True,
    has_requesting_authority=True,
    has_name=True,
    is_application_waived=True,
    has_legal_ground=True,
    has_written_reasons=True,
    proposal=Proposal.ACCEPTANCE,
    actor_is_proposer=False,
    is_suspended=False,
    is_reply_owed=True,
    reply_due_on=YESTERDAY,
    reply_term_is_verified=True,
    silence=SilenceEffect.DEEMED_CONSENT,
    silence_term_is_verified=True,
    is_document_needed=True,
    document_valid_until=TOMORROW,
    is_standard_document_fallback_open=True,
    transfer_on=TODAY,
    transfer_due_on=TODAY,
    transfer_term_is_verified=True,
    is_unaccompanied_minor=False,
    is_readmitted=True,
    error_window_ends_on=TODAY,
    has_consent=True,
    has_partner=True,
    is_referral_finished=True,
)
"""Facts under which every act is open, but for the three that contradict the others."""

EXCEPTIONS: dict[str, dict[str, Any]] = {
    "register_without_application": {"procedure": Procedure.NONE},
    "confirm_refusal": {"proposal": Proposal.REFUSAL},
    "expire_acceptance": {"transfer_due_on": YESTERDAY},
}


def open_facts(trigger: CaseTrigger | str, **changes: Any) -> CaseFacts:
    return replace(OPEN, **{**EXCEPTIONS.get(str(trigger), {}), **changes})


PAIRS = [(state, trigger) for state in CaseState for trigger in CaseTrigger]
ROWS = [(CaseState(s), CaseTrigger(t), CaseState(d)) for s, row in TABLE.items() for t, d in row.items()]
