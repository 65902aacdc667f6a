"""A request that arrives is compared with all others; what is found is for SMS alone, and an officer decides."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from ercms.audit import service as audit
from ercms.cases.service import get_case
from ercms.core import outbox
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, NotFound, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.identity import reading_service, search_service, service
from ercms.identity.enums import Decision, Likeness
from ercms.persons import matching_service as matching
from tests.factories.cases import Cast, act, make_case, make_draft
from workflows.readmission import CaseState, CaseTrigger

KAMIL = {"surname": "Əliyev", "given_names": "Kamil", "patronymic": "Rəşid oğlu", "birth_date": date(1988, 4, 17)}
ALIJEW = {"surname": "Alijew", "given_names": "Kamil", "birth_date": date(1988, 4, 17)}
OTHER = {"surname": "Həsənov", "given_names": "Tural", "birth_date": date(1988, 4, 17)}


@pytest.fixture
def cast(app: Flask, fixed_clock: object) -> Cast:
    return Cast()


def deliver() -> None:
    while outbox.deliver_due():
        pass
    assert outbox.list_dead() == []


def submitted(cast: Cast, identity: dict[str, Any]) -> str:
    reference = make_draft(cast, identity=identity)
    act(cast.requester, reference, CaseTrigger.SUBMIT)
    deliver()
    return reference


def others_of(cast: Cast, actor: Actor, reference: str) -> list[str]:
    case = get_case(actor=actor, reference=reference)
    return [line.reference for line in service.for_case(actor=actor, case=case)]


def pair_of(cast: Cast) -> reading_service.PairLine:
    return reading_service.list_pairs(actor=cast.worker, is_decided=False, page=1).lines[0]


def test_a_request_is_compared_with_all_others_when_it_arrives(cast: Cast) -> None:
    first = submitted(cast, KAMIL)
    submitted(cast, OTHER)
    second = submitted(cast, ALIJEW)
    line = pair_of(cast)
    assert line.likeness is Likeness.SAME
    assert {line.earlier.reference, line.later.reference} == {first, second}
    assert others_of(cast, cast.worker, second) == [first]
    assert others_of(cast, cast.worker, first) == [second]


def test_a_refused_case_is_found_and_what_is_new_is_to_be_asked(cast: Cast) -> None:
    refused = make_case(cast, CaseState.REFUSED, identity=KAMIL)
    deliver()
    again = submitted(cast, ALIJEW)
    case = get_case(actor=cast.worker, reference=again)
    (line,) = service.for_case(actor=cast.worker, case=case)
    assert (line.reference, line.state, line.decided_at is not None) == (refused, CaseState.REFUSED, True)


def test_a_draft_is_compared_with_nothing_and_found_by_nobody(cast: Cast) -> None:
    make_draft(cast, identity=KAMIL)
    reference = submitted(cast, ALIJEW)
    assert others_of(cast, cast.worker, reference) == []


def test_nobody_abroad_learns_of_a_duplicate(cast: Cast) -> None:
    elsewhere = Cast(state="NO")
    submitted(elsewhere, KAMIL)
    reference = submitted(cast, ALIJEW)
    assert others_of(cast, cast.requester, reference) == []
    for actor in (cast.requester, cast.mission):
        with pytest.raises(PermissionRefused):
            reading_service.list_pairs(actor=actor, is_decided=False, page=1)
        with pytest.raises(PermissionRefused):
            service.get_pair(actor=actor, pair_id=pair_of(cast).id)


def test_a_search_by_name_stays_within_what_one_may_see(cast: Cast) -> None:
    elsewhere = Cast(state="NO")
    theirs, mine = submitted(elsewhere, KAMIL), submitted(cast, ALIJEW)

    def found(actor: Actor) -> set[str]:
        with unit_of_work():
            hits = search_service.search_by_name(actor=actor, name="Алиев Камиль", birth_year=1988)
        return {hit.row.reference for hit in hits}

    assert found(cast.worker) == {theirs, mine}
    assert found(cast.requester) == {mine}
    assert found(elsewhere.requester) == {theirs}
    assert found(cast.mission) == {mine}


def test_an_authority_finds_its_own_case_though_better_ones_of_others_fill_the_ranking(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_RANKED", 1)
    own = submitted(cast, {**KAMIL, "surname": "Əlikev"})
    submitted(Cast(state="NO"), KAMIL)
    with unit_of_work():
        hits = search_service.search_by_name(actor=cast.requester, name="Aliyev, Kamil", birth_year=1988)
    assert [hit.row.reference for hit in hits] == [own]


def test_the_audit_of_a_search_holds_no_name(cast: Cast) -> None:
    submitted(cast, KAMIL)
    with unit_of_work():
        search_service.search_by_name(actor=cast.worker, name="Əliyev, Kamil", birth_year=1988)
    lines = audit.history(chain=f"org:{cast.worker.organisation_id}")
    search = next(line for line in lines if line.action == "case.searched")
    assert search.payload["total"] == 1
    assert "liyev" not in str(search.payload)


def test_a_decision_is_recorded_with_a_sealed_reason_and_leaves_the_queue(cast: Cast) -> None:
    submitted(cast, KAMIL)
    reference = submitted(cast, ALIJEW)
    line = pair_of(cast)
    values = {"decision": Decision.SAME_PERSON, "reason": "The same FIN in the register."}
    with unit_of_work():
        service.decide(actor=cast.worker, pair_id=line.id, expected_version=1, values=values)
    assert reading_service.list_pairs(actor=cast.worker, is_decided=False, page=1).lines == ()
    with unit_of_work():
        sheet = reading_service.open_pair(actor=cast.worker, pair_id=line.id)
    assert (sheet.line.decision, sheet.reason) == (Decision.SAME_PERSON, "The same FIN in the register.")
    stored = db.session.execute(text("SELECT * FROM duplicate_pairs")).one()
    assert b"register" not in bytes(stored.reason_sealed)
    assert "liyev" not in str(tuple(stored))
    case = get_case(actor=cast.worker, reference=reference)
    assert any(entry.action == "person.matched" for entry in audit.history(chain=f"case:{case.id}"))


def test_a_pair_that_is_not_the_same_is_not_shown_again(cast: Cast) -> None:
    submitted(cast, KAMIL)
    reference = submitted(cast, ALIJEW)
    values = {"decision": Decision.NOT_THE_SAME, "reason": "Another father, another village."}
    with unit_of_work():
        service.decide(actor=cast.worker, pair_id=pair_of(cast).id, expected_version=1, values=values)
    case = get_case(actor=cast.worker, reference=reference)
    with unit_of_work():
        service.match_case(case_id=case.id)
    assert reading_service.list_pairs(actor=cast.worker, is_decided=False, page=1).lines == ()
    assert others_of(cast, cast.worker, reference) == []


def test_a_decision_on_what_somebody_has_decided_meanwhile_is_refused(cast: Cast) -> None:
    submitted(cast, KAMIL)
    submitted(cast, ALIJEW)
    line = pair_of(cast)
    values = {"decision": Decision.SAME_PERSON, "reason": "Seen."}
    with unit_of_work():
        service.decide(actor=cast.worker, pair_id=line.id, expected_version=1, values=values)
    with pytest.raises(Conflict), unit_of_work():
        service.decide(actor=cast.supervisor, pair_id=line.id, expected_version=1, values=values)


def test_matching_twice_finds_the_same_pairs_once(cast: Cast) -> None:
    submitted(cast, KAMIL)
    case = get_case(actor=cast.worker, reference=submitted(cast, ALIJEW))
    with unit_of_work():
        assert service.match_case(case_id=case.id) == 1
    assert db.session.execute(text("SELECT count(*) FROM duplicate_pairs")).scalar_one() == 1


def test_a_pair_that_is_not_there_answers_as_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        service.get_pair(actor=cast.worker, pair_id="0" * 32)
