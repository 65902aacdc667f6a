"""Sessions: kept on the server with an idle and an absolute end; the browser holds a token."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import queries
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.models import SignInSession, User
from ercms.accounts.runtime import runtime
from ercms.accounts.service import UserSummary, actor_of, summarise_user
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor
from ercms.core.db_types import new_id
from ercms.core.errors import NotFound
from ercms.extensions import db

_TOUCH_AFTER = timedelta(minutes=1)
CLOCK_SLACK = timedelta(minutes=2)
"""How far the clocks of two machines of one installation may differ."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody proved who they are: what the sign-in began with, and the second factor."""

    method: SignInMethod
    factor: SecondFactor


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has begun: the token for the browser, and the language of its owner."""

    token: str
    locale: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in with a token."""

    actor: Actor
    user: UserSummary
    session_id: str
    needs_touch: bool
    proven_at: datetime | None
    method: SignInMethod | None


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """An open session, as its owner sees it."""

    id: str
    address: str | None
    method: SignInMethod | None
    factor: SecondFactor | None
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def begin(*, user_id: str, proof: Proof, address: str | None, request_id: str | None = None) -> Begun:
    """Begin a session for somebody who has proved who they are: the only place where one begins.

    That the proof is whole is the caller's to see to.
    """
    user = queries.get_user(user_id)
    actor = actor_of(user, address=address, request_id=request_id)
    now = clock.now()
    token = secrets.token_urlsafe(32)
    session_id = new_id()
    # Past the version column: signing in is no change that an administrator's open form would have to know of.
    db.session.execute(update(User).where(User.id == user.id).values(last_signed_in_at=now))
    db.session.add(
        SignInSession(
            id=session_id,
            user_id=user.id,
            token_hash=digest(token),
            session_epoch=user.session_epoch,
            address=address,
            method=proof.method,
            factor=proof.factor,
            proven_at=now,
            created_at=now,
            last_seen_at=now,
        )
    )
    payload = {"method": proof.method, "factor": proof.factor, "session_id": session_id}
    record(actor, AuditAction.SIGN_IN_SUCCEEDED, payload)
    return Begun(token, user.locale)


def find_signed_in(token: str, *, address: str | None, request_id: str | None) -> SignedIn | None:
    """Return who holds this token, or None when the session has ended or run out."""
    session = queries.find_session(digest(token))
    if session is None or not _is_open(session):
        return None
    actor = actor_of(session.user, address=address, request_id=request_id)
    return SignedIn(
        actor=actor,
        user=summarise_user(session.user),
        session_id=session.id,
        needs_touch=clock.now() - session.last_seen_at >= _TOUCH_AFTER,
        proven_at=session.proven_at,
        method=session.method,
    )


def touch(token: str) -> None:
    """Write down that a session is in use."""
    session = queries.find_session(digest(token))
    if session is not None:
        session.last_seen_at = clock.now()


def sign_out(*, actor: Actor, token: str) -> None:
    """End the session of this token."""
    session = queries.find_session(digest(token))
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
    return [_summary(row) for row in queries.list_open_sessions(user_id) if _is_open(row)]


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
    present = digest(token) if token else None
    return [
        _summary(row, is_current=row.token_hash == present)
        for row in queries.list_open_sessions(actor.user_id)
        if _is_open(row)
    ]


def keep_only(*, actor: Actor, token: str, epoch: int, how: str) -> None:
    """End all of one's own sessions but the present one, which goes on in the new epoch."""
    for session in queries.list_open_sessions(actor.user_id):
        if session.token_hash == digest(token):
            session.session_epoch = epoch
        else:
            _end(actor, session, how=how)


def prove_again(*, actor: Actor, token: str, proof: Proof) -> None:
    """Note that whoever holds this session has just proved anew who they are."""
    session = queries.find_session(digest(token))
    if session is not None:
        session.proven_at = clock.now()
        payload = {"method": proof.method, "factor": proof.factor, "session_id": session.id}
        record(actor, AuditAction.REAUTHENTICATED, payload)


def flaw_of(token: str) -> str | None:
    """Return what is wrong with a token that was signed but cannot be ours, or None.

    A session that ended long ago is cleared from the database, so that an unknown token is no sign of an attack.
    """
    session = queries.find_session(digest(token))
    return "future_session" if session is not None and session.created_at > clock.now() + CLOCK_SLACK else None


def record_refused_session(*, flaw: str, address: str | None, request_id: str | None = None) -> None:
    """Put on record that a session was refused as no session of ours."""
    actor = replace(SYSTEM, channel="web", address=address, request_id=request_id)
    record(actor, AuditAction.SESSION_REFUSED, {"reason_code": flaw}, result="refused")


def is_fresh(signed_in: SignedIn) -> bool:
    """Tell whether the last proof is young enough for an act that asks for one."""
    proven_at = signed_in.proven_at
    return proven_at is not None and timedelta(0) <= clock.now() - proven_at < runtime().fresh


def record(
    actor: Actor, action: AuditAction, payload: dict[str, Any], *, user_id: str | None = None, result: str = "done"
) -> None:
    """Put on record what somebody did at the doors, in the chain of the actor's organisation."""
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="user",
        record_id=user_id or actor.user_id,
        payload=payload,
        result=result,
    )


def _summary(row: SignInSession, *, is_current: bool = False) -> SessionSummary:
    return SessionSummary(
        id=row.id,
        address=row.address,
        method=row.method,
        factor=row.factor,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        is_current=is_current,
    )


def _end(actor: Actor, session: SignInSession, *, how: str) -> None:
    session.ended_at = clock.now()
    record(actor, AuditAction.SESSION_ENDED, {"session_id": session.id, "how": how}, user_id=session.user_id)


def _is_open(session: SignInSession) -> bool:
    now = clock.now()
    return (
        session.ended_at is None
        # A session of before there was a second factor ends with the upgrade: its owner signs in anew, and enrols.
        and session.factor is not None
        # A session that begins in the future was not begun by this system, or its clock was wrong.
        and session.created_at <= now + CLOCK_SLACK
        and session.last_seen_at <= now + CLOCK_SLACK
        and session.session_epoch == session.user.session_epoch
        and session.user.is_active
        and session.user.organisation.is_active
        and now - session.last_seen_at < runtime().idle
        and now - session.created_at < runtime().absolute
    )


def digest(token: str) -> str:
    """Return what is stored of a token: random, so that a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
