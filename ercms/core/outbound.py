"""Calls that this installation makes over HTTP: to listed hosts only, over TLS, bounded in time and size.

An administrator enters an address in a page; that it is followed must not rest on the administrator alone. The list of
hosts stands in the settings of the machine. Nothing that is listed is guessed from a name: a private address is as good
as any other, and one that is not listed is never called, whatever it resolves to. Redirects and the proxies of the
environment are not followed, and certificates are always checked. A body is read byte by byte against a deadline, so
that whoever drips does not hold the worker.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import requests

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_HTTPS = 443


@dataclass(frozen=True, slots=True)
class OutboundLimits:
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


class OutboundFailure(StrEnum):
    """Why a call brought nothing that could be read."""

    DOWN = "down"
    SLOW = "slow"
    TLS = "tls"
    TOO_LONG = "too_long"
    NONSENSE = "nonsense"


class OutboundFailed(Exception):
    """A call brought nothing that can be read; the failure says why, without a word of what was sent or read."""

    def __init__(self, failure: OutboundFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def is_allowed(address: str, limits: OutboundLimits) -> bool:
    """Tell whether an address may be called: its host and port are listed, and nothing hides in it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if not host or not is_plain or any(letter.isspace() or not letter.isprintable() for letter in address):
        return False
    if parts.scheme == "http" and limits.allows_loopback:
        return host in _LOOPBACK
    if parts.scheme != "https":
        return False
    listed = {host, f"{host}:{port}"} if port in (None, _HTTPS) else {f"{host}:{port}"}
    return bool(listed & limits.hosts)


def exchange(
    method: str, address: str, body: bytes, headers: Mapping[str, str], limits: OutboundLimits
) -> tuple[int, bytes]:
    """Carry one call out and return the status and the content; that the address is allowed is the caller's to ask.

    Raises:
        OutboundFailed: nothing came that can be read.
    """
    deadline = time.monotonic() + limits.total_seconds
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method,
                address,
                data=body,
                headers=dict(headers),
                timeout=(limits.connect_seconds, limits.read_seconds),
                allow_redirects=False,
                stream=True,
                verify=str(limits.ca_path) if limits.ca_path else True,
            )
            return answer.status_code, _read(answer, deadline, limits.most_bytes)
    except requests.exceptions.SSLError as error:
        raise OutboundFailed(OutboundFailure.TLS) from error
    except requests.exceptions.Timeout as error:
        raise OutboundFailed(OutboundFailure.SLOW) from error
    except requests.exceptions.RequestException as error:
        raise OutboundFailed(OutboundFailure.DOWN) from error


def _read(answer: requests.Response, deadline: float, most: int) -> bytes:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise OutboundFailed(OutboundFailure.NONSENSE)
    announced = answer.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > most:
        raise OutboundFailed(OutboundFailure.TOO_LONG)
    read = bytearray()
    for part in answer.iter_content(chunk_size=1):
        read += part
        if len(read) > most:
            raise OutboundFailed(OutboundFailure.TOO_LONG)
        if time.monotonic() > deadline:
            raise OutboundFailed(OutboundFailure.SLOW)
    return bytes(read)
