"""Bind the interface to an application, and describe it as OpenAPI 3.1."""

import http
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Flask, Response, current_app, json
from flask_smorest.utils import prepare_response
from marshmallow import Schema

from ercms.access.permissions import Permission
from ercms.api import (
    action_operations,
    agreement_operations,
    case_operations,
    evidence_operations,
    inquiry_operations,
    law_operations,
    message_operations,
    reply_operations,
)
from ercms.api.authentication import find_caller, operation, unauthorized
from ercms.api.blueprints import GROUPS, PREFIX
from ercms.api.schemas import ProblemDocument
from ercms.core.fields import FormSchema
from ercms.extensions import csrf
from ercms.web.error_handlers import PROBLEM
from ercms.web.route_guards import current_signed_in

# Importing these puts their operations into the groups.
OPERATIONS = (
    case_operations,
    action_operations,
    evidence_operations,
    reply_operations,
    inquiry_operations,
    message_operations,
    agreement_operations,
    law_operations,
)
_ABOUT = (
    "The interface of the electronic readmission case management system. The rules are those of the pages: the same "
    "services, the same permissions. Writes rest on a version (If-Match) and are carried out once (Idempotency-Key)."
)


class FormConverter(OpenAPIConverter):
    """Say of the input forms that they take nothing unknown, and what their fields are called."""

    def schema2jsonschema(self, schema: Schema) -> dict[str, Any]:
        """Return a schema as JSON Schema."""
        document: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        return {**document, "additionalProperties": False} if isinstance(schema, FormSchema) else document


class FormPlugin(MarshmallowPlugin):
    """The plugin with that converter."""

    Converter = FormConverter


class InterfaceApi(flask_smorest.Api):  # type: ignore[misc]
    """The interface without the library's own error handling, which would answer for the pages as well."""

    ERROR_SCHEMA = ProblemDocument

    def __init__(self, app: Flask, **options: Any) -> None:
        self._undescribed: list[Callable[[], None]] = []
        self._describing = threading.Lock()
        super().__init__(app, **options)

    def register_blueprint(self, group: Any, **options: Any) -> None:
        """Register the operations of a group; they are described when somebody first asks.

        Describing all schemas takes longer than the rest of a start, and neither a worker nor a command needs it.
        """
        self._app.extensions["flask-smorest"]["blp_name_to_api"][group.name] = self
        self._app.register_blueprint(group, **options)
        self._undescribed.append(partial(self._describe, group))

    def description(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        with self._describing:
            while self._undescribed:
                self._undescribed.pop(0)()
            document: dict[str, Any] = self.spec.to_dict()
            return document

    def _describe(self, group: Any) -> None:
        group.register_views_in_doc(self, self._app, self.spec, name=group.name, parameters=None)
        self.spec.tag({"name": group.name, "description": group.description})

    def _register_error_handlers(self) -> None:
        """Leave errors to `ercms.web.error_handlers` and `ercms.api.problems`."""

    def _register_responses(self) -> None:
        """Let errors be described first, once somebody asks."""
        self._undescribed.append(self._describe_errors)

    def _describe_errors(self) -> None:
        """Describe errors as problems of RFC 9457."""
        for name, description in (
            *((status.name, status.phrase) for status in http.HTTPStatus if status >= 400),
            ("DEFAULT_ERROR", "A problem"),
        ):
            response = {"description": description, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)


def init_api(app: Flask) -> None:
    """Register the operations and their description."""
    api = InterfaceApi(
        app,
        spec_kwargs={
            "title": "ERCMS",
            "version": "1",
            "openapi_version": "3.1.0",
            "marshmallow_plugin": FormPlugin(),
            "info": {"description": _ABOUT},
            "security": [{"key": []}],
        },
    )
    api.ma_plugin.converter.add_attribute_function(_title_of)
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for group in GROUPS:
        # Only the Authorization header counts for these, which no browser sends by itself.
        csrf.exempt(group)
        api.register_blueprint(group)
    app.register_blueprint(_description_of(api))


def _title_of(self: OpenAPIConverter, field: Any, **_: Any) -> dict[str, str]:
    label = field.metadata.get("label")
    return {"title": str(label)} if label else {}


def _description_of(api: InterfaceApi) -> Blueprint:
    """Return the page with the description, for programs with a key and for whoever is signed in."""
    pages = Blueprint("api_description", __name__, url_prefix=PREFIX)

    @pages.get("/openapi.json")
    @operation(Permission.HOME_READ)
    def openapi() -> Response:
        if current_signed_in() is None and find_caller() is None:
            return unauthorized()
        return current_app.response_class(json.dumps(api.description()), mimetype="application/json")

    return pages
