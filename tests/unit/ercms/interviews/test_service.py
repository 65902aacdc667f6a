"""Interviews: who may do what in which state, what each side learns, and when the clock ends."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.casefile import sheet
from ercms.cases import clock_service
from ercms.cases.models import CaseClock
from ercms.cases.service import get_case
from ercms.core import clock, outbox
from ercms.core.actor import Actor, OrganisationKind, Role
from ercms.core.errors import Conflict, NotFound, PermissionRefused, RuleRefused
from ercms.core.outbox_models import OutboxMessage
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.interviews import reading_service, service
from ercms.interviews.enums import InterviewMode, InterviewOutcome
from ercms.interviews.reading_service import InterviewView
from ercms.notifications.models import Notification
from tests.factories.accounts import make_organisation, make_user
from tests.factories.cases import Cast, act, make_case, make_draft, usual_act
from tests.unit.workflows.test_interview import TABLE
from workflows.clocks import ClockKind
from workflows.interview import InterviewState, InterviewTrigger
from workflows.readmission import CaseState, CaseTrigger

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")

S, T = InterviewState, InterviewTrigger
PLACE, LINK, SAID = "Embassy, room 4", "https://video.example/room/8131", "He named the school in Gəncə."
ACTS: dict[InterviewTrigger, Any] = {
    T.OFFER: service.offer,
    T.CHOOSE: service.choose,
    T.RELEASE: service.release,
    T.HOLD: service.hold,
    T.MISS: service.miss,
    T.CLOSE: service.close,
    T.CANCEL: service.cancel,
}


def _values(trigger: InterviewTrigger, interview_id: str, cast: Cast) -> dict[str, Any]:
    if trigger is T.OFFER:
        starts = [clock.now() + timedelta(days=day) for day in (1, 2)]
        where = {"mode": InterviewMode.VIDEO, "place": PLACE, "link": LINK, "zone": "Europe/Berlin", "minutes": 45}
        return {**where, "starts": starts}
    if trigger is T.CHOOSE:
        slots = _open(cast.worker, interview_id).slots
        return {"slot_id": slots[0].id if slots else "none", "is_contact_allowed": True}
    if trigger is T.HOLD:
        words = {"protocol": SAID, "language_observed": "Azerbaijani", "shown": "A school photograph", "present": None}
        return {**words, "outcome": InterviewOutcome.CONFIRMED}
    return {"reason": "The room is closed."}


def _open(actor: Actor, interview_id: str) -> InterviewView:
    with unit_of_work():
        return reading_service.open_interview(actor=actor, interview_id=interview_id)[0]


def _do(cast: Cast, actor: Actor, trigger: InterviewTrigger, interview_id: str, **values: Any) -> None:
    given = {**_values(trigger, interview_id, cast), **values}
    with unit_of_work():
        ACTS[trigger](actor=actor, interview_id=interview_id, expected_version=None, values=given)


def _ask(cast: Cast, reference: str) -> str:
    with unit_of_work():
        values = {"mission_id": cast.mission_office.id, "question": "Which school?", "language": "tly"}
        return service.ask(actor=cast.worker, reference=reference, values=values)


_WAYS: dict[InterviewState, tuple[tuple[str, InterviewTrigger], ...]] = {
    S.REQUESTED: (),
    S.SLOTS_OFFERED: (("mission", T.OFFER),),
    S.AGREED: (("mission", T.OFFER), ("requester", T.CHOOSE)),
}
_WAYS[S.HELD] = (*_WAYS[S.AGREED], ("mission", T.HOLD))
_WAYS[S.MISSED] = (*_WAYS[S.AGREED], ("mission", T.MISS))
_WAYS[S.CLOSED_WITHOUT] = (*_WAYS[S.MISSED], ("worker", T.CLOSE))
_WAYS[S.CANCELLED] = (("worker", T.CANCEL),)


def _drive(cast: Cast, interview_id: str, state: InterviewState) -> None:
    for who, trigger in _WAYS[state]:
        if trigger in (T.HOLD, T.MISS):
            _let_the_time_come()
        _do(cast, getattr(cast, who), trigger, interview_id)


def _let_the_time_come() -> None:
    with unit_of_work():
        db.session.execute(text("UPDATE interviews SET starts_at = asked_at WHERE state = 'agreed'"))
    db.session.expire_all()


def _clock(cast: Cast, reference: str) -> tuple[str, datetime | None]:
    case = get_case(actor=cast.worker, reference=reference)
    row = (
        db.session.query(CaseClock)
        .filter_by(case_id=case.id, kind="interview")
        .filter(CaseClock.status != "superseded")
    )
    (found,) = row.all()
    return found.status, case.interviewed_at


MAY: dict[InterviewTrigger, set[str]] = {
    T.OFFER: {"mission", "worker", "supervisor"},
    T.CHOOSE: {"requester"},
    T.RELEASE: {"mission", "requester", "worker", "supervisor"},
    T.HOLD: {"mission"},
    T.MISS: {"mission"},
    T.CLOSE: {"worker", "supervisor"},
    T.CANCEL: {"requester", "worker", "supervisor"},
}


def _outcome(cast: Cast, actor: Actor, trigger: InterviewTrigger, interview_id: str, values: dict[str, Any]) -> str:
    try:
        ACTS[trigger](actor=actor, interview_id=interview_id, expected_version=None, values=values)
        db.session.flush()
        return "done"
    except (NotFound, PermissionRefused):
        return "not theirs"
    except Conflict:
        return "not now"
    finally:
        db.session.rollback()


@pytest.mark.parametrize("state", InterviewState)
def test_every_act_in_every_state_for_every_role(state: InterviewState) -> None:
    cast = Cast()
    second_mission = make_organisation(OrganisationKind.MISSION, states=[cast.state])
    colleague = accounts.get_actor(make_user(Role.CONSULAR_OFFICER, organisation=second_mission).id)
    interview_id = _ask(cast, make_case(cast))
    _drive(cast, interview_id, state)
    if state is S.AGREED:
        _let_the_time_come()
    actors = {
        name: getattr(cast, name) for name in ("requester", "mission", "worker", "supervisor", "verifier", "border")
    }
    actors["second mission in the State"] = colleague
    wrong = []
    for trigger, (name, actor) in itertools.product(InterviewTrigger, actors.items()):
        values = _values(trigger, interview_id, cast)
        found = _outcome(cast, actor, trigger, interview_id, values)
        allowed = "done" if trigger in TABLE[state] else "not now"
        expected = allowed if name in MAY[trigger] else "not theirs"
        if found != expected:
            wrong.append(f"{state} {trigger} {name}: {found}, expected {expected}")
    assert not wrong, "\n".join(wrong)


def test_an_application_puts_its_interview_to_the_mission_and_the_clock_ends_with_the_interview() -> None:
    cast = Cast()
    assert cast.mission.states == {"DE"}
    reference = make_draft(cast)
    with unit_of_work():
        case = get_case(actor=cast.requester, reference=reference)
        case.interview_requested = True
    for trigger in (CaseTrigger.SUBMIT, CaseTrigger.ACKNOWLEDGE):
        actor, values = usual_act(cast, trigger)
        act(actor, reference, trigger, **values)
    (waiting,), ended = reading_service.list_for(actor=cast.mission)
    assert (waiting.state, waiting.reference, ended) == (S.REQUESTED, reference, ())
    assert waiting.due_on is not None
    assert _clock(cast, reference) == ("running", None)
    _drive(cast, waiting.id, S.HELD)
    status, held_at = _clock(cast, reference)
    assert (status, held_at) == ("met", _open(cast.worker, waiting.id).held_at)
    assert held_at is not None
    # A decision does not bring it back.
    actor, values = usual_act(cast, CaseTrigger.PROPOSE_ACCEPTANCE)
    act(actor, reference, CaseTrigger.PROPOSE_ACCEPTANCE, **values)
    assert _clock(cast, reference)[0] == "met"


@pytest.mark.parametrize("state", [S.CANCELLED, S.CLOSED_WITHOUT])
def test_an_interview_that_is_called_off_or_never_happens_is_owed_no_longer(state: InterviewState) -> None:
    cast = Cast()
    reference = make_case(cast)
    interview_id = _ask(cast, reference)
    assert _clock(cast, reference)[0] == "running"
    _drive(cast, interview_id, state)
    case = get_case(actor=cast.worker, reference=reference)
    assert clock_service.running_due_on(case_id=case.id, kind=ClockKind.INTERVIEW) is None
    # It can be asked for anew, and is owed again.
    again = _ask(cast, reference)
    assert again != interview_id
    assert _clock(cast, reference)[0] == "running"


def test_a_second_absence_leaves_no_third_appointment() -> None:
    cast = Cast()
    interview_id = _ask(cast, make_case(cast))
    for _ in range(2):
        _drive(cast, interview_id, S.MISSED)
    with pytest.raises(RuleRefused, match="no_third_appointment"):
        _do(cast, cast.mission, T.OFFER, interview_id)
    view = _open(cast.worker, interview_id)
    assert view.absences == 2
    assert "offer" not in view.acts
    assert "close" in view.acts


def test_no_time_is_agreed_on_until_it_is_confirmed_that_contact_is_allowed() -> None:
    cast = Cast()
    interview_id = _ask(cast, make_case(cast))
    _do(cast, cast.mission, T.OFFER, interview_id)
    with pytest.raises(RuleRefused, match="contact_not_confirmed"):
        _do(cast, cast.requester, T.CHOOSE, interview_id, is_contact_allowed=False)
    assert _open(cast.mission, interview_id).state is S.SLOTS_OFFERED


def test_a_time_of_a_former_list_or_another_interview_cannot_be_chosen() -> None:
    cast = Cast()
    interview_id, other_id = _ask(cast, make_case(cast)), _ask(cast, make_case(cast))
    _do(cast, cast.mission, T.OFFER, interview_id)
    former = _open(cast.requester, interview_id).slots[0].id
    _do(cast, cast.mission, T.OFFER, interview_id)
    _do(cast, cast.mission, T.OFFER, other_id)
    for slot_id in (former, _open(cast.requester, other_id).slots[0].id):
        with pytest.raises(RuleRefused, match="slot_not_offered"):
            _do(cast, cast.requester, T.CHOOSE, interview_id, slot_id=slot_id)


def test_the_requesting_side_sees_the_outcome_with_the_reply_and_the_protocol_never() -> None:
    cast = Cast()
    reference = make_case(cast)
    interview_id = _ask(cast, reference)
    _drive(cast, interview_id, S.HELD)
    inside, mission, abroad = (_open(actor, interview_id) for actor in (cast.worker, cast.mission, cast.requester))
    for view in (inside, mission):
        assert view.protocol is not None
        assert (view.outcome, view.protocol.protocol, view.question) == (
            InterviewOutcome.CONFIRMED, SAID, "Which school?",
        )  # fmt: skip
    assert (abroad.outcome, abroad.is_outcome_withheld, abroad.protocol, abroad.question) == (None, True, None, None)
    assert (abroad.place, abroad.link, abroad.state) == (PLACE, LINK, S.HELD)
    for trigger in (CaseTrigger.PROPOSE_ACCEPTANCE, CaseTrigger.CONFIRM_ACCEPTANCE):
        actor, values = usual_act(cast, trigger)
        act(actor, reference, trigger, **values)
    abroad = _open(cast.requester, interview_id)
    assert (abroad.outcome, abroad.protocol) == (InterviewOutcome.CONFIRMED, None)


def test_every_act_and_look_is_on_record_without_words_and_no_notice_or_row_holds_them() -> None:
    cast = Cast()
    reference = make_case(cast)
    interview_id = _ask(cast, reference)
    _drive(cast, interview_id, S.HELD)
    _open(cast.requester, interview_id)
    case = get_case(actor=cast.worker, reference=reference)
    lines = [line for line in audit.history(chain=f"case:{case.id}") if line.action.value.startswith("interview.")]
    assert {line.action.value for line in lines} == {
        "interview.requested", "interview.changed", "interview.recorded", "interview.viewed",
    }  # fmt: skip
    moves = [line.payload["to"] for line in lines if line.action.value == "interview.changed"]
    assert moves == ["slots_offered", "agreed", "held"]
    assert lines[-1].actor_id == cast.requester.user_id
    db.session.remove()
    rows = str(db.session.execute(text("SELECT * FROM interviews")).all())
    payloads = str([row.payload for row in db.session.query(OutboxMessage)])
    while outbox.deliver_due():
        continue
    db.session.remove()
    notices = {(row.event, row.organisation_id or row.user_id) for row in db.session.query(Notification)}
    assert ("interview_asked", cast.mission_office.id) in notices
    assert ("interview_offered", cast.authority.id) in notices
    assert ("interview_agreed", cast.mission_office.id) in notices
    assert ("interview_held", cast.authority.id) in notices
    assert ("interview_held", cast.mission_office.id) not in notices
    for word in (PLACE, LINK, SAID, "Which school?", "tly", "Azerbaijani"):
        assert word not in str(lines) + rows + payloads


def test_one_open_interview_a_person_and_none_after_the_decision() -> None:
    cast = Cast()
    reference = make_case(cast)
    _ask(cast, reference)
    with pytest.raises(Conflict):
        _ask(cast, reference)
    with pytest.raises(RuleRefused, match="no_interview_now"):
        _ask(cast, make_case(cast, CaseState.ACCEPTED))


def test_the_decision_sheet_shows_an_interview_and_marks_one_held_since_the_proposal() -> None:
    cast = Cast()
    reference = make_case(cast)
    interview_id = _ask(cast, reference)
    _drive(cast, interview_id, S.AGREED)
    actor, values = usual_act(cast, CaseTrigger.PROPOSE_ACCEPTANCE)
    act(actor, reference, CaseTrigger.PROPOSE_ACCEPTANCE, **values)
    with clock.fixed(clock.now() + timedelta(days=2)):
        _do(cast, cast.mission, T.HOLD, interview_id)
        with unit_of_work():
            opened = sheet.open_sheet(actor=cast.supervisor, reference=reference)
    (shown,) = opened.interviews
    assert shown.protocol is not None
    assert shown.protocol.protocol == SAID
    assert interview_id in opened.changed
