"""Time-based one-time codes (RFC 6238): six digits, SHA-1, steps of 30 seconds, as every authenticator reads them."""

import base64
import secrets
from datetime import UTC, datetime
from hmac import compare_digest

import pyotp

STEP_SECONDS = 30
TOLERANCE = 1
"""How many steps a device's clock may be off, either way (RFC 6238, 5.2)."""
DIGITS = 6
_SECRET_BYTES = 20


def new_secret() -> bytes:
    """Return a random secret of 160 bits, as long as the digest (RFC 4226, section 4, R6)."""
    return secrets.token_bytes(_SECRET_BYTES)


def text_of(secret: bytes) -> str:
    """Return a secret as authenticators take it when it is typed."""
    return base64.b32encode(secret).decode()


def secret_of(text: str) -> bytes:
    """Return the secret that `text_of` wrote."""
    return base64.b32decode(text)


def step_of(instant: datetime) -> int:
    """Return the number of the step in which an instant lies."""
    return int(instant.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """Return the code of one step."""
    code: str = pyotp.TOTP(text_of(secret), digits=DIGITS).at(datetime.fromtimestamp(step * STEP_SECONDS, UTC))
    return code


def matching_step(secret: bytes, code: str, now: datetime) -> int | None:
    """Return the step near `now` whose code this is, or None; a code of further ahead or behind is none."""
    present = step_of(now)
    found = None
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        if compare_digest(code_at(secret, step).encode(), code.encode()):
            found = step
    return found


def uri(secret: bytes, *, account: str, issuer: str) -> str:
    """Return the address that a QR code holds, from which an authenticator takes everything."""
    made: str = pyotp.TOTP(text_of(secret), digits=DIGITS).provisioning_uri(name=account, issuer_name=issuer)
    return made
