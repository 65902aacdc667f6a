"""The tables of pairs of persons who may be one, and of the links that make them one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.identity.enums import Decision, Likeness


class DuplicatePair(Base):
    """Two persons of two cases who may be one: identifiers, score and codes; no name stands here.

    The persons stand in the order of their identifiers, so that a pair is found once, whoever was looked at first. The
    reason of a decision is sealed under the key of the first person.
    """

    __tablename__ = "duplicate_pairs"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    other_person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    other_case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    likeness: Mapped[Likeness] = mapped_column(enum_column(Likeness, "likeness"))
    score: Mapped[float] = mapped_column(Float)
    signs: Mapped[str] = mapped_column(String(1000))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime())
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision, "decision"))
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("person_id", "other_person_id"),
        CheckConstraint("person_id < other_person_id", name="is_in_order"),
        CheckConstraint(
            "(decision IS NULL) = (decided_by_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL) "
            "AND (decision IS NULL) = (reason_sealed IS NULL)",
            name="decided_by_somebody",
        ),
        Index("ix_duplicate_pairs_open", "decision", "likeness", "found_at"),
    )


class PersonLink(Base):
    """Two persons of two cases who are one, as one officer decided and another confirmed; it can be undone.

    The persons, their cases and everything sealed under their keys stay as they are: what is read together follows the
    links. A link that was undone stays in the table with both reasons, sealed under the key of the first person.
    """

    __tablename__ = "person_links"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    pair_id: Mapped[str] = mapped_column(ForeignKey("duplicate_pairs.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    other_person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    other_case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    decided_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime())
    reason_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    undone_by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    undone_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("decided_by_id <> confirmed_by_id", name="two_officers"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL) AND (undone_at IS NULL) = (undone_reason_sealed IS NULL)",
            name="undone_by_somebody",
        ),
        Index(
            "uq_person_links_standing",
            "pair_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
