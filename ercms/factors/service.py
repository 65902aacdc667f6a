"""Second factors: setting up a generator of codes, recovery codes, judging a code, and the reset by a second person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, update

from ercms.accounts import service as accounts
from ercms.accounts import sign_in_service
from ercms.accounts.enums import SecondFactor
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.extensions import db
from ercms.factors import queries, recovery, totp
from ercms.factors.enums import Verdict
from ercms.factors.models import RecoveryCode, TotpFactor
from ercms.vault import sealed_secrets

ISSUER = "ERCMS"
WRONG_CODE = msg("This code does not fit. Check that the clock of your device is set automatically.")
USED_CODE = msg("This code has been used already. Wait for the next one.")
WRONG_SECRET = msg("This one-time secret does not fit, or its time is over. Ask your administrator for a new one.")

_USE = "totp"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator has to be given: the secret in text, and the address for a QR code."""

    secret_text: str
    uri: str


@dataclass(frozen=True, slots=True)
class PasskeySummary:
    """A passkey, as its owner sees it."""

    id: str
    name: str
    is_synced: bool
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class FactorState:
    """What somebody can prove themselves with besides the password."""

    totp_since: datetime | None
    recovery_left: int
    passkeys: tuple[PasskeySummary, ...]

    @property
    def is_enrolled(self) -> bool:
        """Tell whether there is a factor at all; recovery codes alone are none."""
        return self.totp_since is not None or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """How a code was judged; `factor` says what kind of code it was, `locked_until` how long to wait."""

    verdict: Verdict
    factor: SecondFactor = SecondFactor.TOTP
    locked_until: datetime | None = None


def state_of(user_id: str) -> FactorState:
    """Return what a user can prove themselves with."""
    factor = queries.find_totp(user_id)
    return FactorState(
        totp_since=factor.confirmed_at if factor is not None else None,
        recovery_left=queries.count_recovery_codes(user_id),
        passkeys=tuple(
            PasskeySummary(row.id, row.name, row.is_synced, row.created_at, row.last_used_at)
            for row in queries.list_passkeys(user_id)
        ),
    )


def has_passkey(user_id: str) -> bool:
    """Tell whether a user has a passkey."""
    return bool(queries.list_passkeys(user_id))


def begin_totp(*, user_id: str) -> Setup:
    """Make a new secret, which counts once a code of it is shown; one in use goes on until then."""
    factor = queries.find_totp(user_id)
    if factor is None:
        factor = TotpFactor(user_id=user_id)
        db.session.add(factor)
    former, factor.pending_id = factor.pending_id, sealed_secrets.seal(use=_USE, secret=totp.new_secret())
    db.session.flush()
    if former is not None:
        sealed_secrets.forget(secret_id=former)
    return pending_totp(user_id=user_id) or _refuse_setup()


def pending_totp(*, user_id: str) -> Setup | None:
    """Return what is being set up, to show it once more."""
    factor = queries.find_totp(user_id)
    if factor is None or factor.pending_id is None:
        return None
    secret = sealed_secrets.open_secret(secret_id=factor.pending_id, use=_USE)
    account = accounts.get_user(user_id).email
    return Setup(totp.text_of(secret), totp.uri(secret, account=account, issuer=ISSUER))


def confirm_totp(*, actor: Actor, code: str) -> list[str] | None:
    """Put the new secret into use when the code is one of it; return fresh recovery codes, or None when it is not.

    The code that confirms is used up. What was in use before is destroyed, the former recovery codes too.
    """
    factor = queries.find_totp(actor.user_id)
    if factor is None or factor.pending_id is None:
        return None
    secret = sealed_secrets.open_secret(secret_id=factor.pending_id, use=_USE)
    step = totp.matching_step(secret, _digits(code), clock.now())
    if step is None:
        sign_in_service.count_wrong_code(actor=actor)
        record(actor, AuditAction.FACTOR_REFUSED, method="totp", reason_code="wrong_code")
        return None
    former = factor.secret_id
    factor.secret_id, factor.pending_id = factor.pending_id, None
    factor.confirmed_at, factor.last_step = clock.now(), step
    db.session.flush()
    if former is not None:
        sealed_secrets.forget(secret_id=former)
    record(actor, AuditAction.FACTOR_CHANGED, method="totp", how="replaced" if former else "enrolled")
    return make_recovery_codes(actor=actor)


def told(verdict: Verdict) -> str:
    """Return what somebody is told whose code was refused; to be translated."""
    return USED_CODE if verdict is Verdict.REUSED else WRONG_CODE


def make_recovery_codes(*, actor: Actor) -> list[str]:
    """Make recovery codes in place of the former ones; they are returned this once and kept as digests."""
    codes = [recovery.new_code() for _ in range(recovery.HOW_MANY)]
    now = clock.now()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == actor.user_id))
    db.session.execute(
        insert(RecoveryCode),
        [{"id": new_id(), "user_id": actor.user_id, "digest": recovery.digest(code), "made_at": now} for code in codes],
    )
    record(actor, AuditAction.FACTOR_CHANGED, method="recovery_code", how="made")
    return codes


def check_code(*, actor: Actor, code: str) -> CodeCheck:
    """Judge a code of an authenticator or a recovery code, and use it up when it is right.

    The caller commits a wrong one too, since it is counted.
    """
    wait = sign_in_service.code_wait(actor=actor)
    if wait is not None:
        record(actor, AuditAction.SIGN_IN_LOCKED, method="code", until=wait)
        return CodeCheck(Verdict.LOCKED, locked_until=wait)
    if recovery.is_shaped(code):
        checked = CodeCheck(_use_recovery_code(actor.user_id, code), SecondFactor.RECOVERY_CODE)
    else:
        checked = CodeCheck(_use_totp(actor.user_id, _digits(code)))
    if checked.verdict is Verdict.ACCEPTED:
        if checked.factor is SecondFactor.RECOVERY_CODE:
            record(actor, AuditAction.FACTOR_CHANGED, method="recovery_code", how="used")
        return checked
    sign_in_service.count_wrong_code(actor=actor)
    reason = "reused_code" if checked.verdict is Verdict.REUSED else "wrong_code"
    record(actor, AuditAction.FACTOR_REFUSED, method=checked.factor, reason_code=reason)
    return checked


def present_code(*, user_id: str) -> str | None:
    """Return the next code that would be accepted: for the demonstration alone, which is the caller's to check."""
    factor = queries.find_totp(user_id)
    if factor is None or factor.secret_id is None:
        return None
    present = totp.step_of(clock.now())
    step = max(present - totp.TOLERANCE, (factor.last_step or 0) + 1)
    secret = sealed_secrets.open_secret(secret_id=factor.secret_id, use=_USE)
    return totp.code_at(secret, step) if step <= present + totp.TOLERANCE else None


def forget_all(*, user_id: str) -> None:
    """Take every factor of a user away; what stands behind them is destroyed."""
    factor = queries.find_totp(user_id)
    if factor is not None:
        secrets_of = [one for one in (factor.secret_id, factor.pending_id) if one is not None]
        db.session.delete(factor)
        db.session.flush()
        for secret_id in secrets_of:
            sealed_secrets.forget(secret_id=secret_id)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    for passkey in queries.list_passkeys(user_id):
        db.session.delete(passkey)
    db.session.flush()


def record(actor: Actor, action: AuditAction, **payload: Any) -> None:
    """Put on record what happened with somebody's factors, in the chain of their organisation."""
    refusals = {AuditAction.FACTOR_REFUSED, AuditAction.SIGN_IN_LOCKED}
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="user",
        record_id=actor.user_id,
        payload=payload,
        result="refused" if action in refusals else "done",
    )


def _use_totp(user_id: str, code: str) -> Verdict:
    """Accept a code whose step is later than the last accepted one; of two requests with one code, one succeeds."""
    factor = queries.find_totp(user_id)
    if factor is None or factor.secret_id is None:
        return Verdict.WRONG
    secret = sealed_secrets.open_secret(secret_id=factor.secret_id, use=_USE)
    step = totp.matching_step(secret, code, clock.now())
    if step is None:
        return Verdict.WRONG
    is_later = or_(TotpFactor.last_step.is_(None), TotpFactor.last_step < step)
    statement = update(TotpFactor).where(TotpFactor.user_id == user_id, is_later).values(last_step=step)
    return Verdict.ACCEPTED if db.session.execute(statement).rowcount else Verdict.REUSED  # type: ignore[attr-defined]


def _use_recovery_code(user_id: str, code: str) -> Verdict:
    own = (RecoveryCode.user_id == user_id, RecoveryCode.digest == recovery.digest(code))
    statement = update(RecoveryCode).where(*own, RecoveryCode.used_at.is_(None)).values(used_at=clock.now())
    if db.session.execute(statement).rowcount:  # type: ignore[attr-defined]
        return Verdict.ACCEPTED
    return Verdict.REUSED if queries.has_recovery_code(user_id, recovery.digest(code)) else Verdict.WRONG


def _digits(code: str) -> str:
    return "".join(code.split())


def _refuse_setup() -> Setup:
    raise InvalidInput("factor_not_begun")
