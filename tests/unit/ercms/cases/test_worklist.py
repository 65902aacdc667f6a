"""Lists show what the actor may see, in the order of what runs out first, page by page without gap or repeat."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ercms.audit import service as audit
from ercms.cases import service, steps, worklist
from ercms.cases.models import Case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.persons import service as persons
from ercms.vault.enums import Compartment
from tests.unit.ercms.cases.test_service import draft, submitted

MakeActor = Callable[..., Actor]
START = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def received_on_several_days(officer: Actor, worker: Actor, count: int) -> list[str]:
    """Make acknowledged cases, one a day, and return their references in the order of their receipt."""
    references = []
    for day in range(count):
        with clock.fixed(START + timedelta(days=day)):
            reference = submitted(officer)
            with unit_of_work():
                steps.acknowledge(actor=worker, reference=reference, expected_version=None, values={})
            references.append(reference)
    return references


def test_what_runs_out_first_stands_first(make_actor: MakeActor) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    references = received_on_several_days(officer, worker, 4)
    with clock.fixed(START + timedelta(days=5)), unit_of_work():
        page = worklist.list_queue(actor=worker, wanted={})
    assert [row.reference for row in page.rows] == references
    assert page.total == 4


def test_pages_follow_each_other_without_gap_or_repeat(make_actor: MakeActor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "PAGE_SIZE", 2)
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    references = received_on_several_days(officer, worker, 5)
    seen: list[str] = []
    cursor: str | None = None
    with clock.fixed(START + timedelta(days=6)), unit_of_work():
        for _ in range(3):
            page = worklist.list_queue(actor=worker, wanted={"cursor": cursor} if cursor else {})
            seen += [row.reference for row in page.rows]
            cursor = page.next_cursor
    assert seen == references
    assert cursor is None


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "e30", "WyJub3QtYS1kYXkiLCAiYWIiXQ"])
def test_a_cursor_that_was_tampered_with_is_bad_input(make_actor: MakeActor, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        worklist.list_queue(actor=make_actor(Role.CASE_WORKER), wanted={"cursor": cursor})


def test_a_case_without_a_date_stands_last(make_actor: MakeActor) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    other = make_actor(Role.CONSULAR_OFFICER, organisation=None)
    with clock.fixed(START):
        dated = submitted(officer)
        undated = submitted(other)
        with unit_of_work():
            case = service.get_case(actor=worker, reference=undated)
            case.agreement_id = None
            steps.acknowledge(actor=worker, reference=undated, expected_version=None, values={})
        with unit_of_work():
            page = worklist.list_queue(actor=worker, wanted={})
    assert [(row.reference, row.next_due_on is None) for row in page.rows] == [(dated, False), (undated, True)]


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.REINTEGRATION_PARTNER, Role.ANALYST, Role.ADMINISTRATOR])
def test_a_role_without_case_work_has_no_condition_that_lets_a_case_through(make_actor: MakeActor, role: Role) -> None:
    submitted(make_actor(Role.CONSULAR_OFFICER))
    assert str(worklist.visible_to(make_actor(role))) == "false"


def test_an_organisation_sees_its_own_and_a_mission_its_host_states_but_no_draft(
    make_actor: MakeActor, make_organisation: Callable[..., object]
) -> None:
    german, swiss = (
        make_actor(
            Role.CONSULAR_OFFICER,
            organisation=make_organisation(OrganisationKind.REQUESTING_AUTHORITY, states=[state]),
        )
        for state in ("DE", "CH")
    )
    mission = make_actor(Role.CONSULAR_OFFICER, organisation=make_organisation(OrganisationKind.MISSION, states=["DE"]))
    sent, hidden, foreign = submitted(german), draft(german), submitted(swiss)
    with unit_of_work():
        own = {row.reference for row in worklist.list_own(actor=german, wanted={}).rows}
        hosted = {row.reference for row in worklist.list_own(actor=mission, wanted={}).rows}
    assert own == {sent, hidden}
    assert hosted == {sent}
    assert foreign not in own | hosted


def test_a_search_finds_only_what_the_actor_may_see_and_keeps_the_term_from_the_audit(make_actor: MakeActor) -> None:
    officer, worker = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CASE_WORKER)
    stranger = make_actor(Role.CONSULAR_OFFICER, organisation=None)
    reference = submitted(officer)
    with unit_of_work():
        person_id = service.get_case(actor=worker, reference=reference).principal_person_id
        persons.write_compartment(
            person_id=person_id, compartment=Compartment.DOCUMENTS, values={"document_number": "C01234567"}
        )
    with unit_of_work():
        found = [row.reference for row in worklist.search(actor=worker, text="c 01234567")]
        unseen = worklist.search(actor=stranger, text="C01234567")
    assert found == [reference]
    assert unseen == ()
    entries = audit.history(chain=f"org:{worker.organisation_id}")
    assert "case.searched" in {entry.action for entry in entries}
    assert "01234567" not in str(entries)


def test_cases_are_assigned_all_or_none(make_actor: MakeActor) -> None:
    officer, worker, supervisor = (make_actor(r) for r in (Role.CONSULAR_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR))
    reference = submitted(officer)
    with pytest.raises(NotFound), unit_of_work():
        worklist.assign(actor=supervisor, references=[reference, "RA-2026-0000000-0"], officer_id=worker.user_id)
    assert _case(supervisor, reference).assigned_to_id is None
    with unit_of_work():
        assert worklist.assign(actor=supervisor, references=[reference], officer_id=worker.user_id) == 1
    assert _case(supervisor, reference).assigned_to_id == worker.user_id


def test_nobody_outside_case_work_can_be_given_a_case(make_actor: MakeActor) -> None:
    reference = submitted(make_actor(Role.CONSULAR_OFFICER))
    analyst = make_actor(Role.ANALYST)
    with pytest.raises(InvalidInput):
        worklist.assign(actor=make_actor(Role.SUPERVISOR), references=[reference], officer_id=analyst.user_id)


def _case(actor: Actor, reference: str) -> Case:
    return service.get_case(actor=actor, reference=reference)
