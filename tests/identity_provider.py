"""A small OpenID provider that speaks the other side over real HTTP, and misbehaves as it is told.

It keeps to the standard where it is not told otherwise: codes serve once, the verifier of PKCE is checked, the client
has to know its secret and to name its redirect address again.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from ercms.core import clock

CLIENT_ID, SECRET = "ercms", "a secret of client & provider: 100%"
SUBJECT = "7f3a-invented"


@dataclass
class Asked:
    """What an authorization request asked for."""

    values: dict[str, str]
    subject: str


@dataclass
class Provider:
    """The provider: its keys, the codes it gave, and what is bent: `claims` and `sign` change each token."""

    address: str = ""
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    published: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    claims: Callable[[dict[str, Any]], dict[str, Any]] = dict
    sign: Callable[["Provider", dict[str, Any]], str] | None = None
    codes: dict[str, Asked] = field(default_factory=dict)
    given: int = 0
    calls: list[str] = field(default_factory=list)

    def go(self, address: str, subject: str = SUBJECT, seconds_ago: int = 5) -> dict[str, str]:
        """Sign somebody in as the authorization endpoint does; return what the browser brings back."""
        parts = urlsplit(address)
        values = {name: given[0] for name, given in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.address}/authorize"
        assert values["response_type"] == "code"
        assert values["client_id"] == CLIENT_ID
        assert values["code_challenge_method"] == "S256"
        assert "openid" in values["scope"].split()
        code = f"code-{self.given}"
        self.given += 1
        self.codes[code] = Asked({**values, "auth_time": str(int(clock.now().timestamp()) - seconds_ago)}, subject)
        return {"code": code, "state": values["state"], "iss": self.address}

    def token_for(self, asked: Asked) -> str:
        now = int(clock.now().timestamp())
        usual = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": asked.subject,
            "nonce": asked.values["nonce"],
            "iat": now,
            "exp": now + 300,
            "auth_time": int(asked.values["auth_time"]),
        }
        claims = self.claims(usual)
        if self.sign is not None:
            return self.sign(self, claims)
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        return jwt.encode({"alg": algorithm, "kid": self.key.as_dict()["kid"]}, claims, self.key)

    def reply(self, path: str, body: str, authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and content for a request."""
        self.calls.append(path)
        if path == "/.well-known/openid-configuration":
            places = {name: f"{self.address}/{end}" for name, end in _ENDS.items()}
            return 200, {"issuer": self.address, **places, **self.metadata}
        if path == "/keys":
            return 200, {"keys": self.published or [self.key.as_dict(private=False)]}
        if path != "/token":
            return 404, {}
        form = {name: given[0] for name, given in parse_qs(body).items()}
        pair = base64.b64encode(b"ercms:a+secret+of+client+%26+provider%3A+100%25").decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if authorization != f"Basic {pair}" or asked is None or form["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        named = (asked.values["code_challenge"], asked.values["redirect_uri"])
        if named != (challenge.decode(), form["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.token_for(asked)}


_ENDS = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider on a free port of this machine until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, content = provider.reply(self.path, body, self.headers.get("Authorization", ""))
            sent = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
