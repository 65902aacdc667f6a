"""The commands that begin an installation."""

import json
from dataclasses import replace

import pytest
from flask import Flask

from config import Settings
from ercms.accounts import service
from ercms.app import create_app
from ercms.core.actor import OrganisationKind, Role
from ercms.vault.errors import KeyringUnavailable


def test_a_first_organisation_and_a_first_administrator_are_made(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    early = run(args=["accounts", "create-administrator", "--email", "root@example.org", "--name", "Root"])
    assert early.exit_code == 1
    assert "create-organisation" in early.output
    made = run(args=["accounts", "create-organisation", "--kind", "migration_service", "--name", "SMS"])
    assert made.exit_code == 0, made.output
    done = run(args=["accounts", "create-administrator", "--email", "Root@example.org", "--name", "Root"])
    assert "One-time password" in done.output
    user = service.list_officers(role=Role.ADMINISTRATOR)[0]
    assert user.must_change_password
    assert service.get_organisation(user.organisation_id).kind is OrganisationKind.MIGRATION_SERVICE


def test_an_organisation_with_the_wrong_states_is_refused(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    answer = run(args=["accounts", "create-organisation", "--kind", "mission", "--name", "Embassy"])
    assert answer.exit_code == 1
    assert "at least one State" in answer.output


def test_an_installation_is_marked_once(app: Flask, settings: Settings) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["installation", "create"]).exit_code == 0
    marker = settings.instance_path / "installation.json"
    assert json.loads(marker.read_text()) == {"is_demonstration": False}
    assert run(args=["installation", "create", "--demonstration"]).exit_code == 1


def test_the_web_does_not_start_without_keys_and_says_how_to_make_them(settings: Settings) -> None:
    settings.keyring_path.unlink()
    with pytest.raises(KeyringUnavailable, match="flask keys create"):
        create_app(settings)


def test_commands_start_without_keys(settings: Settings) -> None:
    settings.keyring_path.unlink()
    create_app(replace(settings, is_command_line=True))
