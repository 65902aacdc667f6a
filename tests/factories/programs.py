"""Programs that use the interface with a key of their own."""

import itertools
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ercms.core.actor import SYSTEM, Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.programs import service as programs

PREFIX = "/api/v1"
_numbers = itertools.count(1)


def make_key(actor: Actor, **options: Any) -> str:
    """Make a key that acts as this actor, and return the text that the program sends."""
    assert actor.organisation_id is not None
    with unit_of_work():
        _, text = programs.create_key(
            actor=SYSTEM,
            organisation_id=actor.organisation_id,
            acting_user_id=actor.user_id,
            name=f"Program {next(_numbers)}",
            **options,
        )
    return text


@dataclass
class Program:
    """A program that keeps to the protocol: it sends its key, the version it saw, and a new key for each request."""

    client: FlaskClient
    key: str

    def get(self, path: str, **options: Any) -> TestResponse:
        """Read."""
        return self.send("GET", path, **options)

    def post(self, path: str, version: int | None = None, once: str | None = None, **options: Any) -> TestResponse:
        """Do something once."""
        headers = {"Idempotency-Key": f"request-{next(_numbers)}" if once is None else once}
        return self.send("POST", path, version, headers=headers, **options)

    def put(self, path: str, version: int | None = None, **options: Any) -> TestResponse:
        """Write a section."""
        return self.send("PUT", path, version, **options)

    def send(self, method: str, path: str, version: int | None = None, **options: Any) -> TestResponse:
        """Send a request with the headers that belong to it."""
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.open(f"{PREFIX}{path}", method=method, headers=headers, **options)
