"""Organisations, their users, sign-in sessions, and the brakes on guessing passwords."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ercms.accounts.enums import SecondFactor, SignInMethod
from ercms.core.actor import OrganisationKind, Role
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base


class Organisation(Base):
    """An authority, mission, service or partner that works with the system."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("kind", "name"),)
    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    kind: Mapped[OrganisationKind] = mapped_column(enum_column(OrganisationKind, "kind"))
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str | None] = mapped_column(String(40))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)

    states: Mapped[list["OrganisationState"]] = relationship(
        cascade="all, delete-orphan", order_by="OrganisationState.state", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}


class OrganisationState(Base):
    """A State that an organisation answers for: its own, or a host State of a mission."""

    __tablename__ = "organisation_states"
    __table_args__ = (CheckConstraint("length(state) = 2", name="state_is_alpha_2"),)

    organisation_id: Mapped[str] = mapped_column(id_type(), ForeignKey("organisations.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(2), primary_key=True)


class User(Base):
    """Somebody who signs in. Never deleted, only disabled: the audit names users by identifier."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("role <> 'system'", name="role_is_a_persons"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        Index("ix_users_organisation_id_role", "organisation_id", "role"),
    )

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254))
    display_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    organisation_id: Mapped[str] = mapped_column(id_type(), ForeignKey("organisations.id"))
    locale: Mapped[str] = mapped_column(String(5))
    is_active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}


class SignInSession(Base):
    """One sign-in, from its start to its end; the browser holds a token of which only the hash is here.

    `method` and `factor` say how the person proved to be the one; both are empty for sessions of before there was a
    second factor. `proven_at` is the last proof.
    """

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_sign_in_sessions_user_id_ended_at", "user_id", "ended_at"),
    )

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(id_type(), ForeignKey("users.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    session_epoch: Mapped[int] = mapped_column()
    address: Mapped[str | None] = mapped_column(String(45))
    method: Mapped[SignInMethod | None] = mapped_column(enum_column(SignInMethod, "method"))
    factor: Mapped[SecondFactor | None] = mapped_column(enum_column(SecondFactor, "factor"))
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    user: Mapped[User] = relationship(lazy="joined")


class SignInBrake(Base):
    """Failed sign-ins counted under one key: an account from an address, an address, or an account.

    The key is a hash, so that the table tells nobody who tried to be whom.
    """

    __tablename__ = "sign_in_brakes"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed_count: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
