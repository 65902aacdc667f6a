"""One case of the demonstration: who acts, at what moment, through the services and forms that the pages use."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from ercms.casefile.actions import ACTIONS
from ercms.cases import lookup_service, sealing_service
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.fields import FormSchema
from ercms.demonstration.data import load
from ercms.demonstration.people import Invented
from ercms.demonstration.stories import Beat, Slot
from ercms.demonstration.world import Body, World
from workflows.readmission import CaseTrigger

_OPENS_AT = time(5, 10)  # UTC: a morning in Baku, and already the same day in every requesting State.
_PAUSE = timedelta(minutes=11)
_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class Play:
    """What is known while one case is played through."""

    world: World
    slot: Slot
    chance: Random
    invented: Invented
    today: date
    reference: str = ""
    case_id: str = ""
    at: datetime = _BEFORE_ALL
    on: date = date.min
    to_come: tuple[Beat, ...] = ()
    open_inquiries: list[tuple[str, Actor]] = field(default_factory=list)
    partner: Body | None = None
    moments: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.officer = self.chance.choice(self.authority.officers)
        self.case_worker = self.chance.choice(self.world.case_workers)
        self.supervisor = self.chance.choice(self.world.supervisors)
        self.consul = self.chance.choice(self.mission.officers)
        self.border_officer = self.chance.choice(self.world.border.officers)

    @property
    def authority(self) -> Body:
        """Return who requests."""
        return self.world.authorities[self.slot.requesting_state]

    @property
    def mission(self) -> Body:
        """Return the mission in the requesting State."""
        return self.world.missions[self.slot.requesting_state]

    @contextmanager
    def moment(self, on: date) -> Iterator[None]:
        """Hold the clock at a moment of a working day, after everything that happened before."""
        earliest = datetime.combine(on, _OPENS_AT, UTC) + timedelta(minutes=self.chance.randrange(240))
        self.at = max(earliest, self.at + _PAUSE)
        self.on = on
        self.moments.append(self.at)
        with clock.fixed(self.at):
            yield

    def act(self, actor: Actor, trigger: CaseTrigger, **values: Any) -> None:
        """Carry an act out as the page of this act would: its form first, then its function."""
        spec = ACTIONS[trigger]
        self.name(actor)
        spec.perform(actor=actor, reference=self.reference, expected_version=None, values=read(spec.schema(), values))

    def name(self, actor: Actor) -> None:
        """Let somebody see the case, where it is sealed: a supervisor names whoever gets a part in it."""
        readers = lookup_service.reader_ids(case_id=self.case_id)
        if readers is not None and actor.user_id not in readers:
            sealing_service.add_reader(
                actor=self.supervisor,
                reference=self.reference,
                expected_version=None,
                user_id=actor.user_id,
                reason=self.text("reader"),
            )

    def text(self, key: str) -> str:
        """Return one of the texts of this kind."""
        return str(self.chance.choice(load("texts")[key]))

    def day_of_next(self, *names: str) -> date | None:
        """Return the day of the next beat of these names, if the story has one yet to come."""
        return next((beat.on for beat in self.to_come if beat.name in names), None)


def read(schema: FormSchema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form makes of the values; a value that a form refuses is a fault of the demonstration's data."""
    loaded: dict[str, Any] = schema.load(dict(values))
    return loaded
