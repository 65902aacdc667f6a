"""The administrator's page of keys: how they stand, putting a new one into use, how far the records are."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.audit import jobs, key_service
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.vault import rotate
from ercms.vault.enums import KeyPurpose, KeyState
from ercms.vault.rotate import KeyStatus
from ercms.web.fresh_proof import needs_fresh_proof
from ercms.web.route_guards import current_actor, requires

key_pages = Blueprint("keys", __name__, url_prefix="/admin/keys")

_IN_RECORDS = (KeyPurpose.DATA, KeyPurpose.TOKEN)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many records stand under the active key of a purpose, and how many still under a former one."""

    purpose: KeyPurpose
    done: int
    left: int

    @property
    def total(self) -> int:
        """Return how many records there are."""
        return self.done + self.left


@key_pages.get("")
@requires(Permission.KEY_MANAGE)
def key_list() -> ResponseReturnValue:
    """Show the keys, what is left under each, and how far a rotation is."""
    keys = rotate.status()
    return render_template(
        "audit/keys.html",
        keys=keys,
        purposes=list(KeyPurpose),
        states=KeyState,
        progress=[_progress(purpose, keys) for purpose in _IN_RECORDS],
        missing=rotate.missing_key_ids(),
    )


@key_pages.post("/<purpose>/rotate")
@requires(Permission.KEY_MANAGE)
@needs_fresh_proof
def rotate_key(purpose: str) -> ResponseReturnValue:
    """Put a new key into use; the former one goes on reading."""
    if purpose not in set(KeyPurpose):
        raise NotFound
    with unit_of_work():
        key_service.rotate_key(actor=current_actor(), purpose=KeyPurpose(purpose))
    flash(gettext("A new key is in use. Make a copy of the keyring now, apart from the database."), "success")
    return redirect(url_for("keys.key_list"))


@key_pages.post("/go-on")
@requires(Permission.KEY_MANAGE)
def go_on() -> ResponseReturnValue:
    """Bring some batches of records under the active keys now, without waiting for the worker."""
    jobs.bring_records_along()
    return redirect(url_for("keys.key_list"))


@key_pages.post("/destroy/<key_id>")
@requires(Permission.KEY_MANAGE)
@needs_fresh_proof
def destroy_key(key_id: str) -> ResponseReturnValue:
    """Destroy a retired key for good, once nothing needs it."""
    if key_id not in {key.id for key in rotate.status()}:
        raise NotFound
    with unit_of_work():
        key_service.destroy_key(actor=current_actor(), key_id=key_id)
    flash(gettext("The key is destroyed."), "success")
    return redirect(url_for("keys.key_list"))


def _progress(purpose: KeyPurpose, keys: list[KeyStatus]) -> Progress:
    done = sum(key.remaining for key in keys if key.purpose is purpose and key.state is KeyState.ACTIVE)
    return Progress(purpose, done, rotate.left_behind(purpose))
