"""The keys of programs: on the administrator's page and on the command line."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core.actor import SYSTEM, Actor, Role
from ercms.core.errors import InvalidInput, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.programs import service
from tests.conftest import csrf_token
from tests.factories.accounts import make_user
from tests.factories.programs import PREFIX, make_key

PAGE = "/admin/api-keys"


@pytest.fixture
def administrator(client: FlaskClient, sign_in: Callable[..., object]) -> UserSummary:
    user = make_user(Role.ADMINISTRATOR)
    sign_in(client, user)
    return user


def test_an_administrator_makes_a_key_that_is_shown_once_and_works(
    client: FlaskClient, administrator: UserSummary
) -> None:
    user = make_user(Role.CONSULAR_OFFICER, name="Interface of the authority")
    form = client.get(PAGE)
    assert "There is no key yet." in form.text
    sent = {"csrf_token": csrf_token(form.text), "name": "Register of returns", "acting_user_id": user.id}
    shown = client.post(PAGE, data=sent)
    assert shown.status_code == 200
    key = re.search(r'<code class="secret-once">([^<]+)</code>', shown.text)
    assert key is not None
    listed = client.get(PAGE).text
    assert "Register of returns" in listed
    assert key[1].partition(".")[2] not in listed
    assert client.get(f"{PREFIX}/cases", headers={"Authorization": f"Bearer {key[1]}"}).status_code == 200
    lines = audit.history(chain=f"org:{user.organisation_id}")
    assert AuditAction.API_KEY_CREATED in [line.action for line in lines]


def test_a_revoked_key_is_shut_out_and_said_to_be_revoked(client: FlaskClient, administrator: UserSummary) -> None:
    user = make_user(Role.CONSULAR_OFFICER)
    key = make_key(accounts.get_actor(user.id))
    page = client.get(PAGE).text
    answer = client.post(f"{PAGE}/{key.partition('.')[0]}/revoke", data={"csrf_token": csrf_token(page)})
    assert answer.status_code == 302
    assert "Revoked" in client.get(PAGE).text
    assert client.get(f"{PREFIX}/cases", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    again = client.post(f"{PAGE}/{key.partition('.')[0]}/revoke", data={"csrf_token": csrf_token(page)})
    assert again.status_code == 409


def test_what_cannot_be_made_is_said_at_the_field(client: FlaskClient, administrator: UserSummary) -> None:
    token = csrf_token(client.get(PAGE).text)
    for sent in ({}, {"name": "A"}, {"name": "A", "acting_user_id": administrator.id}, {"acting_user_id": "x"}):
        answer = client.post(PAGE, data={"csrf_token": token, **sent})
        assert answer.status_code == 422
        assert "error-summary" in answer.text
    assert service.list_keys(actor=SYSTEM) == []


def test_nobody_else_reaches_the_page(client: FlaskClient, sign_in: Callable[..., object]) -> None:
    sign_in(client, make_user(Role.SUPERVISOR))
    assert client.get(PAGE).status_code == 403


def test_only_an_administrator_or_a_command_makes_keys(make_actor: Callable[..., Actor]) -> None:
    officer = make_actor(Role.CONSULAR_OFFICER)
    with pytest.raises(PermissionRefused), unit_of_work():
        service.create_key(
            actor=officer, organisation_id=str(officer.organisation_id), acting_user_id=officer.user_id, name="A"
        )


def test_a_key_acts_as_a_user_of_its_organisation_and_never_as_an_administrator(
    make_actor: Callable[..., Actor],
) -> None:
    officer, other = make_actor(Role.CONSULAR_OFFICER), make_actor(Role.CONSULAR_OFFICER)
    chief = make_actor(Role.ADMINISTRATOR)
    for home, user in ((officer, other), (chief, chief)):
        with pytest.raises(InvalidInput) as refused, unit_of_work():
            service.create_key(
                actor=SYSTEM, organisation_id=str(home.organisation_id), acting_user_id=user.user_id, name="A"
            )
        assert list(refused.value.fields) == ["acting_user_id"]


def test_a_key_is_made_listed_and_revoked_on_the_command_line(app: Flask) -> None:
    user = make_user(Role.CONSULAR_OFFICER)
    runner = app.test_cli_runner()
    options = ["--organisation", user.organisation_name, "--acting-user", user.email, "--name", "Register"]
    made = runner.invoke(args=["api-keys", "create", *options, "--expires-on", "2099-12-31"])
    assert made.exit_code == 0, made.output
    text = made.output.rsplit(" ", 1)[-1].strip()
    assert service.find_caller(text, address=None, request_id=None) is not None
    assert "active" in runner.invoke(args=["api-keys", "list"]).output
    revoked = runner.invoke(args=["api-keys", "revoke", text.partition(".")[0]])
    assert revoked.exit_code == 0, revoked.output
    assert service.find_caller(text, address=None, request_id=None) is None
    assert runner.invoke(args=["api-keys", "revoke", "nothing"]).exit_code == 1


@pytest.mark.parametrize(
    "options",
    [
        ["--organisation", "nobody", "--acting-user", "a@example.org"],
        ["--organisation", "{home}", "--acting-user", "nobody@example.org"],
        ["--organisation", "{home}", "--acting-user", "{email}", "--expires-on", "2001-01-01"],
    ],
)
def test_a_command_that_cannot_make_a_key_says_why(app: Flask, options: list[str]) -> None:
    user = make_user(Role.CONSULAR_OFFICER)
    filled = [option.format(home=user.organisation_id, email=user.email) for option in options]
    refused = app.test_cli_runner().invoke(args=["api-keys", "create", "--name", "A", *filled])
    assert refused.exit_code == 1
    assert "Error:" in refused.output
