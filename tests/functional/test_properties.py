"""Random people do random things to real cases; whatever comes, a case and its records tell the same story."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from ercms.access import policy
from ercms.access.permissions import permission_for_trigger
from ercms.audit.models import AuditEntry
from ercms.audit.verify import verify
from ercms.casefile.actions import ACTIONS
from ercms.cases.models import Case, CaseTransition
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import DomainError
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.reintegration import partner_service
from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, ReferralOutcome, SharedField
from ercms.reintegration.models import Referral
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.returns.models import Transfer
from ercms.travel_documents.models import TravelDocument
from ercms.verification.enums import DecisionOutcome
from ercms.verification.models import CompletionRequest, Decision
from tests.conftest import TODAY
from tests.factories.cases import Cast, make_draft
from workflows.readmission import CaseState, CaseTrigger, Proposal, triggers_from
from workflows.referral import ReferralState
from workflows.transfer import TransferState
from workflows.travel_document import DocumentState

S, T = CaseState, CaseTrigger
ACTORS = ("requester", "worker", "supervisor", "mission", "verifier", "border", "partner")
# Where nothing has happened yet that could leave a record of the later stages behind.
BEFORE_ACCEPTANCE = {S.DRAFT, S.SUBMITTED, S.INCOMPLETE}
# A case may be left from any state; what was pending then stays as it was.
LEFT = {S.WITHDRAWN, S.CLOSED, S.LAPSED}


def plausible(cast: Cast, trigger: CaseTrigger) -> dict[str, Any]:
    """Return what somebody might well type into the form of an act today."""
    today = clock.today()
    paper = {"number": "QS 1", "issued_on": today, "valid_until": today + timedelta(days=150)}
    values: dict[CaseTrigger, dict[str, Any]] = {
        T.REGISTER_WITHOUT_APPLICATION: {"document_valid_until": today + timedelta(days=90)},
        T.REQUEST_COMPLETION: {"question": "Which school?"},
        T.COMPLETE: {"answer": "The second."},
        T.PROPOSE_ACCEPTANCE: {"ground": "own_national", "reasons": "The register."},
        T.PROPOSE_REFUSAL: {"ground": "not_a_national", "reasons": "No register."},
        T.ISSUE_DOCUMENT: paper,
        T.RECORD_STANDARD_DOCUMENT: paper,
        T.NOTIFY_TRANSFER: {
            "transfer_on": today + timedelta(days=3),
            "means": TransferMeans.LAND,
            "crossing_point": "Samur",
        },
        T.CONFIRM_ARRIVAL: {"arrived_on": today},
        T.RECORD_TRANSFER_FAILURE: {"failure": TransferFailure.CARRIER, "note": "No bus came."},
        T.OFFER_REFERRAL: {"areas": [AssistanceArea.EMPLOYMENT]},
        T.REFER: {
            "partner_id": cast.partner.organisation_id,
            "consent_purpose": ConsentPurpose.REINTEGRATION_SUPPORT,
            "consented_fields": [SharedField.FULL_NAME],
            "consented_on": today,
            "consent_until": today + timedelta(days=400),
        },
    }
    return values.get(trigger, {"reason": "Because."})


class Life(RuleBasedStateMachine):
    """One case, and everybody who may or may not do something with it."""

    cast: Cast

    @initialize()
    def begin(self) -> None:
        self.now = TODAY
        with clock.fixed(self.now):
            self.reference = make_draft(self.cast)
        self.moves = 0

    @property
    def case(self) -> Case:
        return db.session.scalars(select(Case).where(Case.reference == self.reference)).one()

    @rule(pick=st.integers(0, 30))
    def go_on(self, pick: int) -> None:
        """Somebody does something that starts from the present state; of those who may, whoever comes first."""
        # Ways out are left to chance: most random lives would end before they began.
        forward = [trigger for trigger in triggers_from(self.case.state) if trigger not in (T.WITHDRAW, T.TAKE_BACK)]
        if not forward:
            return
        trigger = forward[pick % len(forward)]
        permission = permission_for_trigger(trigger.value)
        for actor in (getattr(self.cast, who) for who in ACTORS):
            if policy.allows(actor, permission, self.case) and actor.user_id != self.case.proposed_by_id:
                self._try(actor, trigger)
                return

    @rule(pick=st.integers(0, 30))
    def go_further(self, pick: int) -> None:
        """Go on twice, so that lives are long enough to see their end."""
        self.go_on(pick)
        self.go_on(pick // 2)

    @rule(trigger=st.sampled_from(CaseTrigger), who=st.sampled_from(ACTORS))
    def try_anything(self, trigger: CaseTrigger, who: str) -> None:
        self._try(getattr(self.cast, who), trigger)

    @rule(days=st.sampled_from((1, 1, 2, 20, 100)))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: self.case.state is S.REINTEGRATING)
    @rule()
    def finish(self) -> None:
        """The partner ends its referral, as it may while the consent runs."""
        referral = self._rows(Referral)[-1]
        with clock.fixed(self.now):
            try:
                with unit_of_work():
                    partner_service.finish_referral(
                        actor=self.cast.partner,
                        referral_id=referral.id,
                        values={"outcome": ReferralOutcome.SUSTAINED},
                    )
            except DomainError:
                db.session.rollback()

    def _try(self, actor: Actor, trigger: CaseTrigger) -> bool:
        self.now += timedelta(minutes=1)
        before, facts = self._standing(), {"state": self.case.state}
        with clock.fixed(self.now):
            values: Mapping[str, Any] = plausible(self.cast, trigger)
            try:
                with unit_of_work():
                    ACTIONS[trigger].perform(
                        actor=actor, reference=self.reference, expected_version=self.case.version, values=values
                    )
            except DomainError:
                db.session.rollback()
                assert self._standing() == before, "something was written by an act that was refused"
                return False
        self.moves += 1
        moved = self._rows(CaseTransition)[-1]
        assert (moved.trigger, moved.source, moved.destination) == (trigger, facts["state"], self.case.state)
        assert self.case.version > before["version"]
        assert self._audited() == self.moves
        return True

    def _standing(self) -> dict[str, Any]:
        """Return everything that a refused act must leave alone."""
        case = self.case
        columns = {column.key: getattr(case, column.key) for column in Case.__mapper__.column_attrs}
        kinds = (CaseTransition, Decision, CompletionRequest, TravelDocument, Transfer, Referral)
        rows = {
            kind.__tablename__: [(row.id, getattr(row, "state", None)) for row in self._rows(kind)] for kind in kinds
        }
        return {**columns, **rows, "entries": self._entries()}

    def _mark(self, row: Any) -> tuple[str, Any]:
        return row.id, getattr(row, "state", None) or getattr(row, "outcome", None)

    def _rows(self, kind: Any) -> list[Any]:
        order = {
            CaseTransition: "case_version",
            Transfer: "attempt",
            Decision: "proposed_at",
            Referral: "offered_at",
            TravelDocument: "requested_at",
            CompletionRequest: "asked_at",
        }
        statement = select(kind).where(kind.case_id == self.case.id).order_by(getattr(kind, order[kind]), kind.id)
        return list(db.session.scalars(statement))

    def _entries(self) -> int:
        chain = AuditEntry.chain == f"case:{self.case.id}"
        return db.session.scalar(select(func.count()).select_from(AuditEntry).where(chain)) or 0

    def _audited(self) -> int:
        of_case = AuditEntry.chain == f"case:{self.case.id}"
        moved = AuditEntry.action == "case.transition"
        return db.session.scalar(select(func.count()).select_from(AuditEntry).where(of_case, moved)) or 0

    @invariant()
    def history_leads_to_the_present_state(self) -> None:
        rows = self._rows(CaseTransition)
        states = [S.DRAFT, *(row.destination for row in rows)]
        assert [row.source for row in rows] == states[:-1]
        assert self.case.state is states[-1]
        assert len({row.case_version for row in rows}) == len(rows)

    @invariant()
    def decisions_agree(self) -> None:
        case, decisions = self.case, self._rows(Decision)
        pending = [row for row in decisions if row.outcome is DecisionOutcome.PENDING]
        if case.state is S.DECISION_PROPOSED:
            assert [(row.proposal, row.proposed_by_id) for row in pending] == [(case.proposal, case.proposed_by_id)]
        elif pending:
            # Left behind when the case lapsed or was withdrawn over it.
            assert case.lapsed_at is not None or case.state in LEFT
        if case.state in (S.ACCEPTED, S.REFUSED) and case.consent_deemed_on is None:
            wanted = Proposal.ACCEPTANCE if case.state is S.ACCEPTED else Proposal.REFUSAL
            assert decisions[-1].outcome is DecisionOutcome.CONFIRMED
            assert decisions[-1].proposal is wanted
            assert decisions[-1].decided_by_id != decisions[-1].proposed_by_id
        if case.state in BEFORE_ACCEPTANCE:
            assert not [row for row in decisions if row.outcome is DecisionOutcome.CONFIRMED and case.decided_at]

    @invariant()
    def documents_agree(self) -> None:
        case = self.case
        documents = [row for row in self._rows(TravelDocument) if row.person_id == case.principal_person_id]
        asked = [row for row in documents if row.state is DocumentState.REQUESTED]
        held = [row for row in documents if row.state is DocumentState.ISSUED]
        assert len(asked) + len(held) <= 1
        if case.state is S.DOCUMENT_REQUESTED:
            assert len(asked) == 1
        if case.state in (S.DOCUMENT_ISSUED, S.TRANSFER_NOTIFIED):
            assert [row.valid_until for row in held] == [case.document_valid_until]
        if case.state is S.TRANSFERRED:
            assert not held

    @invariant()
    def transfers_agree(self) -> None:
        case, transfers = self.case, self._rows(Transfer)
        open_ones = [row for row in transfers if row.state is TransferState.NOTIFIED]
        assert [row.attempt for row in transfers] == list(range(1, len(transfers) + 1))
        if case.state is S.TRANSFER_NOTIFIED:
            assert [(row.attempt, row.planned_on) for row in open_ones] == [(len(transfers), case.transfer_on)]
        elif case.state not in LEFT:
            assert not open_ones
        if case.state is S.TRANSFER_FAILED:
            assert (transfers[-1].state, case.transfer_on) == (TransferState.FAILED, None)
        if case.transferred_at is not None:
            assert transfers[-1].state is TransferState.ARRIVED

    @invariant()
    def referrals_agree(self) -> None:
        case, referrals = self.case, self._rows(Referral)
        last = referrals[-1].state if referrals else None
        granted = [row for row in referrals if row.state in (ReferralState.REFERRED, ReferralState.IN_PROGRESS)]
        if case.state is S.REFERRAL_OFFERED:
            assert ReferralState.OFFERED in {row.state for row in referrals}
            assert not granted
        if case.state is S.REFERRED:
            assert [row.partner_id for row in granted] == [case.referral_partner_id]
        if case.state is S.REINTEGRATING and not case.is_referral_finished:
            assert [row.state for row in granted] == [ReferralState.IN_PROGRESS]
        if case.state is S.REINTEGRATING and case.is_referral_finished:
            assert not granted
            assert last is ReferralState.COMPLETED
        if case.state is S.REFERRAL_DECLINED:
            assert not granted

    def teardown(self) -> None:
        db.session.rollback()
        assert verify().is_sound


@pytest.mark.parametrize("lives", [10, pytest.param(200, marks=pytest.mark.long)])
def test_whatever_is_done_a_case_and_its_records_tell_the_same_story(app: Flask, lives: int) -> None:
    Life.cast = Cast()
    assert Life.cast.mission.states == {"DE"}
    for who in ACTORS:
        getattr(Life.cast, who)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    reached = set(db.session.scalars(select(CaseTransition.destination).distinct()))
    assert len(reached) >= 18, f"the walk is too short: it reached only {sorted(reached)}"
