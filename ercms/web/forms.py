"""A form as a page shows it: what stands in its fields, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from marshmallow import Schema

from ercms.core.errors import InvalidInput
from ercms.web.request_data import flat_errors, typed_values


@dataclass(frozen=True, slots=True)
class Form:
    """Values by field name, messages by field name, and messages about the whole.

    Templates ask `form.value("surname")`, `form.errors_of("members-0-surname")`, and hand the form to the macros
    `error_summary` and `field`.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    messages: tuple[str, ...] = ()

    @classmethod
    def typed(cls, schema: Schema | None = None) -> Self:
        """Return a form that holds what was just typed; passwords are not shown again."""
        values = typed_values(schema)
        return cls(values={name: value for name, value in values.items() if "password" not in name})

    def with_errors(self, error: InvalidInput) -> Self:
        """Return the form with the messages of a refusal at its fields."""
        return replace(self, errors=flat_errors(error.fields))

    def with_message(self, message: str) -> Self:
        """Return the form with one message more about the whole."""
        return replace(self, messages=(*self.messages, message))

    def value(self, name: str, default: Any = "") -> Any:
        """Return what stands in a field; `members-0-surname` looks into the rows."""
        found: Any = self.values
        for part in name.split("-"):
            if isinstance(found, Mapping):
                found = found.get(part)
            elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
                found = found[int(part)]
            else:
                return default
        return default if found is None else found

    def errors_of(self, name: str) -> list[str]:
        """Return the messages at a field, those at its parts included."""
        own = list(self.errors.get(name, []))
        for key, messages in self.errors.items():
            tail = key.removeprefix(f"{name}-")
            if tail != key and tail.isdecimal():
                own.extend(message for message in messages if message not in own)
        return own

    @property
    def is_wrong(self) -> bool:
        """Tell whether anything is to be shown in the summary."""
        return bool(self.errors or self.messages)
