"""Passkeys in a real browser, with a virtual authenticator: registered, used as second factor and alone, refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from ercms.accounts import service as accounts
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.session_service import list_sessions
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core.actor import Role
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.factors import passkey_service
from tests.browser.chromium import in_a_browser
from tests.browser.inspection import Inspection
from tests.browser.person import Person
from tests.factories.accounts import PASSWORD, make_user

pytestmark = in_a_browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def person(app: Flask, address: str, browser: Any) -> Any:
    """Somebody with a device that holds passkeys, at the address to which they are bound."""
    here = address.replace("127.0.0.1", "localhost")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], base_url=here)
    somebody = Person(browser, here, make_user(Role.ANALYST), Inspection(app))
    session = somebody.context.new_cdp_session(somebody.tab)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield somebody
    somebody.context.close()


def out(person: Person) -> Person:
    person.context.clear_cookies()
    return person.open("/sign-in")


def refusals(person: Person) -> list[str]:
    db.session.rollback()
    lines = audit.history(chain=audit.organisation_chain(person.user.organisation_id))
    return [line.payload["reason_code"] for line in lines if line.action is AuditAction.FACTOR_REFUSED]


def latest_session(person: Person) -> tuple[Any, Any]:
    db.session.rollback()
    first = list_sessions(actor=accounts.get_actor(person.user.id))[0]
    return first.method, first.factor


def test_a_passkey_is_registered_used_refused_elsewhere_and_removed(app: Flask, person: Person) -> None:
    person.sign_in().open("/account/passkeys/new")
    person.press("Make the passkey", name="Office laptop")
    assert "The passkey is registered." in person.text
    assert "Office laptop" in person.text

    out(person).press("Sign in", email=person.user.email, password=PASSWORD)
    assert person.place == "/sign-in/second-step"
    person.press("Use a passkey")
    assert not person.place.startswith("/sign-in")
    assert latest_session(person) == (SignInMethod.PASSWORD, SecondFactor.PASSKEY)

    out(person).press("Use a passkey")
    assert not person.place.startswith("/sign-in"), person.text
    assert latest_session(person) == (SignInMethod.PASSKEY, SecondFactor.PASSKEY)

    right = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(right, base_url="http://localhost:1")
    out(person).press("Use a passkey")
    assert person.place == "/sign-in"
    assert passkey_service.FOREIGN_ORIGIN in person.text
    assert refusals(person) == ["foreign_origin"]

    app.config["SETTINGS"] = right
    with unit_of_work():
        db.session.execute(db.text("UPDATE passkeys SET sign_count = 1000"))
    out(person).press("Use a passkey")
    assert passkey_service.NOT_VERIFIED in person.text
    assert refusals(person) == ["foreign_origin", "not_verified"]

    with unit_of_work():
        db.session.execute(db.text("UPDATE passkeys SET sign_count = 0"))
    person.sign_in()
    # The sign-in was long ago: the act asks for a fresh proof, and the passkey gives it.
    with unit_of_work():
        db.session.execute(db.text("UPDATE sign_in_sessions SET proven_at = '2026-01-01 00:00:00'"))
    person.open("/account/authenticator")
    assert person.place == "/account/proof"
    person.press("Confirm with a passkey")
    assert person.place == "/account", person.text
    assert refusals(person) == ["foreign_origin", "not_verified"]

    person.open("/account").press("Remove the passkey")
    assert "Office laptop" not in person.text


def test_the_passkey_button_is_hidden_where_there_are_no_scripts(come_in: Callable[..., Person]) -> None:
    person = come_in(make_user(Role.ANALYST), scripts=False).open("/sign-in")
    assert not person.tab.get_by_role("button", name="Use a passkey").is_visible()
    assert person.tab.get_by_role("button", name="Sign in").is_visible()
