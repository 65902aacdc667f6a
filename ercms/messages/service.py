"""Messages in a case between SMS and the requesting side, sealed like everything that is said about a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core import clock, outbox
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import PermissionRefused, RuleRefused
from ercms.extensions import db
from ercms.messages import queries
from ercms.messages.models import Message, MessageReading
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from workflows.readmission import CaseState

BODY_LABEL = "messages.body"
SENT_TOPIC = "message.sent"


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message for one reader. `author` is named to the author's own organisation only; `body` is None when it can
    no longer be read; `read_at` is when another organisation first read what the reader's own wrote.
    """

    id: str
    organisation: str
    author: str | None
    is_own: bool
    is_new: bool
    body: str | None
    sent_at: datetime
    read_at: datetime | None


def send(*, actor: Actor, reference: str, values: Mapping[str, Any]) -> str:
    """Write a message in a case and return its identifier.

    Raises:
        RuleRefused: `case_not_sent`, nobody else can see a draft.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.MESSAGE_SEND)
    if case.state is CaseState.DRAFT:
        raise RuleRefused("case_not_sent", reference=reference)
    message_id, organisation_id = new_id(), _organisation(actor)
    body = vault.seal_text(
        person_id=case.principal_person_id, label=BODY_LABEL, record_id=message_id, text=values["body"]
    )
    db.session.add(
        Message(
            id=message_id,
            case_id=case.id,
            author_id=actor.user_id,
            author_organisation_id=organisation_id,
            body_sealed=body,
            sent_at=clock.now(),
        )
    )
    db.session.flush()
    others = [writer for writer in queries.list_writers(case.id) if writer != organisation_id]
    audit.record_of_case(
        actor=actor,
        action=AuditAction.MESSAGE_SENT,
        case_id=case.id,
        payload={"message_id": message_id, "has_text": True},
    )
    payload = {
        "case_id": case.id,
        "reference": case.reference,
        "from_organisation_id": organisation_id,
        "writers": sorted(others),
    }
    outbox.enqueue(SENT_TOPIC, payload, key=f"message:{message_id}")
    return message_id


def for_case(*, actor: Actor, case: Case) -> tuple[MessageView, ...]:
    """Return the messages of a case for this reader, the oldest first; empty for whoever may not read them.

    What was new is marked as read by the reader's organisation, and still given as new this once.
    """
    if not policy.allows(actor, Permission.MESSAGE_READ, case) or actor.organisation_id is None:
        return ()
    rows = queries.list_messages(case.id)
    own = actor.organisation_id
    unread = {message.id for message in queries.list_unread(case.id, own)}
    readings = queries.list_readings([row.id for row in rows if row.author_organisation_id == own], own)
    organisations = accounts.organisation_names(row.author_organisation_id for row in rows)
    authors = accounts.user_names(row.author_id for row in rows if row.author_organisation_id == own)
    mark_read(actor=actor, case=case)
    bodies = vault.open_texts(SealedText(case.principal_person_id, BODY_LABEL, row.id, row.body_sealed) for row in rows)
    return tuple(
        MessageView(
            id=row.id,
            organisation=organisations.get(row.author_organisation_id, ""),
            author=authors.get(row.author_id),
            is_own=row.author_organisation_id == own,
            is_new=row.id in unread,
            body=body,
            sent_at=row.sent_at,
            read_at=readings[row.id].read_at if row.id in readings else None,
        )
        for row, body in zip(rows, bodies, strict=True)
    )


def mark_read(*, actor: Actor, case: Case) -> int:
    """Note that the actor's organisation has now read what others wrote in a case; return how many were new."""
    if not policy.allows(actor, Permission.MESSAGE_READ, case) or actor.organisation_id is None:
        return 0
    now = clock.now()
    unread = queries.list_unread(case.id, actor.organisation_id)
    for message in unread:
        reading = MessageReading(
            message_id=message.id, organisation_id=actor.organisation_id, read_by_id=actor.user_id, read_at=now
        )
        try:
            with db.session.begin_nested():
                db.session.add(reading)
        except IntegrityError:
            # A colleague opened the case at the same moment: the first reading stands.
            continue
        audit.record_of_case(
            actor=actor, action=AuditAction.MESSAGE_READ, case_id=case.id, payload={"message_id": message.id}
        )
    return len(unread)


def unread_counts(*, actor: Actor, case_ids: Iterable[str]) -> dict[str, int]:
    """Count, for the lines of a list that the actor sees, the messages that the actor's organisation has not read."""
    wanted = list(case_ids)
    if actor.organisation_id is None or not wanted or not policy.allows(actor, Permission.MESSAGE_READ):
        return {}
    return queries.count_unread(wanted, actor.organisation_id)


def _organisation(actor: Actor) -> str:
    if actor.organisation_id is None:
        raise PermissionRefused
    return actor.organisation_id
