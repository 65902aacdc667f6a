"""Tables of the vault: persons by identifier only, and what is sealed for them.

Ciphertexts are deferred and raise when they are touched: a list cannot decrypt by accident.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.vault.enums import Compartment, TokenKind


class Person(Base):
    """Somebody with data in the vault. After an erasure the row stays, without a key and with nothing to open."""

    __tablename__ = "persons"
    __table_args__ = (CheckConstraint("(erased_at IS NULL) = (wrapped_key IS NOT NULL)", name="erased_has_no_key"),)

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    kek_id: Mapped[str] = mapped_column(String(60), index=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    key_version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class PersonCompartment(Base):
    """One sealed JSON document; `version` counts its sealings, and so the encryptions under its sub-key."""

    __tablename__ = "person_compartments"

    person_id: Mapped[str] = mapped_column(id_type(), ForeignKey("persons.id"), primary_key=True)
    compartment: Mapped[Compartment] = mapped_column(enum_column(Compartment, "compartment"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime())

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}


class PersonToken(Base):
    """One search token, with its value sealed for the day when the token key changes."""

    __tablename__ = "person_tokens"
    __table_args__ = (Index("ix_person_tokens_search", "kind", "token", "person_id"),)

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(id_type(), ForeignKey("persons.id"), index=True)
    kind: Mapped[TokenKind] = mapped_column(enum_column(TokenKind, "token_kind"))
    token: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(60), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)


class PersonFile(Base):
    """A sealed file on disk: whose it is, and whether it still has to be removed there."""

    __tablename__ = "person_files"

    file_id: Mapped[str] = mapped_column(id_type(), primary_key=True)
    person_id: Mapped[str] = mapped_column(id_type(), ForeignKey("persons.id"), index=True)
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime())
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime(), index=True)


class SealedSecret(Base):
    """A small secret of a user, wrapped under a data key as a person's key is."""

    __tablename__ = "sealed_secrets"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    use: Mapped[str] = mapped_column(String(40))
    kek_id: Mapped[str] = mapped_column(String(60), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
