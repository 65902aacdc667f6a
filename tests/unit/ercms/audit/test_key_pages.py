"""The administrator's page of keys."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import rotate, runtime
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, KeyPurpose
from tests.conftest import PASSWORD, Client, csrf_token
from tests.factories.accounts import POCKET


@pytest.fixture
def keeper(make_user: Callable[..., UserSummary]) -> UserSummary:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def administrator(client: Client, keeper: UserSummary, sign_in: Callable[..., Any]) -> Client:
    sign_in(client, keeper)
    return client


def post(client: Client, path: str, **proof: str) -> Any:
    return client.post(path, data={"csrf_token": csrf_token(client.get("/admin/keys").text), **proof})


def test_a_key_is_replaced_brought_along_and_destroyed(app: Flask, administrator: Client, keeper: UserSummary) -> None:
    with unit_of_work():
        person_id = vault.create_person()
        vault.seal(person_id=person_id, compartment=Compartment.IDENTITY, document={"surname": "Qasımlı"})
    former = runtime.keyring().active(KeyPurpose.DATA).id
    # The person, and the secret of the administrator's own authenticator.
    assert "2 of 2 under the key in use" in administrator.get("/admin/keys").text

    assert post(administrator, "/admin/keys/data/rotate").status_code == 302
    page = administrator.get("/admin/keys").text
    assert "0 of 2 under the key in use" in page
    assert f"/admin/keys/destroy/{former}" not in page
    assert vault.open(person_id=person_id, compartment=Compartment.IDENTITY) == {"surname": "Qasımlı"}
    db.session.rollback()
    assert post(administrator, f"/admin/keys/destroy/{former}").status_code == 409

    assert post(administrator, "/admin/keys/go-on").status_code == 302
    page = administrator.get("/admin/keys").text
    assert "2 of 2 under the key in use" in page
    assert f"/admin/keys/destroy/{former}" in page
    with clock.fixed(clock.now() + timedelta(minutes=16)):
        proof = {"proof-password": PASSWORD, "proof-code": POCKET.of(keeper.id).code()}
        assert post(administrator, f"/admin/keys/destroy/{former}", **proof).status_code == 302
    assert {key.id: key.state.value for key in rotate.status()}[former] == "destroyed"
    assert vault.open(person_id=person_id, compartment=Compartment.IDENTITY) == {"surname": "Qasımlı"}
    acts = {line.action for line in audit.acts(limit=50)}
    assert {AuditAction.KEY_ROTATED, AuditAction.KEY_REWRAPPED, AuditAction.KEY_DESTROYED} <= acts


def test_what_is_no_key_and_no_purpose_is_not_there(administrator: Client) -> None:
    assert post(administrator, "/admin/keys/doors/rotate").status_code == 404
    assert post(administrator, "/admin/keys/destroy/data-none").status_code == 404


def test_the_page_shows_no_key(administrator: Client) -> None:
    page = administrator.get("/admin/keys").text
    materials = [key.material for key in runtime.keyring().keys if key.material]
    assert materials
    assert not [material for material in materials if material.hex() in page]


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER])
def test_nobody_else_reaches_the_keys(
    client: Client, make_user: Callable[..., Any], sign_in: Callable[..., Any], role: Role
) -> None:
    sign_in(client, make_user(role))
    assert client.get("/admin/keys").status_code == 403
