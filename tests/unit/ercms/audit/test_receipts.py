"""A receipt proves to another authority what was received, and a forged one proves nothing."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask

from config import Settings
from ercms.audit import canonical, receipts
from ercms.audit.receipts import Receipt
from ercms.core.errors import InvalidInput
from ercms.vault import keyring, service
from ercms.vault.enums import KeyPurpose

CONTENT = {"reference": "DE-1", "surname": "Əliyev", "members": [1, 2]}


@pytest.fixture
def receipt(app: Flask, fixed_clock: datetime) -> Receipt:
    return receipts.make_receipt(
        act="submission", reference="RA-2026-7K3M9Q-T", received_at=fixed_clock, content=CONTENT
    )


def test_a_receipt_says_what_was_received_when_and_under_which_reference(receipt: Receipt) -> None:
    checked = receipts.check_receipt(receipt.to_text())

    assert checked == receipt
    assert checked.content["reference"] == "RA-2026-7K3M9Q-T"
    assert checked.content["received_at"] == "2026-11-24T08:00:00.000000Z"
    assert checked.content["act"] == "submission"
    assert receipts.matches(checked, CONTENT)
    assert not receipts.matches(checked, {**CONTENT, "members": [2, 1]})


def test_a_receipt_holds_no_personal_value_and_its_digest_cannot_be_guessed(receipt: Receipt) -> None:
    again = receipts.make_receipt(
        act="submission",
        reference="RA-2026-7K3M9Q-T",
        received_at=datetime.fromisoformat(receipt.content["received_at"]),
        content=CONTENT,
    )

    assert "liyev" not in receipt.to_text()
    assert again.digest != receipt.digest


def test_anybody_can_check_a_receipt_with_the_published_key_alone(receipt: Receipt) -> None:
    document = json.loads(receipt.to_text())
    public = Ed25519PublicKey.from_public_bytes(service.signature_keys()[document["key_id"]])

    public.verify(bytes.fromhex(document["signature"]), document["statement"].encode())


def test_a_receipt_outlives_the_key_that_signed_it(receipt: Receipt, settings: Settings) -> None:
    keyring.rotate(settings.keyring_path, KeyPurpose.SIGNATURE)
    keyring.destroy(settings.keyring_path, receipt.key_id)

    assert receipts.check_receipt(receipt.to_text()) == receipt


@pytest.mark.parametrize(
    "changes",
    [{"reference": "RA-2026-7K3M9Q-X"}, {"received_at": "2026-11-23T08:00:00.000000Z"}, {"digest": "0" * 64}],
)
def test_a_changed_receipt_is_forged(receipt: Receipt, changes: dict[str, str]) -> None:
    forged = Receipt(canonical.statement_text({**receipt.content, **changes}), receipt.key_id, receipt.signature)

    with pytest.raises(InvalidInput) as caught:
        receipts.check_receipt(forged.to_text())
    assert caught.value.code == "receipt_forged"


def test_a_receipt_of_another_installation_is_forged(receipt: Receipt, tmp_path: Path) -> None:
    foreign = keyring.create(tmp_path / "foreign.json").sign(receipt.statement.encode())

    for key_id in (foreign.key_id, receipt.key_id):
        with pytest.raises(InvalidInput) as caught:
            receipts.check_receipt(Receipt(receipt.statement, key_id, foreign.value.hex()).to_text())
        assert caught.value.code == "receipt_forged"


def test_a_signed_statement_of_another_kind_is_no_receipt(app: Flask) -> None:
    statement = canonical.statement_text({"type": "ercms.audit.checkpoint/1"})
    signature = service.sign(statement.encode())

    with pytest.raises(InvalidInput) as caught:
        receipts.check_receipt(Receipt(statement, signature.key_id, signature.value.hex()).to_text())
    assert caught.value.code == "receipt_malformed"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"statement": "x", "key_id": "k", "signature": "zz"}',
        '{"statement": "[]", "key_id": "k", "signature": "00"}',
        '{"statement": "{\\"type\\": \\"\\ud800\\"}", "key_id": "k", "signature": "00"}',
        '{"statement": 1, "key_id": 2, "signature": 3}',
    ],
)
def test_what_is_no_receipt_is_refused_as_such(app: Flask, content: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        receipts.check_receipt(content)
    assert caught.value.code == "receipt_malformed"
