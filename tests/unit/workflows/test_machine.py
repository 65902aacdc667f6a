import gc
import threading
import weakref
from enum import StrEnum
from typing import Any

import pytest

from workflows.errors import GuardRefused, TransitionNotAllowed
from workflows.machine import Option, Rule, Transition, Workflow, require


class Door(StrEnum):
    SHUT = "shut"
    AJAR = "ajar"
    BRICKED_UP = "bricked_up"


class Act(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    BRICK_UP = "brick_up"


class Key:
    """Facts of which a weak reference can be kept."""

    def __init__(self, fits: bool = True, turns: bool = True) -> None:
        self.fits = fits
        self.turns = turns


def key_fits(key: Key) -> None:
    require(key.fits, "key_does_not_fit")


def key_turns(key: Key) -> None:
    require(key.turns, "key_is_stuck")


RULES: tuple[Rule[Door, Act, Key], ...] = (
    Rule(Act.OPEN, (Door.SHUT,), Door.AJAR, (key_fits, key_turns)),
    Rule(Act.SHUT, (Door.AJAR,), Door.SHUT),
    Rule(Act.BRICK_UP, (Door.SHUT,), Door.BRICKED_UP),
)


def door(rules: tuple[Rule[Door, Act, Key], ...] = RULES) -> Workflow[Door, Act, Key]:
    return Workflow(Door, Act, Door.SHUT, rules)


def test_a_trigger_leads_to_its_destination() -> None:
    assert door().fire(Door.SHUT, Act.OPEN, Key()) == Transition(Act.OPEN, Door.SHUT, Door.AJAR)


def test_a_trigger_from_the_wrong_state_is_not_allowed_and_says_which() -> None:
    with pytest.raises(TransitionNotAllowed, match="transition_not_allowed: open from ajar"):
        door().fire(Door.AJAR, Act.OPEN, Key())


def test_the_first_guard_that_refuses_is_the_answer() -> None:
    with pytest.raises(GuardRefused, match=r"^key_does_not_fit$"):
        door().fire(Door.SHUT, Act.OPEN, Key(fits=False, turns=False))


def test_options_stand_in_the_order_of_the_table_with_what_stands_against_them() -> None:
    assert door().available(Door.SHUT, Key(turns=False)) == (
        Option(Act.OPEN, Door.AJAR, "key_is_stuck"),
        Option(Act.BRICK_UP, Door.BRICKED_UP, None),
    )


def test_a_state_that_leads_nowhere_is_final() -> None:
    assert [state for state in Door if door().is_final(state)] == [Door.BRICKED_UP]


def test_no_state_has_a_back_door() -> None:
    assert set(door()._machine.events) == {"open", "shut", "brick_up"}


def test_a_trigger_with_two_destinations_from_one_state_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="open has two rules from shut"):
        door((*RULES, Rule(Act.OPEN, (Door.SHUT,), Door.BRICKED_UP)))


def test_a_trigger_without_a_rule_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"triggers without a rule: .*brick_up"):
        door(RULES[:2])


def test_a_bug_in_a_guard_is_not_taken_for_a_refusal() -> None:
    def broken(_: Key) -> None:
        raise ZeroDivisionError

    machine = door((Rule(Act.OPEN, (Door.SHUT,), Door.AJAR, (broken,)), *RULES[1:]))
    with pytest.raises(ZeroDivisionError):
        machine.fire(Door.SHUT, Act.OPEN, Key())
    with pytest.raises(ZeroDivisionError):
        machine.available(Door.SHUT, Key())


def test_the_machine_keeps_nothing_of_what_was_fired_through_it() -> None:
    machine = door()
    key = Key()
    machine.fire(Door.SHUT, Act.OPEN, key)
    reference = weakref.ref(key)
    del key
    gc.collect()
    assert reference() is None
    assert machine._machine.models == []


def test_threads_share_a_machine_without_meeting() -> None:
    machine = door()
    wrong: list[Any] = []

    def turn(state: Door, act: Act, destination: Door) -> None:
        for _ in range(500):
            if machine.fire(state, act, Key()).destination != destination:
                wrong.append((state, act))

    turns = [(Door.SHUT, Act.OPEN, Door.AJAR), (Door.AJAR, Act.SHUT, Door.SHUT)] * 2
    threads = [threading.Thread(target=turn, args=args) for args in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_diagram_shares_an_arrow_between_the_same_two_states() -> None:
    machine = Workflow(
        Door,
        Act,
        Door.SHUT,
        (
            Rule(Act.OPEN, (Door.SHUT,), Door.AJAR),
            Rule(Act.SHUT, (Door.SHUT,), Door.AJAR),
            Rule(Act.BRICK_UP, (Door.AJAR,), Door.BRICKED_UP),
        ),
    )
    assert machine.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> shut",
        "    shut --> ajar: open, shut",
        "    ajar --> bricked_up: brick_up",
        "    bricked_up --> [*]",
    ]
