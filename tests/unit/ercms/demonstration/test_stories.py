"""The cast of a demonstration: in proportion, complete, and the same from the same seed."""

from datetime import date, timedelta

import pytest

from ercms.agreements import service as agreements
from ercms.demonstration.data import load
from ercms.demonstration.people import Inventor, spell
from ercms.demonstration.scenes import SCENES
from ercms.demonstration.stories import all_stories, cast_cases, chance_of, share_out, timeline
from workflows.readmission import CaseKind, CaseState, Procedure

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("amount", [40, 120, 300])
def test_every_state_kind_procedure_and_partner_occurs(amount: int) -> None:
    slots = cast_cases(amount=amount, seed=7)
    assert len(slots) == amount
    assert {slot.story.state for slot in slots} == set(CaseState)
    assert {slot.kind for slot in slots} == set(CaseKind)
    assert {slot.story.procedure for slot in slots} == set(Procedure)
    assert {slot.requesting_state for slot in slots} == {one["state"] for one in load("world")["authorities"]}


def test_the_volumes_are_in_proportion() -> None:
    slots = cast_cases(amount=300, seed=7)
    germany = sum(slot.requesting_state == "DE" for slot in slots)
    waiting = sum(slot.story.state is CaseState.ACCEPTED for slot in slots)
    assert 0.55 <= germany / 300 <= 0.62
    assert waiting >= 35


def test_a_story_is_told_only_where_the_agreement_has_what_it_needs() -> None:
    for slot in cast_cases(amount=300, seed=7):
        if slot.story.needs == "silence":
            agreement = agreements.agreement_for(slot.requesting_state)
            assert agreement is not None
            assert agreement.term("reply.silence").value == "deemed_consent"


def test_every_beat_of_every_story_has_a_scene_and_a_gap() -> None:
    for story in all_stories():
        assert set(story.path) <= set(SCENES), story.name
        assert set(story.path) <= set(story.gaps), story.name
        assert story.since in story.path


def test_nothing_happens_later_than_yesterday_or_out_of_order() -> None:
    for number, slot in enumerate(cast_cases(amount=120, seed=3)):
        told = timeline(slot=slot, chance=chance_of(3, str(number)), today=TODAY)
        days = [told.begun_on, *(beat.on for beat in told.beats)]
        assert days == sorted(days)
        assert days[-1] <= TODAY - timedelta(days=1)


def test_the_same_seed_casts_the_same_cases_and_another_one_does_not() -> None:
    assert cast_cases(amount=60, seed=5) == cast_cases(amount=60, seed=5)
    assert cast_cases(amount=60, seed=5) != cast_cases(amount=60, seed=6)


def test_the_same_chance_invents_the_same_person() -> None:
    authority = load("world")["authorities"][0]
    one, other = (Inventor(chance_of(1, "x"), authority, TODAY).invent(CaseKind.OWN_NATIONAL) for _ in range(2))
    assert one == other


def test_shares_are_split_without_a_remainder() -> None:
    assert share_out({"a": 2, "b": 1, "c": 1}, 7) == {"a": 3, "b": 2, "c": 2}
    assert sum(share_out({"a": 60, "b": 9, "c": 0.7}, 41).values()) == 41


@pytest.mark.parametrize(
    ("name", "language", "written"),
    [
        ("Cəfərova", "german", "Dschafarowa"),
        ("Cəfərov", "french", "Djafarov"),
        ("Əliyev", "russian", "Алиев"),
        ("Şəbnəm", "english", "Shabnam"),
    ],
)
def test_names_are_spelled_as_the_files_of_a_partner_do(name: str, language: str, written: str) -> None:
    assert spell(name, load("people")["spelling"][language]) == written
