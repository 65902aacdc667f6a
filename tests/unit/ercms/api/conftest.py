from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from ercms.core.actor import Actor
from tests.factories.cases import Cast
from tests.factories.programs import Program, make_key

ProgramOf = Callable[[Actor], Program]


@pytest.fixture
def cast(app: object, fixed_clock: object) -> Cast:
    """The people around a Swiss case; the mission is there before the first case is."""
    found = Cast("CH")
    assert found.mission.states == {"CH"}
    return found


@pytest.fixture
def program_of(client: FlaskClient) -> ProgramOf:
    return lambda actor: Program(client, make_key(actor))


@pytest.fixture
def requester(cast: Cast, program_of: ProgramOf) -> Program:
    return program_of(cast.requester)
