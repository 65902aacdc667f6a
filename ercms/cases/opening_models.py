"""The reasons that officers gave before they looked at cases outside their own work."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ercms.cases.enums import OpeningMark, OpeningPurpose
from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base


class CaseOpening(Base):
    """One officer, one case, one reason, for a limited time; the words are sealed under the principal's key."""

    __tablename__ = "case_openings"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[OpeningPurpose] = mapped_column(enum_column(OpeningPurpose, "purpose"))
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    mark: Mapped[OpeningMark | None] = mapped_column(enum_column(OpeningMark, "mark"))
    marked_by_id: Mapped[str | None] = mapped_column(String(32))
    marked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __table_args__ = (
        CheckConstraint("(mark IS NULL) = (marked_at IS NULL)", name="marked_has_marked_at"),
        Index("ix_case_openings_user", "user_id", "case_id", "ends_at"),
        Index("ix_case_openings_opened", "opened_at", "id"),
    )
