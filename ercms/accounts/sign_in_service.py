"""Sign in and out: server-side sessions with an idle and an absolute end, of which the browser holds a token."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import update

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import brakes, passwords, queries
from ercms.accounts.models import SignInSession, User
from ercms.accounts.runtime import runtime
from ercms.accounts.service import UserSummary, actor_of, summarise_user
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor
from ercms.core.db_types import new_id
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.text import msg
from ercms.extensions import db

WRONG_PASSWORD = msg("This is not your present password.")
SAME_PASSWORD = msg("Choose a password that differs from the present one.")

_TOUCH_AFTER = timedelta(minutes=1)


class Outcome(StrEnum):
    """How an attempt to sign in ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The end of an attempt: a token for the browser when it succeeded, the end of the wait when it is locked."""

    outcome: Outcome
    token: str | None = None
    locale: str | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in with a token."""

    actor: Actor
    user: UserSummary
    session_id: str
    needs_touch: bool


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """An open session, as its owner sees it."""

    id: str
    address: str | None
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def sign_in(*, email: str, password: str, address: str | None, request_id: str | None = None) -> Attempt:
    """Check a password and begin a session.

    An unknown or disabled account takes the same time and gets the same answer as a wrong password. The caller commits
    a failure too, since it is counted.
    """
    user = queries.find_user_by_email(email)
    known = user is not None and address is not None and queries.knows_address(user.id, address)
    wait = brakes.locked_until(email, address, knows_address=known)
    actor = _attempting(user, address, request_id)
    if wait is not None:
        _record(actor, AuditAction.SIGN_IN_LOCKED, {"method": "password", "until": wait}, result="refused")
        return Attempt(Outcome.LOCKED, locked_until=wait)
    is_right = passwords.verify_password(user.password_hash if user is not None else None, password)
    if user is None or not is_right or not user.is_active or not user.organisation.is_active:
        brakes.count_failure(email, address)
        _record(actor, AuditAction.SIGN_IN_FAILED, {"method": "password"}, result="refused")
        return Attempt(Outcome.FAILED)
    brakes.release(email, address)
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return _begin(user, actor, method="password")


def sign_in_demonstration(*, user_id: str, address: str | None, request_id: str | None = None) -> Attempt:
    """Begin a session without a password; that this is a demonstration on loopback is the caller's to check."""
    user = queries.get_user(user_id)
    return _begin(user, _attempting(user, address, request_id), method="demonstration")


def find_signed_in(token: str, *, address: str | None, request_id: str | None) -> SignedIn | None:
    """Return who holds this token, or None when the session has ended or run out."""
    session = queries.find_session(_digest(token))
    if session is None or not _is_open(session):
        return None
    actor = actor_of(session.user, address=address, request_id=request_id)
    return SignedIn(
        actor=actor,
        user=summarise_user(session.user),
        session_id=session.id,
        needs_touch=clock.now() - session.last_seen_at >= _TOUCH_AFTER,
    )


def touch(token: str) -> None:
    """Write down that a session is in use."""
    session = queries.find_session(_digest(token))
    if session is not None:
        session.last_seen_at = clock.now()


def sign_out(*, actor: Actor, token: str) -> None:
    """End the session of this token."""
    session = queries.find_session(_digest(token))
    if session is not None and session.ended_at is None:
        _end(actor, session, how="sign_out")


def end_session(*, actor: Actor, session_id: str) -> None:
    """End one of one's own sessions.

    Raises:
        NotFound: it is not one of the actor's open sessions.
    """
    for session in queries.list_open_sessions(actor.user_id):
        if session.id == session_id:
            _end(actor, session, how="owner")
            return
    raise NotFound()


def end_all_sessions(*, actor: Actor, user_id: str) -> int:
    """End every session of a user; return how many there were."""
    policy.check(actor, Permission.USER_MANAGE)
    open_sessions = queries.list_open_sessions(user_id)
    for session in open_sessions:
        _end(actor, session, how="administrator")
    return len(open_sessions)


def list_sessions_of(*, actor: Actor, user_id: str) -> list[SessionSummary]:
    """Return the open sessions of a user, latest first, for the administrator."""
    policy.check(actor, Permission.USER_MANAGE)
    return [
        SessionSummary(row.id, row.address, row.created_at, row.last_seen_at, False)
        for row in queries.list_open_sessions(user_id)
        if _is_open(row)
    ]


def end_session_of(*, actor: Actor, user_id: str, session_id: str) -> None:
    """End one session of a user.

    Raises:
        NotFound: it is none of the user's open sessions.
    """
    policy.check(actor, Permission.USER_MANAGE)
    for session in queries.list_open_sessions(user_id):
        if session.id == session_id:
            _end(actor, session, how="administrator")
            return
    raise NotFound()


def list_sessions(*, actor: Actor, token: str | None = None) -> list[SessionSummary]:
    """Return one's own open sessions, latest first."""
    digest = _digest(token) if token else None
    return [
        SessionSummary(row.id, row.address, row.created_at, row.last_seen_at, row.token_hash == digest)
        for row in queries.list_open_sessions(actor.user_id)
        if _is_open(row)
    ]


def change_password(*, actor: Actor, present: str, password: str, token: str) -> None:
    """Give oneself another password; all other sessions end.

    Raises:
        InvalidInput: the present password is wrong, or the new one too weak.
    """
    user = queries.get_user(actor.user_id)
    if not passwords.verify_password(user.password_hash, present):
        raise InvalidInput(fields={"present": [WRONG_PASSWORD]})
    if present == password:
        raise InvalidInput(fields={"password": [SAME_PASSWORD]})
    passwords.check_strength(password, known=(user.email, user.display_name, user.organisation.name))
    user.password_hash = passwords.hash_password(password)
    user.must_change_password = False
    user.session_epoch += 1
    for session in queries.list_open_sessions(user.id):
        if session.token_hash == _digest(token):
            session.session_epoch = user.session_epoch
        else:
            _end(actor, session, how="password_changed")
    _record(actor, AuditAction.PASSWORD_CHANGED, {"how": "owner"})


def change_locale(*, actor: Actor, locale: str) -> None:
    """Keep the language in which one works."""
    queries.get_user(actor.user_id).locale = locale


def _attempting(user: User | None, address: str | None, request_id: str | None) -> Actor:
    """Return who an attempt is recorded under: the user it names, or the system when it names none."""
    if user is None:
        return replace(SYSTEM, channel="web", address=address, request_id=request_id)
    return actor_of(user, address=address, request_id=request_id)


def _begin(user: User, actor: Actor, *, method: str) -> Attempt:
    now = clock.now()
    token = secrets.token_urlsafe(32)
    session_id = new_id()
    # Past the version column: signing in is no change that an administrator's open form would have to know of.
    db.session.execute(update(User).where(User.id == user.id).values(last_signed_in_at=now))
    db.session.add(
        SignInSession(
            id=session_id,
            user_id=user.id,
            token_hash=_digest(token),
            session_epoch=user.session_epoch,
            address=actor.address,
            created_at=now,
            last_seen_at=now,
        )
    )
    _record(actor, AuditAction.SIGN_IN_SUCCEEDED, {"method": method, "session_id": session_id})
    return Attempt(Outcome.SUCCEEDED, token=token, locale=user.locale)


def _end(actor: Actor, session: SignInSession, *, how: str) -> None:
    session.ended_at = clock.now()
    _record(actor, AuditAction.SESSION_ENDED, {"session_id": session.id, "how": how}, user_id=session.user_id)


def _record(
    actor: Actor, action: AuditAction, payload: dict[str, Any], *, user_id: str | None = None, result: str = "done"
) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="user",
        record_id=user_id or actor.user_id,
        payload=payload,
        result=result,
    )


def _is_open(session: SignInSession) -> bool:
    now = clock.now()
    return (
        session.ended_at is None
        and session.session_epoch == session.user.session_epoch
        and session.user.is_active
        and session.user.organisation.is_active
        and now - session.last_seen_at < runtime().idle
        and now - session.created_at < runtime().absolute
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
