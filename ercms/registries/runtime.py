"""What the settings of this installation say about calls to registers."""

from flask import current_app

from ercms.core.outbound import OutboundLimits


def limits() -> OutboundLimits:
    """Return the limits of the application in hand."""
    settings = current_app.config["SETTINGS"]
    return OutboundLimits(
        hosts=settings.registry_hosts,
        allows_loopback=settings.registry_loopback,
        ca_path=settings.registry_ca_path,
        read_seconds=settings.registry_seconds,
        total_seconds=2 * settings.registry_seconds,
    )
