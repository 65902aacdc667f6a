"""The keyring file: what is refused, what a rotation leaves, what a process sees of another's change."""

import json
from pathlib import Path

import pytest

from ercms.core.errors import DamagedRecord
from ercms.vault import keyring
from ercms.vault.enums import KeyPurpose, KeyState
from ercms.vault.errors import KeyringUnavailable, KeyUnavailable
from ercms.vault.keys import Signature, WrappedKey


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "keyring.json"


def test_a_new_keyring_is_for_its_owner_alone_and_has_a_key_for_each_purpose(path: Path) -> None:
    made = keyring.create(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert {key.purpose for key in made.keys} == set(KeyPurpose)
    assert len({key.material for key in made.keys}) == len(KeyPurpose)
    assert keyring.load(path).keys == made.keys


def test_a_keyring_is_never_overwritten(path: Path) -> None:
    keyring.create(path)
    before = path.read_bytes()

    with pytest.raises(KeyringUnavailable, match="already"):
        keyring.create(path)
    assert path.read_bytes() == before


def test_a_missing_keyring_says_how_to_make_one(path: Path) -> None:
    with pytest.raises(KeyringUnavailable, match="flask keys create"):
        keyring.load(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_keyring_open_to_others_is_refused_and_says_how_to_close_it(path: Path, mode: int) -> None:
    keyring.create(path)
    path.chmod(mode)

    with pytest.raises(KeyringUnavailable, match="chmod 600"):
        keyring.load(path)


def test_a_keyring_in_use_is_refused_from_the_moment_it_is_opened_to_others(path: Path) -> None:
    keyring.create(path)
    file = keyring.KeyringFile(path)
    assert file.keyring.keys

    path.chmod(0o644)
    with pytest.raises(KeyringUnavailable, match="chmod 600"):
        _ = file.keyring


def test_a_folder_is_no_keyring(tmp_path: Path) -> None:
    folder = tmp_path / "keyring.json"
    folder.mkdir(mode=0o700)

    with pytest.raises(KeyringUnavailable, match="not a file"):
        keyring.load(folder)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "{}",
        '{"format": "other", "keys": []}',
        '{"format": "ercms-keyring/1", "keys": [{"id": "x"}]}',
        "\xff",
    ],
)
def test_a_damaged_keyring_is_refused_without_quoting_it(path: Path, content: str) -> None:
    keyring.create(path)
    path.write_bytes(content.encode("latin-1"))

    with pytest.raises(KeyringUnavailable, match="Restore it") as caught:
        keyring.load(path)
    assert caught.value.__cause__ is None


def test_keys_do_not_show_their_material(path: Path) -> None:
    made = keyring.create(path)

    for key in made.keys:
        assert repr(key.material) not in repr(key)


def test_after_a_rotation_new_work_uses_the_new_key_and_the_old_one_still_reads(path: Path) -> None:
    old = keyring.create(path)
    wrapped = old.wrap(b"k" * 32, b"person")

    fresh = keyring.rotate(path, KeyPurpose.DATA)
    ring = keyring.load(path)

    assert ring.active(KeyPurpose.DATA) == fresh
    assert ring.find(wrapped.key_id).state is KeyState.DECRYPT_ONLY
    assert ring.wrap(b"k" * 32, b"person").key_id == fresh.id
    assert ring.unwrap(wrapped, b"person") == b"k" * 32


def test_a_process_sees_the_rotation_of_another_at_its_next_use(path: Path) -> None:
    keyring.create(path)
    file = keyring.KeyringFile(path)
    before = file.keyring.active(KeyPurpose.DATA)

    fresh = keyring.rotate(path, KeyPurpose.DATA)
    assert file.keyring.active(KeyPurpose.DATA) == fresh != before


def test_an_active_key_is_never_destroyed(path: Path) -> None:
    key = keyring.create(path).active(KeyPurpose.DATA)

    with pytest.raises(KeyringUnavailable, match="active"):
        keyring.destroy(path, key.id)


def test_a_destroyed_key_keeps_its_name_and_loses_its_material(path: Path) -> None:
    old = keyring.create(path)
    wrapped = old.wrap(b"k" * 32, b"person")
    keyring.rotate(path, KeyPurpose.DATA)

    destroyed = keyring.destroy(path, wrapped.key_id)

    assert destroyed.state is KeyState.DESTROYED
    assert destroyed.material is None
    rows = {row["id"]: row for row in json.loads(path.read_text())["keys"]}
    assert rows[wrapped.key_id]["material"] is None
    with pytest.raises(KeyUnavailable, match="destroyed"):
        keyring.load(path).unwrap(wrapped, b"person")


def test_the_keyring_of_another_installation_is_named_as_such(path: Path, tmp_path: Path) -> None:
    wrapped = keyring.create(path).wrap(b"k" * 32, b"person")
    other = keyring.create(tmp_path / "other.json")

    with pytest.raises(KeyUnavailable, match="another installation"):
        other.unwrap(wrapped, b"person")


def test_a_wrapped_key_opens_for_its_owner_only_and_not_when_changed(path: Path) -> None:
    ring = keyring.create(path)
    wrapped = ring.wrap(b"k" * 32, b"person one")

    with pytest.raises(DamagedRecord):
        ring.unwrap(wrapped, b"person two")
    for position in range(len(wrapped.blob)):
        changed = bytearray(wrapped.blob)
        changed[position] ^= 1
        with pytest.raises(DamagedRecord):
            ring.unwrap(WrappedKey(wrapped.key_id, bytes(changed)), b"person one")
    for blob in (b"", wrapped.blob[:5], wrapped.blob[:-1]):
        with pytest.raises(DamagedRecord):
            ring.unwrap(WrappedKey(wrapped.key_id, blob), b"person one")


def test_a_key_wrapped_under_one_key_does_not_open_in_the_name_of_another(path: Path) -> None:
    wrapped = keyring.create(path).wrap(b"k" * 32, b"person")
    fresh = keyring.rotate(path, KeyPurpose.DATA)

    with pytest.raises(DamagedRecord):
        keyring.load(path).unwrap(WrappedKey(fresh.id, wrapped.blob), b"person")


def test_old_signatures_stay_valid_after_the_private_key_is_destroyed(path: Path) -> None:
    signature = keyring.create(path).sign(b"statement")
    keyring.rotate(path, KeyPurpose.SIGNATURE)
    keyring.destroy(path, signature.key_id)
    ring = keyring.load(path)

    assert ring.is_signed(b"statement", signature)
    assert not ring.is_signed(b"another", signature)
    assert not ring.is_signed(b"statement", Signature("signature-unknown", signature.value))
    assert not ring.is_signed(b"statement", Signature(signature.key_id, b"short"))
    assert not ring.is_signed(b"statement", Signature(ring.active(KeyPurpose.SIGNATURE).id, signature.value))


def test_sessions_are_accepted_under_the_former_secret_until_it_is_destroyed(path: Path) -> None:
    old = keyring.create(path).session_secrets()
    former = keyring.load(path).active(KeyPurpose.SESSION)
    keyring.rotate(path, KeyPurpose.SESSION)

    assert keyring.load(path).session_secrets()[1:] == old
    keyring.destroy(path, former.id)
    assert len(keyring.load(path).session_secrets()) == 1


def test_no_draft_of_a_keyring_is_left_behind(path: Path) -> None:
    keyring.create(path)
    keyring.rotate(path, KeyPurpose.TOKEN)

    assert {entry.name for entry in path.parent.iterdir()} == {"keyring.json", "keyring.json.lock"}
