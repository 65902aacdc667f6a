"""What the settings of this installation say about calls to registers."""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app


@dataclass(frozen=True, slots=True)
class RegistryLimits:
    """Whom the installation may call, by which certificates it knows them, and how long and how much it listens.

    `connect_seconds` and `read_seconds` bound a single wait, `total_seconds` the reading of the whole answer.
    """

    hosts: frozenset[str]
    allows_loopback: bool
    ca_path: Path | None
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 30.0
    most_bytes: int = 64 * 1024


def limits() -> RegistryLimits:
    """Return the limits of the application in hand."""
    settings = current_app.config["SETTINGS"]
    return RegistryLimits(
        hosts=settings.registry_hosts,
        allows_loopback=settings.registry_loopback,
        ca_path=settings.registry_ca_path,
        read_seconds=settings.registry_seconds,
        total_seconds=2 * settings.registry_seconds,
    )
