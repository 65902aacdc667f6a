"""Referrals to reintegration partners, what they do and what they report."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from ercms.core.db_types import UTCDateTime, enum_column, id_type, new_id
from ercms.extensions import Base
from ercms.reintegration.enums import AssistanceArea, ConsentPurpose, ReferralOutcome, ServiceState
from workflows.referral import ReferralState


class Referral(Base):
    """One person's referral to one partner, with the consent that it rests on."""

    __tablename__ = "referrals"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[ReferralState] = mapped_column(enum_column(ReferralState, "state"))
    areas: Mapped[list[str]] = mapped_column(JSON)
    consented_fields: Mapped[list[str]] = mapped_column(JSON)
    consent_purpose: Mapped[ConsentPurpose | None] = mapped_column(enum_column(ConsentPurpose, "consent_purpose"))
    consent_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    consented_on: Mapped[date | None]
    consent_until: Mapped[date | None]
    consent_revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    offered_by_id: Mapped[str] = mapped_column(id_type())
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime())
    referred_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    outcome: Mapped[ReferralOutcome | None] = mapped_column(enum_column(ReferralOutcome, "outcome"))

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('referred', 'accepted', 'in_progress') "
            "OR (partner_id IS NOT NULL AND consented_on IS NOT NULL AND consent_purpose IS NOT NULL)",
            name="referred_has_partner_and_consent",
        ),
        CheckConstraint("state != 'completed' OR outcome IS NOT NULL", name="completed_has_outcome"),
        Index("ix_referrals_partner", "partner_id", "state", "referred_at"),
    )


class ReferralService(Base):
    """One service in one of the five areas."""

    __tablename__ = "referral_services"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), index=True)
    area: Mapped[AssistanceArea] = mapped_column(enum_column(AssistanceArea, "area"))
    state: Mapped[ServiceState] = mapped_column(enum_column(ServiceState, "state"))
    description_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    provided_on: Mapped[date | None]
    recorded_by_id: Mapped[str] = mapped_column(id_type())
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime())


class ReferralReport(Base):
    """One progress report of the partner."""

    __tablename__ = "referral_reports"

    id: Mapped[str] = mapped_column(id_type(), primary_key=True, default=new_id)
    referral_id: Mapped[str] = mapped_column(ForeignKey("referrals.id"), index=True)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_by_id: Mapped[str] = mapped_column(id_type())
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime())
