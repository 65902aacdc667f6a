"""`kill -9` at random moments of a recomputation: it goes on, leaves no case out and records none twice."""

import pytest
from flask import Flask

from config import Settings
from ercms.agreements import service as agreements
from ercms.audit.actions import AuditAction
from ercms.core import clock, outbox
from ercms.extensions import db
from tests.functional.test_kills import FEW, none_of, rows, survive
from tests.kills import OPEN_CASES, behind_every_lease

MANY = 100
# The target of the agencies is counted by the working days of home: each decision on a day writes it anew.
KIND = "agency_inquiries"


def check() -> None:
    """What is said to be done is done, once, and nothing else is."""
    changes = rows("SELECT last_case_id, cases_done, cases_total, finished_at FROM law_changes ORDER BY number")
    case_ids = [row[0] for row in rows("SELECT id FROM cases ORDER BY id")]
    assert len(case_ids) == OPEN_CASES
    for last_case_id, done, total, finished_at in changes:
        assert done == sum(case_id <= last_case_id for case_id in case_ids)
        assert total in (None, OPEN_CASES)
        assert finished_at is None or done == OPEN_CASES
    reached = {case_id: sum(case_id <= change[0] for change in changes) for case_id in case_ids}
    kept = {
        case_id: (total, current)
        for case_id, total, current in rows(
            "SELECT case_id, count(*), sum(CASE WHEN status = 'superseded' THEN 0 ELSE 1 END) FROM case_clocks"
            " WHERE kind = :kind GROUP BY case_id",
            kind=KIND,
        )
    }
    # The first round of the nursery and each change since made one row for every case that it has reached.
    assert kept == {case_id: (1 + number, 1) for case_id, number in reached.items()}
    none_of(
        "SELECT case_id, kind FROM case_clocks WHERE status <> 'superseded' GROUP BY case_id, kind HAVING count(*) > 1"
    )


def go_on_to_the_end() -> None:
    with clock.fixed(behind_every_lease()):
        while outbox.deliver_due():
            pass


def recomputation(settings: Settings, kills: int) -> None:
    db.session.remove()
    survive("calendar", settings, kills, check)
    go_on_to_the_end()
    check()
    changes = rows("SELECT cases_done, cases_moved, finished_at FROM law_changes")
    assert changes
    assert all(done == OPEN_CASES and finished_at for done, _, finished_at in changes)
    versions = rows(
        "SELECT DISTINCT calendar_version FROM case_clocks WHERE kind = :k AND status <> 'superseded'", k=KIND
    )
    assert [row[0] for row in versions] == [agreements.working_calendar().version]
    ended = rows("SELECT count(*) FROM audit_entries WHERE action = :action", action=AuditAction.DATES_RECOMPUTED.value)
    assert ended[0][0] == len(changes)
    told = rows("SELECT count(*) FROM notifications WHERE event = 'dates_moved'")
    assert told[0][0] == sum(moved for _, moved, _ in changes) > 0


def test_a_recomputation_killed_at_any_moment_goes_on_where_it_was(app: Flask, settings: Settings) -> None:
    recomputation(settings, FEW)


@pytest.mark.long
def test_recomputations_survive_being_killed_a_hundred_times(app: Flask, settings: Settings) -> None:
    recomputation(settings, MANY)
