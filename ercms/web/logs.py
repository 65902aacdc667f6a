"""Logs: one JSON object a line, with the request's name, and never a value that somebody typed."""

import logging
import sys

import structlog
from flask import Flask
from structlog.typing import Processor

from config import transport_warnings


def init_logs(app: Flask) -> None:
    """Send our own log and that of the libraries to standard error, from the level that the settings name."""
    settings = app.config["SETTINGS"]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    if settings.is_test:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False), foreign_pre_chain=shared
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    # It tells each readiness check what kind of database it found.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It tells each step inside a machine, several times for each action that a page offers.
    logging.getLogger("transitions").setLevel(logging.WARNING)
    log = structlog.get_logger("ercms.transport")
    for warning in transport_warnings(settings):
        log.warning("traffic is not protected", advice=warning)
    if settings.is_command_line:
        # A command speaks to whoever typed it; what it reports goes to standard output.
        root.setLevel(logging.WARNING)
