"""The end of the silence guard: a case lapses, and a sealed record says who had been warned of it when."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from ercms.agreements import verification_service
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases import silence_service
from ercms.cases.silence_service import SilenceView
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.notifications import service, watch
from tests.conftest import Client
from tests.factories.accounts import make_user
from tests.factories.cases import Cast, act, make_case
from workflows.readmission import CaseState, CaseTrigger

pytestmark = pytest.mark.usefixtures("app")
MakeActor = Callable[..., Actor]
# Fifteen calendar days after Monday 6 April end on Tuesday 21 April.
START = datetime(2026, 4, 6, 8, tzinfo=UTC)
DUE = date(2026, 4, 21)
EU = "eu@2014-09-01"
READ = {
    "instrument": "EU-Azerbaijan readmission agreement",
    "article": "11",
    "reference": "OJ L 128, p. 17",
    "note": "",
}
VERIFIED = {
    "reply.normal": {"value": "15", "unit": "calendar_days"},
    "reply.start_event": {"value": "receipt", "unit": None},
    "reply.silence": {"value": "deemed_consent", "unit": None},
}


def _at(day: date, hour: int = 6) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _verify(make_actor: MakeActor) -> None:
    first, second = make_actor(Role.SUPERVISOR), make_actor(Role.ADMINISTRATOR)
    for term, reading in VERIFIED.items():
        with unit_of_work():
            record = verification_service.propose(
                actor=first, agreement_id=EU, term_name=term, values={**READ, **reading}
            )
        with unit_of_work():
            verification_service.confirm(actor=second, agreement_id=EU, record_id=record.id)


def _case(cast: Cast) -> str:
    _ = cast.supervisor
    with clock.fixed(START):
        return make_case(cast)


def _look(day: date) -> None:
    with clock.fixed(_at(day)):
        watch.warn_of_limits()


def _record(cast: Cast, reference: str) -> SilenceView:
    case = cases.get_case(actor=cast.worker, reference=reference)
    view = silence_service.for_reader(actor=cast.worker, case=case)
    assert view is not None
    return view


def _state(cast: Cast, reference: str) -> CaseState:
    return cases.get_case(actor=cast.worker, reference=reference).state


def test_the_record_says_who_was_warned_when_and_is_signed(make_actor: MakeActor) -> None:
    cast = Cast()
    with clock.fixed(START):
        _verify(make_actor)
    reference = _case(cast)
    for day in range(1, 16):
        _look(START.date() + timedelta(days=day))
    with clock.fixed(_at(DUE + timedelta(days=1))):
        watch.record_passed_limits()
    assert _state(cast, reference) is CaseState.LAPSED
    view = _record(cast, reference)
    # Half of fifteen days is Tuesday 14 April; on Saturday 18 the step of three days overtakes that of three quarters;
    # the last day is a working day, so that no step stands in for it.
    assert [(line.step, line.due_on) for line in view.warnings] == [
        ("half", date(2026, 4, 14)),
        ("three_days", date(2026, 4, 18)),
        ("one_day", date(2026, 4, 20)),
        ("last_day", DUE),
        ("passed", date(2026, 4, 22)),
    ]
    assert [line.given_at.date() if line.given_at else None for line in view.warnings] == [
        line.due_on for line in view.warnings
    ]
    assert not view.missed
    assert {f"u:{cast.worker.user_id}", f"o:{cast.authority.id}"} & set(view.warnings[-1].told)
    assert (view.due_on, view.is_by_system, view.is_genuine, view.agrees_with_audit) == (DUE, True, True, True)
    names = silence_service.names_in(view)
    assert cast.authority.name in names.values()
    case = cases.get_case(actor=cast.worker, reference=reference)
    lines = audit.history(chain=audit.case_chain(case.id))
    sealed = [line for line in lines if line.action is AuditAction.SILENCE_SEALED]
    assert sealed[0].payload["digest"] == silence_service.digest_of(view.statement)


def test_after_three_days_without_a_worker_the_warning_comes_first_and_the_record_says_what_was_missed(
    make_actor: MakeActor,
) -> None:
    cast = Cast()
    with clock.fixed(START):
        _verify(make_actor)
    reference = _case(cast)
    for day in range(1, 14):
        _look(START.date() + timedelta(days=day))
    # The worker stood still on 20, 21 and 22 April; on the 23rd one look catches up.
    with clock.fixed(_at(date(2026, 4, 23))):
        watch.record_passed_limits()
    assert _state(cast, reference) is CaseState.LAPSED
    events = [notice.event for notice in service.list_own(actor=cast.supervisor)]
    assert "deadline.reply.passed" in events
    view = _record(cast, reference)
    assert [line.step for line in view.missed] == ["one_day", "last_day"]
    passed = view.warnings[-1]
    assert (passed.step, passed.is_late) == ("passed", True)
    case = cases.get_case(actor=cast.worker, reference=reference)
    lines = audit.history(chain=audit.case_chain(case.id))
    order = [line.payload.get("trigger") or line.payload.get("step") for line in lines]
    assert order.index("passed") < order.index("lapse")


def test_a_record_that_was_changed_afterwards_is_not_genuine() -> None:
    cast = Cast()
    reference = _case(cast)
    with clock.fixed(_at(DUE + timedelta(days=2))):
        act(cast.supervisor, reference, CaseTrigger.LAPSE)
    assert _record(cast, reference).is_genuine
    assert not _record(cast, reference).is_by_system
    db.session.execute(text("UPDATE silence_records SET statement = replace(statement, '2026-04-21', '2026-05-21')"))
    db.session.expire_all()
    changed = _record(cast, reference)
    assert (changed.is_genuine, changed.agrees_with_audit) == (False, False)
    db.session.rollback()


def test_deemed_consent_waits_for_verified_terms_and_a_supervisor(make_actor: MakeActor) -> None:
    cast = Cast()
    reference = _case(cast)
    with clock.fixed(_at(DUE + timedelta(days=2))):
        act(cast.supervisor, reference, CaseTrigger.LAPSE)
        with pytest.raises(RuleRefused, match="silence_term_not_verified"):
            act(cast.supervisor, reference, CaseTrigger.RECORD_DEEMED_CONSENT)
        _verify(make_actor)
        with pytest.raises(PermissionRefused):
            act(cast.worker, reference, CaseTrigger.RECORD_DEEMED_CONSENT)
        act(cast.supervisor, reference, CaseTrigger.RECORD_DEEMED_CONSENT)
        case = cases.get_case(actor=cast.worker, reference=reference)
        assert (case.state, case.consent_deemed_on) == (CaseState.ACCEPTED, DUE)


def test_the_other_side_never_reads_the_record() -> None:
    cast = Cast()
    reference = _case(cast)
    with clock.fixed(_at(DUE + timedelta(days=2))):
        act(cast.supervisor, reference, CaseTrigger.LAPSE)
    case = cases.get_case(actor=cast.requester, reference=reference)
    assert silence_service.for_reader(actor=cast.requester, case=case) is None


def test_the_case_page_and_the_audit_show_the_record(client: Client, sign_in: Callable[..., object]) -> None:
    cast = Cast()
    reference = _case(cast)
    _look(date(2026, 4, 20))
    with clock.fixed(_at(DUE + timedelta(days=2))):
        act(cast.supervisor, reference, CaseTrigger.LAPSE)
        sign_in(client, make_user(Role.SUPERVISOR, organisation=cast.service))
        page = client.get(f"/cases/{reference}/dates").text
        assert "Who was warned before the limit passed" in page
        assert "sealed and unchanged" in page
        assert "4 warnings of the schedule were never given" in page
    with clock.fixed(_at(DUE + timedelta(days=2))):
        officer = client.application.test_client()
        sign_in(officer, make_user(Role.DATA_PROTECTION_OFFICER, organisation=cast.service))
        audit_page = officer.get(f"/audit/cases/{reference}").text
        assert "sealed and unchanged" in audit_page
