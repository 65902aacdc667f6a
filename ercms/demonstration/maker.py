"""Makes the whole demonstration in an empty, migrated database."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ercms.core import clock, outbox
from ercms.core.errors import DomainError
from ercms.core.unit_of_work import unit_of_work
from ercms.demonstration import reception
from ercms.demonstration.people import Inventor
from ercms.demonstration.play import Play
from ercms.demonstration.scenes import SCENES
from ercms.demonstration.stories import Slot, Timeline, cast_cases, chance_of, timeline
from ercms.demonstration.world import World, make_world
from ercms.extensions import db
from ercms.notifications import service as notifications

_log = logging.getLogger(__name__)

FOUNDED_BEFORE = timedelta(weeks=150)
# Holidays move limits: where an act falls on a day that a rule refuses, the case is dated anew, so many times.
_ATTEMPTS = 8
_DELIVERIES = 500
_UNREAD_FOR = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the world, how many cases, and how many could not be dated so that every rule was kept."""

    world: World
    cases: int
    left_out: int


def make(*, amount: int, seed: int, report: Callable[[int], None] = lambda done: None) -> Made:
    """Make organisations, officers and `amount` cases, each in a unit of work of its own.

    The same seed gives, on the same day, the same people, ways and dates; references and identifiers are always new.
    `report` is called with the number of cases made so far.
    """
    today = clock.today()
    with clock.fixed(_morning(today - FOUNDED_BEFORE)), unit_of_work():
        world = make_world()
    slots = cast_cases(amount=amount, seed=seed)
    left_out = 0
    for number, slot in enumerate(slots):
        if not _play(world, slot, number, seed, today):
            left_out += 1
        report(number + 1)
    _read_old_notices(world, today)
    return Made(world, len(slots) - left_out, left_out)


def _play(world: World, slot: Slot, number: int, seed: int, today: date) -> bool:
    for attempt in range(_ATTEMPTS):
        chance = chance_of(seed, f"case {number}, attempt {attempt}")
        course = timeline(slot=slot, chance=chance, today=today)
        inventor = Inventor(
            chance_of(seed, f"person {number}"), world.authorities[slot.requesting_state].facts, course.begun_on
        )
        play = Play(world, slot, chance, inventor.invent(slot.kind), today)
        try:
            with unit_of_work():
                _play_through(play, course)
        except DomainError as error:
            _log.info("a case was dated anew", extra={"story": slot.story.name, "code": error.code})
            continue
        finally:
            db.session.expunge_all()
        _deliver(play.moments)
        return True
    _log.warning("a case was left out", extra={"story": slot.story.name})
    return False


def _play_through(play: Play, course: Timeline) -> None:
    reception.draft(play, course.begun_on)
    for place, beat in enumerate(course.beats):
        play.to_come = course.beats[place + 1 :]
        with play.moment(beat.on):
            SCENES[beat.name](play)


def _deliver(moments: Iterable[datetime]) -> None:
    """Let what the case asked for be done at its own time, so that no notice of last year arrives today."""
    for at in moments:
        with clock.fixed(at):
            outbox.deliver_due(limit=_DELIVERIES)


def _read_old_notices(world: World, today: date) -> None:
    """Let everybody have read what is older than a few days, so that what is new can be seen."""
    for actor in world.everybody:
        with clock.fixed(_morning(today)), unit_of_work():
            notifications.mark_all_read(actor=actor, until=_morning(today - _UNREAD_FOR))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(5), clock.now().tzinfo)
