"""The groups of operations; each reads strictly and lets only programs with a key through."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import flask_smorest
from flask import request

from ercms.api.authentication import authenticate
from ercms.api.parsing import StrictParser
from ercms.api.problems import on_domain_error
from ercms.core.errors import DomainError, NotFound

PREFIX = "/api/v1"
_NAME = re.compile(r"[!-~]{1,80}")

View = TypeVar("View", bound=Callable[..., Any])


def refuse_strange_names() -> None:
    """Say that there is no record of a name that no record can have, before a database is asked for it.

    Raises:
        NotFound: a part of the address holds something else than printable ASCII, or is too long.
    """
    if not all(_NAME.fullmatch(str(value)) for value in (request.view_args or {}).values()):
        raise NotFound


class OperationGroup(flask_smorest.Blueprint):  # type: ignore[misc]
    """A group of operations of the interface."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix=PREFIX, description=description)
        self.before_request(authenticate)
        self.before_request(refuse_strange_names)
        self.register_error_handler(DomainError, on_domain_error)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Register an operation at an address below the prefix."""
        declare: Callable[[View], View] = super().route(rule, **options)
        return declare

    def arguments(self, schema: Any, **options: Any) -> Callable[[View], View]:
        """Hand the operation what came in, checked against a schema."""
        declare: Callable[[View], View] = super().arguments(schema, **options)
        return declare

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[View], View]:
        """Write what the operation returns through a schema."""
        declare: Callable[[View], View] = super().response(status_code, schema, **options)
        return declare

    @staticmethod
    def doc(**description: Any) -> Callable[[View], View]:
        """Add to the description of an operation what its schemas cannot say."""
        declare: Callable[[View], View] = flask_smorest.Blueprint.doc(**description)
        return declare


case_operations = OperationGroup("cases", "Requests and their cases.")
action_operations = OperationGroup("actions", "What can be done with a case: one address for each act.")
evidence_operations = OperationGroup("evidence", "Evidence and files.")
reply_operations = OperationGroup("replies", "Receipts, questions and decisions.")
inquiry_operations = OperationGroup("inquiries", "Inquiries, for the agencies that are asked.")
message_operations = OperationGroup("messages", "Messages in a case.")
agreement_operations = OperationGroup("agreements", "What the agreements say.")
GROUPS = (
    case_operations,
    action_operations,
    evidence_operations,
    reply_operations,
    inquiry_operations,
    message_operations,
    agreement_operations,
)
