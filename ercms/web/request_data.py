"""From a request to checked values: form -> dict -> schema.load."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, request
from flask_wtf.csrf import generate_csrf
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from ercms.core.errors import InvalidInput

CSRF_FIELD = "csrf_token"
PROOF_PREFIX = "proof-"
"""What begins the names of the fields of a fresh proof, which may come with any form and are no part of it."""
MOST_ROWS = 50

_ROW = re.compile(r"(?P<list>[a-z][a-z0-9_]*)-(?P<index>\d{1,3})-(?P<field>[a-z][a-z0-9_]*)")
_LOCAL = re.compile(r"/(?![/\\])[^\s\\]*")


def init_request_limits(app: Flask) -> None:
    """Refuse a flood of text before it is read; only a form with files may be as large as files are.

    Werkzeug's own limit on text holds for forms with files alone. To be called before anything reads a form.
    """
    longest = app.config["SETTINGS"].max_form_bytes

    @app.before_request
    def limit_text() -> None:
        if request.mimetype != "multipart/form-data":
            request.max_content_length = longest


def form_dict(
    form: "MultiDict[str, str] | None" = None, *, many: frozenset[str] | set[str] = frozenset()
) -> dict[str, Any]:
    """Turn a form into a dict: `many` names the fields with several values, `members-0-surname` becomes a list of rows.

    The CSRF token and a fresh proof are no part of it. An empty row, as a form without scripts sends it, is left out.
    """
    source: MultiDict[str, str] = request.form if form is None else form
    values: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for key in source:
        if key == CSRF_FIELD or key.startswith(PROOF_PREFIX):
            continue
        value: Any = source.getlist(key) if _is_many(key, many) else source[key]
        match = _ROW.fullmatch(key)
        if match is None:
            values[key] = value
        elif int(match["index"]) < MOST_ROWS:
            rows.setdefault(match["list"], {}).setdefault(int(match["index"]), {})[match["field"]] = value
    for name, by_index in rows.items():
        values[name] = [row for _, row in sorted(by_index.items()) if any(_is_filled(cell) for cell in row.values())]
    return values


def load(schema: Schema, source: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Check what was sent against a schema, and return the values.

    Fields with several values are taken from the schema. Without `source`, the request's form is read.

    Raises:
        InvalidInput: with the messages by field.
    """
    data = dict(source) if source is not None else form_dict(many=_many_fields(schema))
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
        raise InvalidInput(fields=messages) from error
    return loaded


def query_dict(schema: Schema) -> dict[str, Any]:
    """Check the query string against a schema; filters that make no sense are an error, like any other input.

    A browser sends every field of a filter, the empty ones too: these ask for nothing.
    """
    asked = MultiDict([(name, value) for name, value in request.args.items(multi=True) if value.strip()])
    return load(schema, form_dict(asked, many=_many_fields(schema)))


def typed_values(schema: Schema | None = None) -> dict[str, Any]:
    """Return what was typed, as it was typed, to show it again beside the errors."""
    return form_dict(many=_many_fields(schema) if schema is not None else frozenset())


def flat_errors(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Turn nested errors into messages by the name of the form field: `members-0-surname`."""
    flat: dict[str, list[str]] = {}
    _flatten("", fields, flat)
    return flat


def safe_next(target: str | None, fallback: str) -> str:
    """Return a place within this site to go on to; an address elsewhere is never followed."""
    return target if target and _LOCAL.fullmatch(target) else fallback


def csrf_token() -> str:
    """Return the token that every form carries."""
    token: str = generate_csrf()
    return token


def _flatten(prefix: str, value: Any, flat: dict[str, list[str]]) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name = str(key).removeprefix("_schema")
            _flatten(f"{prefix}-{name}" if prefix and name else prefix or name, inner, flat)
        return
    messages = value if isinstance(value, list) else [value]
    flat.setdefault(prefix, []).extend(str(message) for message in messages)


def _many_fields(schema: Schema) -> frozenset[str]:
    """Name the fields of a schema that hold a list of plain values, at the top and in its rows."""
    names = set()
    for name, field in schema.fields.items():
        inner = getattr(field, "inner", None)
        nested = getattr(inner, "schema", None)
        if inner is not None and nested is None:
            names.add(name)
        elif nested is not None:
            names.update(f"{name}-*-{part}" for part in _many_fields(nested))
    return frozenset(names)


def _is_many(key: str, many: frozenset[str] | set[str]) -> bool:
    match = _ROW.fullmatch(key)
    return key in many or (match is not None and f"{match['list']}-*-{match['field']}" in many)


def _is_filled(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else bool(cell)
