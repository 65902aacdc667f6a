"""Old counts and sessions are forgotten."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from ercms.accounts import clearing, session_service, sign_in_service
from ercms.accounts.demonstration_service import CLICKED
from ercms.accounts.models import SignInBrake, SignInSession
from ercms.accounts.service import UserSummary
from ercms.core import clock
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from tests.conftest import TODAY


def test_old_counts_and_old_sessions_go_and_young_ones_stay(app: Flask, make_user: Callable[..., UserSummary]) -> None:
    user = make_user()
    for days in (200, 2, 0):
        with clock.fixed(TODAY - timedelta(days=days)), unit_of_work():
            session_service.begin(user_id=user.id, proof=CLICKED, address=f"192.0.2.{days}")
            sign_in_service.sign_in(email=user.email, password="a guess", address=f"198.51.100.{days}")
    with clock.fixed(TODAY):
        clearing.clear()
    assert {row.address for row in db.session.query(SignInSession)} == {"192.0.2.2", "192.0.2.0"}
    assert db.session.query(SignInBrake).count() == 3
