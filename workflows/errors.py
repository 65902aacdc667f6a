"""What a workflow refuses. Services turn these into the domain's own errors (`Conflict`, `RuleRefused`)."""


class WorkflowError(Exception):
    """Whatever a workflow refuses; `code` is stable and safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TransitionNotAllowed(WorkflowError):
    """The trigger does not start from this state, whatever the facts are."""

    def __init__(self, *, state: str, trigger: str, code: str = "transition_not_allowed") -> None:
        super().__init__(code)
        self.state = state
        self.trigger = trigger

    def __str__(self) -> str:
        return f"{self.code}: {self.trigger} from {self.state}"


class GuardRefused(WorkflowError):
    """The trigger starts from this state, but a rule about the facts says no; `code` names the rule."""
