"""A damaged record is shown as damage: on its page, in lists, and never as data or as an error of ours."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import new_client
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState

SignIn = Callable[..., TestResponse]


def swap_identities(one: str, other: str) -> None:
    """Exchange the sealed identities of the principals of two cases behind the application's back."""
    place = (
        "SELECT p.person_id, p.sealed FROM person_compartments p JOIN case_members m ON m.person_id = p.person_id"
        " JOIN cases c ON c.id = m.case_id WHERE c.reference = :reference AND p.compartment = 'identity'"
    )
    with unit_of_work():
        rows = [db.session.execute(text(place), {"reference": reference}).one() for reference in (one, other)]
        for (person_id, _), (_, sealed) in zip(rows, reversed(rows), strict=True):
            statement = (
                "UPDATE person_compartments SET sealed = :sealed WHERE person_id = :id AND compartment = 'identity'"
            )
            db.session.execute(text(statement), {"sealed": sealed, "id": person_id})
    db.session.remove()


def test_swapped_identities_are_shown_as_damage_on_every_page_and_logged(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    cast = Cast()
    one = make_case(cast, CaseState.ACCEPTED)
    other = make_case(cast, CaseState.ACCEPTED, identity={"surname": "Zöhrəvarzadə", "given_names": "Lalə"})
    worker = new_client(app)
    sign_in(worker, accounts.get_user(cast.worker.user_id))
    assert "Zöhrəvarzadə" in worker.get(f"/cases/{other}").text
    swap_identities(one, other)

    with caplog.at_level(logging.ERROR):
        answers = {
            tab: worker.get(f"/cases/{one}{tab}") for tab in ("", "/persons", "/travel", "/verification", "/messages")
        }
        answers["queue"] = worker.get("/queue")
    assert {tab: answer.status_code for tab, answer in answers.items()} == dict.fromkeys(answers, 200)
    for answer in answers.values():
        assert "Zöhrəvarzadə" not in answer.text
        assert "Şıxəliyev" not in answer.text
    assert "cannot be read" in answers["/persons"].text
    assert one in answers["queue"].text
    assert "damaged compartment" in caplog.text
    assert "Zöhrəvarzadə" not in caplog.text
