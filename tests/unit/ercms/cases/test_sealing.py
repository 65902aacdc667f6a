"""A sealed case is there for its named readers, and for everybody else as if it had never been."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.casefile import page as casefile
from ercms.cases import drafting, lookup_service, sealing_service, seals, service, sight, worklist
from ercms.cases.enums import SealGround
from ercms.cases.models import Case
from ercms.core import outbox
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.identity import search_service
from ercms.notifications import service as notifications
from ercms.persons.enums import Vulnerability
from ercms.reintegration import partner_service
from ercms.returns import arrival_service
from ercms.travel_documents import listing_service
from ercms.vault.enums import Compartment
from ercms.verification import inquiry_reading
from tests.conftest import Client, csrf_token, new_client
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, act, make_case, make_draft, usual_act
from workflows.readmission import CaseState, CaseTrigger

S = CaseState

pytestmark = pytest.mark.usefixtures("app", "fixed_clock")


@pytest.fixture
def cast(app: Flask) -> Cast:
    made = Cast()
    assert all((made.mission, made.supervisor, made.border))
    return made


def seal(cast: Cast, reference: str) -> None:
    with unit_of_work():
        sealing_service.seal(
            actor=cast.supervisor, reference=reference, expected_version=None, ground=SealGround.OTHER, reason="Threats"
        )


def name(cast: Cast, reference: str, *actors: Actor) -> None:
    with unit_of_work():
        for one in actors:
            sealing_service.add_reader(
                actor=cast.supervisor, reference=reference, expected_version=None, user_id=one.user_id, reason="Needed"
            )


def references_seen(actor: Actor) -> set[str]:
    """Return every reference that any list of this actor holds, and what a search for the person finds."""
    found: set[str] = set()
    with unit_of_work():
        for ask in (
            lambda: [row.reference for row in worklist.list_queue(actor=actor, wanted={}).rows],
            lambda: [row.reference for row in worklist.list_own(actor=actor, wanted={}).rows],
            lambda: [row.reference for row in worklist.search(actor=actor, text="5ZK7QXA")],
            lambda: [hit.row.reference for hit in search_service.search_by_name(actor=actor, name="Şıxəliyev Rəşad")],
            lambda: [line.reference for line in listing_service.list_requested(actor=actor).lines],
            lambda: [
                one.reference for lines in arrival_service.list_transfers(actor=actor).spans.values() for one in lines
            ],
            lambda: [row.reference for rows in inquiry_reading.list_for(actor=actor) for row in rows],
            lambda: [row.reference for row in partner_service.list_referrals(actor=actor)],
            lambda: [one.case_reference or "" for one in notifications.list_own(actor=actor)],
        ):
            # A list that the role does not have holds nothing.
            with suppress(PermissionRefused):
                found |= set(ask())
    return found


def deliver() -> None:
    db.session.remove()
    while outbox.deliver_due():
        continue


def colleagues(cast: Cast) -> list[Actor]:
    """Return an officer of each organisation who has a part in the cases of the scene, and none of them named."""
    return [
        cast.worker,
        accounts.get_actor(make_user(Role.SUPERVISOR, organisation=cast.service).id),
        accounts.get_actor(make_user(Role.CONSULAR_OFFICER, organisation=cast.authority).id),
        cast.mission,
        cast.border,
    ]


@pytest.mark.parametrize("state", [S.UNDER_VERIFICATION, S.DOCUMENT_REQUESTED, S.TRANSFER_NOTIFIED, S.REINTEGRATING])
def test_a_sealed_case_is_in_no_list_search_or_count_but_its_readers(cast: Cast, state: CaseState) -> None:
    reference = make_case(cast, state)
    deliver()
    others = [*colleagues(cast), *([cast.partner] if state is S.REINTEGRATING else [])]
    before = {one.user_id: references_seen(one) for one in others}
    assert reference in set().union(*before.values())
    seal(cast, reference)
    for one in others:
        assert reference not in references_seen(one), one.role
        with pytest.raises(NotFound):
            service.get_case(actor=one, reference=reference)
    assert worklist.list_queue(actor=cast.worker, wanted={}).total == 0
    assert notifications.unread_count(actor=cast.border) == 0
    for one in (cast.supervisor, cast.requester):
        assert reference in references_seen(one)


def test_one_named_border_officer_learns_of_the_arrival_and_nobody_else_there(cast: Cast) -> None:
    reference = make_case(cast, S.DOCUMENT_ISSUED)
    seal(cast, reference)
    assert sealing_service.page_of(actor=cast.supervisor, reference=reference).needs is Role.BORDER_OFFICER
    border = accounts.get_organisation(cast.border.organisation_id or "")
    other = accounts.get_actor(make_user(Role.BORDER_OFFICER, organisation=border).id)
    name(cast, reference, cast.border)
    act(cast.requester, reference, CaseTrigger.NOTIFY_TRANSFER, **_transfer(cast))
    deliver()
    assert reference in references_seen(cast.border)
    assert arrival_service.open_arrival(actor=cast.border, reference=reference).reference == reference
    assert reference not in references_seen(other)
    assert sealing_service.page_of(actor=cast.supervisor, reference=reference).needs is None


def test_where_nobody_is_named_the_supervisors_are_told_instead(cast: Cast) -> None:
    reference = make_case(cast, S.DOCUMENT_ISSUED)
    seal(cast, reference)
    deliver()
    with unit_of_work():
        notifications.mark_all_read(actor=cast.supervisor)
    act(cast.requester, reference, CaseTrigger.NOTIFY_TRANSFER, **_transfer(cast))
    deliver()
    news = [one.event for one in notifications.list_own(actor=cast.supervisor) if one.is_new]
    assert news == ["transfer_announced"]
    assert references_seen(cast.border) == set()


def _transfer(cast: Cast) -> dict[str, Any]:
    return usual_act(cast, CaseTrigger.NOTIFY_TRANSFER)[1]


@pytest.mark.parametrize(
    ("health", "head", "ground"),
    [
        ({"vulnerabilities": [Vulnerability.POSSIBLE_TRAFFICKING]}, {}, SealGround.TRAFFICKING),
        ({"vulnerabilities": [Vulnerability.UNACCOMPANIED_CHILD]}, {}, SealGround.MINOR_ALONE),
        ({}, {"is_minor_alone": True}, SealGround.MINOR_ALONE),
        ({"vulnerabilities": [Vulnerability.POSSIBLE_TRAFFICKING]}, {"is_minor_alone": True}, SealGround.TRAFFICKING),
    ],
)
def test_the_system_seals_what_the_request_says(
    cast: Cast, health: dict[str, Any], head: dict[str, Any], ground: SealGround
) -> None:
    reference = make_draft(cast)
    with unit_of_work():
        case = service.get_case(actor=cast.requester, reference=reference)
        values = {**drafting.head_of(case=case), **head}
        drafting.save_head(actor=cast.requester, reference=reference, expected_version=None, values=values)
        drafting.save_compartment(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            compartment=Compartment.HEALTH,
            values=health,
        )
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    page = sealing_service.page_of(actor=cast.supervisor, reference=reference)
    assert page.ground is ground
    assert {line.user_id for line in page.readers} == {cast.requester.user_id, cast.supervisor.user_id}
    with pytest.raises(NotFound):
        service.get_case(actor=cast.worker, reference=reference)


def test_what_a_supervisor_has_unsealed_the_system_does_not_seal_again(cast: Cast) -> None:
    reference = make_draft(cast)
    with unit_of_work():
        drafting.save_compartment(
            actor=cast.requester,
            reference=reference,
            expected_version=None,
            compartment=Compartment.HEALTH,
            values={"vulnerabilities": [Vulnerability.POSSIBLE_TRAFFICKING]},
        )
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    with unit_of_work():
        sealing_service.unseal(actor=cast.supervisor, reference=reference, expected_version=None, reason="A mistake")
    case = service.get_case(actor=cast.worker, reference=reference)
    assert not case.is_sealed
    with unit_of_work():
        seals.seal_what_was_sent(actor=cast.requester, case=db.session.get_one(Case, case.id))
    assert service.get_case(actor=cast.worker, reference=reference)


def test_a_case_is_given_to_a_reader_only_and_taken_from_whoever_is_none_any_more(cast: Cast) -> None:
    reference = make_case(cast)
    seal(cast, reference)
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        worklist.assign(actor=cast.supervisor, references=[reference], officer_id=cast.worker.user_id)
    assert refused.value.code == "not_a_reader"
    name(cast, reference, cast.worker)
    with unit_of_work():
        worklist.assign(actor=cast.supervisor, references=[reference], officer_id=cast.worker.user_id)
        sealing_service.end_reader(actor=cast.supervisor, reference=reference, user_id=cast.worker.user_id)
    assert service.get_case(actor=cast.supervisor, reference=reference).assigned_to_id is None


def test_the_last_supervisor_stays_and_when_all_have_left_the_others_are_named(cast: Cast) -> None:
    reference = make_case(cast)
    seal(cast, reference)
    with pytest.raises(RuleRefused) as refused, unit_of_work():
        sealing_service.end_reader(actor=cast.supervisor, reference=reference, user_id=cast.supervisor.user_id)
    assert refused.value.code == "last_supervisor"
    other = accounts.get_actor(make_user(Role.SUPERVISOR, organisation=cast.service).id)
    seals.name_missing_supervisors()
    with pytest.raises(NotFound):
        service.get_case(actor=other, reference=reference)
    with unit_of_work():
        db.session.execute(
            text("UPDATE users SET is_active = :no WHERE id = :id"), {"no": False, "id": cast.supervisor.user_id}
        )
    seals.name_missing_supervisors()
    assert service.get_case(actor=other, reference=reference)


def test_a_stranger_to_the_case_cannot_be_named(cast: Cast) -> None:
    reference = make_case(cast)
    seal(cast, reference)
    elsewhere = make_user(
        Role.CONSULAR_OFFICER, organisation=make_organisation(OrganisationKind.MISSION, states=["FR"])
    )
    for stranger in (elsewhere, make_user(Role.ANALYST), make_user(Role.ADMINISTRATOR)):
        with pytest.raises(InvalidInput), unit_of_work():
            sealing_service.add_reader(
                actor=cast.supervisor, reference=reference, expected_version=None, user_id=stranger.id, reason="Please"
            )


def test_sealing_is_on_record_without_its_words(cast: Cast) -> None:
    reference = make_case(cast)
    seal(cast, reference)
    name(cast, reference, cast.worker)
    case = service.get_case(actor=cast.supervisor, reference=reference)
    lines = {line.action: line for line in audit.history(chain=audit.case_chain(case.id))}
    assert lines[AuditAction.CASE_SEALED].payload == {"kind": "other", "has_text": True}
    assert lines[AuditAction.READER_NAMED].payload == {"user_id": cast.worker.user_id, "has_text": True}
    page = sealing_service.page_of(actor=cast.supervisor, reference=reference)
    assert page.reason == "Threats"
    assert {line.reason for line in page.readers if line.user_id == cast.worker.user_id} == {"Needed"}


def test_the_hidden_cases_are_read_off_their_index(cast: Cast) -> None:
    statement = sight.hidden_case_ids(cast.worker).compile(db.engine, compile_kwargs={"literal_binds": True})
    if db.engine.dialect.name == "sqlite":
        plan = " ".join(str(row) for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {statement}")))
        assert "ix_cases_sealed" in plan
        assert "uq_case_readers_current" in plan
    assert db.session.scalars(lookup_service.hidden_case_ids(actor=cast.worker)).all() == []


def test_a_supervisor_seals_names_and_unseals_through_the_pages(
    app: Flask, cast: Cast, sign_in: Callable[..., TestResponse]
) -> None:
    reference = make_case(cast)
    address = f"/cases/{reference}/sealing"
    supervisor, worker = new_client(app), new_client(app)
    sign_in(supervisor, accounts.get_user(cast.supervisor.user_id))
    sign_in(worker, accounts.get_user(cast.worker.user_id))
    assert worker.get(address).status_code == 403
    send(supervisor, address, {"ground": "trafficking", "reason": "Signs in the interview"})
    assert "Sealed: named readers only" in supervisor.get(f"/cases/{reference}").text
    assert worker.get(f"/cases/{reference}").status_code == 404
    assert worker.get(address).status_code == worker.get("/cases/RA-2026-0000000-0/sealing").status_code
    send(supervisor, f"{address}/readers", {"user_id": cast.worker.user_id, "reason": "In charge"})
    assert worker.get(f"/cases/{reference}").status_code == 200
    assert "In charge" in supervisor.get(address).text
    send(supervisor, f"{address}/readers/{cast.worker.user_id}/end", {})
    assert worker.get(f"/cases/{reference}").status_code == 404
    refused = supervisor.post(f"{address}/end", data={**_marks(supervisor, address), "reason": ""})
    assert refused.status_code == 422
    send(supervisor, f"{address}/end", {"reason": "The signs were wrong"})
    assert worker.get(f"/cases/{reference}").status_code == 200


def _marks(client: Client, address: str) -> dict[str, str]:
    page = client.get(address.split("/sealing")[0] + "/sealing").text
    version = page.split('name="version" value="')[1].split('"')[0]
    return {"csrf_token": csrf_token(page), "version": version}


def send(client: Client, address: str, data: dict[str, str]) -> None:
    marks = _marks(client, address)
    if address.endswith("/end") and "/readers/" in address:
        del marks["version"]
    answer = client.post(address, data={**marks, **data})
    assert answer.status_code == 302, answer.text


def test_the_head_of_a_sealed_case_says_so(cast: Cast) -> None:
    reference = make_case(cast)
    seal(cast, reference)
    with unit_of_work():
        _, head = casefile.head_for(actor=cast.supervisor, reference=reference)
    assert head.is_sealed
