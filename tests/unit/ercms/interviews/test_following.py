"""An interview after its case: called off with the move that leaves no use for it, and erased with the person."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from config import Settings
from ercms.audit import service as audit
from ercms.cases.enums import CaseOutcome
from ercms.cases.service import get_case
from ercms.core import clock, outbox
from ercms.core.actor import SYSTEM
from ercms.core.errors import RuleRefused
from ercms.extensions import db
from ercms.interviews.enums import CalledOffBecause
from ercms.notifications.models import Notification
from ercms.privacy import erasure_service
from ercms.privacy.retention_service import DEFAULT_DAYS
from tests.factories.cases import Cast, act, make_case, usual_act
from tests.unit.ercms.interviews.test_service import (
    LINK,
    PLACE,
    SAID,
    _ask,
    _clock,
    _do,
    _drive,
    _let_the_time_come,
    _open,
)
from workflows.interview import InterviewState, InterviewTrigger
from workflows.readmission import CaseTrigger

pytestmark = pytest.mark.usefixtures("fixed_clock", "app")
S, T, C = InterviewState, InterviewTrigger, CaseTrigger
REFUSED = (C.PROPOSE_REFUSAL, C.CONFIRM_REFUSAL)


def _move(cast: Cast, reference: str, *triggers: CaseTrigger) -> None:
    for trigger in triggers:
        actor, values = (cast.supervisor, {}) if trigger is C.LAPSE else usual_act(cast, trigger)
        act(actor, reference, trigger, **values)


def _told(interview_event: str) -> set[str | None]:
    # The limit of a reply passed long after the other acts.
    with clock.fixed(clock.now() + timedelta(days=91)):
        while outbox.deliver_due():
            continue
    db.session.remove()
    rows = db.session.query(Notification).filter_by(event=interview_event)
    return {row.organisation_id for row in rows}


@pytest.mark.parametrize(
    ("triggers", "state", "because"),
    [
        ((C.PROPOSE_ACCEPTANCE, C.CONFIRM_ACCEPTANCE), S.AGREED, CalledOffBecause.REQUEST_DECIDED),
        (REFUSED, S.MISSED, CalledOffBecause.REQUEST_DECIDED),
        ((C.WITHDRAW,), S.SLOTS_OFFERED, CalledOffBecause.REQUEST_WITHDRAWN),
        ((C.LAPSE,), S.REQUESTED, CalledOffBecause.REPLY_LIMIT_PASSED),
    ],
)
def test_a_case_that_needs_no_interview_calls_it_off_in_the_same_act_and_says_why(
    triggers: tuple[CaseTrigger, ...], state: InterviewState, because: CalledOffBecause
) -> None:
    cast = Cast()
    reference = make_case(cast)
    interview_id = _ask(cast, reference)
    _drive(cast, interview_id, state)
    if C.LAPSE in triggers:
        with clock.fixed(clock.now() + timedelta(days=90)):
            _move(cast, reference, *triggers)
    else:
        _move(cast, reference, *triggers[:-1])
        assert _open(cast.mission, interview_id).state is state
        _move(cast, reference, *triggers[-1:])
    for reader in (cast.mission, cast.requester, cast.worker):
        view = _open(reader, interview_id)
        assert (view.state, view.called_off_because, view.reason) == (S.CANCELLED, because, None)
        assert view.acts == frozenset()
    case = get_case(actor=cast.worker, reference=reference)
    (line,) = [line for line in audit.history(chain=f"case:{case.id}") if line.payload.get("cause") is not None]
    assert (line.payload["to"], line.payload["cause"]) == ("cancelled", because.value)
    moved = [line for line in audit.history(chain=f"case:{case.id}") if line.action.value == "case.transition"][-1]
    assert line.actor_id == moved.actor_id
    assert case.interview_dropped
    assert _told("interview_ended") >= {cast.mission_office.id, cast.authority.id}


def test_an_appointment_that_has_come_is_still_recorded_and_an_absence_leads_nowhere() -> None:
    cast = Cast()
    kept, missed = make_case(cast), make_case(cast)
    interviews = {}
    for reference, days in ((kept, 1), (missed, 3)):
        interviews[reference] = _ask(cast, reference)
        starts = [clock.now() + timedelta(days=days)]
        _do(cast, cast.mission, T.OFFER, interviews[reference], starts=starts)
        _do(cast, cast.requester, T.CHOOSE, interviews[reference])
    _let_the_time_come()
    for reference in (kept, missed):
        _move(cast, reference, *REFUSED)
        assert _open(cast.mission, interviews[reference]).state is S.AGREED
    _do(cast, cast.mission, T.HOLD, interviews[kept])
    assert _clock(cast, kept)[1] is not None
    _do(cast, cast.mission, T.MISS, interviews[missed])
    view = _open(cast.mission, interviews[missed])
    assert (view.state, view.absences, view.called_off_because) == (S.CANCELLED, 1, CalledOffBecause.REQUEST_DECIDED)


def test_a_mission_agrees_on_one_interview_at_a_time() -> None:
    cast = Cast()
    first, second, third = (_ask(cast, make_case(cast)) for _ in range(3))
    noon = clock.now() + timedelta(days=2)
    for interview_id, minutes in ((first, 0), (second, 30)):
        starts = [noon + timedelta(minutes=minutes), noon + timedelta(minutes=minutes + 45)]
        _do(cast, cast.mission, T.OFFER, interview_id, starts=starts)
    _do(cast, cast.requester, T.CHOOSE, first)
    early, late = _open(cast.requester, second).slots
    assert (early.is_free, late.is_free) == (False, True)
    with pytest.raises(RuleRefused, match="slot_taken"):
        _do(cast, cast.requester, T.CHOOSE, second, slot_id=early.id)
    with pytest.raises(RuleRefused, match="slot_taken"):
        _do(cast, cast.mission, T.OFFER, third, starts=[noon - timedelta(minutes=44)])
    # One may begin when the other ends; and what falls through is free again.
    _do(cast, cast.mission, T.OFFER, third, starts=[noon - timedelta(minutes=45), noon + timedelta(minutes=45)])
    _do(cast, cast.requester, T.RELEASE, first)
    assert all(slot.is_free for slot in _open(cast.requester, second).slots)
    _do(cast, cast.requester, T.CHOOSE, second, slot_id=early.id)


def test_nothing_that_was_said_in_an_interview_is_left_after_an_erasure(settings: Settings) -> None:
    cast = Cast()
    reference = make_case(cast)
    interview_id = _ask(cast, reference)
    _drive(cast, interview_id, S.HELD)
    _move(cast, reference, *REFUSED)
    key = bytes(db.session.execute(text("SELECT wrapped_key FROM persons")).scalar_one())
    assert _open(cast.worker, interview_id).protocol is not None
    while outbox.deliver_due():
        continue
    with clock.fixed(clock.now() + timedelta(days=DEFAULT_DAYS[CaseOutcome.REFUSED] + 1)):
        assert erasure_service.run(actor=SYSTEM) is not None
    db.session.remove()
    view = _open(cast.worker, interview_id)
    assert (view.protocol, view.question, view.place, view.link, view.person) == (None, None, None, None, "")
    said = [word.encode() for word in (SAID, PLACE, LINK, "Which school?", "A school photograph")]
    said += [word.decode().encode("utf-16-le") for word in said]
    for path in (path for path in settings.instance_path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not [word for word in said if word in content], path
        if path.name.startswith("ercms.sqlite"):
            assert key not in content, "what is still sealed could be opened"
