"""One small engine under every workflow: a table of rules, asked what may happen and told what does.

`transitions` decides whether a trigger starts from a state and runs the guards; it never sees a model. Its machine is
built once and has no model attached, because it would keep every attached object alive; each firing brings a subject of
its own that lives as long as the call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from transitions import EventData, Machine, MachineError

from workflows.errors import GuardRefused, TransitionNotAllowed

State = TypeVar("State", bound=StrEnum)
Trigger = TypeVar("Trigger", bound=StrEnum)
Facts = TypeVar("Facts")


def require(condition: bool, code: str) -> None:
    """Refuse with the code unless the condition holds.

    Raises:
        GuardRefused: the condition does not hold.
    """
    if not condition:
        raise GuardRefused(code)


@dataclass(frozen=True)
class Rule(Generic[State, Trigger, Facts]):
    """One row of a table: the trigger leads from each source to the destination when no guard raises.

    Guards are asked in their order, and the first refusal is the answer.
    """

    trigger: Trigger
    sources: tuple[State, ...]
    destination: State
    guards: tuple[Callable[[Facts], None], ...] = ()


@dataclass(frozen=True)
class Transition(Generic[State, Trigger]):
    """What was decided: the caller writes the destination, its dates and its audit entry."""

    trigger: Trigger
    source: State
    destination: State


@dataclass(frozen=True)
class Option(Generic[State, Trigger]):
    """A trigger that starts from the present state, and the code of what stands against it now, if anything."""

    trigger: Trigger
    destination: State
    refusal_code: str | None

    @property
    def is_open(self) -> bool:
        """Tell whether firing the trigger with the same facts would succeed."""
        return self.refusal_code is None


@dataclass(slots=True)
class _Subject:
    """The only thing that `transitions` moves."""

    state: str


class Workflow(Generic[State, Trigger, Facts]):
    """A table of rules made into a read-only machine; safe to share between threads."""

    def __init__(
        self,
        states: type[State],
        triggers: type[Trigger],
        initial: State,
        rules: tuple[Rule[State, Trigger, Facts], ...],
    ) -> None:
        self.states = states
        self.triggers = triggers
        self.initial = initial
        self.rules = rules
        self._table = self._index(rules)
        unused = set(triggers) - {trigger for _, trigger in self._table}
        if unused:
            raise ValueError(f"triggers without a rule: {sorted(unused)}")
        self._machine = self._build()

    @staticmethod
    def _index(
        rules: tuple[Rule[State, Trigger, Facts], ...],
    ) -> dict[tuple[State, Trigger], Rule[State, Trigger, Facts]]:
        table: dict[tuple[State, Trigger], Rule[State, Trigger, Facts]] = {}
        for rule in rules:
            for source in rule.sources:
                if (source, rule.trigger) in table:
                    raise ValueError(f"{rule.trigger} has two rules from {source}")
                table[source, rule.trigger] = rule
        return table

    def _build(self) -> Machine:
        machine = Machine(
            model=None,
            states=[state.value for state in self.states],
            initial=self.initial.value,
            auto_transitions=False,
            send_event=True,
        )
        for rule in self.rules:
            machine.add_transition(
                rule.trigger.value,
                [source.value for source in rule.sources],
                rule.destination.value,
                conditions=[_condition(guard) for guard in rule.guards],
            )
        return machine

    def fire(self, state: State, trigger: Trigger, facts: Facts) -> Transition[State, Trigger]:
        """Decide what the trigger does from this state.

        Raises:
            TransitionNotAllowed: the trigger does not start from this state.
            GuardRefused: a guard says no; its code tells which rule.
        """
        subject = _Subject(state.value)
        try:
            has_moved = self._machine.events[trigger.value].trigger(subject, facts=facts)
        except MachineError as error:
            raise TransitionNotAllowed(state=state.value, trigger=trigger.value) from error
        require(has_moved, "guard_refused")
        return Transition(trigger, state, self.states(subject.state))

    def available(self, state: State, facts: Facts) -> tuple[Option[State, Trigger], ...]:
        """List every trigger that starts from this state, in the order of the table, with what stands against it."""
        return tuple(
            Option(trigger, rule.destination, _first_refusal(rule.guards, facts))
            for (source, trigger), rule in self._table.items()
            if source == state
        )

    def triggers_from(self, state: State) -> tuple[Trigger, ...]:
        """List the triggers that start from this state, whatever the facts are."""
        return tuple(trigger for source, trigger in self._table if source == state)

    def is_final(self, state: State) -> bool:
        """Tell whether nothing starts from this state."""
        return not self.triggers_from(state)

    def rows(self) -> tuple[tuple[State, Trigger, State], ...]:
        """List (source, trigger, destination) for every pair of the table, sources in the order of their enum."""
        order = list(self.states)
        rows = [(source, trigger, rule.destination) for (source, trigger), rule in self._table.items()]
        return tuple(sorted(rows, key=lambda row: order.index(row[0])))

    def diagram(self) -> str:
        """Draw the table as a Mermaid state diagram; triggers between the same two states share an arrow."""
        arrows: dict[tuple[State, State], list[str]] = {}
        for source, trigger, destination in self.rows():
            arrows.setdefault((source, destination), []).append(trigger.value)
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        lines += [f"    {a.value} --> {b.value}: {', '.join(names)}" for (a, b), names in arrows.items()]
        lines += [f"    {state.value} --> [*]" for state in self.states if self.is_final(state)]
        return "\n".join(lines)


def _condition(guard: Callable[[Facts], None]) -> Callable[[EventData], bool]:
    def ask(event: EventData) -> bool:
        facts: Any = event.kwargs["facts"]
        guard(facts)
        return True

    return ask


def _first_refusal(guards: tuple[Callable[[Facts], None], ...], facts: Facts) -> str | None:
    for guard in guards:
        try:
            guard(facts)
        except GuardRefused as refusal:
            return refusal.code
    return None
