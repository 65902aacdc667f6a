"""Personal data: sealed where they lie, opened only in their own place, gone after an erasure."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import InvalidRequestError

from config import Settings
from ercms.core.errors import DamagedRecord, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import keyring, rotate, service
from ercms.vault.enums import Compartment, KeyPurpose, TokenKind
from ercms.vault.errors import KeyUnavailable
from ercms.vault.models import Person, PersonCompartment, PersonToken

IDENTITY = {"surname": "Əliyev", "given_names": "Rəşad", "birth_date": "1987-03-21", "former": ["Aliev"], "height": 181}


def make_person(**documents: dict[str, object]) -> str:
    with unit_of_work():
        person_id = service.create_person()
        for name, document in documents.items():
            service.seal(person_id=person_id, compartment=Compartment(name), document=document)
    return person_id


def swap(model: type, first: object, second: object, *columns: str) -> None:
    """Exchange columns of two rows behind the application's back."""
    table = model.__table__  # type: ignore[attr-defined]
    with unit_of_work():
        rows = [
            db.session.execute(select(*(table.c[name] for name in columns)).where(which)).one()._asdict()
            for which in (first, second)
        ]
        db.session.execute(update(table).where(first).values(rows[1]))  # type: ignore[arg-type]
        db.session.execute(update(table).where(second).values(rows[0]))  # type: ignore[arg-type]


def fail_after(act: Callable[[], object]) -> None:
    """Do something and fail in the same unit of work."""
    with unit_of_work():
        act()
        raise RuntimeError


def place(person_id: str, compartment: Compartment) -> object:
    table = PersonCompartment.__table__
    return (table.c.person_id == person_id) & (table.c.compartment == compartment)


def test_what_was_sealed_opens_as_it_was(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)

    assert service.open(person_id=person_id, compartment=Compartment.IDENTITY) == IDENTITY


def test_a_compartment_that_was_never_written_is_empty(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)

    assert service.open(person_id=person_id, compartment=Compartment.HEALTH) == {}
    assert service.written_compartments(person_id=person_id) == [Compartment.IDENTITY]


def test_sealing_again_replaces_the_whole_document(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)
    with unit_of_work():
        service.seal(person_id=person_id, compartment=Compartment.IDENTITY, document={"surname": "Quliyev"})
        service.seal(person_id=person_id, compartment=Compartment.IDENTITY, document={"surname": "Həsənov"})

    assert service.open(person_id=person_id, compartment=Compartment.IDENTITY) == {"surname": "Həsənov"}


def test_the_database_holds_no_plaintext_and_lengths_say_little(app: Flask, settings: Settings) -> None:
    person_id = make_person(identity=IDENTITY)
    short = make_person(identity={"surname": "Xan"})
    with unit_of_work():
        service.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=["5ABC123"])

    stored = [bytes(value) for value in db.session.scalars(text("SELECT sealed FROM person_compartments"))]
    stored += [bytes(value) for value in db.session.scalars(text("SELECT sealed FROM person_tokens"))]
    for value in ("Əliyev", "Rəşad", "1987", "surname", "5ABC123"):
        assert not any(value.encode() in blob for blob in stored)
    assert len(stored[0]) == len(stored[1])
    assert short != person_id
    for path in settings.instance_path.glob("*.sqlite*"):
        assert "Əliyev".encode() not in path.read_bytes()


def test_the_same_document_never_looks_the_same_twice(app: Flask) -> None:
    make_person(identity=IDENTITY)
    make_person(identity=IDENTITY)

    assert len(set(db.session.scalars(text("SELECT sealed FROM person_compartments")))) == 2


def test_ciphertexts_of_two_persons_cannot_be_exchanged(app: Flask) -> None:
    one, two = make_person(identity=IDENTITY), make_person(identity=IDENTITY)
    swap(PersonCompartment, place(one, Compartment.IDENTITY), place(two, Compartment.IDENTITY), "sealed")

    for person_id in (one, two):
        with pytest.raises(DamagedRecord) as caught:
            service.open(person_id=person_id, compartment=Compartment.IDENTITY)
        assert caught.value.code == "record_damaged"


def test_wrapped_keys_of_two_persons_cannot_be_exchanged(app: Flask) -> None:
    one, two = make_person(identity=IDENTITY), make_person(identity=IDENTITY)
    table = Person.__table__
    swap(Person, table.c.id == one, table.c.id == two, "wrapped_key")

    with pytest.raises(DamagedRecord):
        service.open(person_id=one, compartment=Compartment.IDENTITY)


def test_a_wrapped_key_and_its_ciphertext_cannot_move_together(app: Flask) -> None:
    one, two = make_person(identity=IDENTITY), make_person(identity={"surname": "Quliyev"})
    swap(PersonCompartment, place(one, Compartment.IDENTITY), place(two, Compartment.IDENTITY), "sealed")
    swap(Person, Person.__table__.c.id == one, Person.__table__.c.id == two, "wrapped_key", "kek_id")

    with pytest.raises(DamagedRecord):
        service.open(person_id=one, compartment=Compartment.IDENTITY)


def test_ciphertexts_of_two_compartments_cannot_be_exchanged(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY, contact={"phone": "+994 50 000 00 00"})
    swap(PersonCompartment, place(person_id, Compartment.IDENTITY), place(person_id, Compartment.CONTACT), "sealed")

    for compartment in (Compartment.IDENTITY, Compartment.CONTACT):
        with pytest.raises(DamagedRecord):
            service.open(person_id=person_id, compartment=compartment)


def test_an_older_ciphertext_cannot_be_put_back(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)
    old = db.session.scalars(text("SELECT sealed FROM person_compartments")).one()
    with unit_of_work():
        service.seal(person_id=person_id, compartment=Compartment.IDENTITY, document={"surname": "Quliyev"})
    with unit_of_work():
        db.session.execute(update(PersonCompartment.__table__).values(sealed=old))

    with pytest.raises(DamagedRecord):
        service.open(person_id=person_id, compartment=Compartment.IDENTITY)


def test_ciphertexts_of_a_compartment_a_token_and_a_text_cannot_take_each_others_place(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)
    with unit_of_work():
        service.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=["5ABC123"])
    text_sealed = service.seal_text(person_id=person_id, label="messages.body", record_id="1", text="salam")
    compartment = bytes(db.session.scalars(text("SELECT sealed FROM person_compartments")).one())
    token = bytes(db.session.scalars(text("SELECT sealed FROM person_tokens")).one())

    for foreign in (token, text_sealed):
        with unit_of_work():
            db.session.execute(update(PersonCompartment.__table__).values(sealed=foreign))
        with pytest.raises(DamagedRecord):
            service.open(person_id=person_id, compartment=Compartment.IDENTITY)
    for foreign in (compartment, token):
        with pytest.raises(DamagedRecord):
            service.open_text(person_id=person_id, label="messages.body", record_id="1", sealed=foreign)


def test_an_old_wrapped_key_put_back_under_the_new_keys_name_is_damage(app: Flask, settings: Settings) -> None:
    person_id = make_person(identity=IDENTITY)
    old = bytes(db.session.scalars(text("SELECT wrapped_key FROM persons")).one())
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)
    with unit_of_work():
        rotate.rewrap_batch()
    assert service.open(person_id=person_id, compartment=Compartment.IDENTITY) == IDENTITY
    with unit_of_work():
        db.session.execute(update(Person.__table__).values(wrapped_key=old))

    with pytest.raises(DamagedRecord):
        service.open(person_id=person_id, compartment=Compartment.IDENTITY)


def test_a_ciphertext_cannot_be_replayed_under_another_key_version(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)
    with unit_of_work():
        db.session.execute(update(Person.__table__).values(key_version=2))

    with pytest.raises(DamagedRecord):
        service.open(person_id=person_id, compartment=Compartment.IDENTITY)


def test_damage_anywhere_in_a_ciphertext_is_refused_and_logged_without_data(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    person_id = make_person(identity=IDENTITY)
    sealed = bytes(db.session.scalars(text("SELECT sealed FROM person_compartments")).one())
    variants = [sealed[:cut] for cut in (0, 1, 5, 13, len(sealed) - 1)] + [sealed + b"x"]
    variants += [sealed[:at] + bytes([sealed[at] ^ 0x80]) + sealed[at + 1 :] for at in (0, 1, 12, 13, len(sealed) - 1)]

    for variant in variants:
        with unit_of_work():
            db.session.execute(update(PersonCompartment.__table__).values(sealed=variant))
        with caplog.at_level(logging.ERROR), pytest.raises(DamagedRecord):
            service.open(person_id=person_id, compartment=Compartment.IDENTITY)
    assert len([record for record in caplog.records if person_id in record.getMessage()]) == len(variants)
    assert "Əliyev" not in caplog.text


def test_a_list_shows_the_sound_ones_when_one_is_damaged_or_erased(app: Flask) -> None:
    sound, damaged, erased, empty = (make_person(identity=IDENTITY) for _ in range(4))
    with unit_of_work():
        db.session.execute(text("DELETE FROM person_compartments WHERE person_id = :id"), {"id": empty})
        db.session.execute(
            update(PersonCompartment.__table__)
            .where(PersonCompartment.__table__.c.person_id == damaged)
            .values(sealed=b"nothing")
        )
        service.erase_person(person_id=erased)

    found = service.open_many(person_ids=[sound, damaged, erased, empty, "0" * 32], compartment=Compartment.IDENTITY)
    assert found == {sound: IDENTITY, empty: {}}


def test_a_list_of_rows_cannot_decrypt_by_accident(app: Flask) -> None:
    make_person(identity=IDENTITY)

    row = db.session.scalars(select(PersonCompartment)).one()
    with pytest.raises(InvalidRequestError, match="raiseload"):
        _ = row.sealed
    person = db.session.scalars(select(Person).execution_options(populate_existing=True)).one()
    db.session.expire(person)
    person = db.session.scalars(select(Person)).one()
    with pytest.raises(InvalidRequestError, match="raiseload"):
        _ = person.wrapped_key


def test_without_the_right_keyring_nothing_opens(app: Flask, settings: Settings) -> None:
    person_id = make_person(identity=IDENTITY)
    settings.keyring_path.unlink()
    keyring.create(settings.keyring_path)

    with pytest.raises(KeyUnavailable, match="another installation"):
        service.open(person_id=person_id, compartment=Compartment.IDENTITY)


def test_an_unknown_person_is_not_found(app: Flask) -> None:
    for act in (
        lambda: service.open(person_id="0" * 32, compartment=Compartment.IDENTITY),
        lambda: service.seal(person_id="0" * 32, compartment=Compartment.IDENTITY, document={}),
        lambda: service.set_tokens(person_id="0" * 32, kind=TokenKind.FIN, values=["5ABC123"]),
        lambda: service.seal_text(person_id="0" * 32, label="a.b", record_id="1", text="x"),
        lambda: service.erase_person(person_id="0" * 32),
    ):
        with pytest.raises(NotFound) as caught:
            act()
        assert caught.value.code == "not_found"


def test_a_text_opens_for_its_person_label_and_record_only(app: Flask) -> None:
    one, two = make_person(), make_person()
    sealed = service.seal_text(person_id=one, label="decisions.reasons", record_id="r1", text="səbəb")

    assert service.open_text(person_id=one, label="decisions.reasons", record_id="r1", sealed=sealed) == "səbəb"
    for person_id, label, record_id in (
        (two, "decisions.reasons", "r1"),
        (one, "messages.body", "r1"),
        (one, "decisions.reasons", "r2"),
    ):
        with pytest.raises(DamagedRecord):
            service.open_text(person_id=person_id, label=label, record_id=record_id, sealed=sealed)


def test_many_texts_open_in_their_order_with_a_gap_for_what_cannot_be_read(app: Flask) -> None:
    one, two = make_person(), make_person()
    items = [
        service.SealedText(
            person_id,
            "messages.body",
            record,
            service.seal_text(person_id=person_id, label="messages.body", record_id=record, text=f"text {record}"),
        )
        for person_id, record in ((one, "1"), (two, "2"), (one, "3"))
    ]
    items.append(items[0]._replace(record_id="4"))
    items.append(items[0]._replace(person_id="0" * 32))

    assert service.open_texts(items) == ["text 1", "text 2", "text 3", None, None]
    with unit_of_work():
        service.erase_person(person_id=two)
    assert service.open_texts(items)[:3] == ["text 1", None, "text 3"]
    assert service.open_texts([]) == []


def test_a_person_is_found_by_every_spelling_of_a_number(app: Flask) -> None:
    one, two = make_person(), make_person()
    with unit_of_work():
        service.set_tokens(person_id=one, kind=TokenKind.DOCUMENT_NUMBER, values=["C 0123-4567", "c01234567", "  "])
        service.set_tokens(person_id=two, kind=TokenKind.OWN_REFERENCE, values=["C01234567"])

    assert service.find_person_ids(kind=TokenKind.DOCUMENT_NUMBER, value=" c0123 4567") == [one]
    assert service.find_person_ids(kind=TokenKind.DOCUMENT_NUMBER, value="C01234568") == []
    assert service.find_person_ids(kind=TokenKind.DOCUMENT_NUMBER, value=" - ") == []
    assert len(list(db.session.scalars(select(PersonToken.id)))) == 2


def test_setting_tokens_replaces_those_of_the_kind_only(app: Flask) -> None:
    person_id = make_person()
    with unit_of_work():
        service.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=["5ABC123"])
        service.set_tokens(person_id=person_id, kind=TokenKind.BIRTH_DATE, values=["1987-03-21", "1987"])
        service.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=["7XYZ789"])

    assert service.find_person_ids(kind=TokenKind.FIN, value="5ABC123") == []
    assert service.find_person_ids(kind=TokenKind.FIN, value="7xyz789") == [person_id]
    assert service.find_person_ids(kind=TokenKind.BIRTH_DATE, value="1987") == [person_id]


def test_setting_tokens_again_writes_what_changed_only(app: Flask, settings: Settings) -> None:
    def stored() -> dict[bytes, tuple[str, bytes]]:
        rows = db.session.execute(text("SELECT token, id, sealed FROM person_tokens"))
        return {bytes(token): (token_id, bytes(sealed)) for token, token_id, sealed in rows}

    def set_to(*values: str) -> None:
        with unit_of_work():
            service.set_tokens(person_id=person_id, kind=TokenKind.NAME_KEY, values=values)

    with unit_of_work():
        person_id = service.create_person()
    set_to("one", "two")
    before = stored()
    set_to("two", "three")
    after = stored()
    kept, fresh = service.token(TokenKind.NAME_KEY, "two"), service.token(TokenKind.NAME_KEY, "three")
    assert set(after) == {kept, fresh}
    assert after[kept] == before[kept]

    keyring.rotate(settings.keyring_path, KeyPurpose.TOKEN)
    set_to("two", "three")
    assert set(stored()) == {service.token(TokenKind.NAME_KEY, "two"), service.token(TokenKind.NAME_KEY, "three")}
    assert set(stored()).isdisjoint(after)
    set_to()
    assert stored() == {}


def test_tokens_differ_by_kind_and_by_installation(app: Flask, tmp_path: Path, settings: Settings) -> None:
    token = service.token(TokenKind.FIN, "5ABC123")

    assert token == service.token(TokenKind.FIN, " 5abc-123 ")
    assert token != service.token(TokenKind.DOCUMENT_NUMBER, "5ABC123")
    keyring.rotate(settings.keyring_path, KeyPurpose.TOKEN)
    assert token != service.token(TokenKind.FIN, "5ABC123")


def test_an_erased_person_cannot_be_opened_found_or_written(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)
    sealed = service.seal_text(person_id=person_id, label="messages.body", record_id="1", text="x")
    with unit_of_work():
        service.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=["5ABC123"])
    with unit_of_work():
        service.erase_person(person_id=person_id)

    for act in (
        lambda: service.open(person_id=person_id, compartment=Compartment.IDENTITY),
        lambda: service.open(person_id=person_id, compartment=Compartment.HEALTH),
        lambda: service.seal(person_id=person_id, compartment=Compartment.IDENTITY, document={}),
        lambda: service.open_text(person_id=person_id, label="messages.body", record_id="1", sealed=sealed),
    ):
        with pytest.raises(NotFound) as caught:
            act()
        assert caught.value.code == "person_erased"
    assert service.find_person_ids(kind=TokenKind.FIN, value="5ABC123") == []
    assert db.session.scalars(text("SELECT wrapped_key FROM persons")).all() == [None]


def test_an_erasure_that_is_rolled_back_loses_nothing(app: Flask) -> None:
    person_id = make_person(identity=IDENTITY)
    with pytest.raises(RuntimeError):
        fail_after(lambda: service.erase_person(person_id=person_id))

    assert service.open(person_id=person_id, compartment=Compartment.IDENTITY) == IDENTITY


def test_erasing_twice_keeps_the_first_moment(app: Flask) -> None:
    person_id = make_person()
    moments = []
    for _ in range(2):
        with unit_of_work():
            service.erase_person(person_id=person_id)
        moments.append(db.session.scalars(text("SELECT erased_at FROM persons")).one())
    assert moments[0] == moments[1]
