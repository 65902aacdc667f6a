"""Notices: codes and references, never a name; made once by key, mailed apart, read by one or by an organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.cases import lookup_service
from ercms.core import clock, outbox
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.db_types import new_id
from ercms.core.errors import NotFound
from ercms.extensions import db
from ercms.notifications import queries, sealed
from ercms.notifications.audiences import Recipient
from ercms.notifications.models import Notification

MAIL_TOPIC = "notice.mail"
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice for one reader. Its place is the case, or for those who may not open cases their own list."""

    id: str
    event: str
    case_reference: str | None
    created_at: datetime
    is_new: bool
    is_mine: bool
    is_for_agency: bool
    is_for_partner: bool
    is_for_data_protection: bool


def notify(
    *,
    event: str,
    recipients: Iterable[Recipient],
    key: str,
    case_id: str | None = None,
    case_reference: str | None = None,
) -> tuple[Recipient, ...]:
    """Write a notice for each recipient, in the caller's transaction, and ask for its mail.

    `key` names what happened: whoever was told of it already is not told again. Of a sealed case only its readers are
    told: a notice to an organisation goes to those of its officers who are among them.

    Returns:
        Those who are told now.
    """
    meant = sealed.among_readers(case_id, recipients) if case_id else recipients
    by_key = {f"{key}:{recipient.key}": recipient for recipient in meant}
    known = queries.list_keys(by_key)
    told = []
    for own_key, recipient in by_key.items():
        if own_key in known:
            continue
        notice = Notification(
            id=new_id(),
            key=own_key,
            organisation_id=recipient.organisation_id,
            user_id=recipient.user_id,
            case_id=case_id,
            case_reference=case_reference,
            event=event,
            created_at=clock.now(),
        )
        db.session.add(notice)
        outbox.enqueue(MAIL_TOPIC, {"notice_id": notice.id}, key=f"mail:{notice.id}")
        told.append(recipient)
    db.session.flush()
    return tuple(told)


def list_own(*, actor: Actor) -> tuple[NoticeView, ...]:
    """Return the notices to the actor and to the actor's organisation, the newest first."""
    policy.check(actor, Permission.NOTIFICATION_READ)
    hidden = lookup_service.hidden_case_ids(actor=actor)
    return tuple(_view(actor, row) for row in queries.list_notices(_desk(actor), actor.user_id, hidden))


def unread_count(*, actor: Actor) -> int:
    """Count what the actor has not read, for the mark in the page's head; counts no further than it shows."""
    hidden = lookup_service.hidden_case_ids(actor=actor)
    return queries.count_unread(_desk(actor), actor.user_id, hidden, most=MOST_COUNTED + 1)


def mark_read(*, actor: Actor, notice_id: str) -> NoticeView:
    """Note that a notice has been read, and return it.

    Raises:
        NotFound: there is no such notice, or it is somebody else's.
    """
    notice = queries.find_notice(notice_id)
    if notice is None or (
        notice.case_id and not lookup_service.is_there_for(user_id=actor.user_id, case_id=notice.case_id)
    ):
        raise NotFound
    is_for_desk = notice.user_id is None and notice.organisation_id == _desk(actor)
    if notice.user_id != actor.user_id and not is_for_desk:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = clock.now()
    return _view(actor, notice)


def mark_all_read(*, actor: Actor, until: datetime | None = None) -> int:
    """Note that the actor's notices have been read, all or those made up to an instant; return how many were new."""
    policy.check(actor, Permission.NOTIFICATION_READ)
    rows = queries.list_unread(_desk(actor), actor.user_id, lookup_service.hidden_case_ids(actor=actor))
    unread = [row.id for row in rows if until is None or row.created_at <= until]
    now = clock.now()
    db.session.execute(update(Notification).where(Notification.id.in_(unread)).values(read_at=now))
    return len(unread)


def _desk(actor: Actor) -> str | None:
    """Return the organisation whose notices the actor reads; those of the Service are for who works on cases."""
    if actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE:
        return actor.organisation_id if actor.role in {Role.CASE_WORKER, Role.SUPERVISOR} else None
    return actor.organisation_id


def _view(actor: Actor, row: Notification) -> NoticeView:
    return NoticeView(
        id=row.id,
        event=row.event,
        case_reference=row.case_reference,
        created_at=row.created_at,
        is_new=row.read_at is None,
        is_mine=row.user_id is not None,
        is_for_agency=actor.role is Role.VERIFIER,
        is_for_partner=actor.role is Role.REINTEGRATION_PARTNER,
        is_for_data_protection=actor.role is Role.DATA_PROTECTION_OFFICER,
    )
