"""What the settings say of reading: how long a reason opens a case outside an officer's own work."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app

from config import Settings

_NAME = "access"


@dataclass(frozen=True, slots=True)
class AccessRuntime:
    """How long a reason holds; nought asks for none."""

    opening_for: timedelta


def init_access(app: Flask) -> None:
    """Give an application its bounds of reading, as its settings say."""
    settings: Settings = app.config["SETTINGS"]
    app.extensions[_NAME] = AccessRuntime(timedelta(minutes=settings.opening_minutes))


def runtime() -> AccessRuntime:
    """Return the bounds of the application in hand."""
    found: AccessRuntime = current_app.extensions[_NAME]
    return found
