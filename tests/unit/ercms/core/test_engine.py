"""Readers never wait, and a unit of work begins as a writer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import text

from config import Settings
from ercms.accounts import service
from ercms.accounts.service import UserSummary
from ercms.app import create_app
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db

MakeUser = Callable[..., UserSummary]


def test_a_reader_sees_the_last_commit_while_somebody_writes(app: Flask, make_user: MakeUser) -> None:
    user = make_user(name="Before")

    def read() -> str:
        with app.app_context():
            return service.get_user(user.id).display_name

    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        with unit_of_work():
            db.session.execute(text("UPDATE users SET display_name = 'After'"))
            assert elsewhere.submit(read).result(timeout=5) == "Before"
        assert elsewhere.submit(read).result(timeout=5) == "After"


def test_a_unit_of_work_sees_what_was_committed_after_its_caller_began_to_read(app: Flask, make_user: MakeUser) -> None:
    user = make_user(name="Before")
    assert service.get_user(user.id).display_name == "Before"
    with db.engine.begin() as other:
        other.execute(text("UPDATE users SET display_name = 'Meanwhile'"))
    with unit_of_work():
        assert service.get_user(user.id).display_name == "Meanwhile"
        db.session.execute(text("UPDATE users SET display_name = 'After'"))
    assert service.get_user(user.id).display_name == "After"


def test_sqlite_is_told_to_keep_what_it_confirms(settings: Settings) -> None:
    # An application of its own: that of the other tests does not wait for the disk.
    with create_app(settings).app_context():
        if db.engine.dialect.name != "sqlite":
            assert db.engine.dialect.name == "postgresql"
            return
        with db.engine.connect() as connection:
            told = {
                name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
        db.engine.dispose()
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
