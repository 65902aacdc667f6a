"""A device that holds one passkey, in software: signs what a page asks it to, for whatever origin it is told."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

from ercms.core import clock
from ercms.core.db_types import new_id
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.factors.models import Passkey

_PRESENT_AND_VERIFIED = 0x05


@dataclass
class PasskeyDevice:
    """A key pair on P-256, and how often it was used (WebAuthn level 2, section 6.1)."""

    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: new_id().encode())
    count: int = 1

    def public_key(self) -> bytes:
        """Return the public half as COSE (RFC 9053): key type EC2, ES256, curve P-256."""
        numbers = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def belongs_to(self, user_id: str) -> "PasskeyDevice":
        """Put the public half on record as a user's passkey."""
        with unit_of_work():
            db.session.add(
                Passkey(
                    id=new_id(),
                    user_id=user_id,
                    credential_id=self.credential_id,
                    public_key=self.public_key(),
                    sign_count=0,
                    name="Device in software",
                    is_synced=False,
                    created_at=clock.now(),
                )
            )
        return self

    def answer(self, options: dict[str, Any], origin: str, flags: int = _PRESENT_AND_VERIFIED) -> str:
        """Return what a browser sends for these options, at this origin, as JSON."""
        client = {"type": "webauthn.get", "challenge": options["challenge"], "origin": origin, "crossOrigin": False}
        client_data = json.dumps(client).encode()
        rp_hash = sha256(options["rpId"].encode()).digest()
        about = rp_hash + bytes([flags]) + self.count.to_bytes(4, "big")
        self.count += 1
        signature = self.key.sign(about + sha256(client_data).digest(), ECDSA(SHA256()))
        name = bytes_to_base64url(self.credential_id)
        response = {
            "clientDataJSON": bytes_to_base64url(client_data),
            "authenticatorData": bytes_to_base64url(about),
            "signature": bytes_to_base64url(signature),
        }
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
