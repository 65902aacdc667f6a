"""Decisions over the calendars and steps in the life of an agreement, through services, pages and open cases."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ercms.agreements import calendar_service, overlay, service, status_service
from ercms.agreements.change_enums import DayKind
from ercms.agreements.enums import AgreementStatus
from ercms.agreements.models import StatusRecord
from ercms.cases import queries as case_queries
from ercms.cases.clock_service import count_closed_since
from ercms.cases.models import Case
from ercms.core import clock, outbox
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import csrf_token, new_client
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState

pytestmark = pytest.mark.usefixtures("fixed_clock")
MakeActor = Callable[..., Actor]
READ = {"instrument": "Law of Montenegro", "article": "1", "reference": "Official Gazette 5/2026"}
IN_FORCE = AgreementStatus.IN_FORCE


def decide(actor: Actor, day: date, kind: DayKind, name: str = "", calendar: str = "AZ") -> None:
    with unit_of_work():
        values = {"day": day, "kind": kind, "name": name, "source": "Cabinet, No. 1"}
        calendar_service.decide_day(actor=actor, calendar=calendar, values=values)


def working(day: date) -> bool:
    return overlay.current().calendars["AZ"].is_working_day(day)


def propose(actor: Actor, agreement_id: str, status: AgreementStatus, on: date) -> str:
    with unit_of_work():
        values = {**READ, "status": status, "effective_on": on}
        return status_service.propose(
            actor=actor, agreement_id=agreement_id, values=values, count_closed=count_closed_since
        ).id


def confirm(actor: Actor, agreement_id: str, record_id: str) -> None:
    with unit_of_work():
        status_service.confirm(
            actor=actor, agreement_id=agreement_id, record_id=record_id, count_closed=count_closed_since
        )


def test_a_decided_day_counts_and_the_version_says_that_something_changed(make_actor: MakeActor) -> None:
    administrator, day = make_actor(Role.ADMINISTRATOR), date(2026, 12, 2)
    before = overlay.current().calendars["AZ"].version
    assert working(day)
    decide(administrator, day, DayKind.HOLIDAY, "Day of decision")
    assert not working(day)
    after = overlay.current().calendars["AZ"].version
    assert after != before
    with unit_of_work():
        calendar_service.withdraw_day(actor=administrator, calendar="AZ", day=day)
    assert working(day)
    assert overlay.current().calendars["AZ"].version == before
    shown = calendar_service.calendar_year(actor=administrator, calendar="AZ", year=2026)
    assert [one.ended_at is not None for one in shown.history] == [True]


def test_a_decision_wins_over_an_estimate(make_actor: MakeActor) -> None:
    administrator = make_actor(Role.ADMINISTRATOR)
    calendar = overlay.current().calendars["AZ"]
    estimated = min(day for day in calendar.estimated if day.year == 2027 and day.weekday() < 5)
    decide(administrator, estimated, DayKind.ORDINARY)
    assert working(estimated)
    assert estimated not in overlay.current().calendars["AZ"].estimated
    decide(administrator, estimated, DayKind.HOLIDAY, "Ramazan bayramı")
    assert not working(estimated)
    assert estimated not in overlay.current().calendars["AZ"].estimated


def test_a_weekend_can_be_worked_and_made_ordinary_again(make_actor: MakeActor) -> None:
    administrator, saturday = make_actor(Role.ADMINISTRATOR), date(2026, 12, 5)
    decide(administrator, saturday, DayKind.WORKING_WEEKEND)
    assert working(saturday)
    decide(administrator, saturday, DayKind.ORDINARY)
    assert not working(saturday)


@pytest.mark.parametrize(
    ("day", "kind", "name", "field"),
    [
        (date(2026, 12, 2), DayKind.WORKING_WEEKEND, "", "day"),
        (date(2026, 12, 2), DayKind.HOLIDAY, "", "name"),
        (date(2099, 1, 1), DayKind.HOLIDAY, "New Year", "day"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(
    make_actor: MakeActor, day: date, kind: DayKind, name: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        decide(make_actor(Role.ADMINISTRATOR), day, kind, name)
    assert list(refused.value.fields) == [field]


def test_only_an_administrator_decides_days_and_only_of_known_calendars(make_actor: MakeActor) -> None:
    with pytest.raises(PermissionRefused):
        decide(make_actor(Role.SUPERVISOR), date(2026, 12, 2), DayKind.HOLIDAY, "A day")
    with pytest.raises(NotFound):
        decide(make_actor(Role.ADMINISTRATOR), date(2026, 12, 2), DayKind.HOLIDAY, "A day", calendar="XX")
    with pytest.raises(Conflict), unit_of_work():
        calendar_service.withdraw_day(actor=make_actor(Role.ADMINISTRATOR), calendar="AZ", day=date(2026, 12, 2))


def test_a_changed_calendar_moves_open_dates_and_keeps_the_old_ones(make_actor: MakeActor) -> None:
    reference = make_case(Cast(), CaseState.ACCEPTED)
    outbox.deliver_due()
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    due = case.document_due_on
    assert due is not None
    decide(make_actor(Role.ADMINISTRATOR), due, DayKind.HOLIDAY, "Day of decision")
    outbox.deliver_due()
    case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
    assert case.document_due_on is not None
    assert case.document_due_on > due
    former = [row for row in case_queries.list_superseded_clocks(case.id) if row.kind == "document_issue"]
    current = next(row for row in case_queries.list_current_clocks(case.id) if row.kind == "document_issue")
    assert former[0].due_on == due
    assert former[0].calendar_version != current.calendar_version


def test_an_entry_into_force_counts_from_its_day_once_two_have_recorded_it(make_actor: MakeActor) -> None:
    first, second, on = make_actor(Role.ADMINISTRATOR), make_actor(Role.ADMINISTRATOR), date(2027, 1, 1)
    record_id = propose(first, "montenegro@2017", IN_FORCE, on)
    with pytest.raises(RuleRefused, match="own_proposal"):
        confirm(first, "montenegro@2017", record_id)
    assert service.agreement_for("ME", on) is None
    confirm(second, "montenegro@2017", record_id)
    found = service.agreement_for("ME", on)
    assert found is not None
    assert found.id == "montenegro@2017"
    assert service.agreement_for("ME", on - timedelta(days=1)) is None


def test_a_suspension_takes_new_requests_off_the_treaty_and_ends_again(make_actor: MakeActor) -> None:
    first, second = make_actor(Role.ADMINISTRATOR), make_actor(Role.ADMINISTRATOR)
    swiss = "switzerland@2017-04-01"
    confirm(second, swiss, propose(first, swiss, AgreementStatus.SUSPENDED, date(2026, 12, 1)))
    confirm(second, swiss, propose(first, swiss, IN_FORCE, date(2027, 2, 1)))
    in_force = [service.get_agreement(swiss).is_in_force(on) for on in (date(2026, 11, 30), date(2026, 12, 1))]
    assert in_force == [True, False]
    assert service.get_agreement(swiss).is_in_force(date(2027, 2, 1))


def test_two_agreements_in_force_with_one_state_are_refused(
    make_actor: MakeActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    montenegro = service.get_agreement("montenegro@2017")
    german = service.get_agreement("eu@2014-09-01").party("DE")
    assert german is not None
    both = replace(montenegro, partners=(german,))
    law = overlay.current()
    others = tuple(both if agreement.id == both.id else agreement for agreement in law.agreements)
    doubled = overlay.Law(others, {agreement.id: agreement for agreement in others}, law.calendars)
    monkeypatch.setattr(overlay, "_law_at", lambda mark: doubled)
    overlay.forget()
    with pytest.raises(InvalidInput, match="two_in_force"):
        propose(make_actor(Role.ADMINISTRATOR), "montenegro@2017", IN_FORCE, date(2027, 1, 1))
    assert db.session.scalars(select(StatusRecord)).all() == []


def test_a_day_of_effect_that_would_date_closed_cases_anew_is_refused(
    make_actor: MakeActor, fixed_clock: datetime
) -> None:
    make_case(Cast(), CaseState.WITHDRAWN)
    administrator, today = make_actor(Role.ADMINISTRATOR), clock.today()
    with pytest.raises(InvalidInput, match="closed_cases_after"):
        propose(administrator, "eu@2014-09-01", AgreementStatus.SUSPENDED, today)
    assert db.session.scalars(select(StatusRecord)).all() == []
    propose(administrator, "eu@2014-09-01", AgreementStatus.SUSPENDED, today + timedelta(days=1))


def test_a_step_that_is_on_record_is_refused(make_actor: MakeActor) -> None:
    with pytest.raises(InvalidInput, match="status_already_recorded"):
        propose(make_actor(Role.ADMINISTRATOR), "eu@2014-09-01", IN_FORCE, date(2020, 1, 1))


def test_only_administrators_record_steps(make_actor: MakeActor) -> None:
    with pytest.raises(PermissionRefused):
        propose(make_actor(Role.SUPERVISOR), "montenegro@2017", IN_FORCE, date(2027, 1, 1))


def test_administrators_keep_calendars_and_statuses_on_their_pages(
    app: Flask, make_user: Callable[..., Any], sign_in: Callable[..., Any]
) -> None:
    first, second = new_client(app), new_client(app)
    sign_in(first, make_user(Role.ADMINISTRATOR))
    sign_in(second, make_user(Role.ADMINISTRATOR))
    page = "/agreements/calendars/AZ/2026"
    assert first.get("/agreements/calendars").location == page
    token = csrf_token(first.get(page).text)
    day = {"day": "2026-12-02", "kind": "holiday", "name": "Day of decision", "source": "Cabinet 7"}
    assert first.post(page, data={**day, "csrf_token": token}).status_code == 302
    assert "Cabinet 7" in first.get(page).text
    bad = first.post(page, data={**day, "name": "", "day": "2026-12-03", "csrf_token": token})
    assert bad.status_code == 422
    assert "needs its name" in bad.text
    assert first.post(f"{page}/2026-12-02/withdraw", data={"csrf_token": token}).status_code == 302
    status = "/agreements/montenegro@2017/status"
    step = {**READ, "status": "in_force", "effective_on": "2027-01-01"}
    assert first.post(status, data={**step, "csrf_token": token}).status_code == 302
    assert "second administrator has to confirm" in first.get(status).text
    found = re.search(r'action="([^"]+/confirm)"', second.get(status).text)
    assert found
    assert second.post(found[1], data={"csrf_token": csrf_token(second.get(status).text)}).status_code == 302
    assert service.get_agreement("montenegro@2017").is_in_force(date(2027, 1, 1))
    assert "Official Gazette 5/2026" in second.get(status).text
