"""Names are found on sealed data: in another spelling, without a year, and never among those who may not be seen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.persons import matching_service as matching
from ercms.persons import service as persons
from ercms.persons.names.matching import Verdict
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind
from ercms.vault.models import Person

BORN = date(1988, 4, 17)


def person(surname: str, given_names: str, **more: Any) -> str:
    values = {"surname": surname, "given_names": given_names, "birth_date": BORN, **more}
    with unit_of_work():
        person_id = persons.create_person()
        persons.write_compartment(person_id=person_id, compartment=Compartment.IDENTITY, values=values)
    return person_id


def found(name: str, **when: Any) -> list[str]:
    return [candidate.person_id for candidate in matching.find_candidates(name=name, **when)]


@pytest.mark.parametrize(
    "spelling", ["Əliyev, Kamil", "Алиев Камиль", "ALIJEW<<KAMIL", "Kamil Aliyev", "Eliyev, Kamil", "Əliyef, Kamil"]
)
def test_a_name_is_found_in_another_spelling(app: Flask, spelling: str) -> None:
    kamil = person("Əliyev", "Kamil", patronymic="Rəşid oğlu")
    person("Həsənov", "Tural")
    assert found(spelling, birth_year=1988) == [kamil]
    assert found(spelling, birth_date=BORN) == [kamil]
    assert found(spelling) == [kamil]


def test_the_year_may_be_one_off_or_unknown_on_record_but_not_another(app: Flask) -> None:
    kamil = person("Əliyev", "Kamil")
    undated = person("Əliyev", "Kamil", birth_date=None)
    assert set(found("Aliyev, Kamil", birth_year=1989)) == {kamil, undated}
    assert found("Aliyev, Kamil", birth_year=1991) == [undated]


def test_a_maiden_name_and_a_former_name_are_found_too(app: Flask) -> None:
    leyla = person("Quliyeva", "Leyla", maiden_name="Şıxəliyeva", former_names="Sara Rzayeva; Nəzərova")
    for name in ("Schichalijewa, Leyla", "Rzayeva, Sara", "Nazarova, Leyla"):
        assert found(name, birth_year=1988) == [leyla]


def test_a_missing_surname_is_bridged_by_the_whole_birth_date(app: Flask) -> None:
    kamil = person("", "Kamil")
    assert found("Əliyev, Kamil", birth_date=BORN) == [kamil]
    assert found("Əliyev, Kamil", birth_year=1988) == []


def test_one_name_alone_cannot_be_searched_for(app: Flask) -> None:
    with pytest.raises(InvalidInput) as refusal:
        matching.find_candidates(name="Əliyev", birth_year=1988)
    assert refusal.value.code == "name_not_searchable"


def test_the_likeliest_stands_first_and_says_why(app: Flask) -> None:
    mistyped, exact = person("Əlikev", "Kamil"), person("Əliyev", "Kamil")
    first, second = matching.find_candidates(name="Aliyev, Kamil", birth_year=1988)
    assert (first.person_id, first.verdict) == (exact, Verdict.SAME)
    assert second.person_id == mistyped
    assert first.shared_keys >= second.shared_keys > 0
    assert any("ə" in reason.words for reason in first.reasons)


def test_who_may_not_be_seen_is_neither_opened_nor_found(app: Flask) -> None:
    mine, other = person("Əliyev", "Kamil"), person("Əliyev", "Kamil")
    asked: list[str] = []

    def among(person_ids: Sequence[str]) -> set[str]:
        asked.extend(person_ids)
        return {mine}

    candidates = matching.find_candidates(name="Aliyev, Kamil", birth_year=1988, among=among)
    assert [candidate.person_id for candidate in candidates] == [mine]
    assert set(asked) == {mine, other}


def test_own_persons_are_found_though_others_fill_the_ranking(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_RANKED", 3)
    for _ in range(5):
        person("Əliyev", "Kamil")
    mine = person("Əlikev", "Kamil")
    asked = {"name": "Aliyev, Kamil", "birth_year": 1988}

    def among(person_ids: Sequence[str]) -> set[str]:
        return {mine} & set(person_ids)

    assert matching.find_candidates(among=among, **asked) == ()
    within = select(Person.id).where(Person.id == mine)
    assert [one.person_id for one in matching.find_candidates(among=among, within=within, **asked)] == [mine]


def test_without_a_year_typing_errors_are_looked_for_where_few_bear_the_name(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kamil, mistyped = person("Həsənov", "Kamil"), person("Həsərov", "Kamil")
    assert found("Hasanov, Kamil") == [kamil, mistyped]
    monkeypatch.setattr(matching, "ENOUGH", 1)
    assert found("Hasanov, Kamil") == [kamil]
    assert found("Hasarov, Kamil") == [mistyped]


def test_a_search_opens_at_most_two_hundred(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_OPENED", 3)
    for _ in range(5):
        person("Əliyev", "Kamil")
    assert len(found("Aliyev, Kamil", birth_year=1988)) == 3


def test_a_name_that_was_corrected_is_no_longer_found_under_the_old_one(app: Flask) -> None:
    person_id = person("Əliyev", "Kamil")
    with unit_of_work():
        values = {"surname": "Həsənov", "given_names": "Tural", "birth_date": BORN}
        persons.write_compartment(person_id=person_id, compartment=Compartment.IDENTITY, values=values)
    assert found("Əliyev, Kamil", birth_year=1988) == []
    assert found("Hasanov, Tural", birth_year=1988) == [person_id]


def test_an_erased_person_is_not_found(app: Flask) -> None:
    person_id = person("Əliyev", "Kamil")
    with unit_of_work():
        vault.erase_person(person_id=person_id)
    assert found("Əliyev, Kamil", birth_year=1988) == []


def test_the_tokens_hold_no_name_and_no_key_in_the_clear(app: Flask) -> None:
    person("Əliyev", "Kamil")
    kind = {"kind": TokenKind.NAME_KEY.value}
    rows = db.session.execute(text("SELECT token, sealed FROM person_tokens WHERE kind = :kind"), kind).all()
    assert len(rows) > 3
    assert all(b"KML" not in bytes(value) and b"kml" not in bytes(value) for row in rows for value in row)
