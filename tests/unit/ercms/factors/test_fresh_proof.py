"""A fresh proof before decisions, factors, keys and exports; what was typed survives it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Role
from ercms.core.errors import RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import reset_service, service, totp
from ercms.factors.enums import ResetReason
from ercms.web.fresh_proof import condition_of
from tests.conftest import PASSWORD, TODAY, Client, csrf_token, new_client
from tests.factories.accounts import POCKET
from workflows.readmission import CaseTrigger

MakeUser = Callable[..., UserSummary]
SignIn = Callable[..., object]
LATER = TODAY + timedelta(minutes=11)
DECISIONS = {
    "confirm_acceptance",
    "confirm_refusal",
    "record_deemed_consent",
    "reopen",
    "renew_acceptance",
    "take_back",
}


def test_every_act_that_asks_for_a_fresh_proof_is_named_here(app: Flask) -> None:
    found = set()
    for rule in app.url_map.iter_rules():
        condition = condition_of(app, rule.endpoint)
        if condition is None:
            continue
        if "trigger" in rule.arguments:
            found |= {f"{rule.endpoint} {t.value}" for t in CaseTrigger if condition({"trigger": t.value})}
        else:
            assert condition({})
            found.add(rule.endpoint)
    assert found == {
        *(f"casefile.action {trigger}" for trigger in DECISIONS),
        "admin.create_user",
        "admin.reset_password",
        "exports.queue",
        "exports.requests",
        "factor_account.authenticator",
        "factor_account.begin_authenticator",
        "factor_account.confirm_authenticator",
        "factor_account.make_recovery_codes",
        "factor_admin.reset",
        "keys.destroy_key",
        "passkeys.new_passkey",
        "passkeys.register",
        "passkeys.registration_options",
        "passkeys.remove",
        "keys.rotate_key",
        "privacy_sheets.make_sheet",
        "programs.create_key",
        "providers.change_provider",
        "providers.create_provider",
        "providers.link",
        "providers.new_provider",
        "providers.provider_page",
        "providers.unlink",
        "programs.revoke_key",
    }


@pytest.fixture
def administrator(client: Client, make_user: MakeUser, sign_in: SignIn) -> UserSummary:
    user = make_user(Role.ADMINISTRATOR)
    with clock.fixed(TODAY):
        sign_in(client, user)
    return user


def post(client: Client, address: str, **form: Any) -> Any:
    return client.post(address, data={**form, "csrf_token": csrf_token(client.get("/account").text)})


def test_an_old_proof_is_asked_anew_and_what_was_typed_goes_along(
    client: Client, administrator: UserSummary, make_user: MakeUser
) -> None:
    user = make_user()
    typed = {"reason": "lost", "note": "Called back & asked <twice>"}
    address = f"/admin/users/{user.id}/second-factor"
    with clock.fixed(LATER):
        page = post(client, address, **typed)
        assert page.status_code == 403
        assert not reset_service.needs_secret(user_id=user.id)
        kept = dict(re.findall(r'<textarea name="([^"]+)" hidden>([^<]*)</textarea>', page.text))
        assert kept == {"reason": "lost", "note": "Called back &amp; asked &lt;twice&gt;"}
        wrong = post(client, address, **typed, **{"proof-password": "a guess", "proof-code": "000000"})
        assert wrong.status_code == 403
        assert 'href="#f-proof-password"' in wrong.text
        code = POCKET.of(administrator.id).code()
        bad_code = post(client, address, **typed, **{"proof-password": PASSWORD, "proof-code": "000000"})
        assert 'href="#f-proof-code"' in bad_code.text
        assert not reset_service.needs_secret(user_id=user.id)
        done = post(client, address, **typed, **{"proof-password": PASSWORD, "proof-code": code})
        assert done.status_code == 200
        assert "secret-once" in done.text
        assert reset_service.needs_secret(user_id=user.id)
        # The proof holds for a while: the next act asks for none.
        assert post(client, f"/admin/users/{user.id}/password").status_code == 200
    lines = audit.history(chain=audit.organisation_chain(administrator.organisation_id))
    assert [line.actor_id for line in lines if line.action is AuditAction.REAUTHENTICATED] == [administrator.id]


def test_who_may_not_do_it_is_not_asked(client: Client, make_user: MakeUser, sign_in: SignIn) -> None:
    with clock.fixed(TODAY):
        sign_in(client, make_user(Role.ANALYST))
    with clock.fixed(LATER):
        answer = post(client, "/admin/keys/data/rotate")
    assert answer.status_code == 403
    assert "proof-password" not in answer.text


def test_a_page_that_asks_is_reached_after_the_proof(client: Client, administrator: UserSummary) -> None:
    with clock.fixed(LATER):
        asked = client.get("/account/authenticator")
        assert asked.location == "/account/proof?next=/account/authenticator"
        token = csrf_token(client.get(asked.location).text)
        code = POCKET.of(administrator.id).code()
        proof = {"proof-password": PASSWORD, "proof-code": code, "next": "/account/authenticator"}
        assert client.post("/account/proof", data={**proof, "csrf_token": token}).location == "/account/authenticator"


def test_guessing_at_the_proof_is_slowed(client: Client, administrator: UserSummary) -> None:
    guess = {"proof-password": "a guess", "proof-code": "000000"}
    with clock.fixed(LATER):
        answers = [post(client, "/admin/keys/data/rotate", **guess).status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


def test_another_authenticator_replaces_the_first_once_it_is_confirmed(
    client: Client, make_user: MakeUser, sign_in: SignIn, fixed_clock: object
) -> None:
    user = make_user()
    sign_in(client, user)
    assert post(client, "/account/authenticator").status_code == 302
    page = client.get("/account/authenticator")
    found = re.search(r'secret-once">([A-Z2-7 ]+)<', page.text)
    assert found is not None
    secret = totp.secret_of(found.group(1).replace(" ", ""))
    assert post(client, "/account/authenticator/confirm", code="000000").status_code == 400
    done = post(client, "/account/authenticator/confirm", code=totp.code_at(secret, totp.step_of(clock.now())))
    assert done.text.count("<li><code>") == 10
    with unit_of_work():
        former = service.check_code(actor=accounts.get_actor(user.id), code=POCKET.of(user.id).code())
    assert former.verdict.value == "wrong"


def test_a_lost_factor_is_reset_by_a_second_person_and_enrolled_with_a_one_time_secret(
    app: Flask, client: Client, administrator: UserSummary, make_user: MakeUser, sign_in: SignIn
) -> None:
    user, other = make_user(), new_client(app)
    with clock.fixed(TODAY):
        sign_in(other, user)
        answer = post(client, f"/admin/users/{user.id}/second-factor", reason="lost", note="Known by voice.")
        found = re.search(r'secret-once">([^<]+)<', answer.text)
        assert found is not None
        assert other.get("/account").status_code == 302
        POCKET.devices.pop(user.id)
        token = csrf_token(other.get("/sign-in").text)
        other.post("/sign-in", data={"email": user.email, "password": PASSWORD, "csrf_token": token})
        page = other.get("/sign-in/second-step")
        shown = re.search(r'secret-once">([A-Z2-7 ]+)<', page.text)
        assert shown is not None
        secret = totp.secret_of(shown.group(1).replace(" ", ""))
        form = {"code": totp.code_at(secret, totp.step_of(clock.now())), "csrf_token": csrf_token(page.text)}
        refused = other.post("/sign-in/enrolment", data={**form, "one_time_secret": "aaaa-bbbb-cccc-dddd"})
        assert refused.status_code == 401
        assert other.get("/account").status_code == 302
        assert other.post("/sign-in/enrolment", data={**form, "one_time_secret": found.group(1)}).status_code == 200
        assert other.get("/account").status_code == 200
    assert not reset_service.needs_secret(user_id=user.id)
    assert not reset_service.is_secret(user_id=user.id, secret=found.group(1))
    lines = audit.history(chain=audit.organisation_chain(user.organisation_id))
    reset = next(line for line in lines if line.action is AuditAction.FACTOR_RESET)
    assert (reset.actor_id, reset.record_id, reset.payload["reason_code"]) == (administrator.id, user.id, "lost")


def test_nobody_resets_their_own_factor(client: Client, administrator: UserSummary) -> None:
    actor = accounts.get_actor(administrator.id)
    with pytest.raises(RuleRefused, match="factor_reset_of_oneself"), unit_of_work():
        reset_service.reset(actor=actor, user_id=actor.user_id, reason=ResetReason.LOST, note="Me.")
    assert service.state_of(administrator.id).is_enrolled
