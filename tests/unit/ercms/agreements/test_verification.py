"""Verifying a term: two persons, from the confirmation on, in every process, and through to the open cases."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ercms.agreements import change_service, overlay, service, verification_service
from ercms.agreements.change_enums import ProposalState
from ercms.agreements.enums import CaseKind, Event, Procedure, Unit
from ercms.agreements.models import TermVerification
from ercms.audit import service as audit
from ercms.cases import queries as case_queries
from ercms.cases import recomputing_service
from ercms.cases.models import Case
from ercms.core import clock, outbox
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.notifications import service as notices
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState
from workflows.terms import Confidence

EU = "eu@2014-09-01"
READ = {"instrument": "Agreement EU-Azerbaijan", "article": "11(2)", "reference": "OJ L 128, 30.4.2014, p. 17"}
ACTS = pytest.mark.usefixtures("fixed_clock")
MakeActor = Callable[..., Actor]


def propose(actor: Actor, value: str = "15", unit: str | None = "calendar_days", term: str = "reply.normal") -> str:
    with unit_of_work():
        values = {**READ, "value": value, "unit": unit}
        return verification_service.propose(actor=actor, agreement_id=EU, term_name=term, values=values).id


def confirm(actor: Actor, record_id: str) -> None:
    with unit_of_work():
        verification_service.confirm(actor=actor, agreement_id=EU, record_id=record_id)


def verify(make_actor: MakeActor, value: str, unit: str | None = None, term: str = "reply.normal") -> None:
    confirm(make_actor(Role.ADMINISTRATOR), propose(make_actor(Role.SUPERVISOR), value, unit, term))


@ACTS
def test_a_term_counts_as_verified_from_the_confirmation_on(make_actor: MakeActor) -> None:
    record_id = propose(make_actor(Role.SUPERVISOR))
    assert service.get_agreement(EU).term("reply.normal").confidence is Confidence.REPORTED
    confirm(make_actor(Role.SUPERVISOR), record_id)
    term = service.get_agreement(EU).term("reply.normal")
    assert (term.value, term.unit, term.confidence) == (15, Unit.CALENDAR_DAYS, Confidence.VERIFIED)
    assert (term.source.article, term.source.reference) == ("11(2)", READ["reference"])
    assert term.starts_on == ("receipt",)
    assert next(a for a in service.list_agreements() if a.id == EU).term("reply.normal").is_verified


@ACTS
def test_a_clock_and_the_guards_rest_on_the_verified_term(make_actor: MakeActor) -> None:
    facts: dict[str, Any] = {"agreement_id": EU, "state": "DE", "kind": CaseKind.OWN_NATIONAL}
    assert not service.case_rules(**facts, procedure=Procedure.NORMAL).reply_term_is_verified
    verify(make_actor, "20", "calendar_days")
    verify(make_actor, "receipt", None, "reply.start_event")
    verify(make_actor, "deemed_consent", None, "reply.silence")
    rules = service.case_rules(**facts, procedure=Procedure.NORMAL)
    assert rules.reply_term_is_verified
    assert rules.silence_term_is_verified
    reply = service.clocks(**facts, procedure=Procedure.NORMAL, events={Event.RECEIPT: date(2026, 11, 2)})[0]
    assert (reply.due_on, reply.has_legal_effect) == (date(2026, 11, 22), True)


@ACTS
def test_nobody_confirms_their_own_reading(make_actor: MakeActor) -> None:
    supervisor = make_actor(Role.SUPERVISOR)
    record_id = propose(supervisor)
    with pytest.raises(RuleRefused, match="own_proposal"):
        confirm(supervisor, record_id)
    assert db.session.get_one(TermVerification, record_id).state is ProposalState.PROPOSED


@ACTS
@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.ADMINISTRATOR, Role.CONSULAR_OFFICER])
def test_only_a_supervisor_proposes(make_actor: MakeActor, role: Role) -> None:
    with pytest.raises(PermissionRefused):
        propose(make_actor(role))


@ACTS
def test_a_case_worker_does_not_confirm(make_actor: MakeActor) -> None:
    record_id = propose(make_actor(Role.SUPERVISOR))
    with pytest.raises(PermissionRefused):
        confirm(make_actor(Role.CASE_WORKER), record_id)


@ACTS
def test_a_reading_is_decided_once_and_a_second_one_waits_for_the_first(make_actor: MakeActor) -> None:
    supervisor, other = make_actor(Role.SUPERVISOR), make_actor(Role.SUPERVISOR)
    record_id = propose(supervisor)
    with pytest.raises(Conflict, match="term_already_proposed"):
        propose(other)
    confirm(other, record_id)
    with pytest.raises(Conflict, match="proposal_already_decided"):
        confirm(other, record_id)
    propose(supervisor, "16")


@ACTS
def test_a_rejected_reading_changes_nothing_and_stays_in_the_history(make_actor: MakeActor) -> None:
    supervisor = make_actor(Role.SUPERVISOR)
    record_id = propose(supervisor)
    with unit_of_work():
        verification_service.reject(actor=supervisor, agreement_id=EU, record_id=record_id)
    assert service.get_agreement(EU).term("reply.normal").confidence is Confidence.REPORTED
    (reading,) = verification_service.list_readings(actor=supervisor, agreement_id=EU)
    assert reading.state is ProposalState.REJECTED
    assert change_service.list_changes(actor=supervisor) == ()


@ACTS
@pytest.mark.parametrize(
    ("term", "value", "unit", "field", "says"),
    [
        ("reply.normal", "-15", "calendar_days", "value", "one or more"),
        ("reply.normal", "0", "calendar_days", "value", "one or more"),
        ("reply.normal", "15", "fortnights", "unit", "no such unit"),
        ("reply.normal", "15", None, "unit", "needs a unit"),
        ("reply.normal", "15", "kilometres", "unit", "is counted in"),
        ("transfer.notice", "3", "calendar_days", "unit", "working days only"),
        ("reply.normal", "soon", None, "value", "cannot have"),
        ("reply.silence", "unknown", None, "value", "cannot have"),
        ("reply.silence", "none", "months", "unit", "Only a number"),
        ("reply.start_event", "yesterday", None, "value", "cannot have"),
        ("refusal.in_writing", "perhaps", None, "value", "cannot have"),
    ],
)
def test_a_value_that_the_term_cannot_have_is_refused_with_the_reason(
    make_actor: MakeActor, term: str, value: str, unit: str | None, field: str, says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        propose(make_actor(Role.SUPERVISOR), value, unit, term)
    assert says in refused.value.fields[field][0]
    assert db.session.scalars(select(TermVerification)).all() == []


@ACTS
def test_there_is_no_reading_of_what_the_agreement_does_not_speak_of(make_actor: MakeActor) -> None:
    with pytest.raises(NotFound):
        propose(make_actor(Role.SUPERVISOR), term="reply.imagined")


@ACTS
def test_each_act_is_on_record(make_actor: MakeActor) -> None:
    verify(make_actor, "15", "calendar_days")
    lines = audit.history(chain="system")
    acts = [(line.action.value, line.payload["term"]) for line in lines if line.action.value.startswith("term.")]
    assert acts == [("term.proposed", "reply.normal"), ("term.verified", "reply.normal")]


@ACTS
def test_a_change_that_was_rolled_back_is_forgotten(make_actor: MakeActor) -> None:
    record_id = propose(make_actor(Role.SUPERVISOR))
    administrator = make_actor(Role.ADMINISTRATOR)

    def confirm_and_fail() -> None:
        with unit_of_work():
            verification_service.confirm(actor=administrator, agreement_id=EU, record_id=record_id)
            assert service.get_agreement(EU).term("reply.normal").is_verified
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        confirm_and_fail()
    assert not service.get_agreement(EU).term("reply.normal").is_verified


@ACTS
def test_another_process_sees_the_change_with_its_next_transaction(make_actor: MakeActor) -> None:
    before = overlay.current()
    verify(make_actor, "15", "calendar_days")
    db.session.rollback()
    after = overlay.current()
    assert after is not before
    assert overlay.current() is after
    with overlay.files_only():
        assert overlay.current().agreements == before.agreements


@ACTS
def test_the_law_is_read_without_an_application() -> None:
    assert overlay.current().by_id[EU].id == EU


def _due(reference: str) -> tuple[date | None, list[str]]:
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    former = [row.kind for row in case_queries.list_superseded_clocks(case.id)]
    return case.reply_due_on, former


@ACTS
def test_open_cases_are_computed_anew_and_their_officers_told(
    app: Flask, make_actor: MakeActor, fixed_clock: datetime
) -> None:
    cast = Cast()
    reference = make_case(cast)
    outbox.deliver_due()
    before, former = _due(reference)
    with unit_of_work():
        case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
        case.assigned_to_id = cast.worker.user_id
    verify(make_actor, "20", "calendar_days")
    outbox.deliver_due()
    after, superseded = _due(reference)
    assert before is not None
    assert after is not None
    assert (after - before).days == 5
    assert superseded.count("reply") == former.count("reply") + 1
    told = notices.list_own(actor=cast.worker)
    assert [n.event for n in told if n.case_reference == reference and n.is_mine] == ["dates_moved"]
    (change,) = change_service.list_changes(actor=cast.worker)
    assert (change.cases_done, change.cases_moved, change.cases_total, change.percent) == (1, 1, 1, 100)


@ACTS
def test_a_recomputation_goes_on_where_it_was_interrupted(
    make_actor: MakeActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast()
    references = [make_case(cast) for _ in range(3)]
    outbox.deliver_due()
    before = {reference: _due(reference)[0] for reference in references}
    monkeypatch.setattr(recomputing_service, "BATCH", 1)
    verify(make_actor, "20", "calendar_days")
    outbox.deliver_due(limit=2)
    half = change_service.list_changes(actor=cast.worker)[0]
    assert 0 < half.cases_done < 3
    assert half.finished_at is None
    outbox.deliver_due()
    whole = change_service.list_changes(actor=cast.worker)[0]
    assert (whole.cases_done, whole.cases_moved, whole.percent) == (3, 3, 100)
    assert all((_due(r)[0] or date.min) > (before[r] or date.max) for r in references)


@ACTS
def test_a_limit_that_has_ended_keeps_its_day(make_actor: MakeActor) -> None:
    cast = Cast()
    reference = make_case(cast, CaseState.ACCEPTED)
    outbox.deliver_due()
    before, _ = _due(reference)
    verify(make_actor, "20", "calendar_days")
    outbox.deliver_due()
    after, _ = _due(reference)
    assert before is not None
    assert after == before


@ACTS
def test_a_later_change_of_the_same_agreement_takes_over(make_actor: MakeActor, fixed_clock: datetime) -> None:
    cast = Cast()
    reference = make_case(cast)
    outbox.deliver_due()
    verify(make_actor, "20", "calendar_days")
    with clock.fixed(fixed_clock + timedelta(minutes=1)):
        verify(make_actor, "30", "calendar_days")
        outbox.deliver_due()
    newer, older = change_service.list_changes(actor=cast.worker)
    assert (newer.cases_done, older.cases_done) == (1, 0)
    assert older.finished_at is not None
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    assert case.submitted_at is not None
    assert case.reply_due_on is not None
    assert (case.reply_due_on - case.submitted_at.date()).days == 30
