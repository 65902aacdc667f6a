"""Named reads of referrals."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, or_, select

from ercms.extensions import db
from ercms.reintegration.models import Referral, ReferralReport, ReferralService
from workflows.referral import SHARED_STATES, ReferralState

LONGEST_LIST = 300


def find_referral(referral_id: str) -> Referral | None:
    """Return a referral."""
    return db.session.get(Referral, referral_id)


def list_of_case(case_id: str) -> Sequence[Referral]:
    """Return the referrals of a case, the first one first."""
    statement = select(Referral).where(Referral.case_id == case_id).order_by(Referral.offered_at, Referral.id)
    return db.session.scalars(statement).all()


def list_granted(partner_id: str, today: date, hidden: Select[str]) -> Sequence[Referral]:
    """Return the referrals that are granted to a partner on a day but those of hidden cases, the newest first."""
    statement = (
        select(Referral)
        .where(
            Referral.partner_id == partner_id,
            Referral.state.in_(sorted(SHARED_STATES)),
            Referral.consent_revoked_at.is_(None),
            Referral.case_id.not_in(hidden),
            or_(Referral.consent_until.is_(None), Referral.consent_until >= today),
        )
        .order_by(Referral.referred_at.desc(), Referral.id)
        .limit(LONGEST_LIST)
    )
    return db.session.scalars(statement).all()


def list_in_states(states: Iterable[ReferralState], hidden: Select[str]) -> Sequence[Referral]:
    """Return the referrals in these states but those of hidden cases, the newest first."""
    statement = select(Referral).where(Referral.state.in_(list(states)), Referral.case_id.not_in(hidden))
    return db.session.scalars(statement.order_by(Referral.offered_at.desc(), Referral.id).limit(LONGEST_LIST)).all()


def list_services(referral_ids: Iterable[str]) -> Sequence[ReferralService]:
    """Return the services of some referrals, the first one first."""
    statement = select(ReferralService).where(ReferralService.referral_id.in_(list(referral_ids)))
    return db.session.scalars(statement.order_by(ReferralService.recorded_at, ReferralService.id)).all()


def find_service(service_id: str) -> ReferralService | None:
    """Return a service."""
    return db.session.get(ReferralService, service_id)


def list_reports(referral_ids: Iterable[str]) -> Sequence[ReferralReport]:
    """Return the reports of some referrals, the newest first."""
    statement = select(ReferralReport).where(ReferralReport.referral_id.in_(list(referral_ids)))
    return db.session.scalars(statement.order_by(ReferralReport.recorded_at.desc(), ReferralReport.id)).all()
