"""Named reads of the pairs of persons who may be one."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from ercms.extensions import db
from ercms.identity.enums import Decision
from ercms.identity.models import DuplicatePair, PersonLink

MOST_JOINED = 50


def find_pair(pair_id: str) -> DuplicatePair | None:
    """Return the pair of this identifier."""
    return db.session.get(DuplicatePair, pair_id)


def find_pair_of(person_id: str, other_person_id: str) -> DuplicatePair | None:
    """Return the pair of two persons, who stand in order."""
    statement = select(DuplicatePair).where(
        DuplicatePair.person_id == person_id, DuplicatePair.other_person_id == other_person_id
    )
    return db.session.scalars(statement).one_or_none()


def list_pairs(*, is_decided: bool, visible: Select[str], limit: int, offset: int) -> Sequence[DuplicatePair]:
    """Return pairs of which both cases may be seen: the likeliest and oldest first, of the decided the newest."""
    decided = DuplicatePair.decision.is_not(None) if is_decided else DuplicatePair.decision.is_(None)
    order = (
        (DuplicatePair.decided_at.desc(), DuplicatePair.id)
        if is_decided
        else (DuplicatePair.likeness.desc(), DuplicatePair.score.desc(), DuplicatePair.found_at, DuplicatePair.id)
    )
    statement = select(DuplicatePair).where(decided, *_in_sight(visible)).order_by(*order)
    return db.session.scalars(statement.limit(limit).offset(offset)).all()


def count_pairs(*, visible: Select[str]) -> tuple[int, int]:
    """Return how many pairs wait for a decision, and how many have one."""
    statement = select(func.count(), func.count(DuplicatePair.decision)).where(*_in_sight(visible))
    total, decided = db.session.execute(statement).one()
    return total - decided, decided


def _in_sight(visible: Select[str]) -> tuple[ColumnElement[bool], ...]:
    return DuplicatePair.case_id.in_(visible), DuplicatePair.other_case_id.in_(visible)


def list_pairs_of_case(case_id: str) -> Sequence[DuplicatePair]:
    """Return the pairs of a case's persons, but those that were found to be two."""
    of_case = or_(DuplicatePair.case_id == case_id, DuplicatePair.other_case_id == case_id)
    not_two = or_(DuplicatePair.decision.is_(None), DuplicatePair.decision != Decision.NOT_THE_SAME)
    statement = select(DuplicatePair).where(of_case, not_two)
    return db.session.scalars(statement.order_by(DuplicatePair.likeness.desc(), DuplicatePair.score.desc())).all()


def list_open_pairs_of_persons(person_ids: Iterable[str]) -> Sequence[DuplicatePair]:
    """Return the pairs of these persons that nobody has decided."""
    ids = list(person_ids)
    of_them = or_(DuplicatePair.person_id.in_(ids), DuplicatePair.other_person_id.in_(ids))
    return db.session.scalars(select(DuplicatePair).where(and_(DuplicatePair.decision.is_(None), of_them))).all()


def list_links_of_persons(person_ids: Iterable[str]) -> Sequence[PersonLink]:
    """Return the links that stand and touch one of these persons."""
    ids = list(person_ids)
    of_them = or_(PersonLink.person_id.in_(ids), PersonLink.other_person_id.in_(ids))
    return db.session.scalars(select(PersonLink).where(PersonLink.undone_at.is_(None), of_them)).all()


def list_links_of_pair(pair_id: str) -> Sequence[PersonLink]:
    """Return the links that a pair has or had, the newest first."""
    statement = select(PersonLink).where(PersonLink.pair_id == pair_id)
    return db.session.scalars(statement.order_by(PersonLink.confirmed_at.desc(), PersonLink.id.desc())).all()


def persons_joined_with(person_ids: Iterable[str]) -> dict[str, PersonLink]:
    """Return the persons who are one with any of these, themselves left out, each with the link that leads there.

    Follows the links over several cases, up to `MOST_JOINED` persons; who may see them is for the caller to ask.
    """
    own = set(person_ids)
    found: dict[str, PersonLink] = {}
    new = set(own)
    while new and len(found) < MOST_JOINED:
        ends = {one: link for link in list_links_of_persons(new) for one in (link.person_id, link.other_person_id)}
        new = ends.keys() - found.keys() - own
        found |= {person_id: ends[person_id] for person_id in sorted(new)}
    return found
