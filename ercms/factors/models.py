"""What users prove themselves with besides the password, and what they are in the middle of proving."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ercms.accounts.enums import SignInMethod
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.factors.enums import ResetReason, StepPurpose


class TotpFactor(Base):
    """A user's generator of codes: the secret in use, and one that is being set up and not yet confirmed.

    `last_step` is the last step of 30 seconds whose code was accepted: none of it or before it is accepted again.
    """

    __tablename__ = "totp_factors"

    user_id: Mapped[str] = mapped_column(id_type(), ForeignKey("users.id"), primary_key=True)
    secret_id: Mapped[str | None] = mapped_column(id_type(), ForeignKey("sealed_secrets.id"))
    pending_id: Mapped[str | None] = mapped_column(id_type(), ForeignKey("sealed_secrets.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    last_step: Mapped[int | None] = mapped_column(Integer)


class RecoveryCode(Base):
    """One recovery code of a user, as a digest; it works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "digest"),)

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(id_type(), ForeignKey("users.id"))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class Passkey(Base):
    """A passkey of a user: the public half of a key that a device holds, and how often the device says it was used."""

    __tablename__ = "passkeys"
    __table_args__ = (UniqueConstraint("credential_id"), Index("ix_passkeys_user_id", "user_id"))

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(id_type(), ForeignKey("users.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    is_synced: Mapped[bool] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class SignInStep(Base):
    """Something begun and not yet proved; the browser holds a token of which only the digest is here.

    `method` is what the sign-in began with. `challenge` is what a passkey has to sign; it serves once.
    """

    __tablename__ = "sign_in_steps"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[StepPurpose] = mapped_column(enum_column(StepPurpose, "purpose"))
    user_id: Mapped[str | None] = mapped_column(id_type(), ForeignKey("users.id"))
    method: Mapped[SignInMethod | None] = mapped_column(enum_column(SignInMethod, "method"))
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)


class FactorReset(Base):
    """That an administrator took a user's factors away, and why; with the one-time secret the user enrols anew."""

    __tablename__ = "factor_resets"
    __table_args__ = (Index("ix_factor_resets_user_id_reset_at", "user_id", "reset_at"),)

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(id_type(), ForeignKey("users.id"))
    reset_by_id: Mapped[str] = mapped_column(id_type(), ForeignKey("users.id"))
    reason: Mapped[ResetReason] = mapped_column(enum_column(ResetReason, "reason"))
    note: Mapped[str] = mapped_column(Text)
    reset_at: Mapped[datetime] = mapped_column(UTCDateTime())
    secret_digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
