"""The rules that stand before the triggers of the case machine; each refuses with a code of its own."""

from datetime import date

from workflows.errors import GuardRefused
from workflows.machine import require
from workflows.readmission_facts import CaseFacts, CaseKind, Procedure, Proposal, SilenceEffect


def has_reason(facts: CaseFacts) -> None:
    """Ask for a written reason with the act."""
    require(facts.has_reason, "reason_missing")


def has_requesting_authority(facts: CaseFacts) -> None:
    """Ask for the authority that requests and will get the reply."""
    require(facts.has_requesting_authority, "requesting_authority_missing")


def has_name(facts: CaseFacts) -> None:
    """Ask for a name of the person: the one particular without which nobody can be looked for."""
    require(facts.has_name, "name_missing")


def application_needed(facts: CaseFacts) -> None:
    """Refuse an application where the procedure is to have none."""
    require(facts.procedure is not None, "procedure_unknown")
    require(facts.procedure != Procedure.NONE, "application_not_needed")


def application_waived(facts: CaseFacts) -> None:
    """Let a case do without an application only where its procedure says so and the agreement allows it."""
    require(facts.procedure is not None, "procedure_unknown")
    require(facts.procedure == Procedure.NONE, "application_needed")
    require(facts.is_application_waived, "application_not_waived")


def document_valid(facts: CaseFacts) -> None:
    """Ask for a travel document that is valid today."""
    if facts.document_valid_until is None:
        raise GuardRefused("document_missing")
    require(facts.document_valid_until >= facts.today, "document_expired")


def has_legal_ground(facts: CaseFacts) -> None:
    """Ask for the article on which the decision rests."""
    require(facts.has_legal_ground, "legal_ground_missing")


def has_written_reasons(facts: CaseFacts) -> None:
    """Ask for reasons in writing: a refusal goes out with them, an acceptance is checked by them."""
    require(facts.has_written_reasons, "written_reasons_missing")


def proposal_is_acceptance(facts: CaseFacts) -> None:
    """Confirm as acceptance only what was proposed as one."""
    require(facts.proposal == Proposal.ACCEPTANCE, "proposal_is_not_acceptance")


def proposal_is_refusal(facts: CaseFacts) -> None:
    """Confirm as refusal only what was proposed as one."""
    require(facts.proposal == Proposal.REFUSAL, "proposal_is_not_refusal")


def actor_is_not_proposer(facts: CaseFacts) -> None:
    """Ask for a second officer: nobody confirms or sends back their own proposal."""
    require(facts.actor_is_proposer is not None, "proposer_unknown")
    require(facts.actor_is_proposer is False, "own_proposal")


def actor_is_person(facts: CaseFacts) -> None:
    """Leave the act to a person."""
    require(facts.actor_is_person, "person_required")


def not_suspended(facts: CaseFacts) -> None:
    """Refuse while a clock stop with a legal ground is open."""
    require(facts.is_suspended is not None, "suspension_unknown")
    require(facts.is_suspended is False, "case_suspended")


def reply_owed(facts: CaseFacts) -> None:
    """Let silence mean something only once: not after a late reply, and not when a refusal is looked at again."""
    require(facts.is_reply_owed, "reply_not_owed")


def reply_limit_passed(facts: CaseFacts) -> None:
    """Ask that a reply limit runs and that its last day is over."""
    if facts.reply_due_on is None:
        raise GuardRefused("no_reply_limit")
    require(facts.today > facts.reply_due_on, "reply_limit_not_passed")


def silence_has_meaning(facts: CaseFacts) -> None:
    """Ask that the agreement gives silence an effect, with whatever confidence; elsewhere a case is just overdue."""
    require(facts.silence != SilenceEffect.NONE, "silence_means_nothing")
    require(facts.silence == SilenceEffect.DEEMED_CONSENT, "silence_unknown")


def reply_terms_verified_for_system(facts: CaseFacts) -> None:
    """Let the system act by itself only on a verified limit and a verified effect; a person may judge the others."""
    if not facts.actor_is_person:
        require(facts.reply_term_is_verified, "reply_term_not_verified")
        silence_term_verified(facts)


def silence_term_verified(facts: CaseFacts) -> None:
    """Ask that the effect of silence was read in the agreement itself."""
    require(facts.silence_term_is_verified, "silence_term_not_verified")


def document_needed(facts: CaseFacts) -> None:
    """Refuse to ask the consulate for a document that the journey does not need."""
    document_used(facts)
    require(facts.is_document_needed, "document_not_needed")


def document_used(facts: CaseFacts) -> None:
    """Refuse a document for a transit: the person travels on the one that the destination admits."""
    kind_known(facts)
    require(facts.kind != CaseKind.TRANSIT, "transit_needs_no_document")


def standard_document_allowed(facts: CaseFacts) -> None:
    """Allow the requesting State's standard document for foreigners, and for own nationals where the agreement does."""
    kind_known(facts)
    is_foreigner = facts.kind in (CaseKind.THIRD_COUNTRY_NATIONAL, CaseKind.STATELESS)
    require(is_foreigner or facts.is_standard_document_fallback_open, "standard_document_not_allowed")


def kind_known(facts: CaseFacts) -> None:
    """Refuse to guess whom the case concerns."""
    require(facts.kind is not None, "kind_unknown")


def kind_is_not_transit(facts: CaseFacts) -> None:
    """Refuse what is for people who stay."""
    kind_known(facts)
    require(facts.kind != CaseKind.TRANSIT, "transit_has_no_referral")


def _transfer_date(facts: CaseFacts) -> date:
    if facts.transfer_on is None:
        raise GuardRefused("transfer_date_missing")
    return facts.transfer_on


def transfer_date_to_come(facts: CaseFacts) -> None:
    """Ask for a day of transfer that is not over."""
    require(_transfer_date(facts) >= facts.today, "transfer_date_past")


def document_covers_transfer(facts: CaseFacts) -> None:
    """Ask for a document that is still valid on the day of transfer; a transit needs none of ours."""
    kind_known(facts)
    if facts.kind == CaseKind.TRANSIT:
        return
    if facts.document_valid_until is None:
        raise GuardRefused("document_missing")
    require(facts.document_valid_until >= _transfer_date(facts), "document_expires_before_transfer")


def transfer_within_limit(facts: CaseFacts) -> None:
    """Refuse a transfer after the limit of the acceptance, where that limit is verified.

    A limit that is only reported is shown as a target and stops nobody: a person may expire the acceptance by it.
    """
    if facts.transfer_due_on is None or not facts.transfer_term_is_verified:
        return
    require(facts.today <= facts.transfer_due_on, "transfer_limit_passed")
    require(_transfer_date(facts) <= facts.transfer_due_on, "transfer_date_after_limit")


def minor_safeguards_complete(facts: CaseFacts) -> None:
    """Stop the transfer of an unaccompanied child until guardian, determination and receiving adult are on record."""
    require(facts.is_unaccompanied_minor is not None, "minor_status_unknown")
    if facts.is_unaccompanied_minor:
        require(facts.minor_safeguards_complete, "minor_safeguards_incomplete")


def transfer_limit_passed(facts: CaseFacts) -> None:
    """Ask that a transfer limit runs and that its last day is over."""
    if facts.transfer_due_on is None:
        raise GuardRefused("no_transfer_limit")
    require(facts.today > facts.transfer_due_on, "transfer_limit_not_passed")


def transfer_term_verified_for_system(facts: CaseFacts) -> None:
    """Let the system expire an acceptance by itself only on a verified limit."""
    require(facts.actor_is_person or facts.transfer_term_is_verified, "transfer_term_not_verified")


def transfer_limit_extended(facts: CaseFacts) -> None:
    """Ask for a recorded extension that moves the limit to today or later."""
    require(facts.transfer_due_on is None or facts.today <= facts.transfer_due_on, "extension_missing")


def readmitted(facts: CaseFacts) -> None:
    """Ask that the person arrived and was not taken back already."""
    require(facts.is_readmitted, "person_not_readmitted")


def error_window_open(facts: CaseFacts) -> None:
    """Take back within the agreement's window; where no window is known, a person must say why."""
    if facts.error_window_ends_on is None:
        has_reason(facts)
    else:
        require(facts.today <= facts.error_window_ends_on, "error_window_passed")


def has_consent(facts: CaseFacts) -> None:
    """Ask for the person's consent to this partner and purpose."""
    require(facts.has_consent, "consent_missing")


def has_partner(facts: CaseFacts) -> None:
    """Ask for the partner to whom the person is referred."""
    require(facts.has_partner, "partner_missing")


def referral_finished(facts: CaseFacts) -> None:
    """Ask that no referral of the case is still at work."""
    require(facts.is_referral_finished, "referral_not_finished")


def referral_not_wanted(facts: CaseFacts) -> None:
    """Close without a referral freely after a transit, otherwise only with a reason."""
    if facts.kind != CaseKind.TRANSIT:
        has_reason(facts)
