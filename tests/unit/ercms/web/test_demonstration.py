"""The one-click sign-in: in a demonstration, on this machine, and nowhere else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from config import Settings, SettingsError, create_installation, is_demonstration
from ercms.app import create_app
from ercms.core.actor import Role
from ercms.extensions import db
from tests.conftest import Client, csrf_token, new_client
from tests.factories.accounts import make_user


@pytest.fixture
def demonstration(settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(settings, is_demonstration=True))
    app.test_client_class = Client
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_each_role_is_one_click_away_and_each_page_says_that_it_is_a_demonstration(demonstration: Flask) -> None:
    user = make_user(Role.SUPERVISOR)
    client = new_client(demonstration)
    page = client.get("/sign-in")
    assert "Enter no real data." in page.text
    answer = client.post("/sign-in/demonstration", data={"user": user.id, "csrf_token": csrf_token(page.text)})
    assert answer.status_code == 302
    account = client.get("/account")
    assert user.display_name in account.text
    assert "Enter no real data." in account.text


@pytest.mark.parametrize(
    "origin",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}},
        {"headers": {"X-Forwarded-For": "192.0.2.1"}},
        {"headers": {"Forwarded": "for=192.0.2.1"}},
    ],
)
def test_from_elsewhere_it_does_not_exist(demonstration: Flask, origin: dict[str, dict[str, str]]) -> None:
    user = make_user(Role.SUPERVISOR)
    client = new_client(demonstration)
    page = client.get("/sign-in", **origin)
    assert user.id not in page.text
    data = {"user": user.id, "csrf_token": csrf_token(page.text)}
    assert client.post("/sign-in/demonstration", data=data, **origin).status_code == 404


def test_in_a_real_installation_it_does_not_exist(client: Client) -> None:
    user = make_user(Role.SUPERVISOR)
    page = client.get("/sign-in")
    assert "Enter no real data." not in page.text
    data = {"user": user.id, "csrf_token": csrf_token(page.text)}
    assert client.post("/sign-in/demonstration", data=data).status_code == 404


def test_a_real_installation_never_becomes_a_demonstration(settings: Settings) -> None:
    folder = settings.instance_path / "real"
    create_installation(folder, is_demonstration=False)
    with pytest.raises(SettingsError, match="other kind"):
        create_installation(folder, is_demonstration=True)
    assert not is_demonstration(folder)


def test_a_folder_with_a_database_never_becomes_a_demonstration(settings: Settings) -> None:
    (settings.instance_path / "found.sqlite").touch()
    with pytest.raises(SettingsError, match="already holds a database"):
        create_installation(settings.instance_path, is_demonstration=True)
