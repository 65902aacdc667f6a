"""The marshmallow fields and the base schema through which all input comes, from pages and from the API alike.

A field's `metadata` says how a form shows it: `label`, `hint`, `widget` (line, prose, day, choice, choices, yes_no,
country, countries, file), all texts marked with `msg`. Messages are English constants that pages translate.
"""

import unicodedata
from collections.abc import Mapping
from enum import Enum
from typing import Any

from babel import Locale
from marshmallow import Schema, ValidationError, fields, pre_load, validate

from ercms.core.text import msg

NEEDED = msg("This is needed.")
TOO_LONG = msg("This is longer than the field allows.")
NOT_TEXT = msg("This is not text.")
NOT_A_DATE = msg("This is not a date. Write it as year-month-day, for example 2026-03-18.")
NOT_A_CHOICE = msg("Choose one of the values offered.")
NOT_A_NUMBER = msg("This is not a whole number.")
BAD_CHARACTER = msg("This contains a character that cannot be used here.")
UNKNOWN_FIELD = msg("This field is not part of the form.")
NOT_VALID = msg("This is not valid.")
NOT_A_COUNTRY = msg("This is not a country code of ISO 3166-1.")

# Two letters, but not a country: unions, and codes that stand for an unknown or invented one.
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})
COUNTRIES = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
)

_FIELD_MESSAGES = {"required": NEEDED, "null": NEEDED, "validator_failed": NOT_VALID}
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class FormSchema(Schema):
    """The base of every input schema: unknown keys are refused, an empty text is no value.

    Fields of a form that was left empty arrive as empty strings; they are dropped before validation, so that an
    optional field is absent and a required one says that it is needed.
    """

    error_messages = {"unknown": UNKNOWN_FIELD, "type": NOT_VALID}

    @pre_load
    def _drop_empty(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None


def _refuse_controls(text: str, *, allowed: str) -> None:
    for character in text:
        if character in _BIDI_CONTROLS or (unicodedata.category(character) == "Cc" and character not in allowed):
            raise ValidationError(BAD_CHARACTER)


class Line(fields.String):
    """One line of text. The spelling is kept as given; only blanks around it go."""

    default_error_messages = {**_FIELD_MESSAGES, "invalid": NOT_TEXT, "invalid_utf8": NOT_TEXT}
    widget = "line"
    allowed_controls = ""

    def __init__(self, *, longest: int = 200, **options: Any) -> None:
        super().__init__(validate=validate.Length(max=longest, error=TOO_LONG), **_with_widget(self.widget, options))
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        text = text.replace("\r\n", "\n").strip()
        if len(text) <= self.longest:
            _refuse_controls(text, allowed=self.allowed_controls)
        return text


class Prose(Line):
    """Several lines of text."""

    widget = "prose"
    allowed_controls = "\n\t"

    def __init__(self, *, longest: int = 8000, **options: Any) -> None:
        super().__init__(longest=longest, **options)


class Day(fields.Date):
    """A date without a time, in ISO 8601."""

    default_error_messages = {**_FIELD_MESSAGES, "invalid": NOT_A_DATE, "format": NOT_A_DATE}

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **_with_widget("day", options))


class Choice(fields.Enum[Any]):
    """One member of an enum, by its value."""

    default_error_messages = {**_FIELD_MESSAGES, "unknown": NOT_A_CHOICE}

    def __init__(self, kind: type[Enum], **options: Any) -> None:
        super().__init__(kind, by_value=True, **_with_widget("choice", options))


class Choices(fields.List[Any]):
    """Several members of an enum, by their values."""

    default_error_messages = {**_FIELD_MESSAGES, "invalid": NOT_VALID}

    def __init__(self, kind: type[Enum], **options: Any) -> None:
        super().__init__(Choice(kind), **_with_widget("choices", options))
        self.kind = kind


class Country(fields.String):
    """A country by its ISO 3166-1 alpha-2 code."""

    default_error_messages = {**_FIELD_MESSAGES, "invalid": NOT_A_COUNTRY, "invalid_utf8": NOT_TEXT}

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.OneOf(COUNTRIES, error=NOT_A_COUNTRY), **_with_widget("country", options))


class Countries(fields.List[str]):
    """Several countries."""

    default_error_messages = {**_FIELD_MESSAGES, "invalid": NOT_VALID}

    def __init__(self, **options: Any) -> None:
        super().__init__(Country(), **_with_widget("countries", options))


class YesNo(fields.Boolean):
    """A yes or a no; a checkbox that was left alone is a no."""

    default_error_messages = {**_FIELD_MESSAGES, "invalid": NOT_VALID}

    def __init__(self, **options: Any) -> None:
        super().__init__(**_with_widget("yes_no", {"load_default": False, **options}))


class WholeNumber(fields.Integer):
    """A whole number within bounds."""

    default_error_messages = {**_FIELD_MESSAGES, "invalid": NOT_A_NUMBER, "too_large": NOT_A_NUMBER}

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        bounds = validate.Range(min=least, max=most, error=NOT_VALID)
        super().__init__(validate=bounds, **_with_widget("number", options))


class Version(WholeNumber):
    """The version of the record on which the sender acted."""

    def __init__(self, **options: Any) -> None:
        super().__init__(least=1, most=2**31 - 1, **_with_widget("hidden", {"required": True, **options}))


def _with_widget(widget: str, options: dict[str, Any]) -> dict[str, Any]:
    metadata = {"widget": widget, **options.pop("metadata", {})}
    for key in ("label", "hint", "source"):
        if key in options:
            metadata[key] = options.pop(key)
    return {**options, "metadata": metadata}


class Page(FormSchema):
    """Which page of a list is asked for; nothing for the first."""

    cursor = Line(longest=200)
