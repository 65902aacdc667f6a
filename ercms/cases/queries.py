"""Named reads of cases."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import joinedload, selectinload

from ercms.cases.enums import SealGround
from ercms.cases.models import (
    Case,
    CaseClock,
    CaseMember,
    CaseReader,
    CaseSealing,
    CaseTransition,
    ClockExtension,
    ClockStop,
    SavedView,
    SilenceRecord,
)
from ercms.core import clock
from ercms.extensions import db


def find_case(reference: str) -> Case | None:
    """Return the case of this reference with its members."""
    statement = select(Case).options(joinedload(Case.members)).where(Case.reference == reference)
    return db.session.execute(statement).unique().scalar_one_or_none()


def get_case_by_id(case_id: str) -> Case:
    """Return the case of this identifier."""
    return db.session.get_one(Case, case_id)


def list_cases_by_id(case_ids: Iterable[str]) -> Sequence[Case]:
    """Return the cases of these identifiers with their members, in no order."""
    statement = select(Case).options(selectinload(Case.members)).where(Case.id.in_(list(case_ids)))
    return db.session.scalars(statement).all()


def list_transitions(case_id: str) -> Sequence[CaseTransition]:
    """Return what happened to a case, the oldest first."""
    statement = (
        select(CaseTransition)
        .where(CaseTransition.case_id == case_id)
        .order_by(CaseTransition.at, CaseTransition.case_version)
    )
    return db.session.scalars(statement).all()


def find_last_transition(case_id: str) -> CaseTransition | None:
    """Return the last move of a case."""
    statement = (
        select(CaseTransition)
        .where(CaseTransition.case_id == case_id)
        .order_by(CaseTransition.case_version.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def list_stops(case_id: str) -> Sequence[ClockStop]:
    """Return every stop of a case, the earliest first."""
    return db.session.scalars(select(ClockStop).where(ClockStop.case_id == case_id).order_by(ClockStop.from_on)).all()


def list_cases_with_stops() -> Sequence[Case]:
    """Return the cases that have a stop which still stands, or that are said to stand still."""
    with_open_stop = select(ClockStop.case_id).where(ClockStop.to_on.is_(None) | (ClockStop.to_on >= clock.today()))
    return db.session.scalars(select(Case).where(Case.is_suspended.is_(True) | Case.id.in_(with_open_stop))).all()


def set_suspended(case_id: str, is_suspended: bool) -> None:
    """Write what the lists say of a stop, without a new version: nobody's form is made stale by a day that passed."""
    db.session.execute(update(Case).where(Case.id == case_id).values(is_suspended=is_suspended))


def list_extensions(case_id: str) -> Sequence[ClockExtension]:
    """Return every extension of a case's limits."""
    statement = select(ClockExtension).where(ClockExtension.case_id == case_id).order_by(ClockExtension.notified_on)
    return db.session.scalars(statement).all()


def find_silence_record(case_id: str) -> SilenceRecord | None:
    """Return the sealed record of the silence in a case."""
    return db.session.scalar(select(SilenceRecord).where(SilenceRecord.case_id == case_id))


def list_current_clocks(case_id: str) -> Sequence[CaseClock]:
    """Return the due dates that have not been superseded."""
    statement = (
        select(CaseClock)
        .where(CaseClock.case_id == case_id, CaseClock.status != "superseded")
        .order_by(CaseClock.due_on, CaseClock.kind)
    )
    return db.session.scalars(statement).all()


def list_superseded_clocks(case_id: str) -> Sequence[CaseClock]:
    """Return the due dates that were computed before, the newest first."""
    statement = (
        select(CaseClock)
        .where(CaseClock.case_id == case_id, CaseClock.status == "superseded")
        .order_by(CaseClock.computed_at.desc())
    )
    return db.session.scalars(statement).all()


def list_cases_of_persons(person_ids: Iterable[str]) -> Sequence[tuple[Case, str]]:
    """Return the cases in which any of these persons is a member, each with the person."""
    statement = select(Case, CaseMember.person_id).join(CaseMember).where(CaseMember.person_id.in_(list(person_ids)))
    return [(case, person_id) for case, person_id in db.session.execute(statement).all()]


def find_case_ids_of_persons(person_ids: Iterable[str], condition: ColumnElement[bool]) -> dict[str, str]:
    """Return in which case each of these persons is a member, of the cases that meet a condition."""
    statement = (
        select(CaseMember.person_id, CaseMember.case_id)
        .join(CaseMember.case)
        .where(CaseMember.person_id.in_(list(person_ids)), condition)
    )
    return {row.person_id: row.case_id for row in db.session.execute(statement)}


def selected_persons(condition: ColumnElement[bool]) -> Select[str]:
    """Return the statement that selects the members of the cases that meet a condition."""
    return select(CaseMember.person_id).join(CaseMember.case).where(condition)


def find_sealing(case_id: str) -> CaseSealing | None:
    """Return the sealing of a case that stands."""
    statement = select(CaseSealing).where(CaseSealing.case_id == case_id, CaseSealing.ended_at.is_(None))
    return db.session.scalars(statement).one_or_none()


def list_grounds_of_sealings(case_id: str) -> set[SealGround]:
    """Return on which grounds a case was ever sealed."""
    return set(db.session.scalars(select(CaseSealing.ground).where(CaseSealing.case_id == case_id)))


def list_readers(case_id: str) -> Sequence[CaseReader]:
    """Return who may see a case while it is sealed, the first named first."""
    statement = select(CaseReader).where(CaseReader.case_id == case_id, CaseReader.ended_at.is_(None))
    return db.session.scalars(statement.order_by(CaseReader.added_at, CaseReader.id)).all()


def list_sealed_without(user_ids: Iterable[str]) -> Sequence[Case]:
    """Return the sealed cases that none of these users may see."""
    seen = select(CaseReader.case_id).where(CaseReader.ended_at.is_(None), CaseReader.user_id.in_(list(user_ids)))
    return db.session.scalars(select(Case).where(Case.is_sealed, Case.id.not_in(seen)).order_by(Case.id)).all()


def list_saved_views(user_id: str) -> Sequence[SavedView]:
    """Return an officer's saved views by name."""
    return db.session.scalars(select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.name)).all()


def run_list(statement: Select[Case]) -> Sequence[Case]:
    """Run a list of cases that `ercms.cases.worklist` has put together."""
    return db.session.scalars(statement).all()


def count_of(statement: Select[Case], *, most: int) -> int:
    """Count the rows of a list, stopping at `most`: nobody needs the difference between 5,000 and 5,001."""
    limited = statement.with_only_columns(Case.id).order_by(None).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(limited)) or 0
