"""What the settings of this installation say about a malware scanner."""

from flask import current_app

from ercms.inspection.clamd import Clamd


def scanner() -> Clamd | None:
    """Return the scanner of the application in hand; None where none is configured."""
    settings = current_app.config["SETTINGS"]
    address = settings.clamd_address
    return None if address is None else Clamd(address, settings.clamd_seconds)
