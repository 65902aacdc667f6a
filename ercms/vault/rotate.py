"""Bring everything under the active keys, in batches that can be stopped at any moment and taken up again.

What is still to be done stands in the rows themselves (the key that each names), so nothing else has to survive a
crash. Reading goes on throughout: a row is readable under the old key until the moment it is under the new one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from ercms.core import clock
from ercms.core.errors import Conflict, DamagedRecord, NotFound
from ercms.extensions import db
from ercms.vault import blind_index, data_keys, keyring, queries, runtime, sealed_secrets, service
from ercms.vault.enums import KeyPurpose, KeyState
from ercms.vault.keys import ENCRYPTION_WARNING, Key, WrappedKey
from ercms.vault.models import Person, PersonToken

RETIREMENT_PAUSE = timedelta(minutes=15)
"""How long a retired key is kept at least: a transaction that began before the rotation has ended by then."""
ORIGINATOR_USE = timedelta(days=730)
"""How long a key should encrypt at most (NIST SP 800-57 part 1, 5.3.6: up to two years)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did; `last_id` is where the next begins, None when there is no more."""

    changed: int
    damaged: int
    last_id: str | None


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """One key as the administrator sees it. `encryptions` is None where the limit of random nonces is no matter."""

    id: str
    purpose: KeyPurpose
    state: KeyState
    created_at: str
    retired_at: str | None
    remaining: int
    encryptions: int | None
    is_due: bool


def rewrap_batch(*, limit: int = 500, after: str = "") -> Batch:
    """Wrap up to `limit` data keys anew under the active key; the first batch of a run takes the users' secrets along.

    A wrapped key that does not verify is left as it is, logged and counted: it keeps the old key from being destroyed.
    """
    ring = runtime.keyring()
    active_id = ring.active(KeyPurpose.DATA).id
    rows = queries.list_wrapped_otherwise(active_id, after, limit)
    changed, damaged = (0, 0) if after else sealed_secrets.rewrap_all(active_id)
    for row in rows:
        context = data_keys.context_of(row.person_id, row.key_version)
        try:
            wrapped = ring.wrap(ring.unwrap(WrappedKey(row.kek_id, row.wrapped_key or b""), context), context)
        except DamagedRecord:
            data_keys.log_damage("wrapped key", row.person_id, row.kek_id)
            damaged += 1
            continue
        # The condition leaves alone whoever was erased or re-wrapped by somebody else since the row was read.
        statement = update(Person).where(
            Person.id == row.person_id, Person.kek_id == row.kek_id, Person.wrapped_key == row.wrapped_key
        )
        db.session.execute(statement.values(kek_id=wrapped.key_id, wrapped_key=wrapped.blob))
        changed += 1
    return Batch(changed, damaged, rows[-1].person_id if len(rows) == limit else None)


def retoken_batch(*, limit: int = 500, after: str = "") -> Batch:
    """Make up to `limit` search tokens anew with the active token key, from the values sealed beside them."""
    key = runtime.keyring().active(KeyPurpose.TOKEN)
    rows = queries.list_tokens(PersonToken.key_id != key.id, PersonToken.id > after, limit=limit)
    persons = queries.list_key_rows({row.person_id for row in rows})
    changed = damaged = 0
    for row in rows:
        try:
            value = service.token_value(persons[row.person_id], row)
        except (DamagedRecord, NotFound):
            data_keys.log_damage("token", row.person_id, row.kind.value)
            damaged += 1
            continue
        fresh = blind_index.digest(key, row.kind, value)
        db.session.execute(update(PersonToken).where(PersonToken.id == row.id).values(token=fresh, key_id=key.id))
        changed += 1
    return Batch(changed, damaged, rows[-1].id if len(rows) == limit else None)


def remaining(key_id: str) -> int:
    """Count what still needs this key: wrapped data keys, users' secrets, or search tokens."""
    return queries.count_wrapped(key_id) + sealed_secrets.count(key_id) + queries.count_tokens(key_id)


def left_behind(purpose: KeyPurpose) -> int:
    """Count what is still under the former keys of one purpose."""
    former = [key.id for key in runtime.keyring().usable(purpose) if key.state is not KeyState.ACTIVE]
    return sum(remaining(key_id) for key_id in former)


def check_destroyable(key_id: str) -> Key:
    """Return a key that may be destroyed: nothing is left under it, and nothing can still arrive.

    Raises:
        Conflict: `key_is_active`, `key_is_needed` (with how much is left), or `key_retired_too_recently`.
        KeyUnavailable: the keyring has never had it.
    """
    key = runtime.keyring().find(key_id)
    if key.state is KeyState.ACTIVE or key.retired_at is None:
        raise Conflict("key_is_active", key_id=key_id)
    left = remaining(key_id)
    if left:
        raise Conflict("key_is_needed", key_id=key_id, remaining=left)
    if clock.now() - datetime.fromisoformat(key.retired_at) < RETIREMENT_PAUSE:
        raise Conflict("key_retired_too_recently", key_id=key_id, minutes=RETIREMENT_PAUSE // timedelta(minutes=1))
    return key


def destroy_key(key_id: str) -> None:
    """Destroy a key once nothing needs it; see `check_destroyable` for what is refused."""
    check_destroyable(key_id)
    keyring.destroy(runtime.keyring_path(), key_id)


def status() -> list[KeyStatus]:
    """Return all keys with what is left under each, and whether a rotation is due."""
    return [_status_of(key) for key in runtime.keyring().keys]


def missing_key_ids() -> list[str]:
    """Return keys that rows need and the keyring cannot give: the sign of a wrong or an old keyring."""
    held = {key.id for key in runtime.keyring().keys if key.material is not None}
    return sorted((queries.list_named_key_ids() | sealed_secrets.named_key_ids()) - held)


def _encryptions(key_id: str) -> int:
    return queries.count_encryptions(key_id) + sealed_secrets.count(key_id)


def _status_of(key: Key) -> KeyStatus:
    encryptions = _encryptions(key.id) if key.purpose is KeyPurpose.DATA else None
    is_old = clock.now() - datetime.fromisoformat(key.created_at) > ORIGINATOR_USE
    is_worn = (encryptions or 0) > ENCRYPTION_WARNING
    return KeyStatus(
        id=key.id,
        purpose=key.purpose,
        state=key.state,
        created_at=key.created_at,
        retired_at=key.retired_at,
        remaining=remaining(key.id),
        encryptions=encryptions,
        is_due=key.state is KeyState.ACTIVE and (is_old or is_worn),
    )
