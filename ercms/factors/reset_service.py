"""A lost factor: an administrator, never oneself, takes it away; the user enrols anew with a one-time secret."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import passwords, session_service
from ercms.accounts import service as accounts
from ercms.accounts.runtime import runtime
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock, outbox
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import RuleRefused
from ercms.extensions import db
from ercms.factors import queries, service
from ercms.factors.enums import ResetReason
from ercms.factors.models import FactorReset

ACCOUNT_TOPIC = "account.changed"
"""The topic of what the owner of an account is told by mail."""


@dataclass(frozen=True, slots=True)
class ResetLine:
    """One reset, as the administrator's page of a user shows it."""

    reset_at: datetime
    reset_by: str
    reason: ResetReason
    note: str
    expires_at: datetime
    used_at: datetime | None


def reset(*, actor: Actor, user_id: str, reason: ResetReason, note: str) -> str:
    """Take a user's factors away, end all sessions, and return the one-time secret, which is shown once.

    Raises:
        RuleRefused: `factor_reset_of_oneself`.
    """
    policy.check(actor, Permission.USER_MANAGE)
    user = accounts.get_user(user_id)
    if user_id == actor.user_id:
        raise RuleRefused("factor_reset_of_oneself")
    service.forget_all(user_id=user_id)
    session_service.end_all_sessions(actor=actor, user_id=user_id)
    secret, now = passwords.one_time_password(), clock.now()
    row = FactorReset(
        id=new_id(),
        user_id=user_id,
        reset_by_id=actor.user_id,
        reason=reason,
        note=note,
        reset_at=now,
        secret_digest=_digest(secret),
        expires_at=now + runtime().one_time,
    )
    db.session.add(row)
    audit.record(
        actor=actor,
        action=AuditAction.FACTOR_RESET,
        chain=audit.organisation_chain(user.organisation_id),
        record_type="user",
        record_id=user_id,
        payload={"reason_code": reason, "until": row.expires_at, "has_text": bool(note)},
    )
    outbox.enqueue(ACCOUNT_TOPIC, {"user_id": user_id, "event": "factor_reset"}, key=f"factor_reset:{row.id}")
    return secret


def needs_secret(*, user_id: str) -> bool:
    """Tell whether a user was reset and has not enrolled since: then the password alone does not suffice to enrol."""
    resets = queries.list_resets(user_id)
    return bool(resets) and resets[0].used_at is None


def is_secret(*, user_id: str, secret: str) -> bool:
    """Tell whether this is the one-time secret of the last reset, within its time."""
    resets = queries.list_resets(user_id)
    if not resets or resets[0].used_at is not None or resets[0].expires_at <= clock.now():
        return False
    return compare_digest(resets[0].secret_digest, _digest(secret))


def use_up(*, user_id: str) -> None:
    """Note that the user has enrolled: the one-time secret is spent."""
    for row in queries.list_resets(user_id):
        if row.used_at is None:
            row.used_at = clock.now()


def list_resets(*, actor: Actor, user_id: str) -> list[ResetLine]:
    """Return how often and why a user's factors were taken away, latest first."""
    policy.check(actor, Permission.USER_MANAGE)
    rows = queries.list_resets(user_id)
    names = accounts.user_names({row.reset_by_id for row in rows})
    return [
        ResetLine(row.reset_at, names.get(row.reset_by_id, ""), row.reason, row.note, row.expires_at, row.used_at)
        for row in rows
    ]


def _digest(secret: str) -> str:
    signs = "".join(sign for sign in secret.casefold() if sign.isalnum())
    return hashlib.sha256(b"ercms/reset/1\x00" + signs.encode()).hexdigest()
