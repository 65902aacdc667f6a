"""The law is told with and without a database, and costs a page one statement at most."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from config import Settings
from ercms.agreements import service
from ercms.agreements.models import LawChange
from ercms.app import create_app
from ercms.extensions import db
from ercms.vault import keyring

DATES = ["agreements", "dates", "--state", "DE", "--kind", "own_national", "--received", "2026-03-18", "--json"]


def test_the_commands_work_before_there_is_a_database_and_make_none(tmp_path: Path) -> None:
    keyring.create(tmp_path / "keyring.json")
    runner = create_app(Settings.for_tests(tmp_path)).test_cli_runner()
    dates = runner.invoke(args=DATES)
    assert dates.exit_code == 0, dates.output
    assert json.loads(dates.stdout)["agreement"] == "eu@2014-09-01"
    check = runner.invoke(args=["agreements", "check"])
    assert check.exit_code == 0, check.output
    assert not (tmp_path / "ercms.sqlite").exists()


def test_the_commands_work_with_a_database(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=DATES).exit_code == 0
    assert app.test_cli_runner().invoke(args=["agreements", "check"]).exit_code == 0


def test_the_law_costs_a_transaction_one_statement(app: Flask) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    service.list_agreements()
    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    for _ in range(5):
        service.list_agreements()
        service.get_agreement("eu@2014-09-01")
        service.partner_states()
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) == 1


@pytest.mark.usefixtures("app")
def test_a_page_without_its_table_fails_and_tells_no_other_law() -> None:
    db.metadata.tables[LawChange.__tablename__].drop(db.engine)
    with pytest.raises(Exception, match="law_changes"):
        service.list_agreements()
