"""From a request to checked values: strict JSON, the schemas of the pages, nothing unknown."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request, current_app
from webargs import core
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from ercms.core.errors import InvalidInput

DEEPEST = 12


class MalformedJson(InvalidInput):
    """The content is no JSON, or JSON that two readers could read in two ways."""

    def __init__(self) -> None:
        super().__init__("malformed_json")


class StrictParser(FlaskParser):
    """Read JSON and query strings, and raise what the error handlers know."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE, "json": ma.RAISE}

    def _raw_load_json(self, req: Request) -> Any:
        return read_json(req)

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the content as JSON."""
        return read_json(req)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Refuse the request with the messages by field, as a page would.

        Raises:
            InvalidInput: always.
        """
        messages = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
        # webargs puts the location around them; there is one at a time.
        inner = next(iter(messages.values())) if len(messages) == 1 and set(messages) <= _LOCATIONS else messages
        raise InvalidInput(fields=inner if isinstance(inner, dict) else {"_schema": inner}) from error


_LOCATIONS = {"json", "query"}


def read_json(req: Request) -> Any:
    """Return the content as JSON: doubled names, numbers that are none, lone surrogates and deep nesting are refused.

    Raises:
        MalformedJson: it is not such JSON.
        UnsupportedMediaType: it is not called JSON.
        RequestEntityTooLarge: it is longer than a form may be.
    """
    if not req.mimetype and not req.content_length and "Transfer-Encoding" not in req.headers:
        return {}
    if not core.is_json(req.mimetype):
        raise UnsupportedMediaType
    req.max_content_length = current_app.config["SETTINGS"].max_form_bytes
    raw = req.get_data(cache=True)
    try:
        document = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_doubles, parse_constant=_no_constant)
        canonical(document)
    except (ValueError, RecursionError) as error:
        raise MalformedJson from error
    if _depth(document) > DEEPEST:
        raise MalformedJson
    return document


def canonical(document: Any) -> bytes:
    """Write a document in one way, so that the same content is the same bytes.

    Raises:
        ValueError: a text in it cannot be written as UTF-8.
    """
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return document


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _depth(document: Any) -> int:
    level, deepest = [document], 0
    while level and deepest <= DEEPEST:
        parts = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        level = [inner for part in parts for inner in part]
        deepest += 1
    return deepest
