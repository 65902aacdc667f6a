"""What each side sees of interviews; each one opened is put on record.

The requesting authority sees times, place and state, and the outcome once the request is decided; never the protocol.
The Service and the mission that holds the interview see everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.audit.actions import AuditAction
from ercms.cases import clock_service, lookup_service
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.core.errors import RuleRefused
from ercms.interviews import queries
from ercms.interviews.enums import CalledOffBecause, InterviewMode, InterviewOutcome
from ercms.interviews.models import Interview
from ercms.interviews.records import (
    PLACE_LABEL,
    PROTOCOL_LABEL,
    REASON_LABEL,
    REQUEST_LABEL,
    get_interview,
    is_of_actor,
    words_of,
)
from ercms.interviews.service import OPEN_CASE_STATES, is_open_for_interviews, missions_for, taken_among
from ercms.persons import service as persons
from ercms.vault.enums import Compartment
from workflows.clocks import ClockKind
from workflows.interview import MACHINE, MOST_APPOINTMENTS, InterviewState, InterviewTrigger

_T = InterviewTrigger
_PERMISSIONS = {
    _T.OFFER: Permission.INTERVIEW_OFFER,
    _T.CHOOSE: Permission.INTERVIEW_CHOOSE,
    _T.RELEASE: Permission.INTERVIEW_RELEASE,
    _T.HOLD: Permission.INTERVIEW_RECORD,
    _T.MISS: Permission.INTERVIEW_RECORD,
    _T.CLOSE: Permission.INTERVIEW_CLOSE,
    _T.CANCEL: Permission.INTERVIEW_CANCEL,
}


@dataclass(frozen=True, slots=True)
class SlotView:
    """A time offered; `is_ahead` and `is_free` tell whether it can still be chosen."""

    id: str
    starts_at: datetime
    minutes: int
    is_ahead: bool
    is_free: bool


@dataclass(frozen=True, slots=True)
class ProtocolView:
    """What was said and seen; for the Service and the mission that held the interview."""

    protocol: str
    language_observed: str | None
    shown: str | None
    present: str | None


@dataclass(frozen=True, slots=True)
class InterviewView:
    """An interview for one reader; what that reader may not see is None."""

    id: str
    version: int
    reference: str
    person_id: str
    person: str
    mission: str
    state: InterviewState
    is_of_application: bool
    asked_at: datetime
    due_on: date | None
    is_overdue: bool
    question: str | None
    language: str | None
    mode: InterviewMode | None
    zone: str | None
    place: str | None
    link: str | None
    slots: tuple[SlotView, ...]
    starts_at: datetime | None
    has_begun: bool
    absences: int
    held_at: datetime | None
    outcome: InterviewOutcome | None
    is_outcome_withheld: bool
    protocol: ProtocolView | None
    recorded_at: datetime | None
    reason: str | None
    called_off_because: CalledOffBecause | None
    ended_at: datetime | None
    acts: frozenset[str]

    @property
    def changed_at(self) -> datetime:
        """Return when the interview last got a result or an end, else when it was asked for."""
        return self.recorded_at or self.ended_at or self.asked_at


@dataclass(frozen=True, slots=True)
class InterviewLine:
    """One line in a list of interviews: no person."""

    id: str
    reference: str
    mission: str
    state: InterviewState
    asked_at: datetime
    starts_at: datetime | None
    zone: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class InterviewsPart:
    """What the case page shows of interviews."""

    interviews: tuple[InterviewView, ...]
    may_ask: bool
    is_applied_for: bool
    """The application asks for an interview and nobody was asked yet."""


@dataclass(frozen=True, slots=True)
class AskForm:
    """What the form that asks for an interview offers."""

    reference: str
    persons: tuple[tuple[str, str], ...]
    missions: tuple[tuple[str, str], ...]


def list_for(*, actor: Actor) -> tuple[tuple[InterviewLine, ...], tuple[InterviewLine, ...]]:
    """Return the open interviews, the longest asked for first, and the last others: a mission's own, for others all."""
    policy.check(actor, Permission.INTERVIEW_LIST)
    is_mission = actor.organisation_kind is OrganisationKind.MISSION
    mission_id = actor.organisation_id if is_mission else None
    visible = lookup_service.visible_case_ids(actor=actor)
    waiting = queries.list_in_sight(visible=visible, mission_id=mission_id, are_open=True)
    ended = queries.list_in_sight(visible=visible, mission_id=mission_id, are_open=False)
    rows = (*waiting, *ended)
    references = clock_service.references_of(case_ids={row.case_id for row in rows})
    due = clock_service.running_due_days(case_ids={row.case_id for row in waiting}, kind=ClockKind.INTERVIEW)
    missions = accounts.organisation_names(row.mission_id for row in rows)

    def lines(found: Sequence[Interview]) -> tuple[InterviewLine, ...]:
        return tuple(
            InterviewLine(
                id=row.id,
                reference=references.get(row.case_id, ""),
                mission=missions.get(row.mission_id, ""),
                state=row.state,
                asked_at=row.asked_at,
                starts_at=row.starts_at,
                zone=row.zone,
                due_on=due.get(row.case_id),
            )
            for row in found
        )

    return lines(waiting), lines(ended)


def open_interview(*, actor: Actor, interview_id: str) -> tuple[InterviewView, Case]:
    """Open one interview, and put the view on record."""
    interview, case = get_interview(actor, interview_id, Permission.INTERVIEW_READ)
    viewing.record_view(
        actor=actor,
        case=case,
        action=AuditAction.INTERVIEW_VIEWED,
        record=("person", interview.person_id),
        payload={"interview_id": interview.id},
        compartments=[Compartment.IDENTITY.value],
        purpose="interview",
    )
    return _views(actor, case, [interview])[0], case


def for_case(*, actor: Actor, case: Case) -> InterviewsPart:
    """Return what this actor sees of the interviews of a case; the caller has checked, and records the view."""
    may_ask = policy.allows(actor, Permission.INTERVIEW_ASK, case) and is_open_for_interviews(case)
    if not policy.allows(actor, Permission.INTERVIEW_READ, case):
        return InterviewsPart((), may_ask=False, is_applied_for=False)
    rows = queries.list_of_case(case.id)
    shown = [row for row in rows if is_of_actor(actor, row, case)]
    return InterviewsPart(_views(actor, case, shown), may_ask, case.interview_requested and not rows and may_ask)


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that took place: when and with which outcome."""

    id: str
    held_at: datetime
    outcome: InterviewOutcome


def held_in(*, actor: Actor, case: Case) -> tuple[Held, ...]:
    """Return the interviews of a case that took place, to the officers of the Service; to others nothing."""
    is_inside = actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE
    return days_held(case=case) if is_inside and policy.allows(actor, Permission.INTERVIEW_READ, case) else ()


def days_held(*, case: Case) -> tuple[Held, ...]:
    """Return the interviews of a case that took place; the caller says what of them is told to whom."""
    return tuple(
        Held(row.id, row.held_at, row.outcome)
        for row in queries.list_of_case(case.id)
        if row.held_at is not None and row.outcome is not None
    )


def ask_form(*, actor: Actor, reference: str, is_again: bool = False) -> AskForm:
    """Return whom an interview can be about, and which mission can hold it; `is_again`: with what was typed.

    Raises:
        RuleRefused: `no_interview_now`, the request has been decided or was not sent.
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.INTERVIEW_ASK)
    if case.state not in OPEN_CASE_STATES:
        raise RuleRefused("no_interview_now", reference=reference)
    named = viewing.persons_to_choose(actor=actor, case=case, purpose="interview", is_again=is_again)
    return AskForm(case.reference, named, tuple(missions_for(state=case.requesting_state)))


def zone_of(*, case: Case) -> str:
    """Return the zone that the form of a mission begins with: that of the requesting State."""
    return agreements.zone_of(case.requesting_state)


def _views(actor: Actor, case: Case, rows: Sequence[Interview]) -> tuple[InterviewView, ...]:
    if not rows:
        return ()
    words = words_of(rows, REQUEST_LABEL, PLACE_LABEL, REASON_LABEL)
    read = [row for row in rows if _reads_protocol(actor, row)]
    words |= words_of(read, PROTOCOL_LABEL)
    names = persons.names_of(person_ids={row.person_id for row in rows})
    missions = accounts.organisation_names(row.mission_id for row in rows)
    due_on = clock_service.running_due_on(case_id=case.id, kind=ClockKind.INTERVIEW)
    return tuple(
        _view(
            actor,
            case,
            row,
            {label: words.get((row.id, label), {}) for label in (REQUEST_LABEL, PLACE_LABEL, REASON_LABEL)},
            words.get((row.id, PROTOCOL_LABEL)),
            (names[row.person_id].display if row.person_id in names else "", missions.get(row.mission_id, "")),
            due_on if not MACHINE.is_final(row.state) else None,
        )
        for row in rows
    )


def _view(
    actor: Actor,
    case: Case,
    row: Interview,
    words: dict[str, dict[str, str | None]],
    protocol: dict[str, str | None] | None,
    named: tuple[str, str],
    due_on: date | None,
) -> InterviewView:
    reads_all = _reads_protocol(actor, row)
    is_said = reads_all or _is_told(case, row)
    now = clock.now()
    return InterviewView(
        id=row.id,
        version=row.version,
        reference=case.reference,
        person_id=row.person_id,
        person=named[0],
        mission=named[1],
        state=row.state,
        is_of_application=row.is_of_application,
        asked_at=row.asked_at,
        due_on=due_on,
        is_overdue=due_on is not None and due_on < clock.today(),
        question=words[REQUEST_LABEL].get("question") if reads_all else None,
        language=words[REQUEST_LABEL].get("language"),
        mode=row.mode,
        zone=row.zone,
        place=words[PLACE_LABEL].get("place"),
        link=words[PLACE_LABEL].get("link"),
        slots=_slots(row, now),
        starts_at=row.starts_at,
        has_begun=row.starts_at is not None and row.starts_at <= now,
        absences=row.absences,
        held_at=row.held_at,
        outcome=row.outcome if is_said else None,
        is_outcome_withheld=row.outcome is not None and not is_said,
        protocol=_protocol(protocol) if protocol is not None else None,
        recorded_at=row.recorded_at,
        reason=words[REASON_LABEL].get("reason"),
        called_off_because=CalledOffBecause(code) if (code := words[REASON_LABEL].get("code")) else None,
        ended_at=row.ended_at,
        acts=_acts(actor, case, row),
    )


def _slots(row: Interview, now: datetime) -> tuple[SlotView, ...]:
    waits = row.state is InterviewState.SLOTS_OFFERED
    taken = taken_among(row, [slot.appointment for slot in row.offered]) if waits else set()
    return tuple(
        SlotView(slot.id, slot.starts_at, slot.minutes, slot.starts_at > now, slot.appointment not in taken)
        for slot in row.offered
    )


def _protocol(words: dict[str, str | None]) -> ProtocolView:
    return ProtocolView(
        protocol=words.get("protocol") or "",
        language_observed=words.get("language_observed"),
        shown=words.get("shown"),
        present=words.get("present"),
    )


def _reads_protocol(actor: Actor, row: Interview) -> bool:
    is_inside = actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE
    return is_inside or actor.organisation_id == row.mission_id


def _is_told(case: Case, row: Interview) -> bool:
    """Tell whether the requesting side knows the outcome: the reply that rests on it has gone out."""
    return case.decided_at is not None and row.recorded_at is not None and row.recorded_at <= case.decided_at


def _acts(actor: Actor, case: Case, row: Interview) -> frozenset[str]:
    """Return what this actor may do with an interview as it stands."""
    is_open = is_open_for_interviews(case)
    acts = set()
    for trigger in MACHINE.triggers_from(row.state):
        if trigger in (_T.OFFER, _T.CHOOSE) and not is_open:
            continue
        if trigger is _T.OFFER and row.absences >= MOST_APPOINTMENTS:
            continue
        if policy.allows(actor, _PERMISSIONS[trigger], case):
            acts.add(trigger.value)
    return frozenset(acts)
