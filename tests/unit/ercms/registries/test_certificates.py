"""What the real client does with a register's certificate, over a real handshake."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ercms.core.outbound import OutboundLimits
from ercms.registries.client import Call, CallFailed, send
from ercms.registries.enums import Failure
from tests import registry
from tests.registry import Register

pytestmark = pytest.mark.usefixtures("app")
INQUIRY, SUBJECT = "a" * 32, "b" * 32


def _self_signed(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate that nobody vouches for; return its file and a server's context with it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "register.pem", folder / "register.key"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def _asked(register: Register, ca_path: Path | None) -> str:
    """Call the register over TLS; return what it found, or why the call failed."""
    port = register.address.rsplit(":", 1)[-1].split("/")[0]
    limits = OutboundLimits(frozenset({f"localhost:{port}"}), allows_loopback=False, ca_path=ca_path)
    content = {"inquiry": INQUIRY, "subject": SUBJECT, "fields": {"identity.surname": "Invented"}}
    call = Call(f"https://localhost:{port}", INQUIRY, SUBJECT, content, datetime.now(UTC))
    try:
        return str(send(call, limits)["finding"].value)
    except CallFailed as error:
        return error.failure.value


def test_a_certificate_that_nobody_vouches_for_ends_the_call_before_anything_is_sent(tmp_path: Path) -> None:
    public, context = _self_signed(tmp_path, "localhost")
    with registry.running(tls=context) as register:
        assert _asked(register, None) == Failure.TLS.value
        assert register.received == []
        assert _asked(register, public) == "confirmed"
        assert [received.json["subject"] for received in register.received] == [SUBJECT]


def test_a_certificate_of_another_name_is_refused_although_its_issuer_is_known(tmp_path: Path) -> None:
    public, context = _self_signed(tmp_path, "register.example.org")
    with registry.running(tls=context) as register:
        assert _asked(register, public) == Failure.TLS.value
        assert register.received == []
