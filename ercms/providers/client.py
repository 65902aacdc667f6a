"""What is asked of an identity provider over HTTP: what it says of itself, its keys, and the token for a code."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from ercms.core.outbound import OutboundFailed, OutboundLimits, exchange, is_allowed
from ercms.providers.enums import Flaw
from ercms.providers.tokens import TokenRefused

_METADATA = "/.well-known/openid-configuration"
_OK = 200
_REFUSED = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as a sign-in needs it.

    `names_itself`: its answers carry the issuer (RFC 9207), so that one without it is not its own.
    """

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_itself: bool


def discover(issuer: str, limits: OutboundLimits) -> Metadata:
    """Return what a provider says of itself.

    Raises:
        TokenRefused: it cannot be read, is another issuer's, or names an address that may not be called.
    """
    found = _json("GET", issuer.rstrip("/") + _METADATA, b"", {}, limits)
    if found.get("issuer") != issuer:
        raise TokenRefused(Flaw.WRONG_ISSUER)
    places = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(place, str) and is_allowed(place, limits) for place in places):
        raise TokenRefused(Flaw.NOT_ALLOWED)
    names_itself = found.get("authorization_response_iss_parameter_supported") is True
    return Metadata(str(places[0]), str(places[1]), str(places[2]), names_itself)


def redeem(
    metadata: Metadata, *, code: str, verifier: str, redirect_uri: str, client_id: str, secret: str,
    limits: OutboundLimits,
) -> str:  # fmt: skip
    """Return the ID token that the provider gives for a code (RFC 6749, section 4.1.3, with PKCE).

    Raises:
        TokenRefused: the code is not taken, or the answer is none.
    """
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    # RFC 6749, section 2.3.1: identifier and secret are form-encoded before they are joined.
    pair = b64encode(f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {pair}"}
    token = _json("POST", metadata.token_endpoint, urlencode(asked).encode(), headers, limits).get("id_token")
    if not isinstance(token, str):
        raise TokenRefused(Flaw.MALFORMED)
    return token


def keys(metadata: Metadata, limits: OutboundLimits) -> dict[str, Any]:
    """Return the provider's present set of keys.

    Raises:
        TokenRefused: it cannot be read.
    """
    return _json("GET", metadata.jwks_uri, b"", {}, limits)


def _json(method: str, address: str, body: bytes, headers: dict[str, str], limits: OutboundLimits) -> dict[str, Any]:
    if not is_allowed(address, limits):
        raise TokenRefused(Flaw.NOT_ALLOWED)
    try:
        usual = {"Accept": "application/json", "Accept-Encoding": "identity"}
        status, content = exchange(method, address, body, {**usual, **headers}, limits)
        found = json.loads(content.decode("utf-8")) if status == _OK else None
    except (OutboundFailed, ValueError, RecursionError) as error:
        raise TokenRefused(Flaw.NOT_REACHED) from error
    if method == "POST" and status in _REFUSED:
        raise TokenRefused(Flaw.CODE_REFUSED)
    if not isinstance(found, dict):
        raise TokenRefused(Flaw.NOT_REACHED)
    return found
