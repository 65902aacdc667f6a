"""Interviews by a mission of the requested State: asked for, offered, agreed, held or missed, each act on record.

Nobody is brought before an officer of the own State while a procedure for protection forbids it: a time is agreed only
once the requesting authority, which alone knows, has confirmed that none does. The mission and the Service learn of no
such procedure, not even that there is one; they see that no time was agreed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit.actions import AuditAction
from ercms.cases import interview_service as case_dates
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core import clock, outbox
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.unit_of_work import stale_is_conflict
from ercms.core.workflow_refusals import refusals_of
from ercms.extensions import db
from ercms.interviews import queries
from ercms.interviews.enums import CalledOffBecause
from ercms.interviews.models import Interview, InterviewSlot
from ercms.interviews.records import (
    PLACE_LABEL,
    PROTOCOL_LABEL,
    REASON_LABEL,
    REQUEST_LABEL,
    get_interview,
    record,
    seal,
)
from ercms.marks import service as marks
from workflows import interview as machine
from workflows.interview import OPEN_STATES, Appointment, InterviewFacts, InterviewState, InterviewTrigger
from workflows.readmission import CaseState

ASKED_TOPIC = "interview.asked"
MOVED_TOPIC = "interview.moved"

OPEN_CASE_STATES = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.INCOMPLETE,
        CaseState.UNDER_VERIFICATION,
        CaseState.DECISION_PROPOSED,
    }
)
"""An interview serves the decision: it is asked for from submission to decision, and not while silence has decided."""
_LONGEST = timedelta(days=1)
"""No appointment lasts longer: what began before is over."""


def missions_for(*, state: str) -> list[tuple[str, str]]:
    """Return the missions that can interview in a requesting State, as (identifier, name)."""
    return [(mission.id, mission.name) for mission in accounts.list_missions(state=state)]


def is_open_for_interviews(case: Case) -> bool:
    """Tell whether an interview may be asked for in this case."""
    return case.state in OPEN_CASE_STATES


def ask_as_applied(*, actor: Actor, case: Case) -> str | None:
    """Ask the mission for the interview that the application asks for; the caller has sent the request just now.

    Where no mission works in the requesting State nobody can be asked; the Service sees that it is still to be done.
    """
    missions = missions_for(state=case.requesting_state)
    if not case.interview_requested or not missions:
        return None
    words = {"question": None, "language": None}
    interview = _add(actor, case, case.principal_person_id, missions[0][0], words, is_of_application=True)
    return interview.id


def ask(*, actor: Actor, reference: str, values: Mapping[str, Any]) -> str:
    """Ask a mission to interview one person of a case; return the interview's identifier.

    Raises:
        RuleRefused: `no_interview_now`, the request has been decided or was not sent; `use_restricted`.
        Conflict: `interview_open`, an interview of the person is under way.
        InvalidInput: a person or a mission that is not of this case.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.INTERVIEW_ASK)
    if not is_open_for_interviews(case):
        raise RuleRefused("no_interview_now", reference=reference)
    person_id = values.get("person_id") or case.principal_person_id
    if person_id not in {member.person_id for member in case.members}:
        raise InvalidInput("unknown_person", fields={"person_id": ["unknown_person"]})
    if values["mission_id"] not in dict(missions_for(state=case.requesting_state)):
        raise InvalidInput("unknown_mission", fields={"mission_id": ["unknown_mission"]})
    marks.check_disclosure(person_ids=[person_id])
    if any(row.person_id == person_id and row.state in OPEN_STATES for row in queries.list_of_case(case.id)):
        raise Conflict("interview_open", reference=reference)
    words = {"question": values.get("question"), "language": values.get("language")}
    return _add(actor, case, person_id, values["mission_id"], words).id


def offer(*, actor: Actor, interview_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Offer times, with place or link; a new list takes the place of the former one.

    `values["starts"]` holds aware instants. A link is sealed with the place: it stands in no notice and no mail.
    """
    interview, case = _for_act(actor, interview_id, Permission.INTERVIEW_OFFER, expected_version)
    starts: list[datetime] = sorted(set(values["starts"]))
    place = {"place": values.get("place"), "link": values.get("link")}
    facts = InterviewFacts(
        is_case_open=is_open_for_interviews(case),
        has_place=any(place.values()),
        has_slots=bool(starts),
        are_slots_ahead=all(start > clock.now() for start in starts),
        are_slots_free=not taken_among(interview, [Appointment(start, values["minutes"]) for start in starts]),
        absences=interview.absences,
    )
    sealed = seal(interview.id, interview.person_id, PLACE_LABEL, place)
    source = _apply(interview, InterviewTrigger.OFFER, facts)
    interview.mode, interview.zone, interview.place_sealed = values["mode"], values["zone"], sealed
    interview.offer += 1
    interview.starts_at = interview.contact_confirmed_at = interview.contact_confirmed_by_id = None
    for start in starts:
        slot = InterviewSlot(
            id=new_id(), interview_id=interview.id, offer=interview.offer, starts_at=start, minutes=values["minutes"]
        )
        db.session.add(slot)
    _finish(actor, interview, case, source, InterviewTrigger.OFFER, count=len(starts))


def choose(*, actor: Actor, interview_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Agree on one of the times offered, confirming that nothing forbids contact with the person's State."""
    interview, case = _for_act(actor, interview_id, Permission.INTERVIEW_CHOOSE, expected_version)
    slot = next((slot for slot in interview.offered if slot.id == values["slot_id"]), None)
    queries.hold_appointments(interview.mission_id)
    facts = InterviewFacts(
        is_case_open=is_open_for_interviews(case),
        is_slot_offered=slot is not None,
        is_slot_ahead=slot is not None and slot.starts_at > clock.now(),
        is_slot_free=slot is not None and not taken_among(interview, [slot.appointment]),
        is_contact_allowed=bool(values.get("is_contact_allowed")),
    )
    source = _apply(interview, InterviewTrigger.CHOOSE, facts)
    interview.starts_at = slot.starts_at if slot is not None else None
    interview.contact_confirmed_by_id, interview.contact_confirmed_at = actor.user_id, clock.now()
    _finish(actor, interview, case, source, InterviewTrigger.CHOOSE)


def release(*, actor: Actor, interview_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Say that no time offered suits, or that the one agreed falls through; the mission offers others."""
    interview, case = _for_act(actor, interview_id, Permission.INTERVIEW_RELEASE, expected_version)
    sealed = _sealed_reason(interview, values)
    source = _apply(interview, InterviewTrigger.RELEASE, InterviewFacts(has_reason=bool(values.get("reason"))))
    interview.reason_sealed = sealed
    interview.starts_at = interview.contact_confirmed_at = interview.contact_confirmed_by_id = None
    _finish(actor, interview, case, source, InterviewTrigger.RELEASE, has_text=True)
    follow_case(actor=actor, case=case)


def hold(*, actor: Actor, interview_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Record that the interview was held, with its outcome and protocol; the clock of the interview ends."""
    interview, case = _for_act(actor, interview_id, Permission.INTERVIEW_RECORD, expected_version)
    facts = InterviewFacts(
        has_begun=_has_begun(interview), has_outcome=bool(values.get("outcome")), has_protocol=bool(values["protocol"])
    )
    words = {name: values.get(name) for name in ("protocol", "language_observed", "shown", "present")}
    sealed = seal(interview.id, interview.person_id, PROTOCOL_LABEL, words)
    source = _apply(interview, InterviewTrigger.HOLD, facts)
    interview.outcome, interview.protocol_sealed, interview.held_at = values["outcome"], sealed, interview.starts_at
    interview.recorded_by_id, interview.recorded_at = actor.user_id, clock.now()
    payload = {"outcome": values["outcome"].value, "has_text": True}
    record(actor, interview, AuditAction.INTERVIEW_RECORDED, payload)
    _finish(actor, interview, case, source, InterviewTrigger.HOLD)


def miss(*, actor: Actor, interview_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Record that the person did not come to the time agreed on."""
    interview, case = _for_act(actor, interview_id, Permission.INTERVIEW_RECORD, expected_version)
    source = _apply(interview, InterviewTrigger.MISS, InterviewFacts(has_begun=_has_begun(interview)))
    interview.absences += 1
    _finish(actor, interview, case, source, InterviewTrigger.MISS, count=interview.absences)
    follow_case(actor=actor, case=case)


def close(*, actor: Actor, interview_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Close an interview to which the person did not come; the case is decided on what there is."""
    _end(actor, interview_id, Permission.INTERVIEW_CLOSE, expected_version, values, InterviewTrigger.CLOSE)


def cancel(*, actor: Actor, interview_id: str, expected_version: int | None, values: Mapping[str, Any]) -> None:
    """Call an interview off, with a reason; none is owed any more."""
    _end(actor, interview_id, Permission.INTERVIEW_CANCEL, expected_version, values, InterviewTrigger.CANCEL)


def follow_case(*, actor: Actor, case: Case) -> None:
    """Call off what is still open when its case can use no interview any more; `actor` moved the case.

    An appointment whose time has come may have been kept: it stays, so that the mission records what happened.
    """
    if is_open_for_interviews(case) or case.interview_asked_at is None or case.interviewed_at is not None:
        return
    for interview in queries.list_of_case(case.id):
        has_come = interview.state is InterviewState.AGREED and _has_begun(interview)
        if interview.state in OPEN_STATES and not has_come:
            _call_off(actor, interview, case)


def _call_off(actor: Actor, interview: Interview, case: Case) -> None:
    because = _cause_of(case)
    sealed = seal(interview.id, interview.person_id, REASON_LABEL, {"code": because.value})
    source = _apply(interview, InterviewTrigger.CANCEL, InterviewFacts(has_reason=True))
    interview.reason_sealed, interview.ended_by_id, interview.ended_at = sealed, actor.user_id, clock.now()
    # Whoever moved the case has called nothing off themselves: their own side is told as well.
    _finish(actor, interview, case, source, InterviewTrigger.CANCEL, tells_own_side=True, cause=because.value)


def _cause_of(case: Case) -> CalledOffBecause:
    if case.state is CaseState.LAPSED:
        return CalledOffBecause.REPLY_LIMIT_PASSED
    is_decided = case.decided_at is not None
    return CalledOffBecause.REQUEST_DECIDED if is_decided else CalledOffBecause.REQUEST_WITHDRAWN


def taken_among(interview: Interview, times: Sequence[Appointment]) -> set[Appointment]:
    """Return those of some times at which the mission of an interview has agreed on another one."""
    if not times:
        return set()
    since = min(times).starts_at - _LONGEST
    agreed = queries.list_agreed(mission_id=interview.mission_id, since=since, without=interview.id)
    return {time for time in times if any(time.overlaps(other) for other in agreed)}


def _end(
    actor: Actor,
    interview_id: str,
    permission: Permission,
    expected_version: int | None,
    values: Mapping[str, Any],
    trigger: InterviewTrigger,
) -> None:
    interview, case = _for_act(actor, interview_id, permission, expected_version)
    sealed = _sealed_reason(interview, values)
    source = _apply(interview, trigger, InterviewFacts(has_reason=bool(values.get("reason"))))
    interview.reason_sealed, interview.ended_by_id, interview.ended_at = sealed, actor.user_id, clock.now()
    _finish(actor, interview, case, source, trigger, has_text=True)


def _sealed_reason(interview: Interview, values: Mapping[str, Any]) -> bytes:
    return seal(interview.id, interview.person_id, REASON_LABEL, {"reason": values.get("reason")})


def _has_begun(interview: Interview) -> bool:
    return interview.starts_at is not None and interview.starts_at <= clock.now()


def _add(
    actor: Actor,
    case: Case,
    person_id: str,
    mission_id: str,
    words: Mapping[str, Any],
    *,
    is_of_application: bool = False,
) -> Interview:
    interview_id = new_id()
    interview = Interview(
        id=interview_id,
        case_id=case.id,
        person_id=person_id,
        mission_id=mission_id,
        state=InterviewState.REQUESTED,
        is_of_application=is_of_application,
        asked_by_id=actor.user_id,
        asked_at=case.submitted_at if is_of_application else clock.now(),
        request_sealed=seal(interview_id, person_id, REQUEST_LABEL, words),
    )
    db.session.add(interview)
    db.session.flush()
    record(actor, interview, AuditAction.INTERVIEW_REQUESTED, {"has_text": bool(words["question"])})
    _note(case)
    _tell(ASKED_TOPIC, interview, case, actor, InterviewState.REQUESTED)
    return interview


def _for_act(
    actor: Actor, interview_id: str, permission: Permission, expected_version: int | None
) -> tuple[Interview, Case]:
    interview, case = get_interview(actor, interview_id, permission)
    if expected_version is not None and interview.version != expected_version:
        raise Conflict("stale_version", version=interview.version, state=interview.state.value)
    return interview, case


def _apply(interview: Interview, trigger: InterviewTrigger, facts: InterviewFacts) -> InterviewState:
    """Move an interview and return the state that it came from."""
    source = interview.state
    with refusals_of("interview"):
        interview.state = machine.fire(interview.state, trigger, facts).destination
    return source


def _finish(
    actor: Actor,
    interview: Interview,
    case: Case,
    source: InterviewState,
    trigger: InterviewTrigger,
    *,
    tells_own_side: bool = False,
    **more: Any,
) -> None:
    """Write the interview and its audit entry, let the clock of the case follow, and tell the others."""
    with stale_is_conflict():
        db.session.flush()
    payload = {"trigger": trigger.value, "from": source.value, "to": interview.state.value, **more}
    record(actor, interview, AuditAction.INTERVIEW_CHANGED, payload)
    if interview.state not in OPEN_STATES:
        _note(case)
    _tell(MOVED_TOPIC, interview, case, None if tells_own_side else actor, interview.state)


def _note(case: Case) -> None:
    """Tell the case's clock since when an interview is owed: that of the first one open, else of the last one held."""
    rows = queries.list_of_case(case.id)
    still_open = [row.asked_at for row in rows if row.state in OPEN_STATES]
    held = [row for row in rows if row.state is InterviewState.HELD]
    asked_at = min(still_open, default=None) or max((row.asked_at for row in held), default=None)
    held_at = None if still_open else max((row.held_at for row in held if row.held_at), default=None)
    case_dates.note_interviews(case=case, asked_at=asked_at, held_at=held_at)


def _tell(topic: str, interview: Interview, case: Case, actor: Actor | None, state: InterviewState) -> None:
    payload = {
        "case_id": case.id,
        "reference": case.reference,
        "interview_id": interview.id,
        "mission_id": interview.mission_id,
        "state": state.value,
        "by_organisation_id": (actor and actor.organisation_id) or "",
    }
    outbox.enqueue(topic, payload, key=f"{topic}:{interview.id}:{interview.version}")
