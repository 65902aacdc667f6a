"""Small secrets of the installation's users, such as the seed of a code generator: wrapped under the data key.

A secret is wrapped as a person's data key is, and so takes part in rotation, and in the check before a key is
destroyed. It is bound to its row and its use: one that was moved or exchanged does not open.
"""

from sqlalchemy import delete, func, select, update

from ercms.core import clock
from ercms.core.db_types import new_id
from ercms.core.errors import DamagedRecord, NotFound
from ercms.extensions import db
from ercms.vault import data_keys, envelope, runtime
from ercms.vault.keys import WrappedKey
from ercms.vault.models import SealedSecret


def seal(*, use: str, secret: bytes) -> str:
    """Keep a secret of one use; return the identifier under which it is opened."""
    secret_id = new_id()
    wrapped = runtime.keyring().wrap(secret, _context(secret_id, use))
    row = SealedSecret(id=secret_id, use=use, kek_id=wrapped.key_id, wrapped=wrapped.blob, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return secret_id


def open_secret(*, secret_id: str, use: str) -> bytes:
    """Return a secret that `seal` kept for the same use.

    Raises:
        NotFound: there is none.
        DamagedRecord: `record_damaged`, it does not verify.
        KeyUnavailable: the keyring lacks the key that it is wrapped under.
    """
    statement = select(SealedSecret.kek_id, SealedSecret.wrapped).where(SealedSecret.id == secret_id)
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound
    try:
        return runtime.keyring().unwrap(WrappedKey(*found), _context(secret_id, use))
    except DamagedRecord as error:
        data_keys.log_damage("secret", secret_id, use)
        raise DamagedRecord("record_damaged") from error


def forget(*, secret_id: str) -> None:
    """Destroy a secret."""
    db.session.execute(delete(SealedSecret).where(SealedSecret.id == secret_id))


def rewrap_all(key_id: str) -> tuple[int, int]:
    """Wrap all secrets anew that stand under another key than this one; return how many, and how many are damaged.

    There are at most a few for each user, so that one transaction takes them all.
    """
    ring = runtime.keyring()
    columns = (SealedSecret.id, SealedSecret.use, SealedSecret.kek_id, SealedSecret.wrapped)
    changed = damaged = 0
    for secret_id, use, old_id, blob in db.session.execute(select(*columns).where(SealedSecret.kek_id != key_id)).all():
        context = _context(secret_id, use)
        try:
            wrapped = ring.wrap(ring.unwrap(WrappedKey(old_id, blob), context), context)
        except DamagedRecord:
            data_keys.log_damage("secret", secret_id, use)
            damaged += 1
            continue
        # The condition leaves alone what somebody else re-wrapped since the row was read.
        statement = update(SealedSecret).where(SealedSecret.id == secret_id, SealedSecret.wrapped == blob)
        db.session.execute(statement.values(kek_id=wrapped.key_id, wrapped=wrapped.blob))
        changed += 1
    return changed, damaged


def count(key_id: str) -> int:
    """Count the secrets that are wrapped under this key."""
    return db.session.scalar(select(func.count()).where(SealedSecret.kek_id == key_id)) or 0


def named_key_ids() -> set[str]:
    """Return every key that a secret needs."""
    return set(db.session.scalars(select(SealedSecret.kek_id).distinct()))


def _context(secret_id: str, use: str) -> bytes:
    return envelope.binding("secret", secret_id, use)
