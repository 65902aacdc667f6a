"""The keys of programs: made and shown once, found again by their digest, revoked.

A key acts as one user of its organisation. What that user may do, the key may do, and no more; whoever disables the
user or the organisation stops the key as well.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound
from ercms.core.text import msg
from ercms.extensions import db
from ercms.programs import queries
from ercms.programs.models import ApiKey

NOT_OF_ORGANISATION = msg("Choose a user of this organisation who may sign in.")
NO_ADMINISTRATOR = msg("A key never acts as an administrator.")
IN_THE_PAST = msg("This day is over already.")

_TOUCH_AFTER = timedelta(minutes=1)
_SECRET_BYTES = 32
_KEY_ID = re.compile(r"[0-9a-f]{32}")
# What an unknown key is compared with, so that it takes as long as a wrong secret.
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class KeySummary:
    """A key, as the administrator sees it."""

    id: str
    name: str
    organisation_name: str
    acting_user_name: str
    expires_on: date | None
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_revoked(self) -> bool:
        """Tell whether somebody has revoked the key."""
        return self.revoked_at is not None

    @property
    def has_expired(self) -> bool:
        """Tell whether the last day of the key is over."""
        return self.expires_on is not None and self.expires_on < clock.today()


@dataclass(frozen=True, slots=True)
class Caller:
    """The program behind a key: as whom it acts, and the secret that it showed, for digests that only it can make."""

    key_id: str
    actor: Actor
    secret: str
    needs_touch: bool


def create_key(
    *, actor: Actor, organisation_id: str, acting_user_id: str, name: str, expires_on: date | None = None
) -> tuple[KeySummary, str]:
    """Make a key and return it with the text that the program sends, which is shown once.

    Raises:
        InvalidInput: the user is not of the organisation or is disabled or an administrator, or the last day is over.
    """
    policy.check(actor, Permission.API_KEY_MANAGE)
    user = accounts.get_user(acting_user_id)
    if user.organisation_id != organisation_id or not user.is_active:
        raise InvalidInput(fields={"acting_user_id": [NOT_OF_ORGANISATION]})
    if user.role is Role.ADMINISTRATOR:
        raise InvalidInput(fields={"acting_user_id": [NO_ADMINISTRATOR]})
    if expires_on is not None and expires_on < clock.today():
        raise InvalidInput(fields={"expires_on": [IN_THE_PAST]})
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(
        id=new_id(),
        organisation_id=organisation_id,
        acting_user_id=acting_user_id,
        name=name,
        secret_digest=_digest(secret),
        expires_on=expires_on,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    db.session.add(key)
    db.session.flush()
    _record(actor, AuditAction.API_KEY_CREATED, key, until=expires_on)
    return _summaries([key])[0], f"{key.id}.{secret}"


def revoke_key(*, actor: Actor, key_id: str) -> KeySummary:
    """End a key at once and for good.

    Raises:
        NotFound: there is no such key.
        Conflict: `already_done`.
    """
    policy.check(actor, Permission.API_KEY_MANAGE)
    key = queries.find_key(key_id)
    if key is None:
        raise NotFound
    if key.revoked_at is not None:
        raise Conflict("already_done")
    key.revoked_at, key.revoked_by_id = clock.now(), actor.user_id
    db.session.flush()
    _record(actor, AuditAction.API_KEY_REVOKED, key)
    return _summaries([key])[0]


def list_keys(*, actor: Actor) -> list[KeySummary]:
    """Return every key, revoked ones too, the newest first."""
    policy.check(actor, Permission.API_KEY_MANAGE)
    return _summaries(list(queries.list_keys()))


def find_caller(text: str, *, address: str | None, request_id: str | None) -> Caller | None:
    """Return the program that sent this key, or None when the key, its user or its organisation does not count."""
    key_id, _, secret = text.partition(".")
    key = queries.find_key(key_id) if _KEY_ID.fullmatch(key_id) else None
    digest = _NO_DIGEST if key is None else key.secret_digest
    is_right = hmac.compare_digest(digest, _digest(secret))
    if key is None or not is_right or not _counts(key):
        return None
    actor = accounts.get_actor(key.acting_user_id, channel="api")
    return Caller(
        key_id=key.id,
        actor=replace(actor, address=address, request_id=request_id),
        secret=secret,
        needs_touch=key.last_used_at is None or clock.now() - key.last_used_at >= _TOUCH_AFTER,
    )


def touch(key_id: str) -> None:
    """Write down that a key is in use."""
    key = queries.find_key(key_id)
    if key is not None:
        key.last_used_at = clock.now()


def record_call(*, caller: Caller, operation: str, method: str) -> None:
    """Put on record which key an act came with; the act itself names the user."""
    audit.record(
        actor=caller.actor,
        action=AuditAction.API_CALLED,
        chain=audit.organisation_chain(caller.actor.organisation_id),
        record_type="api_key",
        record_id=caller.key_id,
        payload={"operation": operation, "method": method, "key_id": caller.key_id},
    )


def _counts(key: ApiKey) -> bool:
    if key.revoked_at is not None or (key.expires_on is not None and key.expires_on < clock.today()):
        return False
    user = accounts.get_user(key.acting_user_id)
    return (
        user.is_active
        and user.organisation_id == key.organisation_id
        and accounts.get_organisation(key.organisation_id).is_active
    )


def _digest(secret: str) -> str:
    """Return the digest of a secret: it holds 256 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _summaries(keys: list[ApiKey]) -> list[KeySummary]:
    organisations = accounts.organisation_names(key.organisation_id for key in keys)
    users = accounts.user_names(key.acting_user_id for key in keys)
    return [
        KeySummary(
            id=key.id,
            name=key.name,
            organisation_name=organisations.get(key.organisation_id, ""),
            acting_user_name=users.get(key.acting_user_id, ""),
            expires_on=key.expires_on,
            created_at=key.created_at,
            last_used_at=key.last_used_at,
            revoked_at=key.revoked_at,
        )
        for key in keys
    ]


def _record(actor: Actor, action: AuditAction, key: ApiKey, *, until: date | None = None) -> None:
    payload = {"key_id": key.id, "organisation_id": key.organisation_id}
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(key.organisation_id),
        record_type="api_key",
        record_id=key.id,
        payload=payload if until is None else {**payload, "until": until.isoformat()},
    )
