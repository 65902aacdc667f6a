"""Build the facts on which the case machine decides: booleans, enums and dates, never a name."""

from typing import Any

from ercms.agreements import service as agreements
from ercms.cases import clocks
from ercms.cases.acts import Act
from ercms.cases.models import Case
from ercms.core import clock
from ercms.core.actor import Actor
from workflows.readmission import CaseFacts, CaseKind, CaseState


def collect(*, case: Case, actor: Actor, act: Act) -> CaseFacts:
    """Return what is known of the case, with what the act brings laid over it."""
    rules = agreements.case_rules(
        agreement_id=_agreement_of(case), state=case.requesting_state, kind=case.kind, procedure=case.procedure
    )

    def value(name: str) -> Any:
        return act.values.get(name, getattr(case, name))

    today = clock.today()
    valid_until = value("document_valid_until")
    return CaseFacts(
        today=today,
        kind=case.kind,
        procedure=case.procedure,
        actor_is_person=not actor.is_system,
        has_reason=bool(act.reason),
        has_requesting_authority=bool(case.requesting_organisation_id),
        has_name=case.has_name,
        is_application_waived=rules.is_application_waived,
        has_legal_ground=act.has_legal_ground,
        has_written_reasons=act.has_written_reasons,
        proposal=value("proposal"),
        actor_is_proposer=None if case.proposed_by_id is None else case.proposed_by_id == actor.user_id,
        is_suspended=clocks.is_suspended(case=case),
        is_reply_owed=case.replied_at is None and case.lapsed_at is None,
        reply_due_on=case.reply_due_on,
        reply_term_is_verified=rules.reply_term_is_verified,
        silence=rules.silence,
        silence_term_is_verified=rules.silence_term_is_verified,
        is_document_needed=case.kind is not CaseKind.TRANSIT and (valid_until is None or valid_until < today),
        document_valid_until=valid_until,
        is_standard_document_fallback_open=rules.has_document_fallback
        and case.document_due_on is not None
        and today > case.document_due_on,
        transfer_on=value("transfer_on"),
        transfer_due_on=case.transfer_due_on,
        transfer_term_is_verified=rules.transfer_term_is_verified,
        is_unaccompanied_minor=case.is_minor_alone,
        minor_safeguards_complete=value("minor_safeguards_on") is not None,
        is_readmitted=case.transferred_at is not None and case.taken_back_at is None,
        error_window_ends_on=case.error_window_ends_on,
        has_consent=act.has_consent,
        has_partner=value("referral_partner_id") is not None,
        is_referral_finished=case.state is CaseState.REINTEGRATING and bool(value("is_referral_finished")),
    )


def _agreement_of(case: Case) -> str | None:
    """Return the agreement that speaks about a case: for one that was not sent yet, the one that would be adopted."""
    if case.state is CaseState.DRAFT:
        return agreements.agreement_id_for(state=case.requesting_state, on=clock.today())
    return case.agreement_id
