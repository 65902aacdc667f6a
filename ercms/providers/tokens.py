"""The judgement of an ID token (OpenID Connect Core 1.0, section 3.1.3.7): pure, given keys and what is expected.

The signature is checked before any claim is looked at, with a key of the provider's own set and the one algorithm that
fits that key. What the token's header says of keys (`jwk`, `jku`, `x5u`) is never followed.
"""

import json
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import urlsafe_b64decode

from ercms.providers.enums import Flaw

SLACK = timedelta(minutes=2)
"""How far the provider's clock may differ from ours."""
LONGEST_SUBJECT = 255
LEAST_RSA_BITS = 2048
_MOST_CHARACTERS = 16_000
_ALGORITHM_OF = {"RSA": "RS256", "EC": "ES256"}


class TokenRefused(Exception):
    """A token was not taken; the flaw says why, without a word of the token."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: whose it is, for whom, in answer to what, and how lately the person was asked."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime
    longest_since_proof: timedelta


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says it is: the subject, and by which means (`amr` and `acr`, RFC 8176)."""

    subject: str
    means: frozenset[str]


def identify(token: str, key_set: Mapping[str, Any], expected: Expected) -> Identity:
    """Return who a token is about.

    Raises:
        TokenRefused: it does not hold.
    """
    claims = _claims(token, key_set)
    _check_parties(claims, expected)
    _check_times(claims, expected)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), expected.nonce.encode()):
        raise TokenRefused(Flaw.WRONG_NONCE)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise TokenRefused(Flaw.MALFORMED)
    return Identity(subject, _means(claims))


def _claims(token: str, key_set: Mapping[str, Any]) -> dict[str, Any]:
    header = _header(token)
    if header.get("alg") not in _ALGORITHM_OF.values():
        raise TokenRefused(Flaw.WRONG_ALGORITHM)
    row = _row_for(header, key_set)
    algorithm = _ALGORITHM_OF[row["kty"]]
    if header["alg"] != algorithm:
        raise TokenRefused(Flaw.WRONG_ALGORITHM)
    try:
        if algorithm == "RS256" and len(urlsafe_b64decode(str(row["n"]).encode())) * 8 < LEAST_RSA_BITS:
            raise TokenRefused(Flaw.UNKNOWN_KEY)
        key = RSAKey.import_key(row) if algorithm == "RS256" else ECKey.import_key(row)
        return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
    except BadSignatureError as error:
        raise TokenRefused(Flaw.BAD_SIGNATURE) from error
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise TokenRefused(Flaw.MALFORMED) from error


def _header(token: str) -> dict[str, Any]:
    if len(token) > _MOST_CHARACTERS or token.count(".") != 2:
        raise TokenRefused(Flaw.MALFORMED)
    try:
        header = json.loads(urlsafe_b64decode(token.partition(".")[0].encode("ascii")))
    except (ValueError, NotBase64, RecursionError) as error:
        raise TokenRefused(Flaw.MALFORMED) from error
    if not isinstance(header, dict):
        raise TokenRefused(Flaw.MALFORMED)
    return header


def _row_for(header: Mapping[str, Any], key_set: Mapping[str, Any]) -> dict[str, Any]:
    """Return the provider's key that the token names; without a name there must be one of its kind alone."""
    rows = key_set.get("keys")
    named = header.get("kid")
    found = [
        row
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
        and _ALGORITHM_OF.get(str(row.get("kty"))) == header["alg"]
        and row.get("use", "sig") == "sig"
        and (named is None or row.get("kid") == named)
    ]
    if len(found) != 1:
        raise TokenRefused(Flaw.UNKNOWN_KEY)
    # Only the public half is of interest; a provider that publishes more than that does not make us hold it.
    return {name: value for name, value in found[0].items() if name in {"kty", "n", "e", "crv", "x", "y", "kid"}}


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused(Flaw.WRONG_ISSUER)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    if expected.client_id not in audiences or (party is not None and party != expected.client_id):
        raise TokenRefused(Flaw.WRONG_AUDIENCE)
    if len(audiences) > 1 and party is None:
        raise TokenRefused(Flaw.WRONG_AUDIENCE)


def _check_times(claims: Mapping[str, Any], expected: Expected) -> None:
    """Check expiry, issue and the person's last proof; each must be there, since we asked for the last (`max_age`)."""
    now = expected.now.timestamp()
    slack = SLACK.total_seconds()
    ends, issued, proved = (_seconds(claims, name) for name in ("exp", "iat", "auth_time"))
    starts = _seconds(claims, "nbf") if "nbf" in claims else issued
    if max(issued, starts, proved) > now + slack:
        raise TokenRefused(Flaw.FROM_THE_FUTURE)
    if ends <= now - slack:
        raise TokenRefused(Flaw.EXPIRED)
    if proved < now - slack - expected.longest_since_proof.total_seconds():
        raise TokenRefused(Flaw.STALE_SIGN_IN)


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        raise TokenRefused(Flaw.MALFORMED)
    return float(value)


def _means(claims: Mapping[str, Any]) -> frozenset[str]:
    ways = claims.get("amr")
    named = {one for one in ways if isinstance(one, str)} if isinstance(ways, list) else set()
    level = claims.get("acr")
    return frozenset(named | ({level} if isinstance(level, str) else set()))
