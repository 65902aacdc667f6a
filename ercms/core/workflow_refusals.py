"""What a workflow refuses, in the errors of the domain: the one translation, for every machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from ercms.core.errors import Conflict, RuleRefused
from workflows.errors import GuardRefused, TransitionNotAllowed


@contextmanager
def refusals_of(machine: str) -> Iterator[None]:
    """Turn the refusals of a machine that fires within the block into the domain's errors.

    Raises:
        Conflict: `<machine>_not_in_state`, the trigger does not start from the present state.
        RuleRefused: a guard says no; the code names the rule.
    """
    try:
        yield
    except TransitionNotAllowed as error:
        raise Conflict(f"{machine}_not_in_state", state=error.state) from error
    except GuardRefused as error:
        raise RuleRefused(error.code) from error
