"""Put the case page together: the head, the due dates, the persons, and the part of each domain that the actor may see.

Opening the page is a view of a person, and is written to the case's audit with the compartments that were opened.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.cases import discretion, drafting, service
from ercms.cases import record_service as record
from ercms.cases import viewing_service as viewing
from ercms.cases.models import Case
from ercms.cases.record_service import ClockLine, HistoryLine, StopLine
from ercms.cases.service import OpenAction
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.marks import service as marks
from ercms.marks.enums import Standing
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from workflows.readmission import CaseKind, CaseState, Procedure, Stage, stage_of


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One person of the application with the compartments that the page shows."""

    person_id: str
    relation: Any
    name: str
    compartments: dict[str, dict[str, Any]]
    is_readable: bool


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What the head of the page answers: where is it, what is due when and by which article, what may I do now."""

    id: str
    reference: str
    version: int
    state: CaseState
    stage: Stage
    kind: CaseKind
    procedure: Procedure
    requesting_state: str
    authority: str
    own_reference: str
    agreement_id: str | None
    agreement_title: str | None
    is_treaty: bool
    is_suspended: bool
    is_minor_alone: bool
    is_sealed: bool
    interview_requested: bool
    assigned_to: str | None
    assigned_to_id: str | None
    name: str
    next_due_on: date | None
    next_due_kind: str | None
    submitted_at: datetime | None
    acknowledged_at: datetime | None
    is_editable: bool
    erased_at: datetime | None
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the case page shows of the case itself."""

    head: CaseHead
    actions: tuple[OpenAction, ...]
    clocks: tuple[ClockLine, ...]
    former_clocks: tuple[ClockLine, ...]
    stops: tuple[StopLine, ...]
    members: tuple[MemberLine, ...]
    observations: str
    history: tuple[HistoryLine, ...]
    may_stop: bool
    may_assign: bool
    may_seal: bool


# What the case page opens at once. Health and needs are a tab of their own, opened and recorded on their own.
OPENED_BY_PAGE = (
    Compartment.IDENTITY,
    Compartment.DOCUMENTS,
    Compartment.CONTACT,
    Compartment.FAMILY,
    Compartment.ITINERARY,
)


def open_page(*, actor: Actor, reference: str, with_health: bool = False) -> tuple[Case, CasePage]:
    """Open a case for reading, and record the view.

    Raises:
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
        NotFound: there is no such case, or the actor may not know of it.
    """
    case = service.get_case(actor=actor, reference=reference)
    wanted = (*OPENED_BY_PAGE, Compartment.HEALTH) if with_health else OPENED_BY_PAGE
    viewing.record_view(
        actor=actor,
        case=case,
        payload={"page": "health" if with_health else "case"},
        compartments=[compartment.value for compartment in wanted],
    )
    members = _members(case, wanted)
    page = CasePage(
        head=_head(actor, case, members),
        actions=service.open_actions(actor=actor, case=case),
        clocks=discretion.clocks_for(actor=actor, lines=record.current_clocks(case=case)),
        former_clocks=discretion.clocks_for(actor=actor, lines=record.former_clocks(case=case)),
        stops=discretion.stops_for(actor=actor, lines=record.stops_of(case=case)),
        members=members,
        observations=_observations(case),
        history=discretion.history_for(actor=actor, lines=record.history_of(case=case)),
        may_stop=policy.allows(actor, Permission.CASE_STOP, case),
        may_assign=policy.allows(actor, Permission.CASE_ASSIGN, case),
        may_seal=policy.allows(actor, Permission.CASE_SEAL, case),
    )
    return case, page


def head_for(*, actor: Actor, reference: str, is_again: bool = False) -> tuple[Case, CaseHead]:
    """Return the head alone, for the pages of single acts; the name is opened, and the view recorded.

    `is_again`: the form was open before, and is shown again with what was typed; a reason that has run out since does
    not take that away.

    Raises:
        ReasonNeeded: the case is outside the actor's own work, and no reason holds.
    """
    case = service.get_case(actor=actor, reference=reference)
    viewing.record_view(
        actor=actor,
        case=case,
        payload={"page": "action"},
        compartments=[Compartment.IDENTITY.value],
        needs_reason=not is_again,
    )
    return case, _head(actor, case, _members(case, (Compartment.IDENTITY,)))


def _head(actor: Actor, case: Case, members: tuple[MemberLine, ...]) -> CaseHead:
    state = discretion.state_for(actor=actor, state=case.state)
    agreement = agreements.get_agreement(case.agreement_id) if case.agreement_id else None
    names = accounts.organisation_names([case.requesting_organisation_id])
    officers = accounts.user_names([case.assigned_to_id]) if case.assigned_to_id else {}
    return CaseHead(
        id=case.id,
        reference=case.reference,
        version=case.version,
        state=state,
        stage=stage_of(state),
        kind=case.kind,
        procedure=case.procedure,
        requesting_state=case.requesting_state,
        authority=names.get(case.requesting_organisation_id, ""),
        own_reference=_own_reference(case),
        agreement_id=case.agreement_id,
        agreement_title=agreement.title if agreement else None,
        is_treaty=agreement is not None,
        is_suspended=case.is_suspended,
        is_minor_alone=case.is_minor_alone,
        is_sealed=case.is_sealed,
        interview_requested=case.interview_requested,
        assigned_to=officers.get(case.assigned_to_id) if case.assigned_to_id else None,
        assigned_to_id=case.assigned_to_id,
        name=members[0].name if members else "",
        next_due_on=case.next_due_on,
        next_due_kind=case.next_due_kind,
        submitted_at=case.submitted_at,
        acknowledged_at=case.acknowledged_at,
        is_editable=case.state in (CaseState.DRAFT, CaseState.INCOMPLETE),
        erased_at=vault.erased_at(person_id=case.principal_person_id),
        standings=marks.standings_of(person_ids=[member.person_id for member in case.members]),
    )


def _observations(case: Case) -> str:
    try:
        return drafting.observations_of(case=case)
    except NotFound:
        return ""


def _own_reference(case: Case) -> str:
    try:
        return service.own_reference_of(case=case)
    except NotFound:
        return ""


def _members(case: Case, wanted: tuple[Compartment, ...]) -> tuple[MemberLine, ...]:
    members = sorted(case.members, key=lambda member: member.position)
    ids = [member.person_id for member in members]
    opened = {compartment: vault.open_many(person_ids=ids, compartment=compartment) for compartment in wanted}
    lines = []
    for member in members:
        compartments = {c.value: opened[c].get(member.person_id, {}) for c in wanted}
        identity = opened[Compartment.IDENTITY].get(member.person_id)
        lines.append(
            MemberLine(
                person_id=member.person_id,
                relation=member.relation,
                name=persons.name_in(identity or {}).display,
                compartments=compartments,
                is_readable=identity is not None,
            )
        )
    return tuple(lines)
