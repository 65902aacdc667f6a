"""Users and organisations, kept by an administrator in pages."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ercms.accounts import service
from ercms.accounts.service import OrganisationSummary, UserSummary
from ercms.audit import service as audit
from ercms.core import clock
from ercms.core.actor import OrganisationKind, Role
from ercms.core.unit_of_work import unit_of_work
from tests.conftest import Client, csrf_token, new_client

MakeUser = Callable[..., UserSummary]
MakeOrganisation = Callable[..., OrganisationSummary]
SignIn = Callable[..., object]


@pytest.fixture
def administrator(client: Client, make_user: MakeUser, sign_in: SignIn) -> UserSummary:
    user = make_user(Role.ADMINISTRATOR)
    sign_in(client, user)
    return user


def post(client: Client, address: str, **data: object) -> TestResponse:
    return client.post(address, data={**data, "csrf_token": csrf_token(client.get("/account").text)})


def test_a_new_user_signs_in_with_the_one_time_password_and_must_change_it(
    app: Flask, client: Client, administrator: UserSummary, make_organisation: MakeOrganisation, sign_in: SignIn
) -> None:
    home = make_organisation(OrganisationKind.AGENCY)
    answer = post(
        client, "/admin/users/new", display_name="Nərmin Əliyeva", email="Nermin@Example.org", role="verifier",
        organisation_id=home.id, locale="az",
    )  # fmt: skip
    password = re.search(r'class="secret-once">([^<]+)<', answer.text).group(1)
    other = new_client(app)
    made = service.list_officers(role=Role.VERIFIER)[0]
    assert made.email == "nermin@example.org"
    sign_in(other, made, password)
    assert other.get("/start").location == "/account/password"


def test_a_role_that_does_not_fit_the_organisation_is_refused(
    client: Client, administrator: UserSummary, make_organisation: MakeOrganisation
) -> None:
    home = make_organisation(OrganisationKind.AGENCY)
    answer = post(
        client, "/admin/users/new", display_name="Someone", email="someone@example.org", role="supervisor",
        organisation_id=home.id, locale="az",
    )  # fmt: skip
    assert answer.status_code == 400
    assert 'href="#f-role"' in answer.text
    assert 'value="Someone"' in answer.text


def test_a_taken_address_is_refused_at_its_field(client: Client, administrator: UserSummary) -> None:
    answer = post(
        client, "/admin/users/new", display_name="Twin", email=administrator.email, role="case_worker",
        organisation_id=administrator.organisation_id, locale="az",
    )  # fmt: skip
    assert answer.status_code == 400
    assert "There is a user with this e-mail address already." in answer.text


def test_a_disabled_user_is_signed_out_at_once(
    app: Flask, client: Client, administrator: UserSummary, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, other = make_user(Role.CASE_WORKER), new_client(app)
    sign_in(other, user)
    answer = post(
        client, f"/admin/users/{user.id}", display_name=user.display_name, role="case_worker", locale="en",
        version=user.version,
    )  # fmt: skip
    assert answer.status_code == 302
    assert other.get("/account").status_code == 302


def test_an_administrator_cannot_disable_oneself(client: Client, administrator: UserSummary) -> None:
    answer = post(
        client, f"/admin/users/{administrator.id}", display_name="Me", role="administrator", locale="en",
        version=administrator.version,
    )  # fmt: skip
    assert answer.status_code == 400
    assert service.get_user(administrator.id).is_active


def test_the_second_of_two_changes_is_told_so(client: Client, administrator: UserSummary, make_user: MakeUser) -> None:
    user = make_user()
    change = {"role": "case_worker", "locale": "en", "is_active": "true", "version": user.version}
    assert post(client, f"/admin/users/{user.id}", display_name="First", **change).status_code == 302
    answer = post(client, f"/admin/users/{user.id}", display_name="Second", **change)
    assert answer.status_code == 409
    assert service.get_user(user.id).display_name == "First"


def test_an_organisation_is_made_and_changed(client: Client, administrator: UserSummary) -> None:
    answer = post(client, "/admin/organisations/new", kind="mission", name="Embassy", states=["NO", "SE"])
    assert answer.status_code == 302, answer.text
    made = service.list_organisations(OrganisationKind.MISSION)[0]
    assert made.states == ("NO", "SE")
    change = {"name": "Embassy in Oslo", "states": ["NO"], "is_active": "true", "version": made.version}
    assert post(client, f"/admin/organisations/{made.id}", **change).status_code == 302
    assert service.get_organisation(made.id).states == ("NO",)


def test_a_requesting_authority_needs_a_state(client: Client, administrator: UserSummary) -> None:
    answer = post(client, "/admin/organisations/new", kind="requesting_authority", name="Somewhere")
    assert answer.status_code == 400
    assert 'href="#f-states"' in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM, Role.ADMINISTRATOR}])
def test_nobody_else_sees_the_users(client: Client, make_user: MakeUser, sign_in: SignIn, role: Role) -> None:
    sign_in(client, make_user(role))
    assert client.get("/admin/users").status_code == 403


def test_ending_sessions_signs_a_user_out_everywhere(
    app: Flask, client: Client, administrator: UserSummary, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, other = make_user(), new_client(app)
    sign_in(other, user)
    post(client, f"/admin/users/{user.id}/sessions/end")
    assert other.get("/account").status_code == 302


def test_a_reset_password_replaces_the_old_one(
    app: Flask, client: Client, administrator: UserSummary, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, other = make_user(), new_client(app)
    sign_in(other, user)
    answer = post(client, f"/admin/users/{user.id}/password")
    password = re.search(r'class="secret-once">([^<]+)<', answer.text).group(1)
    assert other.get("/account").status_code == 302
    sign_in(new_client(app), user, password)


def test_a_one_time_password_that_was_not_used_in_time_is_refused_and_made_again(
    app: Flask, client: Client, administrator: UserSummary, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, other = make_user(), new_client(app)
    answer = post(client, f"/admin/users/{user.id}/password")
    password = re.search(r'class="secret-once">([^<]+)<', answer.text).group(1)
    with clock.fixed(clock.now() + timedelta(hours=73)):
        token = csrf_token(other.get("/sign-in").text)
        late = other.post("/sign-in", data={"email": user.email, "password": password, "csrf_token": token})
        assert late.status_code == 401
        assert "was not used in time" in late.text
        with unit_of_work():
            fresh = service.reset_password(actor=service.get_actor(administrator.id), user_id=user.id)
        sign_in(other, user, fresh)
    chain = audit.organisation_chain(user.organisation_id)
    assert "one_time_password_expired" in [line.payload.get("reason_code") for line in audit.history(chain=chain)]


def test_an_administrator_ends_one_session_of_several(
    app: Flask, client: Client, administrator: UserSummary, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, first, second = make_user(), new_client(app), new_client(app)
    sign_in(first, user)
    sign_in(second, user)
    places = re.findall(rf"/admin/users/{user.id}/sessions/([0-9a-f]+)/end", client.get(f"/admin/users/{user.id}").text)
    assert len(places) == 2
    assert post(client, f"/admin/users/{user.id}/sessions/{places[0]}/end").status_code == 302
    assert sorted(one.get("/account").status_code for one in (first, second)) == [200, 302]
    assert post(client, f"/admin/users/{user.id}/sessions/{places[0]}/end").status_code == 404
    other = make_user()
    assert post(client, f"/admin/users/{other.id}/sessions/{places[1]}/end").status_code == 404
