"""The errors of the domain. What HTTP makes of them is said in `ercms.web.error_handlers`.

Each carries a stable `code` (lower_snake) and facts that are safe to show: references, codes, dates; never
personal data.
"""

from typing import Any


class DomainError(Exception):
    """Whatever the application refuses on purpose."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class InvalidInput(DomainError):
    """What was sent does not fit; `fields` maps a field's path to its error codes or messages."""

    def __init__(self, code: str = "invalid_input", fields: dict[str, Any] | None = None, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.fields = fields or {}


class NotFound(DomainError):
    """There is no such record, or the actor may not know that there is one."""

    def __init__(self, code: str = "not_found", **facts: Any) -> None:
        super().__init__(code, **facts)


class PermissionRefused(DomainError):
    """The actor may see the record, but not do this with it."""

    def __init__(self, code: str = "permission_refused", **facts: Any) -> None:
        super().__init__(code, **facts)


class ReasonNeeded(DomainError):
    """The actor may see the record, and has to say first why; `reference` says of what."""

    def __init__(self, *, reference: str) -> None:
        super().__init__("reason_needed", reference=reference)


class ReadingStopped(DomainError):
    """The actor opened so many files that a fresh proof is needed first; the facts say how many within how long."""

    def __init__(self, *, files: int, hours: int) -> None:
        super().__init__("reading_stopped", files=files, hours=hours)


class Conflict(DomainError):
    """The record is no longer in the state, or at the version, on which the act was based."""


class RuleRefused(DomainError):
    """A rule of the process or of the agreement says no."""


class DamagedRecord(DomainError):
    """Stored data do not verify: shown as damage, never as data."""
