"""What `script/server` says before it starts anything."""

import socket
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from config import Settings, SettingsError
from ercms.extensions import db
from script import serve


def test_a_port_that_is_taken_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SettingsError, match=rf"Port {port} .* PORT=8001 script/server"):
            serve._port()


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SettingsError, match="from 1 to 65535"):
        serve._port()


def test_tables_of_the_newest_migration_are_not_migrated_again(app: Flask, settings: Settings) -> None:
    is_sqlite = settings.database_url.startswith("sqlite:")
    assert serve._is_migrated(settings) is is_sqlite
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_create_accounts'"))
    assert not serve._is_migrated(settings)


def test_what_cannot_be_read_is_left_to_the_migration(settings: Settings) -> None:
    missing = settings.instance_path / "none.sqlite"
    assert not serve._is_migrated(replace(settings, database_url=f"sqlite:///{missing}"))
    assert not missing.exists()
    missing.write_text("no database")
    assert not serve._is_migrated(replace(settings, database_url=f"sqlite:///{missing}"))
