"""Named reads of the retention schedule, legal holds and erasures."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, func, or_, select, union

from ercms.cases.enums import CaseOutcome
from ercms.core.errors import NotFound
from ercms.extensions import db
from ercms.privacy.models import CaseErasure, ErasureReport, LegalHold, RetentionRule


def find_rule(outcome: CaseOutcome) -> RetentionRule | None:
    """Return the rule for one outcome, if it was ever changed."""
    return db.session.get(RetentionRule, outcome)


def list_rules() -> Sequence[RetentionRule]:
    """Return the rules that were changed."""
    return db.session.scalars(select(RetentionRule)).all()


def _in_force(today: date) -> Select[str]:
    is_running = or_(LegalHold.until_on.is_(None), LegalHold.until_on >= today)
    return select(LegalHold.case_id).where(LegalHold.lifted_at.is_(None), is_running)


def spared_case_ids(today: date) -> Select[str]:
    """Return a query for the cases that no run touches: those held, and those erased already."""
    both = union(_in_force(today), select(CaseErasure.case_id)).subquery()
    return select(both.c.case_id)


def erased_case_ids() -> Select[str]:
    """Return a query for the cases whose persons were erased."""
    return select(CaseErasure.case_id)


def held_case_ids(today: date) -> set[str]:
    """Return the cases on which a hold is in force."""
    return set(db.session.scalars(_in_force(today)))


def list_holds() -> Sequence[LegalHold]:
    """Return the holds that nobody has lifted, the newest first."""
    query = select(LegalHold).where(LegalHold.lifted_at.is_(None)).order_by(LegalHold.set_at.desc(), LegalHold.id)
    return db.session.scalars(query).all()


def get_open_hold(hold_id: str) -> LegalHold:
    """Return a hold that nobody has lifted.

    Raises:
        NotFound: there is none of this identifier.
    """
    hold = db.session.get(LegalHold, hold_id)
    if hold is None or hold.lifted_at is not None:
        raise NotFound
    return hold


def find_erasure(case_id: str) -> CaseErasure | None:
    """Return the erasure of a case, if it took place."""
    return db.session.get(CaseErasure, case_id)


def list_unreported() -> Sequence[CaseErasure]:
    """Return the erasures that no report names yet, the oldest first."""
    query = select(CaseErasure).where(CaseErasure.report_number.is_(None))
    return db.session.scalars(query.order_by(CaseErasure.erased_at, CaseErasure.case_id)).all()


def last_report_number() -> int:
    """Return the number of the newest report; nought when there is none."""
    return db.session.scalar(select(func.max(ErasureReport.number))) or 0


def list_reports(limit: int) -> Sequence[ErasureReport]:
    """Return the reports, the newest first."""
    return db.session.scalars(select(ErasureReport).order_by(ErasureReport.number.desc()).limit(limit)).all()


def get_report(number: int) -> ErasureReport:
    """Return a report.

    Raises:
        NotFound: there is none of this number.
    """
    report = db.session.get(ErasureReport, number)
    if report is None:
        raise NotFound
    return report
