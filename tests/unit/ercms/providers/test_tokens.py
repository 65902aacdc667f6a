"""What an ID token must be and say; everything else is refused, by name."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from ercms.providers.enums import Flaw
from ercms.providers.tokens import Expected, TokenRefused, identify

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
KEYS = {"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]}
EXPECTED = Expected("https://id.example.org", "ercms", "n-1", NOW, timedelta(minutes=10))
CLAIMS = {
    "iss": "https://id.example.org",
    "aud": "ercms",
    "sub": "subject-1",
    "nonce": "n-1",
    "iat": AT,
    "exp": AT + 300,
    "auth_time": AT - 30,
}


def signed(claims: dict[str, Any], key: Any = RSA, **header: Any) -> str:
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    return jwt.encode({"alg": algorithm, "kid": key.as_dict()["kid"], **header}, claims, key)


def flaw_of(token: str, keys: dict[str, Any] | None = None) -> Flaw:
    with pytest.raises(TokenRefused) as refused:
        identify(token, KEYS if keys is None else keys, EXPECTED)
    return refused.value.flaw


@pytest.mark.parametrize("key", [RSA, EC], ids=["RS256", "ES256"])
def test_a_sound_token_says_who_and_by_which_means(key: Any) -> None:
    found = identify(signed({**CLAIMS, "amr": ["pwd", "otp"], "acr": "high"}, key), KEYS, EXPECTED)
    assert found.subject == "subject-1"
    assert found.means == {"pwd", "otp", "high"}


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"iss": "https://id.example.net"}, Flaw.WRONG_ISSUER),
        ({"iss": "https://id.example.org/"}, Flaw.WRONG_ISSUER),
        ({"aud": "another"}, Flaw.WRONG_AUDIENCE),
        ({"aud": ["ercms", "another"]}, Flaw.WRONG_AUDIENCE),
        ({"azp": "another"}, Flaw.WRONG_AUDIENCE),
        ({"nonce": "n-2"}, Flaw.WRONG_NONCE),
        ({"nonce": None}, Flaw.WRONG_NONCE),
        ({"exp": AT - 121}, Flaw.EXPIRED),
        ({"iat": AT + 121}, Flaw.FROM_THE_FUTURE),
        ({"nbf": AT + 121}, Flaw.FROM_THE_FUTURE),
        ({"auth_time": AT + 121}, Flaw.FROM_THE_FUTURE),
        ({"auth_time": AT - 721}, Flaw.STALE_SIGN_IN),
        ({"auth_time": None}, Flaw.MALFORMED),
        ({"exp": True}, Flaw.MALFORMED),
        ({"exp": "tomorrow"}, Flaw.MALFORMED),
        ({"sub": ""}, Flaw.MALFORMED),
        ({"sub": "x" * 256}, Flaw.MALFORMED),
        ({"sub": 7}, Flaw.MALFORMED),
    ],
)
def test_a_token_that_says_something_else_is_refused(change: dict[str, Any], flaw: Flaw) -> None:
    assert flaw_of(signed({**CLAIMS, **change})) is flaw


@pytest.mark.parametrize("name", ["exp", "iat", "auth_time", "sub"])
def test_a_token_that_leaves_something_out_is_refused(name: str) -> None:
    assert flaw_of(signed({key: value for key, value in CLAIMS.items() if key != name})) is Flaw.MALFORMED


def test_several_audiences_are_taken_with_the_party_named() -> None:
    claims = {**CLAIMS, "aud": ["another", "ercms"], "azp": "ercms"}
    assert identify(signed(claims), KEYS, EXPECTED).subject == "subject-1"


def test_a_forged_signature_is_refused() -> None:
    assert flaw_of(signed(CLAIMS, STRANGER)) is Flaw.BAD_SIGNATURE
    head, body, _ = signed(CLAIMS).split(".")
    other = signed({**CLAIMS, "sub": "somebody-else"}).split(".")[1]
    signature = signed(CLAIMS).split(".")[2]
    assert flaw_of(f"{head}.{other}.{signature}") is Flaw.BAD_SIGNATURE
    assert flaw_of(f"{head}.{body}.") is Flaw.BAD_SIGNATURE


def test_the_algorithm_is_the_keys_and_never_none_or_the_headers_choice() -> None:
    def coded(part: dict[str, Any]) -> str:
        return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()

    assert flaw_of(f"{coded({'alg': 'none'})}.{coded(CLAIMS)}.") is Flaw.WRONG_ALGORITHM
    said = f"{coded({'alg': 'HS256', 'kid': 'rsa'})}.{coded(CLAIMS)}"
    # The public key taken for a shared secret: whoever knows the key could sign.
    mac = hmac.digest(RSA.as_pem(private=False), said.encode(), "sha256")
    assert flaw_of(f"{said}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}") is Flaw.WRONG_ALGORITHM
    assert flaw_of(signed(CLAIMS, EC, kid="rsa")) is Flaw.UNKNOWN_KEY


def test_a_key_that_the_token_brings_itself_is_not_taken() -> None:
    token = signed(CLAIMS, STRANGER, kid="brought", jwk=STRANGER.as_dict(private=False))
    assert flaw_of(token) is Flaw.UNKNOWN_KEY


def test_keys_that_are_short_doubled_or_none_are_not_taken() -> None:
    short = {**RSA.as_dict(private=False), "n": urlsafe_b64encode(b"\xff" * 128).rstrip(b"=").decode()}
    assert flaw_of(signed(CLAIMS), {"keys": [short]}) is Flaw.UNKNOWN_KEY
    twice = {"keys": [RSA.as_dict(private=False), STRANGER.as_dict(private=False)]}
    assert flaw_of(signed(CLAIMS), twice) is Flaw.UNKNOWN_KEY
    for nothing in ({}, {"keys": "none"}, {"keys": [7, {"kty": "RSA"}]}):
        assert flaw_of(signed(CLAIMS), nothing) is Flaw.UNKNOWN_KEY


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "....", "e30.e30.", "W10.e30.AA", "é.e30.AA", "x" * 20_000])
def test_what_is_no_token_is_refused(token: str) -> None:
    assert flaw_of(token) in {Flaw.MALFORMED, Flaw.WRONG_ALGORITHM}
