"""The second step of a sign-in: between the first proof and the session, which begins here and not before."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from ercms.accounts import service as accounts
from ercms.accounts import session_service, sign_in_service
from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.accounts.service import UserSummary
from ercms.accounts.session_service import CLOCK_SLACK, Begun, Proof, digest
from ercms.audit.actions import AuditAction
from ercms.core import clock, jobs
from ercms.core.actor import Actor
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.factors import queries, reset_service, service
from ercms.factors.enums import StepPurpose, Verdict
from ercms.factors.models import SignInStep

STEP_LASTS = timedelta(minutes=10)
STEPS_ARE_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody stands who has shown the first factor: who it is, and what is asked next."""

    user: UserSummary
    method: SignInMethod
    is_enrolled: bool
    has_totp: bool
    has_passkey: bool
    needs_secret: bool


@dataclass(frozen=True, slots=True)
class StepEnd:
    """How the second step ended: with a session, and after an enrolment with recovery codes, or with a verdict."""

    verdict: Verdict
    begun: Begun | None = None
    recovery_codes: tuple[str, ...] = ()
    locked_until: datetime | None = None


def register_jobs() -> None:
    """Name the recurring job of this domain."""
    jobs.register_job("sign_in_steps_clearing", timedelta(days=1), clear)


def clear() -> None:
    """Delete steps that nobody finished."""
    with unit_of_work():
        db.session.execute(delete(SignInStep).where(SignInStep.begun_at < clock.now() - STEPS_ARE_KEPT))


def begin(*, user_id: str, method: SignInMethod) -> str:
    """Begin the second step for somebody whose first one succeeded; return the token for the browser.

    Who has no factor yet gets a new secret to set up.
    """
    if not service.state_of(user_id).is_enrolled:
        service.begin_totp(user_id=user_id)
    return keep(purpose=StepPurpose.SECOND_FACTOR, user_id=user_id, method=method)


def keep(
    *,
    purpose: StepPurpose,
    user_id: str | None = None,
    method: SignInMethod | None = None,
    challenge: bytes | None = None,
) -> str:
    """Keep that somebody is in the middle of something; return the token for the browser."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInStep(
            token_hash=digest(token),
            purpose=purpose,
            user_id=user_id,
            method=method,
            challenge=challenge,
            begun_at=clock.now(),
        )
    )
    db.session.flush()
    return token


def take(token: str | None, purpose: StepPurpose) -> SignInStep | None:
    """Return what was begun with this token, if it is of this purpose, not over, and not of the future."""
    row = queries.find_step(digest(token)) if token else None
    if row is None or row.purpose is not purpose:
        return None
    age = clock.now() - row.begun_at
    return row if -CLOCK_SLACK <= age < STEP_LASTS else None


def find(token: str | None) -> Step | None:
    """Return where somebody stands who holds the token of a second step, or None when it is over."""
    row = take(token, StepPurpose.SECOND_FACTOR)
    if row is None or row.user_id is None or row.method is None:
        return None
    user = accounts.get_user(row.user_id)
    if not user.is_active:
        return None
    state = service.state_of(user.id)
    return Step(
        user=user,
        method=row.method,
        is_enrolled=state.is_enrolled,
        has_totp=state.totp_since is not None,
        has_passkey=bool(state.passkeys),
        needs_secret=reset_service.needs_secret(user_id=user.id),
    )


def finish_with_code(*, token: str | None, code: str, address: str | None, request_id: str | None) -> StepEnd:
    """Judge a code, and begin the session when it is right.

    The caller commits a wrong one too, since it is counted.
    """
    step = find(token)
    if step is None or not step.is_enrolled:
        return StepEnd(Verdict.ENDED)
    actor = accounts.get_actor(step.user.id, address=address, request_id=request_id)
    checked = service.check_code(actor=actor, code=code)
    if checked.verdict is not Verdict.ACCEPTED:
        return StepEnd(checked.verdict, locked_until=checked.locked_until)
    return StepEnd(Verdict.ACCEPTED, begun=finish(actor=actor, token=token, proof=Proof(step.method, checked.factor)))


def finish_with_enrolment(
    *, token: str | None, code: str, secret: str | None, address: str | None, request_id: str | None
) -> StepEnd:
    """Put the authenticator that is being set up into use, and begin the session.

    After a reset the one-time secret of the administrator is needed as well: who knows the password alone, and was
    faster than the user, gets nowhere. The caller commits what was wrong too, since it is counted.
    """
    step = find(token)
    if step is None or step.is_enrolled:
        return StepEnd(Verdict.ENDED)
    actor = accounts.get_actor(step.user.id, address=address, request_id=request_id)
    wait = sign_in_service.code_wait(actor=actor)
    if wait is not None:
        service.record(actor, AuditAction.SIGN_IN_LOCKED, method="code", until=wait)
        return StepEnd(Verdict.LOCKED, locked_until=wait)
    if step.needs_secret and not reset_service.is_secret(user_id=step.user.id, secret=secret or ""):
        sign_in_service.count_wrong_code(actor=actor)
        service.record(actor, AuditAction.FACTOR_REFUSED, method="one_time_secret", reason_code="wrong_secret")
        return StepEnd(Verdict.WRONG_SECRET)
    codes = service.confirm_totp(actor=actor, code=code)
    if codes is None:
        return StepEnd(Verdict.WRONG)
    reset_service.use_up(user_id=step.user.id)
    begun = finish(actor=actor, token=token, proof=Proof(step.method, SecondFactor.TOTP))
    return StepEnd(Verdict.ACCEPTED, begun=begun, recovery_codes=tuple(codes))


def finish(*, actor: Actor, token: str | None, proof: Proof) -> Begun:
    """Begin the session of somebody who has shown both factors; the step is over."""
    if token is None:
        raise InvalidInput("step_missing")
    db.session.execute(delete(SignInStep).where(SignInStep.token_hash == digest(token)))
    sign_in_service.forget_failures(actor=actor)
    return session_service.begin(user_id=actor.user_id, proof=proof, address=actor.address, request_id=actor.request_id)
