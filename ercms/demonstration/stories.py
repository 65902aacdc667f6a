"""Which cases there are and how each went: told from the data file, drawn from the seed, dated back from today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from ercms.agreements import service as agreements
from ercms.demonstration.data import load
from workflows.readmission import CaseKind, CaseState, Procedure, SilenceEffect

_PERSONS = (CaseKind.OWN_NATIONAL, CaseKind.THIRD_COUNTRY_NATIONAL, CaseKind.STATELESS)
# How many of a hundred requests about persons concern foreigners and stateless persons.
_SHARES = {CaseKind.STATELESS: 3, CaseKind.THIRD_COUNTRY_NATIONAL: 8}


@dataclass(frozen=True, slots=True)
class Story:
    """One way in which a case may have gone."""

    name: str
    state: CaseState
    share: int
    path: tuple[str, ...]
    age: tuple[int, int]
    since: str
    kinds: tuple[CaseKind, ...]
    procedure: Procedure
    needs: str
    gaps: Mapping[str, Sequence[int]]
    shows: str

    @property
    def facets(self) -> frozenset[str]:
        """Return what a demonstration must show at least once, as far as this story shows it."""
        only = self.kinds[0].value if len(self.kinds) == 1 and self.kinds[0] is CaseKind.TRANSIT else "person"
        return frozenset({self.state.value, only, self.procedure.value, *([self.shows] if self.shows else ())})


@dataclass(slots=True)
class Slot:
    """One case to be made: its story, its place among the cases of this story, whom it concerns, who requests."""

    story: Story
    position: int
    of: int
    kind: CaseKind = CaseKind.OWN_NATIONAL
    requesting_state: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens in a case, and the day on which it does."""

    name: str
    on: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of one case."""

    begun_on: date
    beats: tuple[Beat, ...]


def all_stories() -> tuple[Story, ...]:
    """Return the stories of the data file."""
    facts = load("stories")
    return tuple(_story(one, facts) for one in facts["stories"])


def _story(one: Mapping[str, Any], facts: Mapping[str, Any]) -> Story:
    path: list[str] = []
    for name in one["path"]:
        path += facts["paths"][name[1:]] if name.startswith("@") else [name]
    return Story(
        name=one["name"],
        state=CaseState(one["state"]),
        share=one["share"],
        path=tuple(path),
        age=(one["age"][0], one["age"][1]),
        since=one.get("since", path[-1]),
        kinds=tuple(CaseKind(kind) for kind in one["kinds"]) if "kinds" in one else _PERSONS,
        procedure=Procedure(one.get("procedure", Procedure.NORMAL.value)),
        needs=one.get("needs", ""),
        gaps={**facts["gaps"], **one.get("gaps", {})},
        shows=one.get("shows", ""),
    )


def chance_of(seed: int, what: str) -> Random:
    """Return the chance that decides on one thing, always the same from the same seed; it keeps no secret."""
    return Random(f"{seed}/{what}")  # noqa: S311


def cast_cases(*, amount: int, seed: int) -> list[Slot]:
    """Return the cases of a demonstration, each state, kind, procedure and partner at least once if `amount` allows."""
    chance = chance_of(seed, "cases")
    slots = [Slot(story, position, of) for story, of in _numbers(all_stories(), amount) for position in range(of)]
    _assign_kinds(slots, chance)
    _assign_states(slots, chance)
    return slots


def _numbers(stories: tuple[Story, ...], amount: int) -> list[tuple[Story, int]]:
    """Share the cases out among the stories, and let no facet go without one."""
    counts = share_out({story.name: story.share for story in stories}, amount)
    told: set[str] = set()
    for story in stories:
        told |= story.facets if counts[story.name] else set()
    for story in sorted(stories, key=lambda story: -story.share):
        if story.facets <= told or amount < len(stories) // 2:
            continue
        most = max(counts, key=lambda name: counts[name])
        counts[most] -= 1
        counts[story.name] += 1
        told |= story.facets
    return [(story, counts[story.name]) for story in stories if counts[story.name]]


def share_out(shares: Mapping[str, float], amount: int) -> dict[str, int]:
    """Split a number by shares, with the largest remainders.

    >>> share_out({"a": 2, "b": 1, "c": 1}, 7)
    {'a': 3, 'b': 2, 'c': 2}
    """
    total = sum(shares.values())
    exact = {name: amount * share / total for name, share in shares.items()}
    counts = {name: int(value) for name, value in exact.items()}
    left = amount - sum(counts.values())
    for name in sorted(exact, key=lambda name: counts[name] - exact[name])[:left]:
        counts[name] += 1
    return counts


def _assign_kinds(slots: list[Slot], chance: Random) -> None:
    for slot in slots:
        slot.kind = slot.story.kinds[0]
    free = [slot for slot in slots if len(slot.story.kinds) > 1]
    chance.shuffle(free)
    for kind, share in _SHARES.items():
        fitting = [slot for slot in free if kind in slot.story.kinds and slot.kind is slot.story.kinds[0]]
        for slot in fitting[: max(1, round(len(slots) * share / 100))]:
            slot.kind = kind


def _assign_states(slots: list[Slot], chance: Random) -> None:
    """Give each case its requesting State, in proportion; first to those cases that not every State could have sent."""
    shares = {one["state"]: one["share"] for one in load("world")["authorities"]}
    counts = share_out(shares, len(slots))
    for state in counts:
        if counts[state] == 0 and len(slots) >= len(counts):
            counts[state] = 1
            counts[max(counts, key=lambda name: counts[name])] -= 1
    pool = [state for state, number in counts.items() for _ in range(number)]
    chance.shuffle(pool)
    narrow = {slot.story.needs: _states_with(slot.story.needs, shares) for slot in slots}
    for slot in sorted(slots, key=lambda slot: len(narrow[slot.story.needs])):
        slot.requesting_state = next((state for state in pool if state in narrow[slot.story.needs]), "")
        if slot.requesting_state:
            pool.remove(slot.requesting_state)
        else:
            slot.requesting_state = narrow[slot.story.needs][0]


def _states_with(needs: str, states: Iterable[str]) -> list[str]:
    return [state for state in states if _has(needs, state)]


def _has(needs: str, state: str) -> bool:
    """Tell whether the agreement with a State has what a story needs."""
    agreement = agreements.agreement_for(state)
    if not needs:
        return True
    if agreement is None:
        return False
    rules = agreements.case_rules(
        agreement_id=agreement.id, state=state, kind=CaseKind.OWN_NATIONAL, procedure=Procedure.NORMAL
    )
    return {
        "force": rules.is_in_force,
        "silence": rules.silence is SilenceEffect.DEEMED_CONSENT,
        "waiver": rules.is_application_waived,
        "transfer_limit": agreement.term("transfer.limit").is_known,
        "reply_extension": agreement.term("reply.extension").is_verified,
    }[needs]


def timeline(*, slot: Slot, chance: Random, today: date) -> Timeline:
    """Date the beats of a story back from today; nothing happens later than yesterday."""
    offsets, day = [], 0
    for name in slot.story.path:
        day += chance.randint(*slot.story.gaps[name])
        offsets.append(day)
    anchor = max(place for place, name in enumerate(slot.story.path) if name == slot.story.since)
    youngest, oldest = slot.story.age
    age = youngest + round((oldest - youngest) * (slot.position + 0.5) / slot.of)
    yesterday = today - timedelta(days=1)
    start = today - timedelta(days=age + offsets[anchor])
    days = [min(start + timedelta(days=offset), yesterday) for offset in offsets]
    beats = tuple(Beat(name, on) for name, on in zip(slot.story.path, days, strict=True))
    return Timeline(begun_on=min(start - timedelta(days=chance.randint(0, 3)), beats[0].on), beats=beats)
