"""Named reads of what people lay over the agreements' files."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import defer

from ercms.agreements.change_enums import ProposalState
from ercms.agreements.models import CalendarDay, LawChange, LawText, StatusRecord, TermVerification
from ercms.extensions import db


def is_readable() -> bool:
    """Tell whether the database is there and holds the table of changes; asking makes no file."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return False
    try:
        return inspect(db.engine).has_table(LawChange.__tablename__)
    except OperationalError:
        return False


def find_latest_mark() -> str | None:
    """Return the identifier of the latest change of the law; None before the first."""
    with db.session.no_autoflush:
        return db.session.scalar(select(LawChange.id).order_by(LawChange.number.desc()).limit(1))


def next_number() -> int:
    """Return the number of the next change; the caller holds the lock of the audit's chain."""
    return (db.session.scalar(select(func.max(LawChange.number))) or 0) + 1


def list_confirmed_terms() -> Sequence[TermVerification]:
    """Return the confirmed readings, the oldest first: a later one of the same term replaces an earlier one."""
    statement = select(TermVerification).where(TermVerification.state == ProposalState.CONFIRMED)
    return db.session.scalars(statement.order_by(TermVerification.decided_at, TermVerification.id)).all()


def list_confirmed_statuses() -> Sequence[StatusRecord]:
    """Return the confirmed steps in the order of their days."""
    statement = select(StatusRecord).where(StatusRecord.state == ProposalState.CONFIRMED)
    return db.session.scalars(statement.order_by(StatusRecord.effective_on, StatusRecord.decided_at)).all()


def list_current_days() -> Sequence[CalendarDay]:
    """Return the decisions on days that hold, of every calendar."""
    return db.session.scalars(select(CalendarDay).where(CalendarDay.ended_at.is_(None))).all()


def find_current_day(calendar: str, day: date) -> CalendarDay | None:
    """Return the decision that holds for a day."""
    statement = select(CalendarDay).where(
        CalendarDay.calendar == calendar, CalendarDay.day == day, CalendarDay.ended_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def list_days(calendar: str, first_on: date, last_on: date) -> Sequence[CalendarDay]:
    """Return every decision on the days of a span, those that hold no more included, the newest first."""
    statement = select(CalendarDay).where(CalendarDay.calendar == calendar, CalendarDay.day.between(first_on, last_on))
    return db.session.scalars(statement.order_by(CalendarDay.recorded_at.desc(), CalendarDay.id)).all()


def find_verification(record_id: str) -> TermVerification | None:
    """Return one reading."""
    return db.session.get(TermVerification, record_id)


def find_open_verification(agreement_id: str, term_name: str) -> TermVerification | None:
    """Return the reading of a term that waits for its second person."""
    statement = select(TermVerification).where(
        TermVerification.agreement_id == agreement_id,
        TermVerification.term_name == term_name,
        TermVerification.state == ProposalState.PROPOSED,
    )
    return db.session.scalars(statement).one_or_none()


def list_verifications(agreement_id: str, term_name: str | None = None) -> Sequence[TermVerification]:
    """Return the readings of an agreement's terms, the newest first."""
    statement = select(TermVerification).where(TermVerification.agreement_id == agreement_id)
    if term_name is not None:
        statement = statement.where(TermVerification.term_name == term_name)
    return db.session.scalars(statement.order_by(TermVerification.proposed_at.desc(), TermVerification.id)).all()


def find_status(record_id: str) -> StatusRecord | None:
    """Return one recorded step."""
    return db.session.get(StatusRecord, record_id)


def list_statuses(agreement_id: str) -> Sequence[StatusRecord]:
    """Return the recorded steps of an agreement, the newest first."""
    statement = select(StatusRecord).where(StatusRecord.agreement_id == agreement_id)
    return db.session.scalars(statement.order_by(StatusRecord.proposed_at.desc(), StatusRecord.id)).all()


def list_confirmed_texts() -> Sequence[LawText]:
    """Return the imported texts that hold or will hold, the earliest day first."""
    statement = select(LawText).where(LawText.state == ProposalState.CONFIRMED, LawText.withdrawn_at.is_(None))
    return db.session.scalars(statement.order_by(LawText.effective_on, LawText.id)).all()


def find_text(record_id: str) -> LawText | None:
    """Return one imported text."""
    return db.session.get(LawText, record_id)


def find_live_text(subject: str) -> LawText | None:
    """Return the text of a subject that waits or was confirmed."""
    statement = select(LawText).where(
        LawText.subject == subject, LawText.state != ProposalState.REJECTED, LawText.withdrawn_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def list_texts() -> Sequence[LawText]:
    """Return every imported text without its content, the newest first."""
    statement = select(LawText).options(defer(LawText.content))
    return db.session.scalars(statement.order_by(LawText.proposed_at.desc(), LawText.id)).all()


def find_change(change_id: str) -> LawChange | None:
    """Return one change of the law."""
    return db.session.get(LawChange, change_id)


def is_overtaken(change: LawChange) -> bool:
    """Tell whether a later change of the same thing begins anew with the same cases."""
    statement = select(LawChange.id).where(
        LawChange.kind == change.kind, LawChange.subject == change.subject, LawChange.number > change.number
    )
    return db.session.scalar(statement.limit(1)) is not None


def list_changes(limit: int) -> Sequence[LawChange]:
    """Return the latest changes."""
    return db.session.scalars(select(LawChange).order_by(LawChange.number.desc()).limit(limit)).all()
