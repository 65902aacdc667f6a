"""Note each change of the law, ask the worker to compute the open dates anew, and keep how far that is."""

from dataclasses import dataclass
from datetime import datetime

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements import overlay, queries
from ercms.agreements.change_enums import LawChangeKind
from ercms.agreements.models import LawChange
from ercms.core import clock, outbox
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.extensions import db
from workflows.terms import Agreement

TOPIC = "law.changed"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of the law, and how far the open dates have been computed anew."""

    id: str
    number: int
    kind: LawChangeKind
    subject: str
    made_by_id: str
    made_at: datetime
    last_case_id: str
    cases_total: int | None
    cases_done: int
    cases_moved: int
    finished_at: datetime | None
    is_overtaken: bool = False

    @property
    def percent(self) -> int:
        """Return how much is done."""
        if self.finished_at is not None or not self.cases_total:
            return 100 if self.finished_at is not None else 0
        return min(99, 100 * self.cases_done // self.cases_total)


def note_change(*, actor: Actor, kind: LawChangeKind, subject: str) -> str:
    """Add a change in the caller's transaction, after its audit entry, and ask for the recomputation.

    The audit entry of the change stands in the system's chain, whose head is held until the transaction ends: so the
    numbers follow one another in the order of the commits.
    """
    change = LawChange(
        number=queries.next_number(), kind=kind, subject=subject, made_by_id=actor.user_id, made_at=clock.now()
    )
    db.session.add(change)
    db.session.flush()
    overlay.forget()
    ask_for_batch(change_id=change.id, after="")
    return change.id


def ask_for_batch(*, change_id: str, after: str) -> None:
    """Ask the worker for the next cases, those behind `after`."""
    outbox.enqueue(TOPIC, {"change_id": change_id, "after": after}, key=f"{TOPIC}:{change_id}:{after}")


def get_change(*, change_id: str) -> ChangeView:
    """Return a change for whoever computes the dates anew.

    Raises:
        NotFound: there is no such change.
    """
    row = queries.find_change(change_id)
    if row is None:
        raise NotFound("law_change_not_found")
    return _view(row, is_overtaken=queries.is_overtaken(row))


def concerned_agreements(*, change_id: str) -> tuple[str, ...]:
    """Return the versions whose cases a change concerns, each also with a protocol laid over it.

    A reading concerns its own version, a status every version of the agreement, a day all that count with the
    calendar. A new text concerns none: a case keeps the version under which it was received.
    """
    change = get_change(change_id=change_id)
    if change.kind is LawChangeKind.TEXT:
        return ()
    return tuple(one.id for one in overlay.current().by_id.values() if _concerns(change, one))


def _concerns(change: ChangeView, agreement: Agreement) -> bool:
    if change.kind is LawChangeKind.CALENDAR:
        return change.subject in {party.calendar_key for party in (agreement.home, *agreement.partners)}
    if change.kind is LawChangeKind.STATUS:
        return agreement.key == change.subject.partition("@")[0]
    return change.subject in (agreement.id, agreement.base_id)


def note_progress(
    *, change_id: str, last_case_id: str, done: int, moved: int, total: int | None = None, is_finished: bool = False
) -> ChangeView:
    """Keep how far the recomputation is, in the transaction of its batch."""
    row = db.session.get_one(LawChange, change_id)
    row.last_case_id = last_case_id
    row.cases_done += done
    row.cases_moved += moved
    row.cases_total = row.cases_total if total is None else total
    row.finished_at = clock.now() if is_finished else None
    db.session.flush()
    return _view(row)


def list_changes(*, actor: Actor) -> tuple[ChangeView, ...]:
    """Return the latest changes with their progress."""
    policy.check(actor, Permission.AGREEMENT_READ)
    return tuple(_view(row) for row in queries.list_changes(_SHOWN))


def _view(row: LawChange, *, is_overtaken: bool = False) -> ChangeView:
    return ChangeView(
        id=row.id,
        number=row.number,
        kind=row.kind,
        subject=row.subject,
        made_by_id=row.made_by_id,
        made_at=row.made_at,
        last_case_id=row.last_case_id,
        cases_total=row.cases_total,
        cases_done=row.cases_done,
        cases_moved=row.cases_moved,
        finished_at=row.finished_at,
        is_overtaken=is_overtaken,
    )
