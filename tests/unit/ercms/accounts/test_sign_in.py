"""Sign-in through the real page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from ercms.accounts import brakes, session_service, sign_in_service
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.service import UserSummary
from ercms.accounts.sign_in_service import Outcome
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Role
from ercms.core.unit_of_work import unit_of_work
from tests.conftest import PASSWORD, TODAY, Client, csrf_token, new_client, second_step
from tests.factories.accounts import POCKET

MakeUser = Callable[..., UserSummary]
SignIn = Callable[..., object]

BOTH = session_service.Proof(SignInMethod.PASSWORD, SecondFactor.TOTP)

HOME = "192.0.2.10"
STRANGER = "198.51.100.7"


def attempt(email: str, password: str, address: str) -> Outcome:
    with unit_of_work():
        return sign_in_service.sign_in(email=email, password=password, address=address).outcome


def enter(user: UserSummary, address: str) -> None:
    with unit_of_work():
        session_service.begin(user_id=user.id, proof=BOTH, address=address)


def test_a_user_signs_in_and_out(client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    user = make_user(Role.CASE_WORKER)
    sign_in(client, user)
    page = client.get("/account")
    assert page.status_code == 200
    assert user.display_name in page.text
    client.post("/sign-out", data={"csrf_token": csrf_token(page.text)})
    assert client.get("/account").status_code == 302


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client: Client, make_user: MakeUser) -> None:
    user = make_user()
    token = csrf_token(client.get("/sign-in").text)
    answers = [
        client.post("/sign-in", data={"email": email, "password": "not the right one", "csrf_token": token})
        for email in (user.email, "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text.replace(user.email, "nobody@example.org").count("do not fit together") == 1
    assert "do not fit together" in answers[1].text


def test_a_password_is_never_sent_back(client: Client) -> None:
    token = csrf_token(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"email": "a@example.org", "password": "kept to me", "csrf_token": token})
    assert "kept to me" not in answer.text
    assert "a@example.org" in answer.text


def test_the_session_is_new_after_a_sign_in(app: Flask, client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    client.get("/sign-in")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    sign_in(client, make_user())
    with client.session_transaction() as after:
        assert "planted" not in after


def test_a_copied_cookie_is_worth_nothing_after_the_sign_out(
    app: Flask, client: Client, make_user: MakeUser, sign_in: SignIn
) -> None:
    sign_in(client, make_user())
    stolen = client.get_cookie("ercms")
    assert stolen is not None
    page = client.get("/account")
    client.post("/sign-out", data={"csrf_token": csrf_token(page.text)})
    thief = new_client(app)
    thief.set_cookie("ercms", stolen.value)
    assert thief.get("/account").status_code == 302


def test_guessing_from_one_address_is_slowed_and_its_owner_gets_in_from_another(
    app: Flask, make_user: MakeUser, fixed_clock: object
) -> None:
    user = make_user()
    for _ in range(5):
        assert attempt(user.email, "a guess", STRANGER) is Outcome.FAILED
    assert attempt(user.email, PASSWORD, STRANGER) is Outcome.LOCKED
    assert attempt(user.email, PASSWORD, HOME) is Outcome.SUCCEEDED


def test_a_wait_ends_by_itself(app: Flask, make_user: MakeUser) -> None:
    user = make_user()
    with clock.fixed(TODAY):
        for _ in range(5):
            attempt(user.email, "a guess", STRANGER)
    with clock.fixed(TODAY + timedelta(seconds=31)):
        assert attempt(user.email, PASSWORD, STRANGER) is Outcome.SUCCEEDED


def test_an_attack_from_everywhere_cannot_lock_out_the_owner(
    app: Flask, make_user: MakeUser, fixed_clock: object
) -> None:
    user = make_user()
    enter(user, HOME)
    for number in range(brakes.PACES[brakes.BrakeKind.ACCOUNT].free + 5):
        attempt(user.email, "a guess", f"203.0.113.{number}")
    assert attempt(user.email, PASSWORD, STRANGER) is Outcome.LOCKED
    assert attempt(user.email, PASSWORD, HOME) is Outcome.SUCCEEDED


@pytest.mark.parametrize("kind", list(brakes.BrakeKind))
def test_no_wait_grows_without_end(kind: brakes.BrakeKind) -> None:
    assert brakes.PACES[kind].longest <= timedelta(minutes=15)


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_a_session_ends_when_it_is_idle(
    client: Client, make_user: MakeUser, sign_in: SignIn, minutes: int, status: int
) -> None:
    with clock.fixed(TODAY):
        sign_in(client, make_user())
    with clock.fixed(TODAY + timedelta(minutes=minutes)):
        assert client.get("/account").status_code == status


def test_a_session_in_use_ends_after_its_absolute_time(client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    with clock.fixed(TODAY):
        sign_in(client, make_user())
    for quarter in range(1, 48):
        with clock.fixed(TODAY + timedelta(minutes=15 * quarter)):
            assert client.get("/account").status_code == 200
    with clock.fixed(TODAY + timedelta(hours=12)):
        assert client.get("/account").status_code == 302


def test_a_sign_in_is_on_record_whether_it_succeeds_or_fails(app: Flask, make_user: MakeUser) -> None:
    user = make_user()
    attempt(user.email, "a guess", STRANGER)
    enter(user, HOME)
    lines = audit.history(chain=audit.organisation_chain(user.organisation_id))
    assert [(line.action, line.result, line.address) for line in lines[-2:]] == [
        (AuditAction.SIGN_IN_FAILED, "refused", STRANGER),
        (AuditAction.SIGN_IN_SUCCEEDED, "done", HOME),
    ]


def test_after_the_sign_in_one_goes_on_where_one_wanted(client: Client, make_user: MakeUser) -> None:
    user = make_user()
    asked = client.get("/account")
    page = client.get(asked.location)
    POCKET.of(user.id)
    data = {"email": user.email, "password": PASSWORD, "csrf_token": csrf_token(page.text), "next": "/account"}
    assert client.post("/sign-in", data=data).location == "/sign-in/second-step"
    assert second_step(client, user.id).location == "/account"


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_the_sign_in_leads_to_no_other_site(client: Client, make_user: MakeUser, target: str) -> None:
    user = make_user()
    POCKET.of(user.id)
    token = csrf_token(client.get("/sign-in").text)
    data = {"email": user.email, "password": PASSWORD, "csrf_token": token, "next": target}
    client.post("/sign-in", data=data)
    assert second_step(client, user.id).location == "/"


def test_a_changed_password_ends_all_other_sessions(
    app: Flask, client: Client, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, other = make_user(), new_client(app)
    sign_in(client, user)
    sign_in(other, user)
    token = csrf_token(client.get("/account/password").text)
    chosen = "nine loud tangerines"
    data = {"present": PASSWORD, "password": chosen, "again": chosen, "csrf_token": token}
    assert client.post("/account/password", data=data).status_code == 302
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def refused_sessions() -> list[str]:
    lines = audit.history(chain=audit.SYSTEM_CHAIN)
    return [line.payload["reason_code"] for line in lines if line.action is AuditAction.SESSION_REFUSED]


def test_a_forged_session_is_refused_with_a_reason_and_on_record(
    client: Client, make_user: MakeUser, sign_in: SignIn
) -> None:
    sign_in(client, make_user())
    cookie = client.get_cookie("ercms")
    assert cookie is not None
    body, _, signature = cookie.value.rpartition(".")
    client.set_cookie("ercms", f"{body}.{signature[::-1]}")
    assert client.get("/account").location == "/sign-in"
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert "could not be verified" in page.text
    assert refused_sessions() == ["forged_session"]


def test_a_session_of_the_future_is_refused_and_on_record(client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    with clock.fixed(TODAY + timedelta(hours=1)):
        sign_in(client, make_user())
    with clock.fixed(TODAY):
        assert client.get("/account").location == "/sign-in"
    assert refused_sessions() == ["future_session"]


@pytest.mark.parametrize("weak", ["short", "password1234", "officer officer", "aaaaaaaaaaaaaa"])
def test_a_weak_password_is_refused_at_its_field(
    client: Client, make_user: MakeUser, sign_in: SignIn, weak: str
) -> None:
    sign_in(client, make_user(name="Officer Officer"))
    token = csrf_token(client.get("/account/password").text)
    data = {"present": PASSWORD, "password": weak, "again": weak, "csrf_token": token}
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 400
    assert 'href="#f-password"' in answer.text
