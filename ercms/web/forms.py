"""A form as a page shows it: what stands in its fields, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from marshmallow import Schema

from ercms.core.errors import InvalidInput
from ercms.web.error_handlers import reason, words_of
from ercms.web.request_data import flat_errors, typed_values

_ROW_NUMBER = re.compile(r"-\d+")


@dataclass(frozen=True, slots=True)
class Form:
    """Values by field name, messages by field name, and messages about the whole.

    `labels` names the fields in the summary; they come from the schema's metadata.

    Templates ask `form.value("surname")`, `form.errors_of("members-0-surname")`, and hand the form to the macros
    `error_summary` and `field`.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, schema: Schema | None = None) -> Self:
        """Return a form that holds what was just typed; passwords are not shown again."""
        values = typed_values(schema)
        shown = {name: value for name, value in values.items() if "password" not in name}
        return cls(values=shown, labels=_labels_of(schema) if schema is not None else {})

    @classmethod
    def of(cls, schema: Schema, values: Mapping[str, Any] | None = None) -> Self:
        """Return a form that holds what is on record, with the schema's names of the fields."""
        return cls(values=values or {}, labels=_labels_of(schema))

    def label_of(self, name: str) -> str:
        """Return what a field is called, to be translated; for a row's field, what that column is called."""
        return self.labels.get(name) or self.labels.get(_ROW_NUMBER.sub("-*", name)) or ""

    def with_errors(self, error: InvalidInput) -> Self:
        """Return the form with the messages of a refusal at its fields, codes put into words.

        A refusal that names no field stands above all of them.
        """
        flat = flat_errors(error.fields)
        errors = {name: [reason(text) or text for text in texts] for name, texts in flat.items()}
        marked = replace(self, errors=errors)
        return marked if errors else marked.with_message(words_of(error))

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


def _labels_of(schema: Schema) -> dict[str, str]:
    """Return the labels of a schema's fields; those of its rows are named `members-*-surname`."""
    labels: dict[str, str] = {}
    for name, declared in schema.fields.items():
        label = declared.metadata.get("label")
        if label:
            labels[name] = str(label)
            labels[f"{name}-*"] = str(label)
        nested = getattr(getattr(declared, "inner", None), "schema", None)
        if nested is not None:
            labels.update({f"{name}-*-{part}": text for part, text in _labels_of(nested).items()})
    return labels
