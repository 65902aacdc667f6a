"""Travel documents for the return."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from workflows.travel_document import DocumentState


class TravelDocument(Base):
    """One document for one person; a re-issued one is a new row that replaces the old."""

    __tablename__ = "travel_documents"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[str] = mapped_column(String(60))
    state: Mapped[DocumentState] = mapped_column(enum_column(DocumentState, "state"))
    mission_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime())
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    issued_by_id: Mapped[str | None] = mapped_column(String(32))
    replaced_by_id: Mapped[str | None] = mapped_column(String(32))

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(
            "state != 'issued' OR (issued_on IS NOT NULL AND valid_until IS NOT NULL AND number_sealed IS NOT NULL)",
            name="issued_has_number_and_dates",
        ),
        CheckConstraint(
            "valid_until IS NULL OR issued_on IS NULL OR valid_until >= issued_on", name="valid_after_issue"
        ),
        Index("ix_travel_documents_waiting", "state", "mission_id", "case_id"),
    )
