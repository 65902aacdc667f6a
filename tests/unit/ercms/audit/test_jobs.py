"""What the worker does for keys and audit without being asked."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from config import Settings
from ercms.audit import checkpoints, jobs, key_service, service, verify
from ercms.core import jobs as core_jobs
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import keyring
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, KeyPurpose, TokenKind


@pytest.fixture
def persons(app: Flask) -> list[str]:
    with unit_of_work():
        made = [vault.create_person() for _ in range(3)]
        for person_id in made:
            vault.seal(person_id=person_id, compartment=Compartment.IDENTITY, document={"surname": "Əliyev"})
            vault.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=["5ABC123"])
    return made


def test_the_worker_knows_the_upkeep_and_signs_a_checkpoint(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_jobs, "_jobs", {})
    jobs.register_upkeep()

    assert set(core_jobs.run_due_jobs()) == {"audit_checkpoint", "key_rewrapping", "file_sweeping"}
    assert [made.number for made in checkpoints.list_checkpoints()] == [1]


def test_checkpoints_are_put_aside_once_each_and_caught_up_after_an_absence(app: Flask, tmp_path: Path) -> None:
    jobs.sign_checkpoint()
    folder = tmp_path / "elsewhere"
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], checkpoints_path=folder)
    with pytest.raises(FileNotFoundError):
        jobs.sign_checkpoint()
    folder.mkdir()
    jobs.sign_checkpoint()

    names = sorted(path.name for path in folder.iterdir())
    assert names == ["checkpoint-000001.json", "checkpoint-000002.json", "checkpoint-000003.json"]
    kept = checkpoints.checkpoint_from((folder / names[-1]).read_text(encoding="utf-8"))
    assert verify.verify(kept=kept).is_sound
    (folder / names[0]).write_text("kept as it is", encoding="utf-8")
    assert jobs.put_aside(folder) == 0
    assert (folder / names[0]).read_text(encoding="utf-8") == "kept as it is"


def test_after_a_rotation_the_worker_brings_everything_under_the_new_keys(
    persons: list[str], settings: Settings
) -> None:
    for purpose in (KeyPurpose.DATA, KeyPurpose.TOKEN):
        keyring.rotate(settings.keyring_path, purpose)
        assert key_service.is_work_left(purpose=purpose)

    jobs.bring_records_along()
    assert not key_service.is_work_left(purpose=KeyPurpose.DATA)
    assert not key_service.is_work_left(purpose=KeyPurpose.TOKEN)
    assert len(vault.open_many(person_ids=persons, compartment=Compartment.IDENTITY)) == 3
    assert vault.find_person_ids(kind=TokenKind.FIN, value="5ABC123") == sorted(persons)
    assert [line.payload["remaining"] for line in service.history(chain="system")] == [0, 0]


def test_what_cannot_be_brought_along_does_not_fill_the_audit(persons: list[str], settings: Settings) -> None:
    with unit_of_work():
        db.session.execute(text("UPDATE persons SET wrapped_key = :damaged"), {"damaged": b"x" * 60})
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)

    for _ in range(3):
        jobs.bring_records_along()
    assert service.history(chain="system") == []


def test_nothing_is_written_when_there_is_nothing_to_do(persons: list[str]) -> None:
    jobs.bring_records_along()
    jobs.sweep_files()

    assert service.history(chain="system") == []
