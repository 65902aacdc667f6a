"""The case machine: every state of a readmission case and everything that can lead from one to another.

Pure: the facts come in, the decision goes out. Who may fire a trigger is policy and stands in `ercms.access`; writing
the new state is the business of the one service function that applies it.
"""

from collections.abc import Callable

from workflows import readmission_guards as guards
from workflows.machine import Option, Rule, Transition, Workflow
from workflows.readmission_facts import (
    CaseFacts,
    CaseKind,
    CaseState,
    CaseTrigger,
    Procedure,
    Proposal,
    SilenceEffect,
    Stage,
)

__all__ = [
    "MACHINE",
    "CaseFacts",
    "CaseKind",
    "CaseOption",
    "CaseState",
    "CaseTransition",
    "CaseTrigger",
    "Procedure",
    "Proposal",
    "SilenceEffect",
    "Stage",
    "available",
    "diagram",
    "fire",
    "stage_of",
    "triggers_from",
]

S = CaseState
T = CaseTrigger
CaseTransition = Transition[CaseState, CaseTrigger]
CaseOption = Option[CaseState, CaseTrigger]


def _rule(
    trigger: CaseTrigger,
    sources: tuple[CaseState, ...],
    destination: CaseState,
    *conditions: Callable[[CaseFacts], None],
) -> Rule[CaseState, CaseTrigger, CaseFacts]:
    return Rule(trigger, sources, destination, conditions)


_REQUEST = (
    _rule(
        T.SUBMIT,
        (S.DRAFT,),
        S.SUBMITTED,
        guards.has_requesting_authority,
        guards.has_name,
        guards.application_needed,
    ),
    _rule(
        T.REGISTER_WITHOUT_APPLICATION,
        (S.DRAFT,),
        S.DOCUMENT_ISSUED,
        guards.has_requesting_authority,
        guards.has_name,
        guards.application_waived,
        guards.document_valid,
    ),
    _rule(T.ACKNOWLEDGE, (S.SUBMITTED,), S.UNDER_VERIFICATION),
    _rule(T.COMPLETE, (S.INCOMPLETE,), S.UNDER_VERIFICATION),
)

# Completion may be waited for in vain while the reply limit runs, so a decision can be proposed from `incomplete` too.
_EXAMINED = (S.UNDER_VERIFICATION, S.INCOMPLETE)
_DECISION = (
    _rule(
        T.PROPOSE_ACCEPTANCE,
        _EXAMINED,
        S.DECISION_PROPOSED,
        guards.has_legal_ground,
        guards.has_written_reasons,
    ),
    _rule(
        T.PROPOSE_REFUSAL,
        _EXAMINED,
        S.DECISION_PROPOSED,
        guards.has_legal_ground,
        guards.has_written_reasons,
    ),
    _rule(T.REQUEST_COMPLETION, (S.UNDER_VERIFICATION,), S.INCOMPLETE, guards.has_reason),
    _rule(
        T.CONFIRM_ACCEPTANCE,
        (S.DECISION_PROPOSED,),
        S.ACCEPTED,
        guards.proposal_is_acceptance,
        guards.actor_is_not_proposer,
        guards.not_suspended,
    ),
    _rule(
        T.CONFIRM_REFUSAL,
        (S.DECISION_PROPOSED,),
        S.REFUSED,
        guards.proposal_is_refusal,
        guards.actor_is_not_proposer,
    ),
    _rule(T.SEND_BACK, (S.DECISION_PROPOSED,), S.UNDER_VERIFICATION, guards.has_reason, guards.actor_is_not_proposer),
    _rule(
        T.LAPSE,
        (S.SUBMITTED, S.INCOMPLETE, S.UNDER_VERIFICATION, S.DECISION_PROPOSED),
        S.LAPSED,
        guards.reply_owed,
        guards.silence_has_meaning,
        guards.reply_limit_passed,
        guards.reply_terms_verified_for_system,
    ),
    _rule(
        T.RECORD_DEEMED_CONSENT,
        (S.LAPSED,),
        S.ACCEPTED,
        guards.actor_is_person,
        guards.silence_has_meaning,
        guards.silence_term_verified,
    ),
    _rule(T.REPLY_LATE, (S.LAPSED,), S.UNDER_VERIFICATION),
    _rule(T.REOPEN, (S.REFUSED,), S.UNDER_VERIFICATION, guards.has_reason),
)

_DOCUMENT = (
    _rule(T.REQUEST_DOCUMENT, (S.ACCEPTED,), S.DOCUMENT_REQUESTED, guards.document_needed),
    _rule(T.ISSUE_DOCUMENT, (S.DOCUMENT_REQUESTED,), S.DOCUMENT_ISSUED, guards.document_valid),
    _rule(
        T.RECORD_STANDARD_DOCUMENT,
        (S.ACCEPTED, S.DOCUMENT_REQUESTED),
        S.DOCUMENT_ISSUED,
        guards.standard_document_allowed,
        guards.document_valid,
    ),
    _rule(T.REISSUE_DOCUMENT, (S.DOCUMENT_ISSUED, S.TRANSFER_FAILED), S.DOCUMENT_REQUESTED, guards.document_used),
)

_RETURN = (
    _rule(
        T.NOTIFY_TRANSFER,
        (S.ACCEPTED, S.DOCUMENT_ISSUED, S.TRANSFER_FAILED),
        S.TRANSFER_NOTIFIED,
        guards.not_suspended,
        guards.transfer_date_to_come,
        guards.document_covers_transfer,
        guards.transfer_within_limit,
        guards.minor_safeguards_complete,
    ),
    _rule(T.CONFIRM_ARRIVAL, (S.TRANSFER_NOTIFIED,), S.TRANSFERRED),
    _rule(T.RECORD_TRANSFER_FAILURE, (S.TRANSFER_NOTIFIED,), S.TRANSFER_FAILED, guards.has_reason),
    _rule(T.CANCEL_TRANSFER, (S.TRANSFER_NOTIFIED,), S.DOCUMENT_ISSUED, guards.has_reason),
    _rule(
        T.EXPIRE_ACCEPTANCE,
        (S.ACCEPTED, S.DOCUMENT_REQUESTED, S.DOCUMENT_ISSUED, S.TRANSFER_FAILED),
        S.ACCEPTANCE_EXPIRED,
        guards.transfer_limit_passed,
        guards.not_suspended,
        guards.transfer_term_verified_for_system,
    ),
    _rule(
        T.RENEW_ACCEPTANCE,
        (S.ACCEPTANCE_EXPIRED,),
        S.ACCEPTED,
        guards.has_reason,
        guards.transfer_limit_extended,
    ),
)

_REFERRAL = (
    # Refusing help binds nobody: who declined may ask again while the case is open.
    _rule(T.OFFER_REFERRAL, (S.TRANSFERRED, S.REFERRAL_DECLINED), S.REFERRAL_OFFERED, guards.kind_is_not_transit),
    _rule(T.REFER, (S.REFERRAL_OFFERED,), S.REFERRED, guards.has_consent, guards.has_partner),
    _rule(T.DECLINE_REFERRAL, (S.REFERRAL_OFFERED,), S.REFERRAL_DECLINED),
    _rule(T.START_REINTEGRATION, (S.REFERRED,), S.REINTEGRATING),
    _rule(T.RETURN_REFERRAL, (S.REFERRED,), S.REFERRAL_OFFERED, guards.has_reason),
    _rule(T.REVOKE_CONSENT, (S.REFERRED, S.REINTEGRATING), S.REFERRAL_DECLINED),
)

_END = (
    _rule(
        T.TAKE_BACK,
        (S.TRANSFERRED, S.REFERRAL_OFFERED, S.REFERRAL_DECLINED, S.REFERRED, S.REINTEGRATING),
        S.TAKEN_BACK,
        guards.error_window_open,
    ),
    # The error window is longer than many cases: a closed one must not stand in the way of the person's return.
    _rule(T.TAKE_BACK, (S.CLOSED,), S.TAKEN_BACK, guards.readmitted, guards.error_window_open),
    _rule(
        T.WITHDRAW,
        (
            S.DRAFT,
            S.SUBMITTED,
            S.INCOMPLETE,
            S.UNDER_VERIFICATION,
            S.DECISION_PROPOSED,
            S.ACCEPTED,
            S.LAPSED,
            S.DOCUMENT_REQUESTED,
            S.DOCUMENT_ISSUED,
            S.TRANSFER_NOTIFIED,
            S.TRANSFER_FAILED,
        ),
        S.WITHDRAWN,
        guards.has_reason,
    ),
    _rule(
        T.CLOSE,
        (S.WITHDRAWN, S.REFUSED, S.ACCEPTANCE_EXPIRED, S.REFERRAL_DECLINED, S.TAKEN_BACK),
        S.CLOSED,
    ),
    _rule(T.CLOSE, (S.TRANSFERRED,), S.CLOSED, guards.referral_not_wanted),
    _rule(T.CLOSE, (S.REINTEGRATING,), S.CLOSED, guards.referral_finished),
)

MACHINE: Workflow[CaseState, CaseTrigger, CaseFacts] = Workflow(
    CaseState, CaseTrigger, S.DRAFT, _REQUEST + _DECISION + _DOCUMENT + _RETURN + _REFERRAL + _END
)

_STAGES = {
    S.DRAFT: Stage.REQUEST,
    S.SUBMITTED: Stage.REQUEST,
    S.INCOMPLETE: Stage.REQUEST,
    S.WITHDRAWN: Stage.REQUEST,
    S.UNDER_VERIFICATION: Stage.IDENTITY_VERIFICATION,
    S.DECISION_PROPOSED: Stage.IDENTITY_VERIFICATION,
    S.ACCEPTED: Stage.IDENTITY_VERIFICATION,
    S.REFUSED: Stage.IDENTITY_VERIFICATION,
    S.LAPSED: Stage.IDENTITY_VERIFICATION,
    S.DOCUMENT_REQUESTED: Stage.TRAVEL_DOCUMENT,
    S.DOCUMENT_ISSUED: Stage.TRAVEL_DOCUMENT,
    S.TRANSFER_NOTIFIED: Stage.RETURN,
    S.TRANSFERRED: Stage.RETURN,
    S.TRANSFER_FAILED: Stage.RETURN,
    S.ACCEPTANCE_EXPIRED: Stage.RETURN,
    S.TAKEN_BACK: Stage.RETURN,
    S.REFERRAL_OFFERED: Stage.REINTEGRATION,
    S.REFERRAL_DECLINED: Stage.REINTEGRATION,
    S.REFERRED: Stage.REINTEGRATION,
    S.REINTEGRATING: Stage.REINTEGRATION,
    S.CLOSED: Stage.CLOSED,
}


def fire(state: CaseState, trigger: CaseTrigger, facts: CaseFacts) -> CaseTransition:
    """Decide what the trigger does with a case in this state.

    Raises:
        TransitionNotAllowed: the trigger does not start from this state.
        GuardRefused: a guard says no; its code tells which rule.
    """
    return MACHINE.fire(state, trigger, facts)


def available(state: CaseState, facts: CaseFacts) -> tuple[CaseOption, ...]:
    """List what can be done from this state, each with the code of what stands against it now, if anything."""
    return MACHINE.available(state, facts)


def triggers_from(state: CaseState) -> tuple[CaseTrigger, ...]:
    """List the triggers that start from this state, whatever the facts are."""
    return MACHINE.triggers_from(state)


def stage_of(state: CaseState) -> Stage:
    """Tell in which part of the thread a state lies."""
    return _STAGES[state]


def diagram() -> str:
    """Draw the case machine as a Mermaid state diagram, as it stands in `docs/lifecycle.md`."""
    return MACHINE.diagram()
