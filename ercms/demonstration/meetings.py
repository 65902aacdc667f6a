"""The scenes of an interview by a mission: asked for, times offered, one agreed on, held or missed, or called off."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ercms.demonstration import reception
from ercms.demonstration.play import Play, read
from ercms.interviews import queries, reading_service, service
from ercms.interviews.enums import InterviewMode, InterviewOutcome
from ercms.interviews.models import Interview
from ercms.interviews.schemas import InterviewRequest, Protocol, ReasonGiven, SlotChoice, SlotsOffer, VersionOnly
from workflows.interview import OPEN_STATES, Appointment

_MINUTES = 45
_TIMES_OFFERED = 3
_SATURDAY = 5


def call_off(play: Play) -> None:
    """Call off what is still open: the request goes on to its end without an interview."""
    interview = _open_one(play)
    if interview is not None:
        play.name(play.case_worker)
        values = _values(interview, ReasonGiven(), reason=play.text("interview_cancellation"))
        service.cancel(actor=play.case_worker, interview_id=interview.id, expected_version=None, values=values)


def _ask(play: Play) -> None:
    """Ask the mission, unless the application did so."""
    if _open_one(play) is not None:
        return
    play.name(play.case_worker)
    raw = {"mission_id": play.mission.id, "language": "az", "question": play.text("interview_question")}
    service.ask(actor=play.case_worker, reference=play.reference, values=read(InterviewRequest(), raw))


def _offer(play: Play) -> None:
    interview = _needed(play)
    play.name(play.consul)
    mode = play.chance.choice(list(InterviewMode))
    zone = reading_service.zone_of(case=reception.case_of(play))
    raw = {
        "mode": mode.value,
        "zone": zone,
        "minutes": _MINUTES,
        "starts": _free_times(play, interview, ZoneInfo(zone)),
        "place": play.text("interview_place"),
    }
    if mode is InterviewMode.VIDEO:
        raw["link"] = f"https://video.example/room/{play.chance.randrange(10**6):06}"
    values = _values(interview, SlotsOffer(), **raw)
    service.offer(actor=play.consul, interview_id=interview.id, expected_version=None, values=values)


def _free_times(play: Play, interview: Interview, zone: ZoneInfo) -> list[str]:
    """Draw until the mission has agreed on nothing else at the times drawn."""
    while True:
        times = _times(play)
        drawn = [Appointment(datetime.fromisoformat(time).replace(tzinfo=zone), _MINUTES) for time in times]
        if not service.taken_among(interview, drawn):
            return times


def _times(play: Play) -> list[str]:
    """Return times on working days: the first on the eve of the next result, else ahead of the day of making."""
    happened = play.day_of_next("interview_held", "interview_missed")
    day = play.today + timedelta(days=2) if happened is None else happened - timedelta(days=1)
    step = timedelta(days=1 if happened is None else -1)
    while day.weekday() >= _SATURDAY:
        day += step
    times = []
    for number in range(_TIMES_OFFERED):
        times.append(f"{day.isoformat()}T{play.chance.randint(10, 14):02}:{'30' if number % 2 else '00'}")
        day = _working_day_after(day)
    return times


def _working_day_after(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def _agree(play: Play) -> None:
    """Agree on the first of the times that is left, as those do who wait for a decision."""
    interview = _needed(play)
    taken = service.taken_among(interview, [slot.appointment for slot in interview.offered])
    free = [slot for slot in interview.offered if slot.appointment not in taken]
    first = min(free, key=lambda slot: slot.starts_at)
    values = _values(interview, SlotChoice(), slot_id=first.id, is_contact_allowed="true")
    play.name(play.officer)
    service.choose(actor=play.officer, interview_id=interview.id, expected_version=None, values=values)


def _hold(play: Play) -> None:
    interview = _needed(play)
    play.name(play.consul)
    number = play.chance.randrange(len(reception.texts("interview_protocol")))
    values = _values(
        interview,
        Protocol(),
        outcome=InterviewOutcome.CONFIRMED.value,
        protocol=reception.texts("interview_protocol")[number],
        language_observed=reception.texts("interview_language")[number],
        shown=reception.texts("interview_shown")[number],
        present=play.text("interview_present"),
    )
    service.hold(actor=play.consul, interview_id=interview.id, expected_version=None, values=values)


def _miss(play: Play) -> None:
    interview = _needed(play)
    play.name(play.consul)
    values = _values(interview, VersionOnly())
    service.miss(actor=play.consul, interview_id=interview.id, expected_version=None, values=values)


def _open_one(play: Play) -> Interview | None:
    return next((one for one in queries.list_of_case(play.case_id) if one.state in OPEN_STATES), None)


def _needed(play: Play) -> Interview:
    interview = _open_one(play)
    if interview is None:
        raise LookupError("the story tells of an interview that nobody asked for")
    return interview


def _values(interview: Interview, schema: Any, **raw: Any) -> dict[str, Any]:
    return read(schema, {"version": interview.version, **raw})


SCENES: dict[str, Callable[[Play], None]] = {
    "interview_asked": _ask,
    "interview_offered": _offer,
    "interview_agreed": _agree,
    "interview_held": _hold,
    "interview_missed": _miss,
}
