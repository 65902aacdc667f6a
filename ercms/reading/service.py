"""Notice unusual reading as it happens, tell the data protection officer, and stop what goes on and on.

Counted are different cases that a reader opened, over the pages and over the interface apart, as the audit has them. At
the first number the reader goes on undisturbed. Beyond the second nothing further opens until the reader has proved
anew who they are; a program cannot, and waits for the data protection officer.
"""

from datetime import datetime, timedelta

from ercms.audit import seen_service
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock, outbox
from ercms.core.actor import Actor, Role
from ercms.core.errors import ReadingStopped
from ercms.extensions import db
from ercms.reading import limits, queries
from ercms.reading.limits import Limits, Seen, Verdict
from ercms.reading.models import ReadingAlarm

TOPIC = "reading.unusual"
_RELEASES = (AuditAction.READING_RELEASED,)


def limits_of(role: Role) -> Limits:
    """Return what holds for a role now."""
    row = queries.find_limit(role)
    return limits.DEFAULTS[role] if row is None else Limits(row.hours, row.alarm_at, row.stop_at)


def check(*, actor: Actor, chain: str) -> None:
    """Look at what the actor has opened before the file of this chain is opened too.

    Raises:
        ReadingStopped: it would be one too many without a fresh proof; `note_stop` tells of it.
    """
    if actor.is_system:
        return
    held = limits_of(actor.role)
    seen = _seen(actor, held, chain)
    verdict = limits.judge(held, seen)
    if verdict is Verdict.STOP:
        raise ReadingStopped(files=seen.files_since, hours=held.hours)
    if verdict is Verdict.ALARM and queries.find_alarm(actor.user_id, actor.channel, _since(held)) is None:
        _raise(actor, seen.files + (not seen.is_known), held)


def note_stop(*, actor: Actor, files: int) -> None:
    """Put on record that a reader was stopped, in a unit of work of its own: that of the reading was rolled back.

    One stop is told once, however often the reader tries again before proving who they are.
    """
    held = limits_of(actor.role)
    alarm = queries.find_alarm(actor.user_id, actor.channel, _since(held)) or _raise(actor, files, held)
    if alarm.stopped_at is not None and not _was_let_go_on(actor, alarm.stopped_at):
        return
    alarm.files, alarm.mark, alarm.marked_by_id, alarm.marked_at = max(alarm.files, files), None, None, None
    alarm.stops, alarm.stopped_at, alarm.released_at = alarm.stops + 1, clock.now(), None
    db.session.flush()
    _tell(actor, alarm, AuditAction.READING_STOPPED, "stopped", held)


def _seen(actor: Actor, held: Limits, chain: str) -> Seen:
    counted = seen_service.count_seen(
        actor_id=actor.user_id, channel=actor.channel, since=_since(held), chain=chain, releases=_RELEASES
    )
    return Seen(*counted)


def _was_let_go_on(actor: Actor, since: datetime) -> bool:
    return seen_service.was_proven_since(actor_id=actor.user_id, channel=actor.channel, since=since, releases=_RELEASES)


def _since(held: Limits) -> datetime:
    return clock.now() - timedelta(hours=held.hours)


def _raise(actor: Actor, files: int, held: Limits) -> ReadingAlarm:
    alarm = ReadingAlarm(
        user_id=actor.user_id, channel=actor.channel, files=files, hours=held.hours, raised_at=clock.now(), stops=0
    )
    db.session.add(alarm)
    db.session.flush()
    _tell(actor, alarm, AuditAction.READING_ALARMED, "alarm", held)
    return alarm


def _tell(actor: Actor, alarm: ReadingAlarm, action: AuditAction, what: str, held: Limits) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="user",
        record_id=actor.user_id,
        payload={"alarm_id": alarm.id, "files": alarm.files, "hours": held.hours},
    )
    outbox.enqueue(TOPIC, {"alarm_id": alarm.id, "what": what}, key=f"reading:{alarm.id}:{what}:{alarm.stops}")
