"""Let random officers do random things to a case, and look for a state that the case's own data contradict."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from workflows.errors import GuardRefused, TransitionNotAllowed
from workflows.readmission import (
    CaseFacts,
    CaseKind,
    CaseState,
    CaseTrigger,
    Procedure,
    Proposal,
    SilenceEffect,
    Stage,
    available,
    fire,
    stage_of,
    triggers_from,
)

S = CaseState
T = CaseTrigger
START = date(2026, 3, 18)
ENDINGS = {T.WITHDRAW, T.PROPOSE_REFUSAL, T.EXPIRE_ACCEPTANCE, T.TAKE_BACK, T.CLOSE}
BEFORE_DECISION = {S.DRAFT, S.SUBMITTED, S.INCOMPLETE, S.UNDER_VERIFICATION, S.DECISION_PROPOSED}


@dataclass
class Record:
    """What a service would have written down about the case so far."""

    state: CaseState = S.DRAFT
    proposal: Proposal | None = None
    proposer: str | None = None
    consented_by: set[str] = field(default_factory=set)
    is_submitted: bool = False
    has_replied: bool = False
    lapses: int = 0
    is_suspended: bool = False
    document_valid_until: date | None = None
    transfer_on: date | None = None
    reply_due_on: date | None = None
    transfer_due_on: date | None = None
    error_window_ends_on: date | None = None
    is_readmitted: bool = False
    has_consent: bool = False
    is_referral_finished: bool = False


class CaseLife(RuleBasedStateMachine):
    """One case, its data, and whoever comes by."""

    @initialize(
        kind=st.sampled_from(CaseKind),
        procedure=st.sampled_from(Procedure),
        silence=st.sampled_from(SilenceEffect),
        is_verified=st.booleans(),
        has_limits=st.booleans(),
        is_child=st.booleans(),
    )
    def receive(
        self,
        kind: CaseKind,
        procedure: Procedure,
        silence: SilenceEffect,
        is_verified: bool,
        has_limits: bool,
        is_child: bool,
    ) -> None:
        self.today = START
        self.kind = kind
        self.procedure = procedure
        self.silence = silence
        self.is_verified = is_verified
        self.has_limits = has_limits
        self.is_child = is_child
        self.has_safeguards = False
        self.case = Record()

    def facts(self, actor: str, has_reason: bool) -> CaseFacts:
        case = self.case
        return CaseFacts(
            today=self.today,
            kind=self.kind,
            procedure=self.procedure,
            actor_is_person=actor != "system",
            has_reason=has_reason,
            has_requesting_authority=True,
            has_name=True,
            is_application_waived=True,
            has_legal_ground=has_reason,
            has_written_reasons=has_reason,
            proposal=case.proposal,
            actor_is_proposer=None if case.proposer is None else case.proposer == actor,
            is_suspended=case.is_suspended,
            is_reply_owed=not case.has_replied and case.lapses == 0,
            reply_due_on=case.reply_due_on,
            reply_term_is_verified=self.is_verified,
            silence=self.silence,
            silence_term_is_verified=self.is_verified,
            is_document_needed=case.document_valid_until is None,
            document_valid_until=case.document_valid_until,
            transfer_on=case.transfer_on,
            transfer_due_on=case.transfer_due_on,
            transfer_term_is_verified=self.is_verified,
            is_unaccompanied_minor=self.is_child,
            minor_safeguards_complete=self.has_safeguards,
            is_readmitted=case.is_readmitted,
            error_window_ends_on=case.error_window_ends_on,
            has_consent=case.has_consent,
            has_partner=True,
            is_referral_finished=case.is_referral_finished,
        )

    @rule(
        choice=st.integers(0, 20),
        actor=st.sampled_from(["first", "second", "system"]),
        has_reason=st.booleans(),
    )
    def do_something_that_the_state_offers(self, choice: int, actor: str, has_reason: bool) -> None:
        triggers = [trigger for trigger in triggers_from(self.case.state) if trigger != T.WITHDRAW or choice == 0]
        self.attempt(triggers[choice % len(triggers)], actor, has_reason)

    @rule(trigger=st.sampled_from(CaseTrigger), actor=st.sampled_from(["first", "system"]))
    def do_anything(self, trigger: CaseTrigger, actor: str) -> None:
        self.attempt(trigger, actor, has_reason=True)

    @rule(choice=st.integers(0, 20), actor=st.sampled_from(["first", "second"]))
    def lead_the_case_on(self, choice: int, actor: str) -> None:
        """Do what is open and ends nothing, so that lives are long enough to reach the last stages."""
        options = available(self.case.state, self.facts(actor, has_reason=True))
        onward = [option.trigger for option in options if option.is_open and option.trigger not in ENDINGS]
        if onward:
            self.attempt(onward[choice % len(onward)], actor, has_reason=True)

    @rule(days=st.sampled_from([0, 15]))
    def prepare_the_journey(self, days: int) -> None:
        self.put_on_record(90)
        self.put_in_the_plan(days)
        self.has_safeguards = True

    def attempt(self, trigger: CaseTrigger, actor: str, has_reason: bool) -> None:
        source = self.case.state
        facts = self.facts(actor, has_reason)
        offered = {option.trigger: option for option in available(source, facts)}
        expected = offered[trigger].refusal_code if trigger in offered else "transition_not_allowed"
        code = None
        try:
            self.case.state = fire(source, trigger, facts).destination
        except (TransitionNotAllowed, GuardRefused) as refusal:
            code = refusal.code
        assert code == expected
        if code is None:
            assert self.case.state == offered[trigger].destination
            self.write_down_request(trigger, actor)
            self.write_down_silence(trigger, actor)
            self.write_down_return(trigger, actor)

    def limit(self) -> date | None:
        return self.today + timedelta(days=20) if self.has_limits else None

    def write_down_request(self, trigger: CaseTrigger, actor: str) -> None:
        case = self.case
        match trigger:
            case T.SUBMIT:
                case.is_submitted, case.reply_due_on = True, self.limit()
            case T.REGISTER_WITHOUT_APPLICATION:
                case.is_submitted = True
                case.consented_by = {"waived"}
            case T.PROPOSE_ACCEPTANCE:
                case.proposal, case.proposer = Proposal.ACCEPTANCE, actor
            case T.PROPOSE_REFUSAL:
                case.proposal, case.proposer = Proposal.REFUSAL, actor
            case T.CONFIRM_ACCEPTANCE:
                assert not case.is_suspended
                case.consented_by, case.has_replied = {str(case.proposer), actor}, True
                case.transfer_due_on = self.limit()
            case T.CONFIRM_REFUSAL:
                assert actor != case.proposer
                case.has_replied = True

    def write_down_silence(self, trigger: CaseTrigger, actor: str) -> None:
        case = self.case
        match trigger:
            case T.LAPSE:
                assert self.silence == SilenceEffect.DEEMED_CONSENT
                assert not case.has_replied
                assert self.is_verified or actor != "system"
                case.lapses += 1
            case T.RECORD_DEEMED_CONSENT:
                assert self.is_verified
                assert actor != "system"
                case.consented_by = {"silence", actor}
                case.transfer_due_on = self.limit()

    def write_down_return(self, trigger: CaseTrigger, actor: str) -> None:
        case = self.case
        match trigger:
            case T.ISSUE_DOCUMENT | T.RECORD_STANDARD_DOCUMENT:
                assert case.document_valid_until is not None
            case T.NOTIFY_TRANSFER:
                assert not case.is_suspended
                assert self.has_safeguards or not self.is_child
            case T.EXPIRE_ACCEPTANCE:
                assert not case.is_suspended
                assert self.is_verified or actor != "system"
            case T.CONFIRM_ARRIVAL:
                case.is_readmitted = True
                case.error_window_ends_on = self.limit()
            case T.TAKE_BACK:
                assert case.is_readmitted
                case.is_readmitted = False
            case T.REFER:
                assert case.has_consent
            case T.REVOKE_CONSENT:
                case.has_consent = False

    @rule(days=st.sampled_from([1, 5, 30]))
    def let_time_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def stop_or_restart_the_clocks(self) -> None:
        self.case.is_suspended = not self.case.is_suspended

    @rule(days=st.sampled_from([-1, 10, 90]))
    def put_a_document_on_record(self, days: int) -> None:
        self.put_on_record(days)

    def put_on_record(self, days: int) -> None:
        if self.case.state in (S.DRAFT, S.ACCEPTED, S.DOCUMENT_REQUESTED):
            self.case.document_valid_until = self.today + timedelta(days=days)

    @rule(days=st.sampled_from([-1, 0, 15]))
    def plan_a_transfer(self, days: int) -> None:
        self.put_in_the_plan(days)

    def put_in_the_plan(self, days: int) -> None:
        if self.case.state != S.TRANSFER_NOTIFIED:
            self.case.transfer_on = self.today + timedelta(days=days)

    @precondition(lambda self: self.case.transfer_due_on is not None)
    @rule()
    def extend_the_transfer_limit(self) -> None:
        self.case.transfer_due_on = self.today + timedelta(days=10)

    @rule()
    def complete_the_safeguards(self) -> None:
        self.has_safeguards = True

    @rule(has_consent=st.booleans(), is_finished=st.booleans())
    def talk_about_help(self, has_consent: bool, is_finished: bool) -> None:
        self.case.has_consent = has_consent
        self.case.is_referral_finished = is_finished

    @invariant()
    def what_left_the_draft_was_submitted_or_withdrawn(self) -> None:
        if self.case.state not in (S.DRAFT, S.WITHDRAWN, S.CLOSED):
            assert self.case.is_submitted

    @invariant()
    def a_proposed_decision_has_a_proposal_and_a_proposer(self) -> None:
        if self.case.state == S.DECISION_PROPOSED:
            assert self.case.proposal is not None
            assert self.case.proposer is not None

    @invariant()
    def what_is_past_acceptance_was_accepted_by_two_or_by_law(self) -> None:
        if stage_of(self.case.state) in (Stage.TRAVEL_DOCUMENT, Stage.RETURN, Stage.REINTEGRATION):
            assert len(self.case.consented_by) == 2 or self.case.consented_by == {"waived"}

    @invariant()
    def an_issued_document_is_on_record(self) -> None:
        if self.case.state == S.DOCUMENT_ISSUED and self.kind != CaseKind.TRANSIT:
            assert self.case.document_valid_until is not None

    @invariant()
    def a_notified_transfer_has_a_date_and_a_document(self) -> None:
        if self.case.state == S.TRANSFER_NOTIFIED:
            assert self.case.transfer_on is not None
            if self.kind != CaseKind.TRANSIT:
                assert self.case.document_valid_until is not None
                assert self.case.document_valid_until >= self.case.transfer_on

    @invariant()
    def whoever_is_offered_help_has_arrived_to_stay(self) -> None:
        if stage_of(self.case.state) == Stage.REINTEGRATION:
            assert self.case.is_readmitted
            assert self.kind != CaseKind.TRANSIT

    @invariant()
    def whoever_was_taken_back_is_not_here(self) -> None:
        if self.case.state == S.TAKEN_BACK:
            assert not self.case.is_readmitted

    @invariant()
    def silence_binds_at_most_once(self) -> None:
        assert self.case.lapses <= 1

    @invariant()
    def a_case_that_was_accepted_is_not_decided_again(self) -> None:
        if self.case.state in BEFORE_DECISION:
            assert not self.case.consented_by

    @invariant()
    def every_state_offers_something(self) -> None:
        assert triggers_from(self.case.state)


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(max_examples=200, stateful_step_count=60, deadline=None, database=None)
