"""Everything that can be done with a case: one table for the pages, the API and the demonstration.

Whether an act is open to an actor is for the case machine and the policy to say; here stands only which form it takes
and which service function performs it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from ercms.cases.models import CaseTransition
from ercms.core.actor import Actor
from ercms.core.fields import FormSchema
from workflows.readmission import CaseTrigger


class Perform(Protocol):
    """A service function that carries an act out."""

    def __call__(
        self, *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
    ) -> CaseTransition:
        """Carry the act out in the caller's unit of work."""


class Tone(StrEnum):
    """How an action is offered: the way forward, one way among others, or one that ends something."""

    FORWARD = "forward"
    OTHER = "other"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One act: its form and its function."""

    trigger: CaseTrigger
    schema: Callable[[], FormSchema]
    perform: Perform
    tone: Tone = Tone.OTHER
