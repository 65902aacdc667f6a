"""Named reads of factors and of steps begun."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from ercms.extensions import db
from ercms.factors.models import FactorReset, Passkey, RecoveryCode, SignInStep, TotpFactor


def find_totp(user_id: str) -> TotpFactor | None:
    """Return a user's generator of codes, in use or being set up."""
    return db.session.get(TotpFactor, user_id)


def count_recovery_codes(user_id: str) -> int:
    """Count the recovery codes of a user that were not used."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(query) or 0


def list_passkeys(user_id: str) -> Sequence[Passkey]:
    """Return a user's passkeys, oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.created_at)).all()


def find_passkey(credential_id: bytes) -> Passkey | None:
    """Return the passkey that a device names."""
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def find_step(token_hash: str) -> SignInStep | None:
    """Return what somebody with this token has begun."""
    return db.session.get(SignInStep, token_hash)


def list_resets(user_id: str) -> Sequence[FactorReset]:
    """Return how often and why a user's factors were taken away, latest first."""
    query = select(FactorReset).where(FactorReset.user_id == user_id).order_by(FactorReset.reset_at.desc())
    return db.session.scalars(query).all()


def enrolled_among(user_ids: Iterable[str]) -> set[str]:
    """Return those of these users who have a factor."""
    ids = set(user_ids)
    codes = select(TotpFactor.user_id).where(TotpFactor.user_id.in_(ids), TotpFactor.confirmed_at.is_not(None))
    return set(db.session.scalars(codes)) | set(
        db.session.scalars(select(Passkey.user_id).where(Passkey.user_id.in_(ids)))
    )


def has_recovery_code(user_id: str, digest: str) -> bool:
    """Tell whether a user has, or had, this recovery code."""
    query = select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, RecoveryCode.digest == digest)
    return db.session.scalar(query) is not None
