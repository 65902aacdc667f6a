"""Compute the dates of open cases anew after a change of the law: in batches, each one delivery of the worker.

A batch, its progress and the request for the next one are one transaction: a crash costs at most one batch, which is
done again. What was computed before stays in the history of each case.
"""

from collections import defaultdict

from ercms.agreements import change_service as law
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import clock_queries, clocks
from ercms.cases.clocks import OnRecord
from ercms.cases.models import Case
from ercms.core import outbox
from ercms.core.actor import SYSTEM
from ercms.core.outbox import Delivery
from ercms.extensions import db

MOVED_TOPIC = "case.dates_moved"
BATCH = 250


def register() -> None:
    """Name the handler of changes of the law."""
    outbox.register_handler(law.TOPIC, on_law_changed)


def on_law_changed(delivery: Delivery) -> None:
    """Compute the next batch of cases anew; the last one closes the change."""
    change = law.get_change(change_id=delivery.payload["change_id"])
    if change.finished_at is not None or change.last_case_id != delivery.payload["after"]:
        return
    if change.is_overtaken:
        # A later change of the same thing has begun with the first case: what it computes is what holds.
        _finish(
            law.note_progress(change_id=change.id, last_case_id=change.last_case_id, done=0, moved=0, is_finished=True)
        )
        return
    concerned = law.concerned_agreements(change_id=change.id)
    total = clock_queries.count_open_cases(concerned) if not change.last_case_id else None
    cases = clock_queries.lock_open_cases(concerned, change.last_case_id, BATCH)
    moved = recompute_cases(cases)
    is_last = len(cases) < BATCH
    last_case_id = cases[-1].id if cases else change.last_case_id
    after = law.note_progress(
        change_id=change.id,
        last_case_id=last_case_id,
        done=len(cases),
        moved=len(moved),
        total=total,
        is_finished=is_last,
    )
    if is_last:
        _finish(after)
    else:
        law.ask_for_batch(change_id=change.id, after=last_case_id)
    _tell(delivery.key, [case for case in moved if case.assigned_to_id is not None])


def recompute_cases(cases: list[Case]) -> list[Case]:
    """Compute the dates of these cases anew, with three reads for all of them; return those with a day that moved."""
    ids = [case.id for case in cases]
    stops, extensions, current = defaultdict(list), defaultdict(list), defaultdict(list)
    for stop in clock_queries.list_stops_of(ids):
        stops[stop.case_id].append(stop)
    for extension in clock_queries.list_extensions_of(ids):
        extensions[extension.case_id].append(extension)
    for row in clock_queries.list_current_of(ids):
        current[row.case_id].append(row)
    with db.session.no_autoflush:
        outcomes = [
            clocks.computed(case=case, on_record=OnRecord(stops[case.id], extensions[case.id], current[case.id]))
            for case in cases
        ]
    clocks.keep(outcomes)
    db.session.flush()
    return [case for case, outcome in zip(cases, outcomes, strict=True) if outcome.is_moved]


def _tell(key: str, cases: list[Case]) -> None:
    """Ask for notices to the officers in charge: one row for the whole batch, which waits behind the next batch."""
    if not cases:
        return
    payload = {
        "case_ids": [case.id for case in cases],
        "references": [case.reference for case in cases],
        "officer_ids": [case.assigned_to_id for case in cases],
    }
    outbox.enqueue(MOVED_TOPIC, payload, key=f"moved:{key}")


def _finish(change: law.ChangeView) -> None:
    audit.record(
        actor=SYSTEM,
        action=AuditAction.DATES_RECOMPUTED,
        chain=audit.SYSTEM_CHAIN,
        record_type="law_change",
        record_id=change.id,
        payload={
            "change": change.number,
            "kind": change.kind.value,
            "subject": change.subject,
            "cases": change.cases_done,
            "moved": change.cases_moved,
        },
    )
