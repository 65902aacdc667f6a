"""What the pages show of codes to scan and of waits."""

from datetime import datetime

import segno

from ercms.core import clock


def qr_image(uri: str) -> str:
    """Return a QR code as an image that stands in its own address, without a request and without a style."""
    made: str = segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return made


def grouped(secret_text: str) -> str:
    """Return a secret in groups of four, to be typed."""
    return " ".join(secret_text[start : start + 4] for start in range(0, len(secret_text), 4))


def seconds_until(instant: datetime | None) -> int:
    """Return how long a wait lasts, at least a second."""
    return max(1, round((instant - clock.now()).total_seconds())) if instant is not None else 1
