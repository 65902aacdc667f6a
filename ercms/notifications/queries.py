"""Named reads of notices."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from ercms.extensions import db
from ercms.notifications.models import Notification

PAGE_SIZE = 100


def find_notice(notice_id: str) -> Notification | None:
    """Return a notice."""
    return db.session.get(Notification, notice_id)


def list_keys(keys: Iterable[str]) -> set[str]:
    """Return which of these keys have a notice."""
    return set(db.session.scalars(select(Notification.key).where(Notification.key.in_(list(keys)))))


def list_notices(organisation_id: str | None, user_id: str, hidden: Select[str]) -> Sequence[Notification]:
    """Return the notices to an officer and, when one is given, to an organisation, the newest first.

    Those of hidden cases are left out.

    Two questions and not one: each can be read off an index in its order, however many notices there ever were.
    """
    wanted: list[ColumnElement[bool]] = [Notification.user_id == user_id]
    if organisation_id is not None:
        wanted.append(and_(Notification.organisation_id == organisation_id, Notification.user_id.is_(None)))
    found: list[Notification] = []
    for condition in wanted:
        newest = (
            select(Notification)
            .where(condition, _shown(hidden))
            .order_by(Notification.created_at.desc(), Notification.id)
        )
        found += db.session.scalars(newest.limit(PAGE_SIZE))
    found.sort(key=lambda notice: notice.id)
    found.sort(key=lambda notice: notice.created_at, reverse=True)
    return found[:PAGE_SIZE]


def list_unread(organisation_id: str | None, user_id: str, hidden: Select[str]) -> Sequence[Notification]:
    """Return those of them that nobody has read."""
    statement = select(Notification).where(
        _for(organisation_id, user_id), Notification.read_at.is_(None), _shown(hidden)
    )
    return db.session.scalars(statement).all()


def count_unread(organisation_id: str | None, user_id: str, hidden: Select[str], *, most: int) -> int:
    """Count those that nobody has read, up to `most`."""
    unread = select(Notification.id).where(
        _for(organisation_id, user_id), Notification.read_at.is_(None), _shown(hidden)
    )
    return db.session.scalar(select(func.count()).select_from(unread.limit(most).subquery())) or 0


def _shown(hidden: Select[str]) -> ColumnElement[bool]:
    return or_(Notification.case_id.is_(None), Notification.case_id.not_in(hidden))


def _for(organisation_id: str | None, user_id: str) -> ColumnElement[bool]:
    own = Notification.user_id == user_id
    if organisation_id is None:
        return own
    return or_(own, and_(Notification.organisation_id == organisation_id, Notification.user_id.is_(None)))
