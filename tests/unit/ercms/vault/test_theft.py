"""What a thief has from a copy, and what a former key still opens."""

import io
import shutil

import pytest
from flask import Flask

from config import Settings
from ercms.app import create_app
from ercms.core.db_types import new_id
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import files, keyring, rotate, service
from ercms.vault.enums import Compartment, KeyPurpose, TokenKind
from ercms.vault.errors import KeyUnavailable

SECRETS = ("Əliyev", "Aliyev", "C01234567", "1987-03-21", "tortured")


def make_persons(count: int) -> list[str]:
    with unit_of_work():
        made = [service.create_person() for _ in range(count)]
        for number, person_id in enumerate(made):
            document = {"surname": "Əliyev", "latin": "Aliyev", "birth_date": "1987-03-21", "number": number}
            service.seal(person_id=person_id, compartment=Compartment.IDENTITY, document=document)
            service.set_tokens(person_id=person_id, kind=TokenKind.DOCUMENT_NUMBER, values=[f"C01234567{number}"])
    return made


def test_a_stolen_copy_of_database_and_files_yields_nothing_without_the_keyring(
    app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    [person_id] = make_persons(1)
    file_id = new_id()
    with unit_of_work():
        files.store(
            person_id=person_id, file_id=file_id, stream=io.BytesIO("tortured Əliyev C01234567".encode() * 5000)
        )
        sealed = service.seal_text(person_id=person_id, label="a.b", record_id="1", text="tortured")
    db.session.remove()
    copy = tmp_path_factory.mktemp("stolen")
    for path in settings.instance_path.rglob("*"):
        if path.is_file() and not path.name.startswith(settings.keyring_path.name):
            shutil.copy(path, copy / path.name)

    contents = [path.read_bytes() for path in copy.iterdir()] + [sealed]
    assert contents
    for secret in SECRETS:
        assert not any(secret.encode() in content for content in contents), secret
        assert not any(secret.encode("utf-16-le") in content for content in contents), secret

    # The thief's own installation reads the copy with keys of its own.
    keyring.create(copy / "keyring.json")
    url = settings.database_url.replace(str(settings.instance_path), str(copy))
    with create_app(Settings.for_tests(copy, database_url=url)).app_context():
        with pytest.raises(KeyUnavailable):
            service.open(person_id=person_id, compartment=Compartment.IDENTITY)
        with pytest.raises(KeyUnavailable):
            service.open_text(person_id=person_id, label="a.b", record_id="1", sealed=sealed)
        assert service.find_person_ids(kind=TokenKind.DOCUMENT_NUMBER, value="C012345670") == []
        db.session.remove()
        db.engine.dispose()


def test_a_person_under_any_former_key_is_still_there_when_rotation_goes_on(app: Flask, settings: Settings) -> None:
    persons = []
    for _ in range(4):
        persons += make_persons(1)
        keyring.rotate(settings.keyring_path, KeyPurpose.DATA)

    assert len(service.open_many(person_ids=persons, compartment=Compartment.IDENTITY)) == 4
    with unit_of_work():
        rotate.rewrap_batch(limit=10)
    assert rotate.left_behind(KeyPurpose.DATA) == 0
    assert len(service.open_many(person_ids=persons, compartment=Compartment.IDENTITY)) == 4
