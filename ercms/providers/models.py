"""The identity providers of authorities, the subjects they vouched for, and sign-ins begun there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.providers.enums import SecondStep


class IdentityProvider(Base):
    """The provider of one organisation: whoever it vouches for is an officer of that organisation or nobody.

    `second_values` are the words of `amr` or `acr`, divided by blanks, by which the provider says that two factors
    were shown.
    """

    __tablename__ = "identity_providers"
    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("second_step <> 'providers' OR length(second_values) > 0", name="providers_step_has_values"),
    )

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(id_type(), ForeignKey("organisations.id"))
    issuer: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(200))
    secret_id: Mapped[str] = mapped_column(id_type(), ForeignKey("sealed_secrets.id"))
    second_step: Mapped[SecondStep] = mapped_column(enum_column(SecondStep, "second_step"))
    second_values: Mapped[str] = mapped_column(String(200), default="")
    is_enabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ProviderSubject(Base):
    """Somebody whom a provider vouched for: linked to an account by an administrator, or waiting for it.

    `subject` is the provider's own identifier of the person; nothing else of a token is kept.
    """

    __tablename__ = "provider_subjects"
    __table_args__ = (
        UniqueConstraint("provider_id", "subject"),
        UniqueConstraint("provider_id", "user_id"),
        CheckConstraint("(user_id IS NULL) = (linked_by_id IS NULL)", name="linked_by_somebody"),
        CheckConstraint("user_id IS NULL OR user_id <> linked_by_id", name="linked_by_a_second_person"),
        Index("ix_provider_subjects_user_id", "user_id"),
    )

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    provider_id: Mapped[str] = mapped_column(id_type(), ForeignKey("identity_providers.id"))
    subject: Mapped[str] = mapped_column(String(255))
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime())
    user_id: Mapped[str | None] = mapped_column(id_type(), ForeignKey("users.id"))
    linked_by_id: Mapped[str | None] = mapped_column(id_type(), ForeignKey("users.id"))
    linked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class ProviderStep(Base):
    """A sign-in begun at a provider and not yet answered; the browser holds the state of which only the digest is here.

    `nonce` and `verifier` (PKCE, RFC 7636) serve this one sign-in and are deleted with its answer.
    """

    __tablename__ = "provider_steps"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider_id: Mapped[str] = mapped_column(id_type(), ForeignKey("identity_providers.id"))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
