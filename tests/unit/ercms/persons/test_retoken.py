"""Older records are made findable by name: in batches, once each, without those who were erased."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.persons import matching_service as matching
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind
from ercms.vault.models import PersonToken

KAMIL = {"surname": "Əliyev", "given_names": "Kamil", "birth_date": "1988-04-17"}


def older(identity: dict[str, Any]) -> str:
    """Return a person as they were written before there were name tokens."""
    with unit_of_work():
        person_id = vault.create_person()
        vault.seal(person_id=person_id, compartment=Compartment.IDENTITY, document=identity)
        vault.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=["5ABC123"])
    return person_id


def run(app: Flask, *options: str) -> Result:
    result = app.test_cli_runner().invoke(args=["names", "retoken", *options])
    assert result.exit_code == 0, result.stderr
    return result


def found() -> set[str]:
    return {one.person_id for one in matching.find_candidates(name="Aliyev, Kamil", birth_year=1988)}


def counts_on_record() -> list[int]:
    lines = audit.history(chain=audit.SYSTEM_CHAIN)
    return [line.payload["count"] for line in lines if line.action == AuditAction.PERSON_NAMES_INDEXED]


def tokens() -> set[tuple[str, bytes]]:
    return {(row.id, row.token) for row in db.session.execute(select(PersonToken.id, PersonToken.token))}


def test_older_records_are_found_by_name_and_a_second_run_writes_nothing(app: Flask) -> None:
    made = {older(KAMIL) for _ in range(5)}
    assert found() == set()

    result = run(app, "--batch", "2")
    assert result.stdout == "5 persons read, 5 made findable anew, 0 damaged.\n"
    assert result.stderr.splitlines()[-1] == f"5 read, 5 changed; up to {max(made)}"
    assert found() == made
    assert counts_on_record() == [2, 2, 1]
    assert vault.find_person_ids(kind=TokenKind.FIN, value="5ABC123") == sorted(made)

    before = tokens()
    assert run(app).stdout == "0 persons read, 0 made findable anew, 0 damaged.\n"
    assert run(app, "--all", "--batch", "3").stdout == "5 persons read, 0 made findable anew, 0 damaged.\n"
    assert tokens() == before
    assert counts_on_record() == [2, 2, 1]


def test_everybody_is_looked_at_where_the_keys_of_a_name_have_changed(app: Flask) -> None:
    person_id = older(KAMIL)
    with unit_of_work():
        vault.set_tokens(person_id=person_id, kind=TokenKind.NAME_KEY, values=["p:otherwise@1988"])

    assert "0 persons read" in run(app).stdout
    assert found() == set()
    assert "1 persons read, 1 made findable anew" in run(app, "--all").stdout
    assert found() == {person_id}
    assert vault.find_person_ids(kind=TokenKind.NAME_KEY, value="p:otherwise@1988") == []


def test_a_batch_that_fails_leaves_nothing_and_another_run_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = sorted(older(KAMIL) for _ in range(3))
    real = persons.set_name_tokens

    def stopped(*, person_id: str, identity: dict[str, Any]) -> int:
        written = real(person_id=person_id, identity=identity)
        if person_id == third:
            raise KeyboardInterrupt
        return written

    monkeypatch.setattr(persons, "set_name_tokens", stopped)
    assert app.test_cli_runner().invoke(args=["names", "retoken", "--batch", "2"]).exit_code != 0
    monkeypatch.undo()
    assert found() == {first, second}
    assert counts_on_record() == [2]

    assert "0 persons read" in run(app, "--after", third).stdout
    assert "1 persons read, 1 made findable anew" in run(app, "--all", "--after", second).stdout
    assert found() == {first, second, third}


def test_the_erased_get_no_tokens_and_the_damaged_do_not_stop_the_others(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    erased, damaged, sound = older(KAMIL), older(KAMIL), older(KAMIL)
    with unit_of_work():
        vault.erase_person(person_id=erased)
        db.session.execute(
            text("UPDATE person_compartments SET sealed = :bad WHERE person_id = :id"),
            {"bad": b"x" * 60, "id": damaged},
        )
    with caplog.at_level(logging.INFO):
        result = run(app, "--all")
    assert result.stdout == "2 persons read, 1 made findable anew, 1 damaged.\n"
    assert found() == {sound}
    left = select(func.count()).where(PersonToken.person_id == erased)
    assert db.session.scalar(left) == 0
    assert "liyev" not in caplog.text + result.output


def write_elsewhere(engine: Engine, statement: str) -> None:
    """Try to write on another connection, without waiting for whoever holds the row."""
    impatient = "PRAGMA busy_timeout = 0" if engine.dialect.name == "sqlite" else "SET LOCAL lock_timeout = '50ms'"
    with engine.connect() as connection:
        connection.execute(text(impatient))
        connection.execute(text(statement))


@pytest.mark.parametrize("table", ["persons SET kek_id = kek_id", "person_compartments SET version = version"])
def test_nobody_is_erased_or_corrected_while_a_batch_reads_them(app: Flask, table: str) -> None:
    older(KAMIL)
    engine = db.engine
    with unit_of_work(), ThreadPoolExecutor(1) as another:
        vault.lock_persons(compartment=Compartment.IDENTITY)
        with pytest.raises(OperationalError):
            another.submit(write_elsewhere, engine, f"UPDATE {table}").result()
