"""Whoever holds a receipt checks it without an account."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.evidence import submission_service
from ercms.evidence.receipt_views import CHECKS_A_MINUTE
from ercms.vault import service as vault
from tests.conftest import Client, csrf_token
from tests.factories.cases import Cast, make_case
from workflows.readmission import CaseState


@dataclass
class Held:
    """A receipt as its holder has it, in both forms."""

    reference: str
    text: str
    document: str


@pytest.fixture
def held(app: Flask, fixed_clock: datetime) -> Held:
    cast = Cast()
    reference = make_case(cast, CaseState.SUBMITTED)
    found = submission_service.receipt_of(actor=cast.requester, reference=reference)
    lines = (found.statement, "", f"key: {found.key_id}", f"ed25519: {found.signature}", f"public: {found.public_key}")
    return Held(reference, "\n".join(lines) + "\n", json.dumps(asdict(found), default=str))


def check(client: Client, text: str) -> Any:
    token = csrf_token(client.get("/receipts/check").text)
    return client.post("/receipts/check", data={"csrf_token": token, "text": text})


def test_a_receipt_is_valid_in_each_form_and_however_it_was_pasted(client: Client, held: Held) -> None:
    for text in (held.text, held.document, held.text.replace("\n", "\r\n"), f"\n\n{held.text}  \n"):
        page = check(client, text)
        assert page.status_code == 200
        assert "The receipt is valid" in page.text
        assert held.reference in page.text


def test_a_changed_receipt_is_told_and_put_on_record(client: Client, held: Held) -> None:
    page = check(client, held.text.replace(held.reference, "RA-2026-AAAAAA-A"))
    assert "The receipt was changed" in page.text
    assert "The receipt is valid" not in page.text
    line = audit.acts(actions=[AuditAction.RECEIPT_CHECKED])[0]
    assert (line.result, line.payload) == ("refused", {"code": "changed"})


def test_a_receipt_of_another_installation_is_told(client: Client, held: Held) -> None:
    key_id = next(line for line in held.text.split("\n") if line.startswith("key: "))
    page = check(client, held.text.replace(key_id, "key: signature-of-somebody-else"))
    assert "not from this system" in page.text


def test_a_signature_under_something_else_proves_no_receipt(client: Client, held: Held) -> None:
    signed = vault.sign(b"ercms.audit.checkpoint/1")
    text = f"ercms.audit.checkpoint/1\n\nkey: {signed.key_id}\ned25519: {signed.value.hex()}\n"
    assert check(client, text).status_code == 422


@pytest.mark.parametrize(
    "text",
    ["nothing", "{", "[]", '{"statement": 1}', '{"statement": "x", "key_id": "k", "signature": "zz"}', "[" * 7000],
)
def test_what_is_no_receipt_is_told_at_the_field(client: Client, app: Flask, text: str) -> None:
    page = check(client, text)
    assert page.status_code == 422
    assert "This is no receipt" in page.text


def test_checking_has_a_pace(client: Client, held: Held) -> None:
    token = csrf_token(client.get("/receipts/check").text)
    answers = [
        client.post("/receipts/check", data={"csrf_token": token, "text": "nothing"}).status_code
        for _ in range(CHECKS_A_MINUTE + 1)
    ]
    assert answers[-2:] == [422, 429]
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        assert client.post("/receipts/check", data={"csrf_token": token, "text": held.text}).status_code == 200


def test_the_published_key_checks_a_receipt_offline(client: Client, held: Held) -> None:
    keys = json.loads(client.get("/receipts/keys.json").text)["keys"]
    lines = held.text.rstrip("\n").split("\n")
    statement = "\n".join(lines[:4]).encode()
    key_id, signature = lines[5].removeprefix("key: "), lines[6].removeprefix("ed25519: ")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[key_id])).verify(bytes.fromhex(signature), statement)
