"""Signing in through an authority's own provider, at a real one over HTTP that keeps to the standard or bends it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey

from config import Settings
from ercms.accounts import service as accounts
from ercms.accounts import session_service
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Role
from ercms.core.errors import InvalidInput, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.providers import service, sign_in_service, sign_in_views
from ercms.providers.enums import Flaw, SecondStep
from ercms.vault import keyring, rotate, sealed_secrets
from ercms.vault.enums import KeyPurpose
from ercms.web.labels import label
from ercms.web.pace import Pace
from tests.conftest import TODAY, Client, csrf_token, new_client, second_step
from tests.factories.accounts import make_user
from tests.identity_provider import CLIENT_ID, SECRET, SUBJECT, Provider, running


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let this machine be called, and let nobody wait long."""
    return Settings.for_tests(
        settings.instance_path, database_url=settings.database_url, provider_loopback=True, provider_seconds=2.0
    )


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the departures of each test apart: they all come from one address within a minute."""
    for name in ("_asked", "_recorded"):
        monkeypatch.setattr(sign_in_views, name, Pace(most=60, within=timedelta(minutes=1)))


class House:
    """An authority with a provider of its own, an officer, and the administrator who keeps the links."""

    def __init__(self, app: Flask, provider: Provider) -> None:
        self.app, self.provider = app, provider
        self.officer = make_user(Role.CONSULAR_OFFICER)
        self.administrator = accounts.get_actor(make_user(Role.ADMINISTRATOR).id)
        self.values: dict[str, Any] = {
            "organisation_id": self.officer.organisation_id,
            "issuer": provider.address,
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "second_step": SecondStep.OURS,
            "is_enabled": True,
        }
        with unit_of_work():
            self.id = service.create(actor=self.administrator, values=self.values)

    def set_up(self, **values: Any) -> None:
        with unit_of_work():
            present = service.get_provider(actor=self.administrator, provider_id=self.id)
            changed = {**self.values, **values, "version": present.version}
            service.change(actor=self.administrator, provider_id=self.id, values=changed)

    def link(self, user: UserSummary | None = None) -> None:
        """Let the subject try once, and link what waits then."""
        self.come_back(new_client(self.app))
        with unit_of_work():
            (waiting,) = service.list_subjects(actor=self.administrator, provider_id=self.id)
            service.link(
                actor=self.administrator, provider_id=self.id, subject_id=waiting.id,
                user_id=(user or self.officer).id,
            )  # fmt: skip

    def depart(self, client: Client, **form: str) -> str:
        """Press the button of the sign-in page; return the address at the provider."""
        token = csrf_token(client.get("/sign-in").text)
        page = client.post("/sign-in/provider", data={"provider": self.id, "csrf_token": token, **form})
        assert page.status_code == 200, page.location
        address = page.headers["Refresh"].removeprefix("0; url=")
        assert unescape(re.search(r'href="([^"]+)" rel="noreferrer"', page.text).group(1)) == address  # type: ignore[union-attr]
        return address

    def come_back(self, client: Client, *, subject: str = SUBJECT, drop: str = "", **bent: str) -> Any:
        """Go through the provider and come back with what it gave; `bent` replaces parts of that."""
        brought = {**self.provider.go(self.depart(client), subject), **bent}
        brought.pop(drop, None)
        return self.arrive(client, brought)

    def arrive(self, client: Client, brought: dict[str, str]) -> Any:
        return client.get(f"/sign-in/provider/{self.id}/return", query_string=brought)

    def flaws(self) -> list[str]:
        lines = audit.history(chain=audit.organisation_chain(self.officer.organisation_id))
        return [line.payload["reason_code"] for line in lines if line.action is AuditAction.PROVIDER_REFUSED]


@pytest.fixture
def house(app: Flask, provider: Provider) -> House:
    return House(app, provider)


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def refused(house: House, answer: Any, client: Client, flaw: Flaw) -> None:
    assert answer.location == "/sign-in", answer.text
    assert not is_in(client)
    assert house.flaws()[-1] == flaw
    with house.app.test_request_context(headers={"Accept-Language": "en"}):
        words = label(flaw)
    assert words in unescape(client.get("/sign-in").text)


def test_an_officer_signs_in_there_and_shows_a_second_factor_here(house: House, client: Client) -> None:
    house.link()
    answer = house.come_back(client)
    assert answer.location == "/sign-in/second-step"
    assert not is_in(client)
    second_step(client, house.officer.id)
    assert is_in(client)
    (session,) = session_service.list_sessions(actor=accounts.get_actor(house.officer.id))
    assert (session.method, session.factor) == (SignInMethod.IDENTITY_PROVIDER, SecondFactor.TOTP)


def test_the_providers_second_factor_counts_only_where_that_was_agreed_and_said(house: House, client: Client) -> None:
    house.link()
    house.provider.claims = lambda claims: {**claims, "amr": ["pwd", "mfa"]}
    assert house.come_back(client).location == "/sign-in/second-step", "it says so, and nobody agreed on it"
    house.set_up(second_step=SecondStep.PROVIDERS, second_values="mfa hwk")
    house.provider.claims = lambda claims: {**claims, "amr": ["pwd"]}
    assert house.come_back(client).location == "/sign-in/second-step", "one factor was shown there"
    house.provider.claims = lambda claims: {**claims, "amr": ["pwd", "mfa"]}
    house.come_back(client)
    assert is_in(client)
    (session,) = session_service.list_sessions(actor=accounts.get_actor(house.officer.id))
    assert session.factor is SecondFactor.IDENTITY_PROVIDER


def test_a_token_makes_no_account_and_an_administrator_says_whose_it_is(house: House, client: Client) -> None:
    before = len(accounts.list_officers(active_only=False))
    page = house.come_back(client)
    assert page.status_code == 403
    assert not is_in(client)
    assert house.flaws() == [Flaw.UNLINKED]
    assert len(accounts.list_officers(active_only=False)) == before
    (waiting,) = service.list_subjects(actor=house.administrator, provider_id=house.id)
    assert waiting.mark in page.text
    assert SUBJECT not in page.text
    link: Callable[[str], None] = lambda user_id: service.link(  # noqa: E731
        actor=house.administrator, provider_id=house.id, subject_id=waiting.id, user_id=user_id
    )
    with pytest.raises(RuleRefused, match="provider_link_of_oneself"), unit_of_work():
        link(house.administrator.user_id)
    with pytest.raises(InvalidInput), unit_of_work():
        link(make_user(Role.CONSULAR_OFFICER).id)
    with unit_of_work():
        link(house.officer.id)
    assert house.come_back(client).location == "/sign-in/second-step"
    second_step(client, house.officer.id)
    assert is_in(client)
    with unit_of_work():
        service.unlink(actor=house.administrator, provider_id=house.id, subject_id=waiting.id)
    assert not is_in(client)
    assert house.come_back(client).status_code == 403


def test_a_token_that_does_not_hold_lets_nobody_in(house: House, client: Client) -> None:
    house.link()
    changes: tuple[tuple[dict[str, Any], Flaw], ...] = (
        ({"aud": "another"}, Flaw.WRONG_AUDIENCE),
        ({"nonce": "of another sign-in"}, Flaw.WRONG_NONCE),
        ({"iss": "https://elsewhere.example"}, Flaw.WRONG_ISSUER),
        ({"exp": 1}, Flaw.EXPIRED),
        ({"iat": 4_000_000_000}, Flaw.FROM_THE_FUTURE),
    )
    for change, flaw in changes:
        house.provider.claims = partial(_with, change)
        refused(house, house.come_back(client), client, flaw)


def _with(change: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    return {**claims, **change}


def test_a_forged_or_unsigned_token_lets_nobody_in(house: House, client: Client) -> None:
    house.link()
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    house.provider.sign = lambda _, claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, stranger)
    refused(house, house.come_back(client), client, Flaw.BAD_SIGNATURE)
    unsigned = "eyJhbGciOiJub25lIn0"
    house.provider.sign = lambda one, claims: (
        f"{unsigned}.{jwt.encode({'alg': 'RS256', 'kid': 'one'}, claims, one.key).split('.')[1]}."
    )
    refused(house, house.come_back(client), client, Flaw.WRONG_ALGORITHM)


def test_an_answer_serves_once_and_only_the_browser_that_asked(house: House, client: Client) -> None:
    house.link()
    brought = house.provider.go(house.depart(client))
    other = new_client(house.app)
    refused(house, house.arrive(other, brought), other, Flaw.STATE_UNKNOWN)
    assert house.arrive(client, brought).location == "/sign-in/second-step"
    again = new_client(house.app)
    refused(house, house.arrive(again, brought), again, Flaw.STATE_UNKNOWN)
    # The code was redeemed: with a state of one's own it is worth nothing either.
    refused(house, house.come_back(again, code=brought["code"]), again, Flaw.CODE_REFUSED)
    refused(house, house.come_back(again, drop="code", error="access_denied"), again, Flaw.DECLINED)


def test_a_sign_in_that_took_too_long_is_over(house: House, client: Client) -> None:
    with clock.fixed(TODAY):
        brought = house.provider.go(house.depart(client))
    with clock.fixed(TODAY + timedelta(minutes=11)):
        refused(house, house.arrive(client, brought), client, Flaw.STATE_UNKNOWN)


def test_issuers_are_not_mixed_up(house: House, client: Client) -> None:
    house.link()
    refused(house, house.come_back(client, iss="https://attacker.example"), client, Flaw.WRONG_ISSUER)
    house.provider.metadata = {"authorization_response_iss_parameter_supported": True}
    refused(house, house.come_back(client, drop="iss"), client, Flaw.WRONG_ISSUER)
    # An answer at the address of another provider belongs to nothing that was begun there.
    brought = house.provider.go(house.depart(client))
    with running() as elsewhere:
        other = House(house.app, elsewhere)
        answer = client.get(f"/sign-in/provider/{other.id}/return", query_string=brought)
        refused(other, answer, client, Flaw.STATE_UNKNOWN)
        assert "/token" not in elsewhere.calls


def test_a_provider_that_names_other_places_is_not_followed(house: House, client: Client) -> None:
    bent: tuple[tuple[dict[str, Any], Flaw], ...] = (
        ({"issuer": "https://attacker.example"}, Flaw.WRONG_ISSUER),
        ({"token_endpoint": "https://attacker.example/token"}, Flaw.NOT_ALLOWED),
        ({"authorization_endpoint": "https://attacker.example/authorize"}, Flaw.NOT_ALLOWED),
        ({"jwks_uri": None}, Flaw.NOT_ALLOWED),
    )
    for metadata, flaw in bent:
        house.provider.metadata = metadata
        token = csrf_token(client.get("/sign-in").text)
        answer = client.post("/sign-in/provider", data={"provider": house.id, "csrf_token": token})
        refused(house, answer, client, flaw)


def test_only_places_of_this_site_are_gone_on_to(house: House, client: Client) -> None:
    house.link()
    house.set_up(second_step=SecondStep.PROVIDERS, second_values="mfa")
    house.provider.claims = lambda claims: {**claims, "amr": ["mfa"]}
    for wanted, reached in (
        ("/cases?page=2", "/cases?page=2"),
        ("https://attacker.example/", "/"),
        ("//x.example", "/"),
    ):
        browser = new_client(house.app)
        brought = house.provider.go(house.depart(browser, next=wanted))
        assert house.arrive(browser, brought).location == reached
        assert is_in(browser)


def test_what_is_switched_off_closed_or_down_lets_nobody_in(house: House, client: Client, provider: Provider) -> None:
    house.link()
    with unit_of_work():
        officer = accounts.get_user(house.officer.id)
        accounts.change_user(
            actor=house.administrator, user_id=officer.id, version=officer.version, display_name=officer.display_name,
            role=officer.role, locale=officer.locale, is_active=False,
        )  # fmt: skip
    assert house.come_back(client).status_code == 403
    assert house.flaws()[-1] == Flaw.ACCOUNT_CLOSED
    brought = house.provider.go(house.depart(client))
    house.set_up(is_enabled=False)
    assert house.arrive(client, brought).status_code in {302, 404}
    assert not is_in(client)
    assert 'name="provider"' not in client.get("/sign-in").text
    assert client.post("/sign-in/provider", data={"provider": house.id}).status_code in {400, 404}


def test_a_provider_that_cannot_be_reached_is_said_plainly(house: House, client: Client) -> None:
    house.set_up(issuer="http://127.0.0.1:9")
    token = csrf_token(client.get("/sign-in").text)
    answer = client.post("/sign-in/provider", data={"provider": house.id, "csrf_token": token})
    refused(house, answer, client, Flaw.NOT_REACHED)


def test_an_issuer_that_is_not_listed_is_not_entered_and_another_one_ends_the_links(house: House) -> None:
    house.link()
    with pytest.raises(InvalidInput):
        house.set_up(issuer="https://not-listed.example")
    db.session.rollback()
    house.set_up(client_secret="another secret")
    assert len(service.list_subjects(actor=house.administrator, provider_id=house.id)) == 1
    house.set_up(issuer="http://localhost:9")
    assert service.list_subjects(actor=house.administrator, provider_id=house.id) == ()


def test_the_secret_is_sealed_and_rotates_with_the_keys(house: House, settings: Settings) -> None:
    stored = db.session.execute(db.text("SELECT wrapped FROM sealed_secrets")).scalars().all()
    assert SECRET.encode() not in b"".join(bytes(one) for one in stored)
    db.session.rollback()
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)
    with unit_of_work():
        rotate.rewrap_batch()
    secret_id = db.session.execute(db.text("SELECT secret_id FROM identity_providers")).scalar_one()
    assert sealed_secrets.open_secret(secret_id=secret_id, use=sign_in_service.SECRET_USE) == SECRET.encode()


def test_an_administrator_enters_a_provider_and_links_an_account_in_the_pages(
    app: Flask, client: Client, provider: Provider, sign_in: Callable[..., object]
) -> None:
    administrator, officer = make_user(Role.ADMINISTRATOR), make_user(Role.CONSULAR_OFFICER)
    sign_in(client, administrator)

    def post(address: str, **form: str) -> Any:
        return client.post(address, data={**form, "csrf_token": csrf_token(client.get("/account").text)})

    typed = {
        "organisation_id": officer.organisation_id, "issuer": "https://not-listed.example", "client_id": CLIENT_ID,
        "client_secret": SECRET, "second_step": "ours", "is_enabled": "true",
    }  # fmt: skip
    wrong = post("/admin/providers/new", **typed)
    assert wrong.status_code == 422
    assert 'href="#f-issuer"' in wrong.text
    assert SECRET not in unescape(wrong.text)
    made = post("/admin/providers/new", **{**typed, "issuer": provider.address})
    page = client.get(made.location).text
    assert f"http://localhost/sign-in/provider/{made.location.rsplit('/', 1)[-1]}/return" in page
    assert SECRET not in unescape(page)
    house = House.__new__(House)
    house.app, house.provider, house.officer, house.id = app, provider, officer, made.location.rsplit("/", 1)[-1]
    mark = re.search(r'secret-once">([^<]+)<', house.come_back(new_client(app)).text).group(1)  # type: ignore[union-attr]
    page = client.get(made.location).text
    assert mark in page
    link = re.search(r'action="([^"]+/link)"', page).group(1)  # type: ignore[union-attr]
    assert post(link, user_id=administrator.id).status_code == 422
    assert post(link, user_id=officer.id).status_code == 302
    assert officer.display_name in client.get(made.location).text
    assert officer.organisation_name in client.get("/admin/providers").text
