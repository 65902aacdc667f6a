"""A name for each request, which its log lines, its audit entries and its error page share."""

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

_GIVEN = re.compile(r"[0-9A-Za-z_-]{8,64}")
_log = structlog.get_logger("ercms.request")


def init_request_identity(app: Flask) -> None:
    """Name each request, and write one line about it: what was asked, never what was in it."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        g.request_began = time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        rule = request.url_rule.rule if request.url_rule is not None else None
        milliseconds = round((time.monotonic() - g.request_began) * 1000)
        _log.info("request", method=request.method, route=rule, status=response.status_code, ms=milliseconds)
        return response
