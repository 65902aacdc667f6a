"""Requests for a correction or a restriction, and what was decided on them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.marks.enums import MarkGround, MarkKind, MarkState
from ercms.vault.enums import Compartment


class PersonMark(Base):
    """What somebody asked about the data of a person; what was asked, said and replaced is sealed with the person."""

    __tablename__ = "person_marks"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(enum_column(MarkKind, "kind"))
    ground: Mapped[MarkGround] = mapped_column(enum_column(MarkGround, "ground"))
    state: Mapped[MarkState] = mapped_column(enum_column(MarkState, "state"), default=MarkState.PENDING)
    compartment: Mapped[Compartment | None] = mapped_column(enum_column(Compartment, "compartment"))
    field: Mapped[str | None] = mapped_column(String(60))
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    is_by_person: Mapped[bool]
    asked_by_id: Mapped[str] = mapped_column(String(32))
    asked_by_organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    reasons_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_by_id: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    lifted_by_id: Mapped[str | None] = mapped_column(String(32))
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided_has_decided_at"),
        CheckConstraint("(state = 'lifted') = (lifted_at IS NOT NULL)", name="lifted_has_lifted_at"),
        CheckConstraint("(compartment IS NULL) = (field IS NULL)", name="field_has_compartment"),
        Index("ix_person_marks_state", "state", "asked_at"),
    )
