"""The second step: nobody is in before it, no code serves twice, and who has no factor sets one up."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from ercms.accounts import demonstration_service, session_service
from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.factors import recovery, service, totp
from ercms.factors.enums import Verdict
from ercms.vault import keyring, rotate
from ercms.vault.enums import KeyPurpose
from tests.conftest import PASSWORD, TODAY, Client, csrf_token, new_client
from tests.factories.accounts import enrol

MakeUser = Callable[..., UserSummary]
PAGE = "/sign-in/second-step"


def first_step(client: Client, user: UserSummary, **more: str) -> None:
    token = csrf_token(client.get("/sign-in").text)
    data = {"email": user.email, "password": PASSWORD, "csrf_token": token, **more}
    assert client.post("/sign-in", data=data).location == PAGE


def answer(client: Client, address: str = PAGE, **form: str) -> object:
    page = client.get(PAGE)
    return client.post(address, data={**form, "csrf_token": csrf_token(page.text)})


def check(user: UserSummary, code: str, address: str = "192.0.2.1") -> Verdict:
    with unit_of_work():
        return service.check_code(actor=accounts.get_actor(user.id, address=address), code=code).verdict


def acts(user: UserSummary) -> list[tuple[AuditAction, str | None]]:
    lines = audit.history(chain=audit.organisation_chain(user.organisation_id))
    return [(line.action, line.payload.get("reason_code")) for line in lines]


def test_the_password_alone_opens_nothing(app: Flask, client: Client, make_user: MakeUser) -> None:
    user = make_user()
    enrol(user.id)
    first_step(client, user)
    assert client.get("/account").status_code == 302
    assert not session_service.list_sessions(actor=accounts.get_actor(user.id))
    assert answer(client, code="000000").status_code == 401  # type: ignore[attr-defined]
    assert client.get("/account").status_code == 302
    assert (AuditAction.FACTOR_REFUSED, "wrong_code") in acts(user)


def test_who_has_no_factor_sets_one_up_at_the_sign_in(app: Flask, client: Client, make_user: MakeUser) -> None:
    user = make_user(Role.ANALYST)
    first_step(client, user, next="/account")
    page = client.get(PAGE)
    assert client.get("/account").status_code == 302
    secret = totp.secret_of(re.search(r'secret-once">([A-Z2-7 ]+)<', page.text).group(1).replace(" ", ""))  # type: ignore[union-attr]
    assert "data:image/svg+xml" in page.text
    assert answer(client, "/sign-in/enrolment", code="123").status_code == 401  # type: ignore[attr-defined]
    done = answer(client, "/sign-in/enrolment", code=totp.code_at(secret, totp.step_of(clock.now())))
    codes = re.findall(r"<code>([a-z0-9-]{29})</code>", done.text)  # type: ignore[attr-defined]
    assert len(set(codes)) == recovery.HOW_MANY
    assert 'href="/account"' in done.text  # type: ignore[attr-defined]
    assert client.get("/account").status_code == 200
    other = new_client(app)
    first_step(other, user)
    assert answer(other, code=codes[0].upper().replace("-", " ")).status_code == 302  # type: ignore[attr-defined]
    third = new_client(app)
    first_step(third, user)
    refused = answer(third, code=codes[0])
    assert refused.status_code == 401  # type: ignore[attr-defined]
    assert service.USED_CODE in refused.text  # type: ignore[attr-defined]


def test_an_enrolment_cannot_be_done_over_an_existing_factor(app: Flask, client: Client, make_user: MakeUser) -> None:
    user = make_user()
    first_step(client, user)
    page = client.get(PAGE)
    secret = totp.secret_of(re.search(r'secret-once">([A-Z2-7 ]+)<', page.text).group(1).replace(" ", ""))  # type: ignore[union-attr]
    enrol(user.id)
    data = {"code": totp.code_at(secret, totp.step_of(clock.now())), "csrf_token": csrf_token(page.text)}
    assert client.post("/sign-in/enrolment", data=data).location == "/sign-in"
    assert client.get("/account").status_code == 302


def test_a_code_is_accepted_once_and_only_near_its_time(app: Flask, make_user: MakeUser) -> None:
    user = make_user()
    with clock.fixed(TODAY):
        device = enrol(user.id)
        present = totp.step_of(TODAY)
        codes = {step: totp.code_at(device.secret, present + step) for step in (-2, 0, 1, 2, 9)}
        assert [check(user, codes[step]) for step in (-2, 2, 9)] == [Verdict.WRONG] * 3
        assert check(user, codes[0]) is Verdict.ACCEPTED
        assert check(user, codes[0]) is Verdict.REUSED
        assert check(user, codes[1]) is Verdict.ACCEPTED
    with clock.fixed(TODAY + timedelta(seconds=30)):
        assert check(user, codes[1]) is Verdict.REUSED
    assert [act for act in acts(user) if act[0] is AuditAction.FACTOR_REFUSED][-1][1] == "reused_code"


def test_guessing_codes_is_slowed_and_its_owner_gets_in_from_where_one_worked_before(
    app: Flask, make_user: MakeUser, fixed_clock: object
) -> None:
    user = make_user()
    device = enrol(user.id)
    with unit_of_work():
        session_service.begin(
            user_id=user.id,
            proof=demonstration_service.CLICKED,
            address="198.51.100.1",
        )
    for number in range(11):
        check(user, "000000", f"203.0.113.{number}")
    assert check(user, device.code(), "203.0.113.200") is Verdict.LOCKED
    assert check(user, device.code(), "198.51.100.1") is Verdict.ACCEPTED


@pytest.mark.parametrize("minutes", [-5, 11])
def test_a_step_of_another_time_is_over(client: Client, make_user: MakeUser, minutes: int) -> None:
    user = make_user()
    with clock.fixed(TODAY):
        device = enrol(user.id)
        first_step(client, user)
        token = csrf_token(client.get(PAGE).text)
        code = device.code()
    with clock.fixed(TODAY + timedelta(minutes=minutes)):
        assert client.get(PAGE).location == "/sign-in"
        client.post(PAGE, data={"code": code, "csrf_token": token})
        assert client.get("/account").status_code == 302


def test_secrets_are_sealed_rotated_and_keep_their_key_from_being_destroyed(app: Flask, make_user: MakeUser) -> None:
    user = make_user()
    device = enrol(user.id)
    raw = db.session.connection().exec_driver_sql("SELECT kek_id, wrapped FROM sealed_secrets").one()
    assert device.secret not in bytes(raw[1])
    path = app.config["SETTINGS"].keyring_path
    keyring.rotate(path, KeyPurpose.DATA)
    assert rotate.remaining(raw[0]) == 1
    assert raw[0] not in rotate.missing_key_ids()
    with unit_of_work():
        assert rotate.rewrap_batch().changed == 1
    assert rotate.remaining(raw[0]) == 0
    assert check(user, device.code()) is Verdict.ACCEPTED


def test_a_secret_moved_to_another_user_opens_nothing(app: Flask, make_user: MakeUser) -> None:
    first, second = make_user(), make_user()
    mine = enrol(first.id)
    enrol(second.id)
    with unit_of_work():
        rows = db.session.connection().exec_driver_sql("SELECT id, wrapped FROM sealed_secrets ORDER BY id").all()
        for (row_id, _), (_, wrapped) in zip(rows, reversed(rows), strict=True):
            statement = "UPDATE sealed_secrets SET wrapped = :wrapped WHERE id = :id"
            db.session.execute(db.text(statement), {"wrapped": wrapped, "id": row_id})
    with pytest.raises(Exception, match="record_damaged"):
        check(second, mine.code())
