"""Hold a small machine to its hand-written table and to its guards' codes."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

import pytest

from workflows.errors import GuardRefused, TransitionNotAllowed
from workflows.machine import Transition, Workflow


def check_pair(
    machine: Workflow[Any, Any, Any], table: dict[str, dict[str, str]], state: StrEnum, trigger: StrEnum, facts: Any
) -> None:
    destination = table[state].get(trigger)
    options = {option.trigger: option for option in machine.available(state, facts)}
    if destination is None:
        with pytest.raises(TransitionNotAllowed) as refusal:
            machine.fire(state, trigger, facts)
        assert refusal.value.code == "transition_not_allowed"
        assert trigger not in options
    else:
        assert machine.fire(state, trigger, facts) == Transition(trigger, state, machine.states(destination))
        assert options[trigger].is_open
        assert options[trigger].destination == destination


def check_refusal(
    machine: Workflow[Any, Any, Any],
    state: StrEnum,
    trigger: StrEnum,
    facts: Any,
    changes: dict[str, Any],
    code: str | None,
) -> None:
    changed = replace(facts, **changes)
    (option,) = [option for option in machine.available(state, changed) if option.trigger == trigger]
    assert option.refusal_code == code
    if code is None:
        machine.fire(state, trigger, changed)
    else:
        with pytest.raises(GuardRefused) as refusal:
            machine.fire(state, trigger, changed)
        assert refusal.value.code == code
