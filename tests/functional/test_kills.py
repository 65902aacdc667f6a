"""`kill -9` at random moments of a rotation, an erasure and a move: nothing is lost, half-made, or off the record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from config import Settings
from ercms.audit import verify
from ercms.core.actor import SYSTEM
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.privacy import erasure_service
from ercms.vault import files, rotate, runtime, service
from ercms.vault.enums import Compartment, TokenKind
from tests.kills import nursery

FEW, MANY = 3, 200
# The audit is read whole now and then, and at the end; reading it after each kill would take most of the time.
BETWEEN_READINGS = 20


def survive(task: str, settings: Settings, kills: int, check: Callable[[], None]) -> None:
    with nursery(task, settings) as workers:
        for number in range(1, kills + 1):
            workers.kill_one()
            check()
            if number % BETWEEN_READINGS == 0 or number == kills:
                assert verify.verify().is_sound
            db.session.rollback()


def rows(statement: str, **values: Any) -> list[Any]:
    return list(db.session.execute(text(statement), values).all())


def none_of(statement: str) -> None:
    assert rows(statement) == []


# Rotation.


def make_persons(count: int) -> list[str]:
    with unit_of_work():
        made = [service.create_person() for _ in range(count)]
        for number, person_id in enumerate(made):
            document = {"surname": "Əliyev", "number": number}
            service.seal(person_id=person_id, compartment=Compartment.IDENTITY, document=document)
            service.set_tokens(person_id=person_id, kind=TokenKind.DOCUMENT_NUMBER, values=[f"C01234567{number}"])
    return made


def check_rotation(persons: list[str]) -> None:
    identities = service.open_many(person_ids=persons, compartment=Compartment.IDENTITY)
    assert [identities[person_id]["number"] for person_id in persons] == list(range(len(persons)))
    for number, person_id in enumerate(persons):
        found = service.find_person_ids(kind=TokenKind.DOCUMENT_NUMBER, value=f"C01234567{number}")
        assert found == [person_id]
    assert rotate.missing_key_ids() == []


def rotation(settings: Settings, kills: int) -> None:
    persons = make_persons(40)
    db.session.remove()
    before = len(runtime.keyring().keys)
    survive("rotate", settings, kills, lambda: check_rotation(persons))
    assert len(runtime.keyring().keys) > before


@pytest.mark.long
def test_rotation_survives_being_killed_two_hundred_times(app: Flask, settings: Settings) -> None:
    rotation(settings, MANY)


# Erasure.


def on_disk(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("??/*")}


def check_erasure() -> None:
    """An erased case has nothing left and says so; of any other case everything can be read."""
    none_of(
        "SELECT p.id FROM persons p JOIN case_members m ON m.person_id = p.id"
        " LEFT JOIN case_erasures e ON e.case_id = m.case_id WHERE (p.erased_at IS NULL) <> (e.case_id IS NULL)"
    )
    none_of(
        "SELECT c.person_id FROM person_compartments c JOIN persons p ON p.id = c.person_id WHERE p.wrapped_key IS NULL"
    )
    none_of("SELECT t.person_id FROM person_tokens t JOIN persons p ON p.id = t.person_id WHERE p.wrapped_key IS NULL")
    none_of(
        "SELECT e.case_id FROM case_erasures e WHERE NOT EXISTS (SELECT 1 FROM audit_entries a"
        " WHERE a.chain = 'case:' || e.case_id AND a.action = 'person.erased')"
    )
    kept = {row[0] for row in rows("SELECT id FROM persons WHERE wrapped_key IS NOT NULL")}
    assert set(service.open_many(person_ids=kept, compartment=Compartment.IDENTITY)) == kept
    live = rows("SELECT file_id, person_id FROM person_files WHERE erased_at IS NULL")
    assert {row[0] for row in live} <= on_disk(runtime.files_path())
    for file_id, person_id in live[-5:]:
        content = b"".join(files.read(person_id=person_id, file_id=file_id))
        assert content == b"x" * 70_000


def erasure(settings: Settings, kills: int) -> None:
    db.session.remove()
    survive("erase", settings, kills, check_erasure)
    erasure_service.run(actor=SYSTEM)
    # Every erasure stands on exactly one signed report, and what a kill left on the disk is swept away.
    none_of("SELECT case_id FROM case_erasures WHERE report_number IS NULL")
    none_of(
        "SELECT r.number FROM erasure_reports r WHERE r.cases <>"
        " (SELECT count(*) FROM case_erasures e WHERE e.report_number = r.number)"
    )
    with unit_of_work():
        files.sweep(limit=1_000_000, min_age_seconds=-1)
    assert on_disk(runtime.files_path()) == {row[0] for row in rows("SELECT file_id FROM person_files")}
    assert rows("SELECT count(*) FROM case_erasures")[0][0] > 0
    check_erasure()


def test_an_erasure_killed_at_any_moment_is_whole_or_has_not_begun(app: Flask, settings: Settings) -> None:
    erasure(settings, FEW)


@pytest.mark.long
def test_erasures_survive_being_killed_two_hundred_times(app: Flask, settings: Settings) -> None:
    erasure(settings, MANY)


# Moves of a case.


def check_moves() -> None:
    """A case stands where its last move led, each move began where the one before ended, and each is on record."""
    state: dict[str, str] = {row[0]: "draft" for row in rows("SELECT id FROM cases")}
    count = dict.fromkeys(state, 0)
    for case_id, source, destination in rows(
        "SELECT case_id, source, destination FROM case_transitions ORDER BY case_id, case_version"
    ):
        assert source == state[case_id]
        state[case_id] = destination
        count[case_id] += 1
    assert {row[0]: row[1] for row in rows("SELECT id, state FROM cases")} == state
    recorded = {
        row[0].removeprefix("case:"): row[1]
        for row in rows(
            "SELECT chain, count(*) FROM audit_entries WHERE action IN ('case.transition', 'case.submitted')"
            " GROUP BY chain"
        )
    }
    assert recorded == {case_id: number for case_id, number in count.items() if number}
    check_decisions()


def check_decisions() -> None:
    pending = "SELECT 1 FROM decisions d WHERE d.case_id = c.id AND d.outcome = 'pending'"
    confirmed = "SELECT 1 FROM decisions d WHERE d.case_id = c.id AND d.outcome = 'confirmed'"
    none_of(f"SELECT c.id FROM cases c WHERE (c.state = 'decision_proposed') <> EXISTS ({pending})")  # noqa: S608
    none_of(f"SELECT c.id FROM cases c WHERE (c.decided_at IS NOT NULL) <> EXISTS ({confirmed})")  # noqa: S608
    none_of(
        "SELECT c.id FROM cases c WHERE c.document_issued_on IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM travel_documents t WHERE t.case_id = c.id AND t.state <> 'requested')"
    )
    persons = {row[0] for row in rows("SELECT person_id FROM case_members")}
    assert set(service.open_many(person_ids=persons, compartment=Compartment.IDENTITY)) == persons


def moves(settings: Settings, kills: int) -> None:
    db.session.remove()
    survive("move", settings, kills, check_moves)
    assert rows("SELECT count(*) FROM case_transitions")[0][0] > 0


def test_a_move_killed_at_any_moment_is_whole_or_has_not_begun(app: Flask, settings: Settings) -> None:
    moves(settings, FEW)


@pytest.mark.long
def test_moves_survive_being_killed_two_hundred_times(app: Flask, settings: Settings) -> None:
    moves(settings, MANY)
