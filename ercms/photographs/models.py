"""The table of what officers found on two pictures."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, id_type, new_id
from ercms.extensions import Base


class PhotographComparison(Base):
    """One officer's finding on two pictures of one person: nothing is changed afterwards, a second look is a new row.

    Finding and reasons are sealed together under the person's key, and are gone when the person is erased. Pages count
    from one; a picture has one.
    """

    __tablename__ = "photograph_comparisons"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    sent_id: Mapped[str] = mapped_column(ForeignKey("stored_files.id"))
    sent_page: Mapped[int] = mapped_column(SmallInteger)
    other_id: Mapped[str] = mapped_column(ForeignKey("stored_files.id"))
    other_page: Mapped[int] = mapped_column(SmallInteger)
    finding_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    found_by_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("sent_id <> other_id", name="two_pictures"),
        Index("ix_photograph_comparisons_case", "case_id", "found_at"),
    )
