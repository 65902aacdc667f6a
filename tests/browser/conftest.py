"""One Chromium for all tests of a run, the application behind it, and everybody's windows."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from ercms.accounts import service as accounts
from ercms.cases.service import Case, get_case
from ercms.core.actor import Actor
from ercms.extensions import db
from tests.browser import chromium, live
from tests.browser.inspection import Inspection
from tests.browser.person import Person
from tests.factories.cases import Cast, act
from tests.functional.journey import Story
from workflows.readmission import CaseTrigger

_SEATS = {
    "officer": "requester",
    "worker": "worker",
    "supervisor": "supervisor",
    "mission": "mission",
    "verifier": "verifier",
    "border": "border",
    "partner": "partner",
}


class RealOffice:
    """Everybody who takes part in the cases of one State; each sits down at a real browser when first asked for."""

    def __init__(self, come_in: Callable[..., Person], state: str = "DE") -> None:
        self.come_in = come_in
        self.state = state
        self.story = Story()
        self.cast = Cast(state)
        # Documents are asked of the mission for the State, inquiries of an agency: both are there before any case is.
        assert self.cast.mission.states == {state}
        assert self.cast.verifier.organisation_id

    def __getattr__(self, name: str) -> Person:
        if name not in _SEATS:
            raise AttributeError(name)
        person = self.seat(getattr(self.cast, _SEATS[name]))
        setattr(self, name, person)
        return person

    def seat(self, actor: Actor, **options: Any) -> Person:
        """Give somebody a browser window in which they are signed in."""
        db.session.rollback()
        return self.come_in(accounts.get_user(actor.user_id), **options).sign_in()

    def actor(self, person: Person) -> Actor:
        db.session.rollback()
        return accounts.get_actor(person.user.id)

    def case(self, reference: str) -> Case:
        """Read the case afresh from the database."""
        db.session.rollback()
        db.session.expire_all()
        return get_case(actor=self.cast.requester, reference=reference)

    def meanwhile(self, who: str, reference: str, trigger: CaseTrigger, **values: Any) -> None:
        """Somebody does a part that this journey is not about, without a browser."""
        db.session.rollback()
        act(getattr(self.cast, who), reference, trigger, **values)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium.running() as started:
        yield started


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with live.serving(app) as where:
        yield where


@pytest.fixture(scope="session")
def doors() -> set[tuple[str, ...]]:
    return set()


@pytest.fixture
def come_in(app: Flask, address: str, browser: Any, doors: set[tuple[str, ...]]) -> Iterator[Callable[..., Person]]:
    """Return a function that gives a user a browser window; nobody's browser may have complained at the end."""
    inspection = Inspection(app, doors)
    people: list[Person] = []

    def give(user: Any, **options: Any) -> Person:
        people.append(Person(browser, address, user, inspection, **options))
        return people[-1]

    yield give
    for person in people:
        person.context.close()
        person.check_console()


@pytest.fixture
def office(come_in: Callable[..., Person]) -> RealOffice:
    return RealOffice(come_in)
