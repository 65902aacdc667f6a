"""What the data protection officer does about unusual reading: sets the numbers, looks into it, lets readers go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.accounts.service import UserSummary
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.text import msg
from ercms.extensions import db
from ercms.reading import limits, queries
from ercms.reading.enums import AlarmMark
from ercms.reading.limits import Limits
from ercms.reading.models import ReadingAlarm, ReadingLimit
from ercms.reading.service import limits_of

PAGE_SIZE = 100
STOP_BEFORE_ALARM = msg("The second number has to be larger than the first.")
_PROGRAM = "api"


@dataclass(frozen=True, slots=True)
class LimitLine:
    """What holds for a role, what the default is, and who changed it."""

    role: Role
    held: Limits
    default: Limits
    version: int
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """Unusual reading as the data protection officer sees it; `waits`: a program that opens nothing until released."""

    id: str
    user: UserSummary
    is_program: bool
    files: int
    hours: int
    raised_at: datetime
    stops: int
    stopped_at: datetime | None
    released_at: datetime | None
    waits: bool
    mark: AlarmMark | None
    marked_by: str


def list_limits(*, actor: Actor) -> list[LimitLine]:
    """Return what holds for every role."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    changed = {row.role: row for row in queries.list_limits()}
    names = accounts.user_names({row.changed_by_id for row in changed.values()})
    return [_limit_line(role, changed.get(role), names) for role in limits.DEFAULTS]


def change_limit(*, actor: Actor, role: Role, hours: int, alarm_at: int, stop_at: int, version: int) -> None:
    """Call reading unusual from another number of files on; `version` is nought where the default held.

    Raises:
        Conflict: `stale_version`.
        InvalidInput: the second number is not larger than the first.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    row = queries.find_limit(role)
    if (0 if row is None else row.version) != version:
        raise Conflict("stale_version")
    if stop_at <= alarm_at:
        raise InvalidInput(fields={"stop_at": [STOP_BEFORE_ALARM]})
    former = limits_of(role)
    if row is None:
        row = ReadingLimit(role=role)
        db.session.add(row)
    row.hours, row.alarm_at, row.stop_at = hours, alarm_at, stop_at
    row.changed_at, row.changed_by_id = clock.now(), actor.user_id
    db.session.flush()
    audit.record(
        actor=actor,
        action=AuditAction.READING_LIMIT_CHANGED,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="reading_limit",
        record_id=role.value,
        payload={
            "role": role.value,
            "from": [former.hours, former.alarm_at, former.stop_at],
            "to": [hours, alarm_at, stop_at],
        },
    )


def list_alarms(*, actor: Actor, is_marked: bool) -> list[AlarmLine]:
    """Return the alarms that nobody has looked into yet, or those that somebody has, the newest first."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    rows = queries.list_alarms(is_marked=is_marked, limit=PAGE_SIZE)
    users = {user.id: user for user in accounts.users_of(row.user_id for row in rows)}
    names = accounts.user_names(row.marked_by_id for row in rows if row.marked_by_id)
    return [_alarm_line(row, users[row.user_id], names) for row in rows]


def count_waiting(*, actor: Actor) -> int:
    """Count the alarms that nobody has looked into."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    return queries.count_waiting()


def mark(*, actor: Actor, alarm_id: str, mark: AlarmMark) -> None:
    """Note what came out of looking into an alarm; a later mark replaces an earlier one."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    alarm = queries.get_alarm(alarm_id)
    alarm.mark, alarm.marked_by_id, alarm.marked_at = mark, actor.user_id, clock.now()
    db.session.flush()
    _record(actor, AuditAction.READING_MARKED, alarm, {"status": mark.value})


def release(*, actor: Actor, alarm_id: str) -> None:
    """Let a reader go on without a proof of their own, for as many files as the second number says.

    Raises:
        NotFound: there is no such alarm.
        Conflict: `reading_not_stopped`, nobody is stopped by it.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    alarm = queries.get_alarm(alarm_id)
    if alarm.stopped_at is None or alarm.released_at is not None:
        raise Conflict("reading_not_stopped")
    alarm.released_at, alarm.released_by_id = clock.now(), actor.user_id
    db.session.flush()
    _record(actor, AuditAction.READING_RELEASED, alarm, {})


def _record(actor: Actor, action: AuditAction, alarm: ReadingAlarm, payload: Mapping[str, str]) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="user",
        record_id=alarm.user_id,
        payload={"alarm_id": alarm.id, **payload},
    )


def _limit_line(role: Role, row: ReadingLimit | None, names: Mapping[str, str]) -> LimitLine:
    default = limits.DEFAULTS[role]
    if row is None:
        return LimitLine(role, default, default, 0, None, "")
    held = Limits(row.hours, row.alarm_at, row.stop_at)
    return LimitLine(role, held, default, row.version, row.changed_at, names.get(row.changed_by_id, ""))


def _alarm_line(row: ReadingAlarm, user: UserSummary, names: Mapping[str, str]) -> AlarmLine:
    is_program = row.channel == _PROGRAM
    return AlarmLine(
        id=row.id,
        user=user,
        is_program=is_program,
        files=row.files,
        hours=row.hours,
        raised_at=row.raised_at,
        stops=row.stops,
        stopped_at=row.stopped_at,
        released_at=row.released_at,
        waits=is_program and row.stopped_at is not None and row.released_at is None,
        mark=row.mark,
        marked_by=names.get(row.marked_by_id or "", ""),
    )
