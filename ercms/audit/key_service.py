"""What administrators do with keys, each act on record before it takes effect.

It stands here because the vault knows nothing of the audit. A crash between the record and the act leaves a record
of what was about to happen; `rotate.status` always tells how the keys stand.
"""

from sqlalchemy import inspect

from ercms.audit import service
from ercms.audit.actions import AuditAction
from ercms.core.actor import Actor
from ercms.core.unit_of_work import after_commit
from ercms.extensions import db
from ercms.vault import keyring, rotate, runtime
from ercms.vault.enums import KeyPurpose
from ercms.vault.rotate import Batch


def create_keyring(*, actor: Actor) -> int:
    """Make the installation's keyring; return the number of keys.

    The keys are often made before the database: then there is nothing yet to record the act in.

    Raises:
        KeyringUnavailable: there is one already.
    """
    made = keyring.create(runtime.keyring_path())
    if inspect(db.session.connection()).has_table("audit_chains"):
        for key in made.keys:
            _record(actor, AuditAction.KEY_CREATED, key.id, purpose=key.purpose.value)
    return len(made.keys)


def rotate_key(*, actor: Actor, purpose: KeyPurpose) -> str:
    """Put a new key into use once the transaction is safe; return its identifier."""
    path = runtime.keyring_path()
    retired = runtime.keyring().active(purpose).id
    fresh = keyring.prepare(purpose)
    _record(actor, AuditAction.KEY_ROTATED, fresh.id, purpose=purpose.value, retired=retired)

    def put_into_use() -> None:
        keyring.rotate(path, purpose, fresh)

    after_commit(put_into_use)
    return fresh.id


def rewrap_batch(*, actor: Actor, purpose: KeyPurpose, limit: int = 500, after: str = "") -> Batch:
    """Bring one batch of data keys or search tokens under the active key; what changed something is put on record."""
    step = rotate.retoken_batch if purpose is KeyPurpose.TOKEN else rotate.rewrap_batch
    batch = step(limit=limit, after=after)
    if batch.changed:
        active = runtime.keyring().active(purpose).id
        _record(actor, AuditAction.KEY_REWRAPPED, active, purpose=purpose.value, remaining=rotate.left_behind(purpose))
    return batch


def is_work_left(*, purpose: KeyPurpose) -> bool:
    """Tell whether anything is still under a former key of this purpose."""
    return rotate.left_behind(purpose) > 0


def destroy_key(*, actor: Actor, key_id: str) -> None:
    """Destroy a retired key that nothing needs, once the transaction is safe.

    Raises:
        Conflict: `key_is_active`, `key_is_needed`, or `key_retired_too_recently`.
        KeyUnavailable: the keyring has never had it.
    """
    key = rotate.check_destroyable(key_id)
    path = runtime.keyring_path()
    _record(actor, AuditAction.KEY_DESTROYED, key.id, purpose=key.purpose.value)

    def destroy() -> None:
        keyring.destroy(path, key_id)

    after_commit(destroy)


def _record(actor: Actor, action: AuditAction, key_id: str, **payload: str | int) -> None:
    service.record(
        actor=actor,
        action=action,
        chain=service.SYSTEM_CHAIN,
        record_type="key",
        record_id=key_id,
        payload={"key_id": key_id, **payload},
    )
