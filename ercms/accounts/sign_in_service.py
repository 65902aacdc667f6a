"""The password: the first step of a sign-in, its proof during a session, and its change by its owner."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ercms.accounts import brakes, passwords, queries, session_service
from ercms.accounts.brakes import CODE_KINDS, PASSWORD_KINDS
from ercms.accounts.models import User
from ercms.accounts.service import actor_of
from ercms.accounts.session_service import record
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import SYSTEM, Actor
from ercms.core.errors import InvalidInput
from ercms.core.text import msg

SAME_PASSWORD = msg("Choose a password that differs from the present one.")


class Outcome(StrEnum):
    """How an attempt with a password ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOCKED = "locked"
    EXPIRED = "expired"
    """The password is right, but it was a one-time password that was not used in time."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The end of an attempt: whose password it was, or until when somebody has to wait."""

    outcome: Outcome
    user_id: str | None = None
    locked_until: datetime | None = None


def sign_in(*, email: str, password: str, address: str | None, request_id: str | None = None) -> Attempt:
    """Check a password: the first of the two steps. No session begins here.

    An unknown or disabled account takes the same time and gets the same answer as a wrong password. The caller commits
    a failure too, since it is counted; the count ends with the second step, not with this one.
    """
    user = queries.find_user_by_email(email)
    actor = _attempting(user, address, request_id)
    wait = _wait(user, email, address)
    if wait is not None:
        record(actor, AuditAction.SIGN_IN_LOCKED, {"method": "password", "until": wait}, result="refused")
        return Attempt(Outcome.LOCKED, locked_until=wait)
    is_right = passwords.verify_password(user.password_hash if user is not None else None, password)
    if user is None or not is_right or not user.is_active or not user.organisation.is_active:
        brakes.count_failure(email, address, PASSWORD_KINDS)
        record(actor, AuditAction.SIGN_IN_FAILED, {"method": "password"}, result="refused")
        return Attempt(Outcome.FAILED)
    if _has_expired(user):
        payload = {"method": "password", "reason_code": "one_time_password_expired"}
        record(actor, AuditAction.SIGN_IN_FAILED, payload, result="refused")
        return Attempt(Outcome.EXPIRED)
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    return Attempt(Outcome.SUCCEEDED, user_id=user.id)


def prove(*, actor: Actor, password: str) -> Attempt:
    """Check the password of whoever is signed in; guessing at it is slowed as at the sign-in."""
    user = queries.get_user(actor.user_id)
    wait = _wait(user, user.email, actor.address)
    if wait is not None:
        record(actor, AuditAction.SIGN_IN_LOCKED, {"method": "password", "until": wait}, result="refused")
        return Attempt(Outcome.LOCKED, locked_until=wait)
    if not passwords.verify_password(user.password_hash, password):
        brakes.count_failure(user.email, actor.address, PASSWORD_KINDS)
        record(actor, AuditAction.SIGN_IN_FAILED, {"method": "password"}, result="refused")
        return Attempt(Outcome.FAILED)
    return Attempt(Outcome.SUCCEEDED, user_id=user.id)


def change_password(*, actor: Actor, present: str, password: str, token: str) -> Attempt:
    """Give oneself another password; all other sessions end.

    A present password that is wrong is counted, so it is returned and not raised.

    Raises:
        InvalidInput: the new password is the present one, or too weak.
    """
    attempt = prove(actor=actor, password=present)
    if attempt.outcome is not Outcome.SUCCEEDED:
        return attempt
    user = queries.get_user(actor.user_id)
    if present == password:
        raise InvalidInput(fields={"password": [SAME_PASSWORD]})
    passwords.check_strength(password, known=(user.email, user.display_name, user.organisation.name))
    user.password_hash = passwords.hash_password(password)
    user.must_change_password, user.password_expires_at = False, None
    user.session_epoch += 1
    session_service.keep_only(actor=actor, token=token, epoch=user.session_epoch, how="password_changed")
    record(actor, AuditAction.PASSWORD_CHANGED, {"how": "owner"})
    return attempt


def code_wait(*, actor: Actor) -> datetime | None:
    """Return until when somebody who knows the password has to wait with a code, if at all."""
    user = queries.get_user(actor.user_id)
    known = actor.address is not None and queries.knows_address(user.id, actor.address)
    return brakes.locked_until(user.email, actor.address, CODE_KINDS, knows_address=known)


def count_wrong_code(*, actor: Actor) -> None:
    """Count a wrong code, which slows down the next one."""
    brakes.count_failure(queries.get_user(actor.user_id).email, actor.address, CODE_KINDS)


def forget_failures(*, actor: Actor) -> None:
    """Forget the failures from here, once somebody has proved everything."""
    brakes.release(queries.get_user(actor.user_id).email, actor.address)


def change_locale(*, actor: Actor, locale: str) -> None:
    """Keep the language in which one works."""
    queries.get_user(actor.user_id).locale = locale


def _wait(user: User | None, email: str, address: str | None) -> datetime | None:
    known = user is not None and address is not None and queries.knows_address(user.id, address)
    return brakes.locked_until(email, address, PASSWORD_KINDS, knows_address=known)


def _has_expired(user: User) -> bool:
    return user.password_expires_at is not None and user.password_expires_at <= clock.now()


def _attempting(user: User | None, address: str | None, request_id: str | None) -> Actor:
    """Return who an attempt is recorded under: the user it names, or the system when it names none."""
    if user is None:
        return replace(SYSTEM, channel="web", address=address, request_id=request_id)
    return actor_of(user, address=address, request_id=request_id)
