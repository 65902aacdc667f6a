"""One function moves a case: in one transaction with its history, its audit entry and its outbox row, or not at all."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from ercms.audit import service as audit
from ercms.cases import clocks, drafting, queries, service, steps, stops
from ercms.cases.acts import Act
from ercms.cases.enums import StopGround
from ercms.cases.models import Case, CaseTransition
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict, NotFound, PermissionRefused, RuleRefused
from ercms.core.outbox_models import OutboxMessage
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault.enums import Compartment
from workflows.readmission import CaseKind, CaseState, CaseTrigger, Procedure

MakeActor = Callable[..., Actor]


def draft(officer: Actor, *, name: str | None = "Sərkərova") -> str:
    """Make a draft of an own national, named unless told otherwise."""
    with unit_of_work():
        case = drafting.create_case(
            actor=officer,
            values={
                "kind": CaseKind.OWN_NATIONAL,
                "procedure": Procedure.NORMAL,
                "requesting_state": sorted(officer.states)[0],
            },
        )
        reference = case.reference
        if name:
            drafting.save_compartment(
                actor=officer,
                reference=reference,
                expected_version=None,
                compartment=Compartment.IDENTITY,
                values={"surname": name},
            )
    return reference


def submitted(officer: Actor) -> str:
    """Make a case that has been sent."""
    reference = draft(officer)
    with unit_of_work():
        case = service.get_case(actor=officer, reference=reference)
        service.advance(actor=officer, case=case, trigger=CaseTrigger.SUBMIT)
    return reference


def counts() -> tuple[int, int, int]:
    """Return how many moves, audit entries and outbox rows there are."""
    return (
        db.session.scalar(select(func.count()).select_from(CaseTransition)) or 0,
        db.session.scalar(text("SELECT count(*) FROM audit_entries")) or 0,
        db.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0,
    )


def test_a_move_writes_state_history_audit_and_outbox_together(make_actor: MakeActor, fixed_clock: object) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    reference = submitted(officer)
    before = counts()
    with unit_of_work():
        steps.acknowledge(actor=worker, reference=reference, expected_version=None, values={})
    after = counts()
    case = queries.find_case(reference)
    assert case is not None
    assert case.state is CaseState.UNDER_VERIFICATION
    assert case.acknowledged_at == clock.now()
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]
    assert audit.history(chain=f"case:{case.id}")[-1].action == "case.transition"


def test_a_move_that_fails_later_in_the_unit_of_work_leaves_nothing(make_actor: MakeActor) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    reference = submitted(officer)
    before = counts()

    def acknowledge_and_fail() -> None:
        with unit_of_work():
            steps.acknowledge(actor=worker, reference=reference, expected_version=None, values={})
            raise RuntimeError("the light went out")

    with pytest.raises(RuntimeError, match="light"):
        acknowledge_and_fail()
    case = queries.find_case(reference)
    assert case is not None
    assert case.state is CaseState.SUBMITTED
    assert counts() == before


def test_a_guard_that_says_no_changes_nothing_and_names_its_rule(make_actor: MakeActor) -> None:
    officer = make_actor(Role.CONSULAR_OFFICER)
    reference = draft(officer, name=None)
    case = service.get_case(actor=officer, reference=reference)
    with pytest.raises(RuleRefused) as refusal, unit_of_work():
        service.advance(actor=officer, case=case, trigger=CaseTrigger.SUBMIT)
    assert refusal.value.code == "name_missing"
    assert service.get_case(actor=officer, reference=reference).state is CaseState.DRAFT


def test_a_move_that_does_not_start_here_is_a_conflict_that_says_who_was_last(make_actor: MakeActor) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    reference = submitted(officer)
    with unit_of_work():
        steps.acknowledge(actor=worker, reference=reference, expected_version=None, values={})
    with pytest.raises(Conflict) as conflict, unit_of_work():
        steps.acknowledge(actor=worker, reference=reference, expected_version=None, values={})
    change = conflict.value.facts["change"]
    assert (conflict.value.code, change.trigger, change.actor_id) == (
        "transition_not_allowed",
        CaseTrigger.ACKNOWLEDGE,
        worker.user_id,
    )


def test_of_two_officers_on_one_version_exactly_one_wins(app: Flask, make_actor: MakeActor) -> None:
    officer = make_actor(Role.CONSULAR_OFFICER)
    workers = [make_actor(Role.CASE_WORKER), make_actor(Role.CASE_WORKER)]
    reference = submitted(officer)
    version = service.get_case(actor=officer, reference=reference).version
    db.session.rollback()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def act(worker: Actor) -> None:
        with app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    steps.acknowledge(actor=worker, reference=reference, expected_version=version, values={})
                outcomes.append("won")
            except Conflict as conflict:
                outcomes.append(conflict.code)
            db.session.remove()

    threads = [threading.Thread(target=act, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["stale_version", "won"]
    moves = [m.trigger for m in queries.list_transitions(service.get_case(actor=officer, reference=reference).id)]
    assert moves == [CaseTrigger.SUBMIT, CaseTrigger.ACKNOWLEDGE]


def test_another_organisations_case_answers_as_if_it_did_not_exist(make_actor: MakeActor) -> None:
    reference = submitted(make_actor(Role.CONSULAR_OFFICER))
    stranger = make_actor(Role.CONSULAR_OFFICER, organisation=None)
    with pytest.raises(NotFound) as hidden:
        service.get_case(actor=stranger, reference=reference)
    with pytest.raises(NotFound) as absent:
        service.get_case(actor=stranger, reference="RA-2026-0000000-0")
    assert (hidden.value.code, hidden.value.facts) == (absent.value.code, absent.value.facts)


def test_a_draft_is_hidden_even_from_the_migration_service(make_actor: MakeActor) -> None:
    reference = draft(make_actor(Role.CONSULAR_OFFICER))
    with pytest.raises(NotFound):
        service.get_case(actor=make_actor(Role.SUPERVISOR), reference=reference)


def test_the_requesting_side_cannot_acknowledge_its_own_request(make_actor: MakeActor) -> None:
    officer = make_actor(Role.CONSULAR_OFFICER)
    reference = submitted(officer)
    with pytest.raises(PermissionRefused), unit_of_work():
        steps.acknowledge(actor=officer, reference=reference, expected_version=None, values={})


def test_a_case_keeps_the_agreement_under_which_it_was_received(make_actor: MakeActor, fixed_clock: object) -> None:
    officer = make_actor(Role.CONSULAR_OFFICER)
    case = service.get_case(actor=officer, reference=submitted(officer))
    assert case.agreement_id is not None
    assert case.agreement_id.startswith("eu@")


def test_an_act_cannot_write_a_column_that_is_not_an_acts() -> None:
    with pytest.raises(ValueError, match="state"):
        Act(values={"state": "closed"})


def test_the_reason_of_a_move_is_sealed_in_the_row(make_actor: MakeActor) -> None:
    officer = make_actor(Role.CONSULAR_OFFICER)
    reference = submitted(officer)
    with unit_of_work():
        steps.withdraw(
            actor=officer, reference=reference, expected_version=None, values={"reason": "Left of her own accord"}
        )
    row = db.session.scalars(select(CaseTransition).where(CaseTransition.trigger == CaseTrigger.WITHDRAW)).one()
    assert row.reason_sealed is not None
    assert b"accord" not in row.reason_sealed


def test_the_database_refuses_a_state_that_its_data_contradict(make_actor: MakeActor) -> None:
    reference = draft(make_actor(Role.CONSULAR_OFFICER))
    for state in ("submitted", "accepted", "decision_proposed", "transferred", "closed", "document_issued", "referred"):
        with pytest.raises(Exception, match=r"(?i)constraint"), unit_of_work():
            db.session.execute(text("UPDATE cases SET state = :s WHERE reference = :r"), {"s": state, "r": reference})
    assert db.session.scalar(select(Case.state).where(Case.reference == reference)) is CaseState.DRAFT


def test_a_stop_moves_the_date_and_keeps_the_former_one(make_actor: MakeActor, fixed_clock: object) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    reference = submitted(officer)
    before = service.get_case(actor=worker, reference=reference).reply_due_on
    today = clock.today()
    with unit_of_work():
        steps.record_stop(
            actor=worker,
            reference=reference,
            expected_version=None,
            values={
                "ground": StopGround.REMEDY_WITH_SUSPENSIVE_EFFECT,
                "from_on": today + timedelta(days=1),
                "to_on": today + timedelta(days=5),
                "note": "Court order",
            },
        )
    case = service.get_case(actor=worker, reference=reference)
    assert before is not None
    assert case.reply_due_on == before + timedelta(days=5)
    assert [row.due_on for row in queries.list_superseded_clocks(case.id) if row.kind == "reply"] == [before]


def test_a_stop_begins_and_ends_with_the_days_and_makes_nobodys_form_stale(make_actor: MakeActor) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    start = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    with clock.fixed(start):
        reference = submitted(officer)
        today = clock.today()
        with unit_of_work():
            steps.record_stop(
                actor=worker,
                reference=reference,
                expected_version=None,
                values={
                    "ground": StopGround.CRISIS_MEASURE,
                    "from_on": today + timedelta(days=2),
                    "to_on": today + timedelta(days=3),
                    "note": "Decree",
                },
            )
    version = service.get_case(actor=worker, reference=reference).version
    seen = []
    for day in range(5):
        with clock.fixed(start + timedelta(days=day)):
            stops.refresh_suspensions()
            db.session.expire_all()
            case = service.get_case(actor=worker, reference=reference)
            seen.append((case.is_suspended, clocks.is_suspended(case=case)))
    assert seen == [(False, False), (False, False), (True, True), (True, True), (False, False)]
    assert service.get_case(actor=worker, reference=reference).version == version
