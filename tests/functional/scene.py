"""A scene to try things in: cases in the states in which something can be done, and everybody at a browser."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from werkzeug.test import TestResponse

from ercms.accounts import service as accounts
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.interviews import service as interviews
from ercms.verification import inquiry_service
from ercms.verification.enums import InquiryPurpose
from tests.conftest import Client, new_client
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState


@dataclass
class Scene:
    """Cases in the states in which something can be done, and everybody with a browser."""

    app: Flask
    cast: Cast
    sign_in: Callable[..., TestResponse]

    def __post_init__(self) -> None:
        self._clients: dict[str, Client] = {}
        self.today = clock.today()
        # Asked for by name, so that each is there before the first form is sent.
        for who in ("requester", "worker", "supervisor", "mission", "verifier", "border", "partner"):
            self.of(who)

    def of(self, who: str) -> Client:
        if who not in self._clients:
            actor: Actor = getattr(self.cast, who)
            self._clients[who] = new_client(self.app)
            self.sign_in(self._clients[who], accounts.get_user(actor.user_id))
        return self._clients[who]

    def case(self, state: CaseState) -> str:
        return make_case(self.cast, state)

    def inquiry(self, reference: str) -> str:
        row = {
            "purpose": InquiryPurpose.CITIZENSHIP,
            "agency_id": self.cast.verifier.organisation_id,
            "named": ["identity.surname"],
        }
        with unit_of_work():
            return inquiry_service.send(actor=self.cast.worker, reference=reference, values={"inquiries": [row]})[0]

    def interview(self, reference: str) -> str:
        values = {"mission_id": self.cast.mission.organisation_id}
        with unit_of_work():
            return interviews.ask(actor=self.cast.worker, reference=reference, values=values)

    def day(self, offset: int) -> str:
        return (self.today + timedelta(days=offset)).isoformat()
