"""Mail: what happened and the reference of the case, in the reader's language, and never a name.

Each address gets an outbox row of its own, so that one that fails does not send the others again. A mail that is sent
twice after a crash carries the same Message-ID, by which mail systems drop the second.
"""

import smtplib
import ssl
from collections import Counter
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app
from flask_babel import force_locale, gettext

from config import Settings
from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.core import clock, outbox
from ercms.core.actor import SYSTEM, OrganisationKind
from ercms.core.errors import InvalidInput
from ercms.core.outbox import Act, Delivery
from ercms.core.unit_of_work import unit_of_work
from ercms.notifications import queries
from ercms.notifications.labels import event_text
from ercms.notifications.models import Notification

POST_TOPIC = "notice.post"
MOST_ADDRESSES = 20
_SECONDS = 20
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def address_notice(delivery: Delivery) -> None:
    """Ask for one mail to each address of a notice's recipient."""
    notice = queries.find_notice(delivery.payload["notice_id"])
    if notice is None or _settings().smtp_host is None:
        return
    for user_id in _readers(notice):
        if not _may_still_know(notice, user_id):
            continue
        payload = {"notice_id": notice.id, "user_id": user_id}
        outbox.enqueue(POST_TOPIC, payload, key=f"post:{notice.id}:{user_id or 'desk'}")


def post_notice(delivery: Delivery) -> Act | None:
    """Send one mail, outside the transaction."""
    notice = queries.find_notice(delivery.payload["notice_id"])
    settings = _settings()
    if notice is None or settings.smtp_host is None:
        return None
    user_id = delivery.payload["user_id"]
    if not _may_still_know(notice, user_id):
        return None
    if user_id is None:
        organisation = accounts.get_organisation(notice.organisation_id)
        address, language = organisation.contact_email, _language_of(notice.organisation_id, settings)
    else:
        user = accounts.get_user(user_id)
        address, language = (user.email if user.is_active else None), user.locale
    if not address:
        return None
    message = compose(
        settings,
        address=address,
        language=language,
        event=notice.event,
        reference=notice.case_reference,
        message_id=f"{notice.id}.{user_id or 'desk'}",
    )
    notice_id = notice.id

    def act() -> None:
        send(settings, message)
        _note_sent(notice_id)

    return act


def _may_still_know(notice: Notification, user_id: str | None) -> bool:
    """Tell whether the case was not sealed between the notice and its mail; a desk's own address is no reader."""
    readers = lookup_service.reader_ids(case_id=notice.case_id) if notice.case_id else None
    return readers is None or user_id in readers


def compose(
    settings: Settings, *, address: str, language: str, event: str, reference: str | None, message_id: str
) -> EmailMessage:
    """Write one mail.

    Raises:
        InvalidInput: `bad_address`, it could smuggle a header or a second address in.
    """
    if any(character in ',;:<>()[]\\" \t\r\n\x00' or not character.isprintable() for character in address):
        raise InvalidInput("bad_address")
    with force_locale(language):
        what = event_text(event)
        subject = f"{reference}: {what}" if reference else what
        lines = [
            what,
            *([f"{gettext('Case')}: {reference}"] if reference else []),
            "",
            gettext("Sign in to read more. For their protection, mails never name a person."),
            # Every reader's notices lead on to where that reader may go; not everybody may open the case.
            f"{settings.base_url}/notices",
        ]
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = settings.mail_from
    message["To"] = address
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{message_id}@{settings.mail_from.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(lines) + "\n")
    # Setting the content drops every header that describes it, so this one comes after.
    message["Content-Language"] = language
    return message


def send(settings: Settings, message: EmailMessage) -> None:
    """Hand a mail to the mail server, encrypted where another machine offers it; then its certificate must be right."""
    host = settings.smtp_host or ""
    with smtplib.SMTP(host, settings.smtp_port, timeout=_SECONDS) as server:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls") and host not in _LOOPBACK:
            server.starttls(context=ssl.create_default_context())
        server.send_message(message)


def _readers(notice: Notification) -> list[str | None]:
    """Return the users to whom a notice is mailed; None stands for the mailbox of the organisation.

    The Service itself is written to in its mailbox only: a notice to all of its officers would be noise.
    """
    if notice.user_id is not None:
        return [notice.user_id]
    organisation = accounts.get_organisation(notice.organisation_id)
    if organisation.contact_email:
        return [None]
    if organisation.kind is OrganisationKind.MIGRATION_SERVICE:
        return []
    return [user.id for user in _officers(organisation.id)[:MOST_ADDRESSES]]


def _officers(organisation_id: str) -> list[UserSummary]:
    return accounts.list_officers(organisation_id=organisation_id)


def _language_of(organisation_id: str, settings: Settings) -> str:
    """Return the language that most officers of an organisation read."""
    counted = Counter(user.locale for user in _officers(organisation_id))
    return counted.most_common(1)[0][0] if counted else settings.default_language


def _note_sent(notice_id: str) -> None:
    with unit_of_work():
        notice = queries.find_notice(notice_id)
        if notice is None:
            return
        notice.mailed_at = clock.now()
        audit.record(
            actor=SYSTEM,
            action=AuditAction.NOTICE_SENT,
            chain=audit.case_chain(notice.case_id) if notice.case_id else audit.SYSTEM_CHAIN,
            record_type="notice",
            record_id=notice.id,
            payload={"notice_id": notice.id, "topic": notice.event, "channel": "mail"},
        )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
