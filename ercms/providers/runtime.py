"""What the settings of this installation say about calls to identity providers."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from ercms.core.outbound import OutboundLimits


@dataclass(frozen=True, slots=True)
class ProvidersRuntime:
    """Whom a sign-in may call, at which address people come back, and how lately they must have proved who they are."""

    limits: OutboundLimits
    base_url: str
    fresh: timedelta


def runtime() -> ProvidersRuntime:
    """Return what holds in the application in hand."""
    settings = current_app.config["SETTINGS"]
    return ProvidersRuntime(
        limits=OutboundLimits(
            hosts=settings.provider_hosts,
            allows_loopback=settings.provider_loopback,
            ca_path=settings.provider_ca_path,
            read_seconds=settings.provider_seconds,
            total_seconds=2 * settings.provider_seconds,
        ),
        base_url=settings.base_url,
        fresh=timedelta(minutes=settings.proof_minutes),
    )
