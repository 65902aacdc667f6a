"""Two persons are made one by two officers, read together, taken apart again; nothing sealed is touched."""

import pytest
from flask import Flask
from sqlalchemy import text

from ercms.audit import service as audit
from ercms.cases.service import get_case
from ercms.core.errors import Conflict, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.identity import linking_service as linking
from ercms.identity import reading_service, service
from ercms.identity.enums import Decision
from tests.factories.cases import Cast
from tests.unit.ercms.identity.test_service import ALIJEW, KAMIL, submitted

AGAIN = {**KAMIL, "surname": "Алиев", "given_names": "Камиль"}


@pytest.fixture
def cast(app: Flask, fixed_clock: object) -> Cast:
    return Cast()


def decide(cast: Cast, pair_id: str, decision: Decision = Decision.SAME_PERSON) -> int:
    """Decide as the case worker, and return the version after it."""
    sheet = open_sheet(cast, pair_id)
    values = {"decision": decision, "reason": "One FIN in the register."}
    with unit_of_work():
        service.decide(actor=cast.worker, pair_id=pair_id, expected_version=sheet.version, values=values)
    return open_sheet(cast, pair_id).version


def open_sheet(cast: Cast, pair_id: str) -> reading_service.PairSheet:
    with unit_of_work():
        return reading_service.open_pair(actor=cast.worker, pair_id=pair_id)


def join(cast: Cast, pair_id: str) -> None:
    version = decide(cast, pair_id)
    with unit_of_work():
        linking.link(actor=cast.supervisor, pair_id=pair_id, expected_version=version)


def pairs_of(cast: Cast, reference: str) -> dict[str, service.EarlierCase]:
    case = get_case(actor=cast.worker, reference=reference)
    return {line.reference: line for line in service.for_case(actor=cast.worker, case=case)}


def stored() -> tuple[object, ...]:
    """Return everything that is sealed or found by, as the database has it."""
    tables = ("person_compartments", "person_tokens", "persons", "case_members", "cases", "case_clocks")
    return tuple(db.session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all() for table in tables)  # noqa: S608


def test_two_officers_join_two_persons_and_nothing_of_the_cases_changes(cast: Cast) -> None:
    first, second = submitted(cast, KAMIL), submitted(cast, ALIJEW)
    before = stored()
    pair_id = pairs_of(cast, second)[first].pair_id
    join(cast, pair_id)
    assert stored() == before
    assert pairs_of(cast, second)[first].is_joined
    with unit_of_work():
        lines = linking.open_person(actor=cast.worker, pair_id=pair_id)
    assert {(line.reference, line.name.split(",")[0]) for line in lines} == {(first, "Əliyev"), (second, "Alijew")}
    for reference in (first, second):
        case = get_case(actor=cast.worker, reference=reference)
        assert any(line.action == "person.linked" for line in audit.history(chain=f"case:{case.id}"))


def test_whoever_decided_does_not_confirm_and_a_case_worker_never_does(cast: Cast) -> None:
    first, second = submitted(cast, KAMIL), submitted(cast, ALIJEW)
    pair_id = pairs_of(cast, second)[first].pair_id
    with pytest.raises(Conflict, match="not_decided_as_same"), unit_of_work():
        linking.link(actor=cast.supervisor, pair_id=pair_id, expected_version=1)
    values = {"decision": Decision.SAME_PERSON, "reason": "Seen."}
    with unit_of_work():
        service.decide(actor=cast.supervisor, pair_id=pair_id, expected_version=1, values=values)
    version = open_sheet(cast, pair_id).version
    with pytest.raises(PermissionRefused, match="decided_by_yourself"), unit_of_work():
        linking.link(actor=cast.supervisor, pair_id=pair_id, expected_version=version)
    with pytest.raises(PermissionRefused), unit_of_work():
        linking.link(actor=cast.worker, pair_id=pair_id, expected_version=version)


def test_taking_apart_needs_a_reason_that_is_sealed_and_the_pair_waits_again(cast: Cast) -> None:
    first, second = submitted(cast, KAMIL), submitted(cast, ALIJEW)
    before = stored()
    pair_id = pairs_of(cast, second)[first].pair_id
    join(cast, pair_id)
    version = open_sheet(cast, pair_id).version
    with pytest.raises(Conflict, match="persons_are_joined"):
        decide(cast, pair_id, Decision.NOT_THE_SAME)
    with unit_of_work():
        linking.unlink(actor=cast.supervisor, pair_id=pair_id, expected_version=version, reason="Another father.")
    assert stored() == before
    assert not pairs_of(cast, second)[first].is_joined
    assert [line.id for line in reading_service.list_pairs(actor=cast.worker, is_decided=False, page=1).lines] == [
        pair_id
    ]
    (line,) = linking.links_of_pair(actor=cast.worker, pair_id=pair_id)
    assert (line.reason, line.undone_reason) == ("One FIN in the register.", "Another father.")
    row = db.session.execute(text("SELECT * FROM person_links")).one()
    assert b"father" not in bytes(row.undone_reason_sealed)
    join(cast, pair_id)
    assert pairs_of(cast, second)[first].is_joined


def test_two_officers_do_not_join_twice(cast: Cast) -> None:
    first, second = submitted(cast, KAMIL), submitted(cast, ALIJEW)
    pair_id = pairs_of(cast, second)[first].pair_id
    version = decide(cast, pair_id)
    with unit_of_work():
        linking.link(actor=cast.supervisor, pair_id=pair_id, expected_version=version)
    with pytest.raises(Conflict, match="stale_version"), unit_of_work():
        linking.link(actor=cast.supervisor, pair_id=pair_id, expected_version=version)


def test_the_person_is_followed_over_several_cases_and_nobody_abroad_learns_of_it(cast: Cast) -> None:
    elsewhere = Cast(state="NO")
    first, second, third = submitted(cast, KAMIL), submitted(elsewhere, ALIJEW), submitted(cast, AGAIN)
    join(cast, pairs_of(cast, second)[first].pair_id)
    join(cast, pairs_of(cast, third)[second].pair_id)
    known = pairs_of(cast, third)
    assert {reference for reference, line in known.items() if line.is_joined} == {first, second}
    with unit_of_work():
        lines = linking.open_person(actor=cast.worker, pair_id=known[second].pair_id)
    assert {line.reference for line in lines} == {first, second, third}
    for who in (cast.requester, elsewhere.requester, cast.mission):
        with pytest.raises(PermissionRefused):
            linking.open_person(actor=who, pair_id=known[second].pair_id)
    case = get_case(actor=cast.requester, reference=third)
    assert service.for_case(actor=cast.requester, case=case) == ()
