"""Named reads of messages."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, func, select

from ercms.extensions import db
from ercms.messages.models import Message, MessageReading


def list_messages(case_id: str) -> Sequence[Message]:
    """Return the messages of a case, the oldest first."""
    statement = select(Message).where(Message.case_id == case_id).order_by(Message.sent_at, Message.id)
    return db.session.scalars(statement).all()


def list_unread(case_id: str, organisation_id: str) -> Sequence[Message]:
    """Return the messages of a case that others wrote and nobody of an organisation has read."""
    return db.session.scalars(
        select(Message)
        .outerjoin(MessageReading, _reading_of(organisation_id))
        .where(
            Message.case_id == case_id,
            Message.author_organisation_id != organisation_id,
            MessageReading.id.is_(None),
        )
    ).all()


def count_unread(case_ids: Iterable[str], organisation_id: str) -> dict[str, int]:
    """Count the same for many cases at once; a case without any is absent."""
    rows = db.session.execute(
        select(Message.case_id, func.count())
        .outerjoin(MessageReading, _reading_of(organisation_id))
        .where(
            Message.case_id.in_(list(case_ids)),
            Message.author_organisation_id != organisation_id,
            MessageReading.id.is_(None),
        )
        .group_by(Message.case_id)
    )
    return {row[0]: row[1] for row in rows}


def list_readings(message_ids: Iterable[str], organisation_id: str) -> dict[str, MessageReading]:
    """Return the readings of these messages by other organisations than one, the first of each message."""
    rows = db.session.scalars(
        select(MessageReading)
        .where(MessageReading.message_id.in_(list(message_ids)), MessageReading.organisation_id != organisation_id)
        .order_by(MessageReading.read_at.desc())
    )
    return {row.message_id: row for row in rows}


def list_writers(case_id: str) -> Sequence[str]:
    """Return the organisations that have written in a case."""
    return db.session.scalars(select(Message.author_organisation_id).where(Message.case_id == case_id).distinct()).all()


def _reading_of(organisation_id: str) -> ColumnElement[bool]:
    return and_(MessageReading.message_id == Message.id, MessageReading.organisation_id == organisation_id)
