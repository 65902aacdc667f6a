"""Rotation: new work at once, the rest in batches, and proof before anything is destroyed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from config import Settings
from ercms.core import clock
from ercms.core.errors import Conflict
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.vault import keyring, rotate, runtime, service
from ercms.vault.enums import Compartment, KeyPurpose, KeyState, TokenKind
from ercms.vault.models import Person, PersonToken

IDENTITY = {"surname": "Əliyev"}


@pytest.fixture
def persons(app: Flask) -> list[str]:
    with unit_of_work():
        made = [service.create_person() for _ in range(7)]
        for number, person_id in enumerate(made):
            service.seal(person_id=person_id, compartment=Compartment.IDENTITY, document=IDENTITY)
            service.set_tokens(person_id=person_id, kind=TokenKind.FIN, values=[f"5ABC12{number}"])
    return made


def active(purpose: KeyPurpose) -> str:
    return runtime.keyring().active(purpose).id


def batches(step: object, limit: int) -> tuple[int, int]:
    changed = damaged = 0
    after: str | None = ""
    while after is not None:
        with unit_of_work():
            done = step(limit=limit, after=after)  # type: ignore[operator]
        changed, damaged, after = changed + done.changed, damaged + done.damaged, done.last_id
    return changed, damaged


def fail_after(act: Callable[[], object]) -> None:
    """Do something and fail in the same unit of work."""
    with unit_of_work():
        act()
        raise RuntimeError


def assert_all_readable(persons: list[str]) -> None:
    assert len(service.open_many(person_ids=persons, compartment=Compartment.IDENTITY)) == len(persons)


def test_batches_bring_every_person_under_the_new_key_and_reading_never_stops(
    persons: list[str], settings: Settings
) -> None:
    old = active(KeyPurpose.DATA)
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)
    left, after = [rotate.remaining(old)], ""
    for _ in range(2):
        with unit_of_work():
            after = rotate.rewrap_batch(limit=3, after=after).last_id or ""
        left.append(rotate.remaining(old))
        assert_all_readable(persons)

    assert left == [7, 4, 1]
    # A process that died begins again at the start: only what is left is done.
    assert batches(rotate.rewrap_batch, 3) == (1, 0)
    assert rotate.remaining(old) == 0
    assert_all_readable(persons)


def test_new_persons_are_under_the_new_key_at_once(persons: list[str], settings: Settings) -> None:
    fresh = keyring.rotate(settings.keyring_path, KeyPurpose.DATA)
    with unit_of_work():
        service.create_person()

    assert rotate.remaining(fresh.id) == 1


def test_a_batch_that_is_rolled_back_loses_no_key(persons: list[str], settings: Settings) -> None:
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)
    with pytest.raises(RuntimeError):
        fail_after(lambda: rotate.rewrap_batch(limit=5))

    assert_all_readable(persons)
    assert rotate.remaining(active(KeyPurpose.DATA)) == 0


def test_a_damaged_key_does_not_stop_the_others_and_keeps_the_old_key(persons: list[str], settings: Settings) -> None:
    old = active(KeyPurpose.DATA)
    with unit_of_work():
        first = min(persons)
        db.session.execute(update(Person.__table__).where(Person.__table__.c.id == first).values(wrapped_key=b"x" * 60))
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)

    assert batches(rotate.rewrap_batch, 2) == (6, 1)
    assert rotate.remaining(old) == 1


def test_an_erased_person_needs_no_key(persons: list[str], settings: Settings) -> None:
    old = active(KeyPurpose.DATA)
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)
    with unit_of_work():
        for person_id in persons:
            service.erase_person(person_id=person_id)

    assert batches(rotate.rewrap_batch, 3) == (0, 0)
    assert rotate.remaining(old) == 0


def test_search_works_before_during_and_after_new_tokens(persons: list[str], settings: Settings) -> None:
    old = active(KeyPurpose.TOKEN)
    keyring.rotate(settings.keyring_path, KeyPurpose.TOKEN)

    def finds_everybody() -> bool:
        return all(
            service.find_person_ids(kind=TokenKind.FIN, value=f"5ABC12{number}") == [person_id]
            for number, person_id in enumerate(persons)
        )

    assert finds_everybody()
    with unit_of_work():
        rotate.retoken_batch(limit=3)
    assert finds_everybody()
    assert batches(rotate.retoken_batch, 3) == (4, 0)
    assert rotate.remaining(old) == 0
    with clock.fixed(clock.now() + timedelta(hours=1)):
        rotate.destroy_key(old)
    assert finds_everybody()


def test_a_token_whose_value_is_damaged_is_counted_and_left(persons: list[str], settings: Settings) -> None:
    with unit_of_work():
        db.session.execute(
            update(PersonToken.__table__).where(PersonToken.__table__.c.person_id == persons[0]).values(sealed=b"x")
        )
    keyring.rotate(settings.keyring_path, KeyPurpose.TOKEN)

    assert batches(rotate.retoken_batch, 2) == (6, 1)


def test_a_key_is_destroyed_only_when_it_is_retired_unneeded_and_rested(persons: list[str], settings: Settings) -> None:
    old = active(KeyPurpose.DATA)

    def refusal() -> str:
        with pytest.raises(Conflict) as caught:
            rotate.destroy_key(old)
        return caught.value.code

    assert refusal() == "key_is_active"
    keyring.rotate(settings.keyring_path, KeyPurpose.DATA)
    assert refusal() == "key_is_needed"
    batches(rotate.rewrap_batch, 100)
    assert refusal() == "key_retired_too_recently"
    with clock.fixed(clock.now() + rotate.RETIREMENT_PAUSE + timedelta(seconds=1)):
        rotate.destroy_key(old)
    assert runtime.keyring().find(old).state is KeyState.DESTROYED
    assert_all_readable(persons)


def test_status_counts_encryptions_and_says_when_a_rotation_is_due(
    persons: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def data_key() -> rotate.KeyStatus:
        return next(key for key in rotate.status() if key.id == active(KeyPurpose.DATA))

    assert (data_key().remaining, data_key().encryptions, data_key().is_due) == (7, 7, False)
    with clock.fixed(clock.now() + timedelta(days=731)):
        assert data_key().is_due
    monkeypatch.setattr(rotate, "ENCRYPTION_WARNING", 6)
    assert data_key().is_due


def test_keys_that_records_need_and_the_keyring_lacks_are_named(persons: list[str], settings: Settings) -> None:
    wanted = {active(KeyPurpose.DATA), active(KeyPurpose.TOKEN)}
    assert rotate.missing_key_ids() == []

    settings.keyring_path.unlink()
    keyring.create(settings.keyring_path)
    assert set(rotate.missing_key_ids()) == wanted


def test_a_retired_key_names_when_it_retired(app: Flask, settings: Settings) -> None:
    at = clock.now().replace(microsecond=0) + timedelta(days=3)
    with clock.fixed(at):
        keyring.rotate(settings.keyring_path, KeyPurpose.SESSION)

    retired = [key for key in rotate.status() if key.state is KeyState.DECRYPT_ONLY]
    assert [datetime.fromisoformat(key.retired_at or "") for key in retired] == [at]
    assert db.session.scalar(text("SELECT count(*) FROM persons")) == 0
