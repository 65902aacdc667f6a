"""One call to a register over HTTP: signed, bounded in time and size, answered by the schema or refused.

How a call is carried out, and to which hosts at all, stands in `ercms.core.outbound`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from marshmallow import ValidationError

from ercms.core.outbound import OutboundFailed, OutboundFailure, OutboundLimits, exchange, is_allowed
from ercms.registries.enums import Failure
from ercms.registries.schemas import RegisterReply
from ercms.vault import service as vault

_TITLE = "ERCMS register request 1"
_BUSY = frozenset({408, 425, 429})
_REFUSED = frozenset({401, 403})
_OK = frozenset({200, 201, 202})
_NOT_THERE = 404
_SERVER_ERRORS = 500
_FAILURES = {
    OutboundFailure.DOWN: Failure.DOWN,
    OutboundFailure.SLOW: Failure.SLOW,
    OutboundFailure.TLS: Failure.TLS,
    OutboundFailure.TOO_LONG: Failure.TOO_LONG,
    OutboundFailure.NONSENSE: Failure.NONSENSE,
}


class CallFailed(Exception):
    """A call brought nothing that can be used; the failure says why, without a word of what was sent or read."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class UnknownThere(Exception):
    """The register does not know the inquiry that it was asked about."""


@dataclass(frozen=True, slots=True)
class Call:
    """What goes out: `content` is None for a question about an inquiry that the register has already."""

    address: str
    inquiry_id: str
    subject: str
    content: Mapping[str, Any] | None
    at: datetime


def send(call: Call, limits: OutboundLimits) -> dict[str, Any]:
    """Carry a call out and return the register's reply, checked.

    Raises:
        CallFailed: nothing came that can be used.
        UnknownThere: the register does not know the inquiry.
    """
    if not is_allowed(call.address, limits):
        raise CallFailed(Failure.NOT_ALLOWED)
    method = "GET" if call.content is None else "POST"
    path = "/inquiries" if call.content is not None else f"/inquiries/{call.inquiry_id}"
    address = call.address.rstrip("/") + path
    body = b"" if call.content is None else json.dumps(call.content, ensure_ascii=False, sort_keys=True).encode()
    status, content = _exchange(method, address, body, _headers(call, method, address, body), limits)
    if status == _NOT_THERE and call.content is None:
        raise UnknownThere
    if status in _BUSY or status >= _SERVER_ERRORS:
        raise CallFailed(Failure.BUSY)
    if status in _REFUSED:
        raise CallFailed(Failure.REFUSES)
    if status not in _OK:
        raise CallFailed(Failure.NONSENSE)
    return _checked(call, content)


def _headers(call: Call, method: str, address: str, body: bytes) -> dict[str, str]:
    """Return the headers with a signature over everything that matters, by the key whose public half is published."""
    digest = sha256(body).hexdigest()
    lines = (
        _TITLE,
        f"method: {method}",
        f"address: {address}",
        f"at: {call.at.isoformat(timespec='seconds')}",
        f"idempotency-key: {call.inquiry_id}",
        f"sha256: {digest}",
    )
    signature = vault.sign("\n".join(lines).encode())
    return {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "Idempotency-Key": call.inquiry_id,
        "ERCMS-At": call.at.isoformat(timespec="seconds"),
        "ERCMS-Key": signature.key_id,
        "ERCMS-Signature": signature.value.hex(),
    }


def _exchange(
    method: str, address: str, body: bytes, headers: dict[str, str], limits: OutboundLimits
) -> tuple[int, bytes]:
    try:
        return exchange(method, address, body, headers, limits)
    except OutboundFailed as error:
        raise CallFailed(_FAILURES[error.failure]) from error


def _checked(call: Call, content: bytes) -> dict[str, Any]:
    try:
        reply: dict[str, Any] = RegisterReply().load(json.loads(content.decode("utf-8")))
    except (ValueError, RecursionError, ValidationError) as error:
        raise CallFailed(Failure.NONSENSE) from error
    if reply["inquiry"] != call.inquiry_id or reply["subject"] != call.subject:
        # An answer about somebody else is worse than none: whose it is must be said by the register itself.
        raise CallFailed(Failure.WRONG_PERSON)
    return reply
