"""A clock that has ended keeps its day, whatever computes it; a request taken up again has a target of its own."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from ercms.agreements import calendar_service
from ercms.agreements.change_enums import DayKind
from ercms.cases import queries, service, steps
from ercms.cases.enums import StopGround
from ercms.cases.models import CaseClock
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.unit_of_work import unit_of_work
from tests.factories.cases import Cast, act, make_case
from workflows.readmission import CaseState, CaseTrigger

pytestmark = pytest.mark.usefixtures("app")
MakeActor = Callable[..., Actor]
START = datetime(2026, 4, 6, 8, tzinfo=UTC)
T = CaseTrigger


def _on(days: int) -> datetime:
    return START + timedelta(days=days)


def _clock(cast: Cast, reference: str, kind: str) -> CaseClock | None:
    case = service.get_case(actor=cast.worker, reference=reference)
    return next((row for row in queries.list_current_clocks(case.id) if row.kind == kind), None)


def _known(cast: Cast, reference: str, kind: str) -> CaseClock:
    row = _clock(cast, reference, kind)
    assert row is not None
    return row


def _make_holiday(administrator: Actor, day: date) -> None:
    with unit_of_work():
        values = {"day": day, "kind": DayKind.HOLIDAY, "name": "Day of decision", "source": "Cabinet, No. 1"}
        calendar_service.decide_day(actor=administrator, calendar="AZ", values=values)


def _stop(cast: Cast, reference: str, from_on: date, to_on: date | None) -> None:
    values = {"ground": StopGround.CRISIS_MEASURE, "from_on": from_on, "to_on": to_on, "note": "Decree."}
    with unit_of_work():
        steps.record_stop(actor=cast.worker, reference=reference, expected_version=None, values=values)


def _issued(cast: Cast) -> str:
    """Make a case whose document was issued on the very last day: 6 April and five working days are 13 April."""
    with clock.fixed(START):
        reference = make_case(cast, CaseState.DOCUMENT_REQUESTED)
    with clock.fixed(_on(7)):
        issued = {"number": "QS 0001234", "issued_on": _on(7).date(), "valid_until": _on(150).date()}
        act(cast.mission, reference, T.ISSUE_DOCUMENT, **issued)
    return reference


def test_an_act_after_a_change_of_the_calendar_moves_no_clock_that_has_ended(make_actor: MakeActor) -> None:
    cast = Cast()
    reference = _issued(cast)
    before = _known(cast, reference, "document_issue")
    assert (before.due_on, before.status) == (date(2026, 4, 13), "met")
    written = before.arithmetic
    with clock.fixed(_on(8)):
        _make_holiday(make_actor(Role.ADMINISTRATOR), date(2026, 4, 9))
        act(cast.requester, reference, T.WITHDRAW, reason="The person left on their own.")
    after = _known(cast, reference, "document_issue")
    assert (after.id, after.due_on, after.status, after.arithmetic) == (before.id, date(2026, 4, 13), "met", written)


def test_a_stop_recorded_late_moves_the_clock_that_it_belonged_to_and_no_other(make_actor: MakeActor) -> None:
    cast = Cast()
    reference = _issued(cast)
    reply = _known(cast, reference, "reply")
    with clock.fixed(_on(9)):
        # The reply was given on 6 April, before the stop; the document was owed over it. Seven working days and one.
        _stop(cast, reference, date(2026, 4, 8), date(2026, 4, 9))
    document = _known(cast, reference, "document_issue")
    assert (document.due_on, document.status) == (date(2026, 4, 15), "met")
    assert json.loads(document.arithmetic)["ended_on"] == "2026-04-13"
    assert _known(cast, reference, "reply").id == reply.id


def test_a_stop_after_the_act_was_done_moves_nothing() -> None:
    cast = Cast()
    reference = _issued(cast)
    before = _known(cast, reference, "document_issue")
    with clock.fixed(_on(9)):
        _stop(cast, reference, date(2026, 4, 14), None)
    assert _known(cast, reference, "document_issue").id == before.id


def test_a_reissue_leaves_the_first_issue_as_it_ended() -> None:
    cast = Cast()
    reference = _issued(cast)
    with clock.fixed(_on(20)):
        act(cast.requester, reference, T.REISSUE_DOCUMENT)
    first = _known(cast, reference, "document_issue")
    assert (first.status, first.due_on) == ("met", date(2026, 4, 13))
    again = _known(cast, reference, "document_reissue")
    # Sunday 26 April and five working days: 27, 28, 29, 30 April and 1 May.
    assert (again.status, again.due_on) == ("running", date(2026, 5, 1))
    case = service.get_case(actor=cast.worker, reference=reference)
    assert case.document_due_on == date(2026, 5, 1)


def _refused(cast: Cast) -> str:
    with clock.fixed(START):
        return make_case(cast, CaseState.REFUSED)


def test_a_refusal_looked_at_again_has_a_target_of_the_service_and_no_treaty_limit() -> None:
    cast = Cast(state="CH")
    reference = _refused(cast)
    assert _clock(cast, reference, "reply_renewed") is None
    with clock.fixed(_on(60)):
        act(cast.supervisor, reference, T.REOPEN, reason="New information arrived.")
        reply, renewed = _known(cast, reference, "reply"), _known(cast, reference, "reply_renewed")
        assert (reply.status, reply.due_on) == ("met", date(2026, 5, 1))
        # Friday 5 June and ten working days: 8 to 12, 16 to 19 and 22 June, since 15 June is the Day of Salvation.
        assert (renewed.status, renewed.is_internal, renewed.has_legal_effect) == ("running", True, False)
        assert (renewed.started_on, renewed.due_on) == (date(2026, 6, 5), date(2026, 6, 22))
        case = service.get_case(actor=cast.worker, reference=reference)
        assert (case.next_due_kind, case.next_due_on) == ("reply_renewed", renewed.due_on)
        assert case.reply_due_on == date(2026, 5, 1)
        values = {"ground": "own_national", "reasons": "The register confirms nationality."}
        act(cast.worker, reference, T.PROPOSE_ACCEPTANCE, **values)
    with clock.fixed(_on(61)):
        act(cast.supervisor, reference, T.CONFIRM_ACCEPTANCE)
    # The treaty reply was the refusal, in time; an acceptance two months later does not make it late.
    assert _known(cast, reference, "reply").status == "met"
    assert _known(cast, reference, "reply_renewed").status == "met"


def test_a_second_refusal_ends_the_target_and_a_second_reopening_starts_a_new_one() -> None:
    cast = Cast(state="CH")
    reference = _refused(cast)
    with clock.fixed(_on(60)):
        act(cast.supervisor, reference, T.REOPEN, reason="New information arrived.")
    with clock.fixed(_on(90)):
        act(cast.worker, reference, T.PROPOSE_REFUSAL, ground="not_a_national", reasons="No register knows them.")
        act(cast.supervisor, reference, T.CONFIRM_REFUSAL)
    assert _known(cast, reference, "reply_renewed").status == "missed"
    with clock.fixed(_on(100)):
        act(cast.supervisor, reference, T.REOPEN, reason="A court has decided.")
    renewed = _known(cast, reference, "reply_renewed")
    assert (renewed.status, renewed.started_on) == ("running", _on(100).date())
    case = service.get_case(actor=cast.worker, reference=reference)
    former = [row for row in queries.list_superseded_clocks(case.id) if row.kind == "reply_renewed"]
    assert former[0].started_on == _on(60).date()


def test_a_late_reply_keeps_the_treaty_day_and_gets_a_target_beside_it() -> None:
    cast = Cast(state="DE")
    with clock.fixed(START):
        reference = make_case(cast, CaseState.UNDER_VERIFICATION)
    due_on = _known(cast, reference, "reply").due_on
    with clock.fixed(_on(30)):
        act(cast.supervisor, reference, T.LAPSE)
        act(cast.worker, reference, T.REPLY_LATE)
        reply, renewed = _known(cast, reference, "reply"), _known(cast, reference, "reply_renewed")
        assert (reply.status, reply.due_on) == ("running", due_on)
        assert (renewed.status, renewed.started_on) == ("running", _on(30).date())
        values = {"ground": "own_national", "reasons": "The register confirms nationality."}
        act(cast.worker, reference, T.PROPOSE_ACCEPTANCE, **values)
        act(cast.supervisor, reference, T.CONFIRM_ACCEPTANCE)
    assert _known(cast, reference, "reply").status == "missed"
    assert _known(cast, reference, "reply_renewed").status == "met"


def test_without_an_agreement_taking_up_again_starts_no_clock() -> None:
    cast = Cast(state="ME")
    with clock.fixed(START):
        reference = make_case(cast, CaseState.UNDER_VERIFICATION)
        act(cast.worker, reference, T.PROPOSE_REFUSAL, ground="nationality_not_confirmed", reasons="No register.")
        act(cast.supervisor, reference, T.CONFIRM_REFUSAL)
    with clock.fixed(_on(10)):
        act(cast.supervisor, reference, T.REOPEN, reason="New information arrived.")
    case = service.get_case(actor=cast.worker, reference=reference)
    assert queries.list_current_clocks(case.id) == []
    assert case.next_due_on is None
