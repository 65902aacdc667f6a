"""The tables from real cases: what is counted, what is left out, and who sees how much."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from ercms.accounts.service import UserSummary
from ercms.cases.models import Case
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import NotFound, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.statistics import service
from ercms.statistics.enums import Column, TableName
from ercms.statistics.service import OTHERS, Figures, Overview
from tests.factories.cases import Cast, act, make_case
from workflows.agreement_files import load_internal
from workflows.readmission import CaseState, CaseTrigger

SPRING = datetime(2026, 4, 14, 8, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

MakeActor = Callable[..., Actor]


@pytest.fixture
def worker(make_actor: MakeActor) -> Actor:
    return make_actor(Role.CASE_WORKER)


@pytest.fixture
def analyst(make_actor: MakeActor) -> Actor:
    return make_actor(Role.ANALYST)


def overview(actor: Actor, year: int | None = 2026) -> Overview:
    with clock.fixed(NOW), unit_of_work():
        return service.make_overview(actor=actor, year=year)


def table(made: Overview, name: TableName) -> Figures:
    return next(figures for figures in made.tables if figures.name is name)


def value(figures: Figures, state: str, column: str) -> int | None:
    row = next(row for row in figures.rows if row.state == state)
    return row.values[figures.columns.index(column)]


def make_cases(state: str, count: int, reached: CaseState = CaseState.SUBMITTED) -> list[str]:
    cast = Cast(state)
    with clock.fixed(SPRING):
        return [make_case(cast, reached) for _ in range(count)]


def test_those_who_may_open_cases_see_the_counts_as_they_are(app: Flask, worker: Actor) -> None:
    make_cases("DE", 2)
    make_cases("CH", 1, CaseState.REFUSED)
    made = overview(worker)
    received = table(made, TableName.RECEIVED)
    assert (value(received, "DE", "2026-2"), value(received, "CH", "2026-2")) == (2, 1)
    assert received.totals == (0, 3, 0, 0, 3)
    assert value(table(made, TableName.DECISIONS), "CH", Column.REFUSED) == 1
    assert value(table(made, TableName.UNANSWERED), "DE", Column.OVERDUE) == 2
    assert not any(figures.has_hidden for figures in made.tables)


def test_an_answer_is_in_time_late_or_without_a_limit(app: Flask, worker: Actor) -> None:
    cast = Cast("DE")
    with clock.fixed(SPRING):
        make_case(cast, CaseState.REFUSED)
        late = make_case(cast, CaseState.DECISION_PROPOSED)
        far = Cast("PK")
        without = make_case(far, CaseState.UNDER_VERIFICATION)
        ground = load_internal().list_of("diplomatic_acceptance_grounds")[0].code
        act(far.worker, without, CaseTrigger.PROPOSE_ACCEPTANCE, ground=ground, reasons="The register knows them.")
        act(far.supervisor, without, CaseTrigger.CONFIRM_ACCEPTANCE)
    with clock.fixed(MAY):
        act(cast.supervisor, late, CaseTrigger.CONFIRM_ACCEPTANCE)
    replies = table(overview(worker), TableName.REPLIES)
    assert (value(replies, "DE", Column.IN_TIME), value(replies, "DE", Column.LATE)) == (1, 1)
    assert value(replies, "PK", Column.NO_LIMIT) == 1


def test_documents_transfers_and_referrals_are_counted_when_they_happen(app: Flask, worker: Actor) -> None:
    make_cases("DE", 1, CaseState.REFERRED)
    make_cases("DE", 1, CaseState.TRANSFER_FAILED)
    made = overview(worker)
    assert table(made, TableName.DOCUMENTS).totals == (0, 2, 0, 0, 2)
    assert table(made, TableName.TRANSFERS).totals == (1, 1, 2)
    assert table(made, TableName.REFERRALS).totals == (1, 0, 1)


def test_a_sealed_case_is_counted_nowhere(app: Flask, worker: Actor) -> None:
    reference = make_cases("DE", 2, CaseState.REFERRED)[0]
    with unit_of_work():
        db.session.execute(update(Case).where(Case.reference == reference).values(is_sealed=True))
    made = overview(worker)
    totals = {figures.name: figures.totals[-1] for figures in made.tables}
    assert totals[TableName.RECEIVED] == totals[TableName.DOCUMENTS] == totals[TableName.TRANSFERS] == 1


def test_a_draft_is_not_received(app: Flask, worker: Actor) -> None:
    make_cases("DE", 1, CaseState.DRAFT)
    assert not any(figures.rows for figures in overview(worker, None).tables)


def test_others_see_small_states_together_and_no_small_number(app: Flask, analyst: Actor) -> None:
    make_cases("DE", 6)
    make_cases("CH", 2)
    make_cases("NO", 3)
    made = overview(analyst)
    received = table(made, TableName.RECEIVED)
    assert made.is_suppressed
    assert {row.state for row in received.rows} == {"DE", OTHERS}
    assert made.folded == ("CH", "NO")
    assert value(received, OTHERS, "2026-2") == 5
    for figures in made.tables:
        for row in (*(row.values for row in figures.rows), figures.totals):
            assert all(number is None or number == 0 or number >= 5 for number in row)


def test_when_few_are_answered_no_table_shows_how_many(app: Flask, analyst: Actor) -> None:
    make_cases("DE", 8)
    make_cases("DE", 1, CaseState.REFUSED)
    made = overview(analyst)
    assert table(made, TableName.RECEIVED).totals[-1] == 9
    assert {figures.name for figures in made.tables}.isdisjoint({TableName.DECISIONS, TableName.UNANSWERED})
    replies = table(made, TableName.REPLIES)
    assert value(replies, "DE", Column.IN_TIME) is None
    assert value(replies, "DE", Column.UNANSWERED) is None


def test_others_see_a_quarter_once_it_has_ended(app: Flask, analyst: Actor, worker: Actor) -> None:
    with clock.fixed(NOW):
        make_case(Cast("DE"), CaseState.SUBMITTED)
    assert overview(worker).quarters == ("2026-1", "2026-2", "2026-3", "2026-4")
    assert overview(analyst, None).tables == ()
    make_cases("DE", 1)
    assert overview(analyst).quarters == ("2026-1", "2026-2", "2026-3")


def test_minors_alone_are_told_in_steps_so_that_one_sealed_case_cannot_be_seen(
    app: Flask, analyst: Actor, worker: Actor
) -> None:
    references = make_cases("DE", 7)

    def told(amount: int) -> tuple[int | None, int | None]:
        with unit_of_work():
            chosen = Case.reference.in_(references[:amount])
            db.session.execute(update(Case).where(chosen).values(is_minor_alone=True, is_sealed=amount % 2 == 0))
        return overview(worker).minors_alone, overview(analyst).minors_alone

    assert told(4) == (None, None)
    assert told(5) == told(6) == (5, 5)


def test_a_day_belongs_to_the_quarter_that_it_has_in_baku(app: Flask, worker: Actor) -> None:
    with clock.fixed(datetime(2026, 3, 31, 20, 30, tzinfo=UTC)):
        make_case(Cast("DE"), CaseState.SUBMITTED)
    assert table(overview(worker), TableName.RECEIVED).totals == (0, 1, 0, 0, 1)


def test_a_year_without_cases_is_not_found(app: Flask, worker: Actor) -> None:
    make_cases("DE", 1)
    with pytest.raises(NotFound):
        overview(worker, 2019)


@pytest.mark.parametrize("role", [Role.CONSULAR_OFFICER, Role.VERIFIER, Role.DATA_PROTECTION_OFFICER])
def test_other_roles_see_no_statistics(app: Flask, make_actor: MakeActor, role: Role) -> None:
    with pytest.raises(PermissionRefused):
        overview(make_actor(role))


def test_the_page_shows_the_tables_with_their_charts(
    client: FlaskClient, make_user: Callable[..., UserSummary], sign_in: Callable[..., TestResponse]
) -> None:
    make_cases("DE", 6)
    with clock.fixed(NOW):
        sign_in(client, make_user(Role.ANALYST))
        page = client.get("/statistics")
        assert page.status_code == 200
        assert client.get("/statistics?year=1").status_code == 400
    assert page.text.count("<svg") >= 1
    assert "Numbers below 5 are hidden" in page.text
    assert "style=" not in page.text
