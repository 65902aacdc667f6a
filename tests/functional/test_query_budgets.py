"""How many statements the main pages may send to the database, whatever the number of lines that they show.

A page that asks once for each line is found here long before it is slow; a budget is raised only with a reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from ercms.cases.models import Case
from ercms.core.actor import Role
from ercms.demonstration import maker
from ercms.extensions import db
from ercms.factors import totp
from tests.conftest import Client, csrf_token, new_client, second_step
from tests.factories.accounts import POCKET, Device

CASES = 24
# Signing in, the session, the number of new notices and the audit entry of a view are in each of these.
QUEUE = OWN_LIST = 30
SEARCH = 34
CASE_TAB = 60
ACTION_PAGE = 40
ROLE_LIST = 36
TABS = ("", "/persons", "/evidence", "/verification", "/travel", "/messages", "/dates", "/history")


@dataclass
class Counter:
    """The statements that one request sent."""

    statements: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{len(self.statements)} statements:\n" + "\n".join(text[:160] for text in self.statements)


@contextmanager
def counted() -> Iterator[Counter]:
    """Count the statements sent within the block; the marks of transactions are none."""
    counter = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            counter.statements.append(" ".join(statement.split()))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield counter
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _browser(app: Flask, made: maker.Made, role: Role, domain: str = "") -> Client:
    one = next(one for one in made.world.sign_ins if one.role is role and domain in one.email)
    client = new_client(app)
    data = {"email": one.email, "password": one.password, "csrf_token": csrf_token(client.get("/sign-in").text)}
    assert client.post("/sign-in", data=data).status_code == 302
    POCKET.devices[one.user_id] = Device(totp.secret_of(one.secret), list(one.recovery_codes))
    second_step(client, one.user_id)
    return client


def _within(client: Client, address: str, budget: int, **form: str) -> str:
    """Ask for a page twice, and hold the second time to its budget: the first one fills what is kept in memory."""

    def ask() -> Any:
        return client.post(address, data=form) if form else client.get(address)

    ask()
    with counted() as counter:
        answer = ask()
    assert answer.status_code == 200, (address, answer.status_code)
    assert len(counter.statements) <= budget, f"{address}: {counter}"
    return str(answer.text)


def test_pages_and_lists_keep_to_their_budget(app: Flask, fixed_clock: datetime) -> None:
    made = maker.make(amount=CASES, seed=2)
    _check_main_pages(app, made)
    _check_lists_of_other_roles(app, made)
    _check_that_a_longer_queue_asks_no_more_often(app, made)


def _check_main_pages(app: Flask, made: maker.Made) -> None:
    service = _browser(app, made, Role.SUPERVISOR)
    _within(service, "/queue", QUEUE)
    token = csrf_token(service.get("/search").text)
    _within(service, "/search", SEARCH, q="1990-05-17", csrf_token=token)
    for reference in _references("accepted", "transferred", "reintegrating"):
        for tab in TABS:
            if service.get(f"/cases/{reference}{tab}").status_code == 200:
                _within(service, f"/cases/{reference}{tab}", CASE_TAB)
    for reference in _references("transferred"):
        _within(service, f"/cases/{reference}/do/offer_referral", ACTION_PAGE)


def _check_lists_of_other_roles(app: Flask, made: maker.Made) -> None:
    _within(_browser(app, made, Role.CONSULAR_OFFICER, "bpolp"), "/requests", OWN_LIST)
    _within(_browser(app, made, Role.VERIFIER), "/inquiries", ROLE_LIST)
    _within(_browser(app, made, Role.BORDER_OFFICER), "/transfers", ROLE_LIST)
    _within(_browser(app, made, Role.REINTEGRATION_PARTNER), "/referrals", ROLE_LIST)
    mission = _browser(app, made, Role.CONSULAR_OFFICER, "berlin")
    for address in ("/travel-documents", "/interviews"):
        _within(mission, address, ROLE_LIST)


def _check_that_a_longer_queue_asks_no_more_often(app: Flask, made: maker.Made) -> None:
    service = _browser(app, made, Role.CASE_WORKER)
    service.get("/queue")
    counts = []
    for address in ("/queue?state=transferred", "/queue"):
        with counted() as counter:
            assert service.get(address).status_code == 200
        counts.append(len(counter.statements))
    assert counts[1] - counts[0] <= 2


def _references(*states: str) -> list[str]:
    rows = db.session.scalars(select(Case).where(Case.state.in_(states)).order_by(Case.created_at))
    found = {case.state: case.reference for case in rows}
    return [str(reference) for reference in found.values()]
