"""The silence guard: warnings rise, come once, are on record, and no stop silences them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from ercms.audit import service as audit
from ercms.audit.service import AuditLine
from ercms.cases import record_service, steps, worklist
from ercms.cases import service as cases
from ercms.cases.enums import StopGround
from ercms.core import clock, jobs
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.notifications import service, watch
from ercms.verification import inquiry_service
from ercms.verification.enums import InquiryPurpose
from tests.factories.cases import Cast, act, make_case
from workflows.readmission import CaseState, CaseTrigger

pytestmark = pytest.mark.usefixtures("app")

# The Swiss limit of 25 days then ends on Friday 1 May.
START = datetime(2026, 4, 6, 8, tzinfo=UTC)


def _case(cast: Cast, state: CaseState = CaseState.UNDER_VERIFICATION) -> tuple[str, date]:
    """Make a case assigned to the worker and return its reference with the day on which its reply is due."""
    _ = cast.supervisor
    with clock.fixed(START):
        reference = make_case(cast, state)
        with unit_of_work():
            worklist.assign(actor=cast.supervisor, references=[reference], officer_id=cast.worker.user_id)
        due_on = cases.get_case(actor=cast.worker, reference=reference).reply_due_on
    assert due_on is not None
    return reference, due_on


def _look(on: date) -> None:
    """Let the job look on a day, twice: the second look tells nobody anything."""
    with clock.fixed(datetime(on.year, on.month, on.day, 6, tzinfo=UTC)):
        watch.warn_of_limits()
        watch.warn_of_limits()


def _warned(actor: Actor, kind: str = "reply") -> list[str]:
    events = [notice.event for notice in service.list_own(actor=actor)]
    return sorted(e.rpartition(".")[2] for e in events if e.startswith(f"deadline.{kind}."))


def _on_record(cast: Cast, reference: str) -> list[AuditLine]:
    case = cases.get_case(actor=cast.worker, reference=reference)
    return [line for line in audit.history(chain=f"case:{case.id}") if line.action.value == "deadline.warned"]


def test_warnings_rise_from_the_case_worker_to_the_supervisor_to_both_sides() -> None:
    cast = Cast(state="CH")
    _, due_on = _case(cast)
    _look(due_on - timedelta(days=10))
    assert (_warned(cast.worker), _warned(cast.supervisor), _warned(cast.requester)) == (["half"], [], [])
    _look(due_on - timedelta(days=1))
    assert (_warned(cast.supervisor), _warned(cast.requester)) == (["one_day"], [])
    _look(due_on + timedelta(days=1))
    assert _warned(cast.requester) == ["passed"]
    assert _warned(cast.worker) == ["half", "one_day", "passed"]


def test_who_was_warned_when_can_be_shown() -> None:
    cast = Cast(state="CH")
    reference, due_on = _case(cast)
    _look(due_on)
    (line,) = [line for line in _on_record(cast, reference) if line.payload["clock"] == "reply"]
    assert line.payload["step"] == "last_day"
    assert line.payload["due_on"] == due_on.isoformat()
    assert set(line.payload["told"]) == {
        f"u:{cast.worker.user_id}",
        f"u:{cast.supervisor.user_id}",
        f"o:{cast.authority.id}",
    }
    assert line.at.date() == due_on


def test_a_stop_silences_no_warning_to_those_who_still_owe_the_reply() -> None:
    cast = Cast(state="CH")
    reference, due_on = _case(cast)
    with clock.fixed(START + timedelta(days=2)), unit_of_work():
        values = {
            "ground": StopGround.CRISIS_MEASURE,
            "from_on": START.date() + timedelta(days=2),
            "to_on": None,
            "note": "Border closed.",
        }
        steps.record_stop(actor=cast.worker, reference=reference, expected_version=None, values=values)
        assert cases.get_case(actor=cast.worker, reference=reference).reply_due_on is None
    _look(due_on)
    assert _reminded(cast.worker) == ["last_day"]
    assert (_warned(cast.worker), _reminded(cast.requester)) == ([], [])


def test_a_stop_that_stood_before_the_limit_began_silences_no_reminder_either() -> None:
    cast = Cast(state="CH")
    _ = cast.supervisor
    with clock.fixed(START):
        reference = make_case(cast, CaseState.SUBMITTED)
        values = {"ground": StopGround.CRISIS_MEASURE, "from_on": START.date(), "to_on": None, "note": "Closed."}
        with unit_of_work():
            steps.record_stop(actor=cast.worker, reference=reference, expected_version=None, values=values)
        act(cast.worker, reference, CaseTrigger.ACKNOWLEDGE)
    _look(START.date() + timedelta(days=25))
    assert set(_reminded(cast.supervisor)) == {"last_day"}


def _reminded(actor: Actor, kind: str = "reply") -> list[str]:
    events = [notice.event for notice in service.list_own(actor=actor)]
    return sorted(e.rpartition(".")[2] for e in events if e.startswith(f"deadline_stopped.{kind}."))


def test_a_limit_extended_by_law_is_neither_overdue_nor_warned_of_as_passed() -> None:
    cast = Cast(state="CH")
    reference, due_on = _case(cast)
    with clock.fixed(datetime.combine(due_on, START.timetz())), unit_of_work():
        values = {"kind": "reply", "length": 25, "notified_on": due_on, "ground": "More time is needed."}
        steps.record_extension(actor=cast.worker, reference=reference, expected_version=None, values=values)
    _look(due_on + timedelta(days=3))
    assert "passed" not in _warned(cast.worker)
    with clock.fixed(datetime.combine(due_on + timedelta(days=3), START.timetz())):
        case = cases.get_case(actor=cast.worker, reference=reference)
        lines = {line.kind: line.is_overdue for line in record_service.current_clocks(case=case)}
        overdue = worklist.list_queue(actor=cast.worker, wanted={"due": "overdue"})
    assert lines["reply"] is False
    assert reference not in [row.reference for row in overdue.rows]


def test_a_reply_ends_the_warnings_about_it() -> None:
    cast = Cast(state="CH")
    reference, due_on = _case(cast, CaseState.DECISION_PROPOSED)
    with clock.fixed(START + timedelta(days=1)):
        act(cast.supervisor, reference, CaseTrigger.CONFIRM_ACCEPTANCE)
    _look(due_on)
    assert _warned(cast.worker) == []


def test_a_date_that_moved_is_warned_of_anew() -> None:
    cast = Cast(state="CH")
    reference, due_on = _case(cast)
    _look(due_on - timedelta(days=1))
    with clock.fixed(datetime.combine(due_on, START.timetz())), unit_of_work():
        values = {"kind": "reply", "length": 25, "notified_on": due_on, "ground": "More time is needed."}
        steps.record_extension(actor=cast.worker, reference=reference, expected_version=None, values=values)
        moved_to = cases.get_case(actor=cast.worker, reference=reference).reply_due_on
    assert moved_to is not None
    assert moved_to > due_on
    _look(moved_to - timedelta(days=1))
    assert _warned(cast.worker) == ["one_day", "one_day"]


def test_an_agency_is_reminded_before_and_after_its_day(deliver: Callable[[], None]) -> None:
    cast = Cast(state="CH")
    reference, _ = _case(cast)
    row = {"purpose": InquiryPurpose.SECURITY, "agency_id": cast.agency.id, "named": ["identity.surname"]}
    with clock.fixed(START), unit_of_work():
        inquiry_service.send(actor=cast.worker, reference=reference, values={"inquiries": [row]})
    for days in (1, 14, 14, 30, 30):
        with clock.fixed(START + timedelta(days=days)):
            watch.remind_agencies()
            deliver()
    events = [notice.event for notice in service.list_own(actor=cast.verifier)]
    assert sorted(events) == ["inquiry_due", "inquiry_overdue", "inquiry_received"]


def _after_the_limit(reference: str, cast: Cast, due_on: date) -> CaseState:
    with clock.fixed(datetime.combine(due_on + timedelta(days=5), START.timetz())):
        watch.record_passed_limits()
        return cases.get_case(actor=cast.worker, reference=reference).state


def test_swiss_silence_means_nothing_and_the_case_is_only_overdue() -> None:
    cast = Cast(state="CH")
    reference, due_on = _case(cast)
    assert _after_the_limit(reference, cast, due_on) is CaseState.UNDER_VERIFICATION


def test_the_system_lapses_nothing_on_a_term_that_nobody_has_verified() -> None:
    cast = Cast(state="DE")
    reference, due_on = _case(cast)
    assert _after_the_limit(reference, cast, due_on) is CaseState.UNDER_VERIFICATION


def test_the_system_expires_an_acceptance_where_the_transfer_limit_is_verified() -> None:
    cast = Cast(state="CH")
    with clock.fixed(START):
        reference = make_case(cast, CaseState.ACCEPTED)
        due_on = cases.get_case(actor=cast.worker, reference=reference).transfer_due_on
    assert due_on is not None
    assert _after_the_limit(reference, cast, due_on) is CaseState.ACCEPTANCE_EXPIRED


def test_the_worker_knows_the_jobs() -> None:
    assert {"deadline_warnings", "inquiry_reminders", "limits_passed"} <= set(jobs._jobs)
