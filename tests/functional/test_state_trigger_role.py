"""Who may do what with a case in which state: the whole table, allowed and refused, through the function that moves.

The triggers of each role are written down here by hand, those of each state in the machine's own hand-written table.
Each pair is tried on a real case with an act that brings everything, and rolled back.
"""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from ercms.accounts import service as accounts
from ercms.cases import service as cases
from ercms.cases.acts import Act
from ercms.cases.models import Case
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor, OrganisationKind, Role
from ercms.core.errors import Conflict, NotFound, PermissionRefused, RuleRefused
from ercms.extensions import db
from tests.conftest import TODAY
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, act, make_case
from tests.unit.workflows.readmission_examples import TABLE as MACHINE
from workflows.readmission import CaseKind, CaseState, CaseTrigger, Procedure, Proposal

S, T = CaseState, CaseTrigger

# Who may fire what, as the process says it. "own" is the authority that made the request, "host" the mission of its
# State; "case partner" the partner to whom the person is referred now.
MAY: dict[str, str] = {
    "submit": "own",
    "register_without_application": "own",
    "withdraw": "own",
    "acknowledge": "worker supervisor",
    "request_completion": "worker supervisor",
    "complete": "own",
    "propose_acceptance": "worker supervisor",
    "propose_refusal": "worker supervisor",
    "send_back": "supervisor",
    "confirm_acceptance": "supervisor",
    "confirm_refusal": "supervisor",
    "lapse": "worker supervisor system",
    "record_deemed_consent": "supervisor",
    "reply_late": "worker supervisor",
    "reopen": "supervisor",
    "request_document": "own host worker supervisor",
    "issue_document": "host",
    "record_standard_document": "own host",
    "reissue_document": "own host worker supervisor",
    "notify_transfer": "own",
    "cancel_transfer": "own",
    "confirm_arrival": "border",
    "record_transfer_failure": "border own",
    "expire_acceptance": "worker supervisor system",
    "renew_acceptance": "supervisor",
    "take_back": "worker supervisor",
    "offer_referral": "worker supervisor",
    "decline_referral": "worker supervisor",
    "refer": "worker supervisor",
    "return_referral": "worker supervisor partner",
    "start_reintegration": "partner",
    "revoke_consent": "worker supervisor partner",
    "close": "worker supervisor",
}

# Whoever the process names may still be too early or too late: a draft is its authority's alone, the border service has
# a part only while somebody travels, and a partner only while the person is referred to it.
OF_NOBODY_ELSE = {"draft": {"own", "system"}}
BORDER = {"transfer_notified", "transferred", "transfer_failed"}
REFERRED = {"referred", "reintegrating"}

# What the law refuses under this agreement although the process allows it, since its terms were reported, not read.
LAW_REFUSES = {
    ("record_deemed_consent", "supervisor"): "silence_term_not_verified",
    ("lapse", "system"): "reply_term_not_verified",
    ("expire_acceptance", "system"): "transfer_term_not_verified",
}

ACTORS = (
    "own",
    "foreign",
    "host",
    "foreign_mission",
    "worker",
    "supervisor",
    "verifier",
    "border",
    "partner",
    "other_partner",
    "analyst",
    "data_protection_officer",
    "administrator",
    "system",
)


def expected(state: str, trigger: str, who: str) -> str:
    """Return the destination, or how it is refused: hidden, forbidden, not_now, or the code of a rule."""
    if not _may(state, trigger, who):
        return "forbidden" if _sees(state, who) else "hidden"
    if trigger not in MACHINE[state]:
        return "not_now"
    return LAW_REFUSES.get((trigger, who), MACHINE[state][trigger])


def _may(state: str, trigger: str, who: str) -> bool:
    if who not in MAY[trigger].split():
        return False
    if who == "border":
        return state in BORDER
    if who == "partner":
        return state in REFERRED
    return who in OF_NOBODY_ELSE.get(state, set(ACTORS))


def _sees(state: str, who: str) -> bool:
    if who == "border":
        return state in BORDER
    return who == "own" or (who in ("host", "worker", "supervisor") and state != "draft")


def actors_of(cast: Cast) -> dict[str, Actor]:
    """Return everybody who could try."""

    def somebody(role: Role, kind: OrganisationKind, states: tuple[str, ...] = ()) -> Actor:
        home = make_organisation(kind, states=states)
        return accounts.get_actor(make_user(role, organisation=home).id)

    found = {
        "own": cast.requester,
        "foreign": somebody(Role.CONSULAR_OFFICER, OrganisationKind.REQUESTING_AUTHORITY, ("DE",)),
        "host": cast.mission,
        "foreign_mission": somebody(Role.CONSULAR_OFFICER, OrganisationKind.MISSION, ("FR",)),
        "worker": cast.worker,
        "supervisor": cast.supervisor,
        "verifier": cast.verifier,
        "border": cast.border,
        "partner": cast.partner,
        "other_partner": somebody(Role.REINTEGRATION_PARTNER, OrganisationKind.REINTEGRATION_PARTNER),
        "analyst": somebody(Role.ANALYST, OrganisationKind.STATISTICS),
        "data_protection_officer": somebody(Role.DATA_PROTECTION_OFFICER, OrganisationKind.MIGRATION_SERVICE),
        "administrator": somebody(Role.ADMINISTRATOR, OrganisationKind.MIGRATION_SERVICE),
        "system": SYSTEM,
    }
    assert tuple(found) == ACTORS
    return found


def case_in(cast: Cast, state: CaseState) -> str:
    """Bring a real case into a state through the services, and return its reference."""
    today = clock.today()
    if state is S.LAPSED:
        reference = make_case(cast, S.UNDER_VERIFICATION)
        with clock.fixed(TODAY + timedelta(days=60)):
            act(cast.worker, reference, T.LAPSE)
        return reference
    if state is S.ACCEPTANCE_EXPIRED:
        reference = make_case(cast, S.ACCEPTED)
        with clock.fixed(TODAY + timedelta(days=200)):
            act(cast.worker, reference, T.EXPIRE_ACCEPTANCE)
        return reference
    if state is S.TAKEN_BACK:
        reference = make_case(cast, S.TRANSFERRED)
        act(cast.worker, reference, T.TAKE_BACK, reason="Another person of the same name.")
        return reference
    if state is S.CLOSED:
        reference = make_case(cast, S.TRANSFERRED)
        act(cast.worker, reference, T.CLOSE, reason="No support is wanted.")
        return reference
    assert today == TODAY.date()
    return make_case(cast, state)


def facts_for(trigger: CaseTrigger) -> dict[str, Any]:
    """Return what must stand on the case row so that nothing but state, role and law can refuse the trigger."""
    today = clock.today()
    facts: dict[CaseTrigger, dict[str, Any]] = {
        T.REGISTER_WITHOUT_APPLICATION: {"procedure": Procedure.NONE},
        T.CONFIRM_REFUSAL: {"proposal": Proposal.REFUSAL},
        T.LAPSE: {"reply_due_on": today - timedelta(days=1)},
        T.RECORD_STANDARD_DOCUMENT: {"kind": CaseKind.THIRD_COUNTRY_NATIONAL},
        T.NOTIFY_TRANSFER: {"transfer_due_on": today + timedelta(days=60)},
        T.EXPIRE_ACCEPTANCE: {"transfer_due_on": today - timedelta(days=1)},
        T.RENEW_ACCEPTANCE: {"transfer_due_on": today + timedelta(days=60)},
        T.TAKE_BACK: {"error_window_ends_on": today + timedelta(days=60)},
    }
    return facts.get(trigger, {})


def act_for(trigger: CaseTrigger, actor: Actor, cast: Cast) -> Act:
    """Return an act that brings everything that the trigger could ask for."""
    today = clock.today()
    paper = {"document_issued_on": today, "document_valid_until": today + timedelta(days=150)}
    values: dict[CaseTrigger, dict[str, Any]] = {
        T.REGISTER_WITHOUT_APPLICATION: paper,
        T.PROPOSE_ACCEPTANCE: {"proposal": Proposal.ACCEPTANCE, "proposed_by_id": actor.user_id},
        T.PROPOSE_REFUSAL: {"proposal": Proposal.REFUSAL, "proposed_by_id": actor.user_id},
        T.ISSUE_DOCUMENT: paper,
        T.RECORD_STANDARD_DOCUMENT: paper,
        T.NOTIFY_TRANSFER: {"transfer_on": today + timedelta(days=14), **paper},
        T.CONFIRM_ARRIVAL: {"transferred_at": clock.now()},
        T.REFER: {"referral_partner_id": cast.partner.organisation_id},
        T.CLOSE: {"is_referral_finished": True},
    }
    return Act(
        reason="Because.",
        has_legal_ground=True,
        has_written_reasons=True,
        has_consent=True,
        values=values.get(trigger, {}),
    )


def outcome(case: Case, trigger: CaseTrigger, actor: Actor, cast: Cast) -> str:
    """Try one trigger, say how it ended, and undo it."""
    is_in_time = trigger.value in MACHINE[case.state.value]
    try:
        if is_in_time:
            for column, value in facts_for(trigger).items():
                setattr(case, column, value)
        moved = cases.advance(actor=actor, case=case, trigger=trigger, act=act_for(trigger, actor, cast))
        return moved.destination.value
    except NotFound:
        return "hidden"
    except PermissionRefused:
        return "forbidden"
    except Conflict as conflict:
        return "not_now" if conflict.code == "transition_not_allowed" else conflict.code
    except RuleRefused as refusal:
        return refusal.code
    finally:
        # What was refused before the case was touched left nothing to undo, and an undone case is read afresh.
        if is_in_time or db.session.dirty or db.session.new:
            db.session.rollback()


def test_the_tables_name_every_trigger_state_and_actor() -> None:
    assert set(MAY) == {trigger.value for trigger in CaseTrigger}
    assert set(MACHINE) == {state.value for state in CaseState}
    assert {who for row in MAY.values() for who in row.split()} < set(ACTORS)


@pytest.mark.usefixtures("fixed_clock")
def test_every_state_trigger_and_role_ends_as_the_tables_say(app: Flask) -> None:
    cast = Cast()
    actors = actors_of(cast)
    wrong: list[str] = []
    for state in CaseState:
        reference = case_in(cast, state)
        case = cases.get_case(actor=cast.requester, reference=reference)
        assert case.state is state
        for who, actor in actors.items():
            for trigger in CaseTrigger:
                wanted, found = expected(state.value, trigger.value, who), outcome(case, trigger, actor, cast)
                if found != wanted:
                    wrong.append(f"{who}: {state} + {trigger}: {found}, not {wanted}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("fixed_clock")
def test_nobody_decides_on_a_proposal_of_their_own(app: Flask) -> None:
    cast = Cast()
    for trigger, proposes in ((T.CONFIRM_ACCEPTANCE, "acceptance"), (T.CONFIRM_REFUSAL, "refusal")):
        reference = make_case(cast, S.UNDER_VERIFICATION)
        ground = "own_national" if proposes == "acceptance" else "not_a_national"
        act(cast.supervisor, reference, T(f"propose_{proposes}"), ground=ground, reasons="The register.")
        case = cases.get_case(actor=cast.supervisor, reference=reference)
        for own in (trigger, T.SEND_BACK):
            assert outcome(case, own, cast.supervisor, cast) == "own_proposal"
        assert case.state is S.DECISION_PROPOSED
