"""`flask audit` and `flask keys` as an administrator meets them."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from config import Settings
from ercms.audit import service
from ercms.audit.actions import AuditAction
from ercms.audit.commands import audit_cli, keys_cli
from ercms.core import clock
from ercms.core.actor import SYSTEM
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import keyring, runtime
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, KeyPurpose, KeyState


def run(app: Flask, group: str, *arguments: object) -> Result:
    command = {"audit": audit_cli, "keys": keys_cli}[group]
    db.session.rollback()
    return app.test_cli_runner().invoke(command, [str(argument) for argument in arguments])


def record(count: int = 3) -> None:
    with unit_of_work():
        for number in range(count):
            service.record(
                actor=SYSTEM,
                action=AuditAction.CASE_UPDATED,
                chain=f"case:ə{number}"[:5] + str(number),
                record_type="case",
                record_id=str(number),
                payload={"section": "şəxs"},
            )


def actions() -> list[str]:
    return [line.action.value for line in service.history(chain="system")]


def tamper(statement: str) -> None:
    with unit_of_work():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            db.session.execute(text("DROP TRIGGER audit_entries_no_update"))
        db.session.execute(text(statement))


def test_verify_says_what_it_read_or_names_the_first_bad_entry(app: Flask) -> None:
    record()
    sound = run(app, "audit", "verify")
    assert (sound.exit_code, sound.output) == (0, "Sound: 3 entries in 3 chains, 0 checkpoints.\n")

    tamper("UPDATE audit_entries SET result = 'x' WHERE chain = 'case:1'")
    found = run(app, "audit", "verify")
    assert found.exit_code == 1
    assert "NOT SOUND: case:1 1: edited" in found.output


def test_a_checkpoint_is_written_out_and_compared_with(app: Flask, tmp_path: Path) -> None:
    record()
    kept = tmp_path / "checkpoint.json"
    made = run(app, "audit", "checkpoint", "--output", kept)
    assert made.exit_code == 0
    assert json.loads(kept.read_text()) == json.loads(made.output)
    assert actions() == ["checkpoint.made"]
    assert run(app, "audit", "verify", "--checkpoint", kept).exit_code == 0

    kept.write_text("{}")
    refused = run(app, "audit", "verify", "--checkpoint", kept)
    assert refused.exit_code == 1
    assert "not a checkpoint" in refused.output


def check_archive(archive: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    with zipfile.ZipFile(archive) as content:
        content.extract("check_archive.py", folder)
    command = [sys.executable, "-I", folder / "check_archive.py", archive]
    return subprocess.run(command, capture_output=True, text=True, cwd="/")


def test_an_archive_is_checked_by_the_script_inside_it_and_by_nothing_else(app: Flask, tmp_path: Path) -> None:
    record()
    run(app, "audit", "checkpoint")
    record(2)
    run(app, "audit", "checkpoint")
    target = tmp_path / "audit.zip"
    exported = run(app, "audit", "export", target)

    assert exported.exit_code == 0
    assert "7 entries in 4 chains" in exported.output
    assert target.stat().st_mode & 0o777 == 0o600
    assert actions()[-1] == "audit.exported"
    checked = check_archive(target, tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "SOUND: 7 entries in 4 chains, 2 checkpoints\n")
    again = run(app, "audit", "export", target)
    assert again.exit_code == 1
    assert "there already" in again.output


@pytest.mark.parametrize(
    ("member", "old", "new", "message"),
    [
        ("entries.txt", "case.updated", "case.viewed", "NOT SOUND: entry 1 of chain case:0"),
        ("checkpoints.json", '\\"entries\\":3', '\\"entries\\":3', "SOUND: 4 entries"),
        ("checkpoints.json", '"case:0"', '"case:1"', "NOT SOUND: entry 1 of chain case:1"),
        ("checkpoints.json", '\\"root\\":\\"', '\\"root\\":\\"0', "NOT SOUND: checkpoint 1"),
    ],
)
def test_the_script_finds_what_was_changed_in_an_archive(
    app: Flask, tmp_path: Path, member: str, old: str, new: str, message: str
) -> None:
    record()
    run(app, "audit", "checkpoint")
    target, changed = tmp_path / "audit.zip", tmp_path / "changed.zip"
    run(app, "audit", "export", target)
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(changed, "w") as copy:
        for name in source.namelist():
            content = source.read(name).decode()
            if name == member:
                assert old in content
                content = content.replace(old, new, 1)
            copy.writestr(name, content)

    checked = check_archive(changed, tmp_path)
    assert message in checked.stdout + checked.stderr


def test_keys_are_made_once(app: Flask, settings: Settings) -> None:
    assert "already" in run(app, "keys", "create").output
    settings.keyring_path.unlink()

    made = run(app, "keys", "create")
    assert made.exit_code == 0
    assert "4 keys" in made.output
    assert actions() == ["key.created"] * 4


def test_keys_can_be_made_before_the_database(app: Flask, settings: Settings) -> None:
    settings.keyring_path.unlink()
    with unit_of_work():
        for table in ("audit_checkpoint_heads", "audit_checkpoints", "audit_entries", "audit_chains"):
            db.session.execute(text(f"DROP TABLE {table}"))

    assert run(app, "keys", "create").exit_code == 0


def test_a_data_key_lives_from_rotation_to_destruction(app: Flask) -> None:
    with unit_of_work():
        person_id = vault.create_person()
        vault.seal(person_id=person_id, compartment=Compartment.IDENTITY, document={"surname": "Əliyev"})
    old = runtime.keyring().active(KeyPurpose.DATA).id

    assert "is in use" in run(app, "keys", "rotate").output
    assert runtime.keyring().active(KeyPurpose.DATA).id != old
    assert "1 records still need" in run(app, "keys", "destroy", old).output
    assert f"{old}  decrypt_only  1 records need it, 1 encryptions" in run(app, "keys", "status").output
    assert "data: 1 brought under the active key, 0 damaged." in run(app, "keys", "rewrap", "--batch", 1).output
    assert "less than 15 minutes ago" in run(app, "keys", "destroy", old).output
    with clock.fixed(clock.now() + timedelta(hours=1)):
        assert "is destroyed" in run(app, "keys", "destroy", old).output
    assert runtime.keyring().find(old).state is KeyState.DESTROYED
    assert vault.open(person_id=person_id, compartment=Compartment.IDENTITY) == {"surname": "Əliyev"}
    assert actions() == ["key.rotated", "key.rewrapped", "key.destroyed"]
    assert run(app, "audit", "verify").exit_code == 0


def test_status_names_keys_that_are_lacking(app: Flask, settings: Settings) -> None:
    with unit_of_work():
        vault.create_person()
    lacking = runtime.keyring().active(KeyPurpose.DATA).id
    settings.keyring_path.unlink()
    keyring.create(settings.keyring_path)

    answer = run(app, "keys", "status")
    assert answer.exit_code == 1
    assert lacking in answer.output


@pytest.mark.parametrize(
    ("group", "arguments"),
    [
        ("audit", ["checkpoint"]),
        ("audit", ["export", "archive.zip"]),
        ("keys", ["rotate"]),
        ("keys", ["rewrap"]),
        ("keys", ["status"]),
        ("keys", ["destroy", "data-x"]),
    ],
)
def test_every_command_says_how_to_close_an_open_keyring(
    app: Flask, settings: Settings, group: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.keyring_path.chmod(0o644)

    answer = run(app, group, *arguments)
    assert answer.exit_code == 1
    assert "chmod 600" in answer.output
