"""The lists of transfers, and what the border service sees of one: what the arrival needs and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission, permission_for_trigger
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service as lookup
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.enums import MemberRelation
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.core.paging import cursor_of, day_and_id, place_of
from ercms.persons import service as persons
from ercms.returns import queries, service
from ercms.returns.enums import TransferFailure, TransferMeans
from ercms.returns.models import Transfer
from ercms.returns.service import TransferDetails
from ercms.travel_documents import service as travel_documents
from ercms.vault.enums import Compartment
from workflows.readmission import CaseState, CaseTrigger
from workflows.transfer import TransferState

AHEAD = timedelta(days=7)
BACK = timedelta(days=7)
PAGE_SIZE = 100


class Span(StrEnum):
    """The parts of the list of transfers."""

    OVERDUE = "overdue"
    TODAY = "today"
    AHEAD = "ahead"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class TransferLine:
    """One transfer in a list."""

    reference: str
    name: str | None
    state: TransferState
    planned_on: date
    means: TransferMeans
    crossing_point: str
    flight_number: str
    arrival_time: str
    requesting_state: str
    persons: int
    ended_at: datetime | None
    failure: TransferFailure | None


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person who arrives."""

    relation: MemberRelation
    name: str
    birth_date: date | None
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArrivalPage:
    """What the border needs for one arrival."""

    reference: str
    case_version: int
    case_state: CaseState
    state: TransferState
    attempt: int
    planned_on: date
    means: TransferMeans
    crossing_point: str
    requesting_state: str
    details: TransferDetails
    travellers: tuple[Traveller, ...]
    is_minor_alone: bool
    care: str
    protection: str
    receiving_adult: str
    document_options: tuple[tuple[str, str], ...]
    ended_at: datetime | None
    failure: TransferFailure | None
    note: str | None
    may_confirm: bool
    may_fail: bool


@dataclass(frozen=True, slots=True)
class TransferPage:
    """Some transfers by planned day, put into the parts of the list, and where the following ones begin."""

    spans: dict[Span, tuple[TransferLine, ...]]
    next_cursor: str | None


def list_transfers(*, actor: Actor, cursor: str | None = None) -> TransferPage:
    """Return the transfers of the past week, of today and of the week to come that the actor may see, with names.

    What was announced for a day that is over, and was neither confirmed nor reported as failed, stands first.

    Raises:
        InvalidInput: `bad_cursor`.
    """
    policy.check(actor, Permission.TRANSFER_LIST)
    today = clock.today()
    found = queries.list_in_sight(
        today - BACK,
        today + AHEAD,
        since=clock.now() - BACK,
        cases=lookup.transfer_cases(actor=actor),
        after=place_of(cursor, day_and_id),
        limit=PAGE_SIZE + 1,
    )
    on_page = found[:PAGE_SIZE]
    cases_by_id = lookup.cases_of_records(case_ids={transfer.case_id for transfer in on_page})
    pairs = [(transfer, cases_by_id[transfer.case_id]) for transfer in on_page]
    shown = [(transfer, case) for transfer, case in pairs if policy.allows(actor, Permission.TRANSFER_READ, case)]
    if shown:
        audit.record(
            actor=actor,
            action=AuditAction.CASE_LISTED,
            chain=audit.organisation_chain(actor.organisation_id),
            record_type="list",
            record_id="transfers",
            payload={"references": [case.reference for _, case in shown]},
            compartments=[Compartment.IDENTITY],
        )
    last = on_page[-1] if len(found) > PAGE_SIZE else None
    following = None if last is None else cursor_of(last.planned_on.isoformat(), last.id)
    return TransferPage(_by_span(shown, today), following)


def _by_span(shown: Sequence[tuple[Transfer, Case]], today: date) -> dict[Span, tuple[TransferLine, ...]]:
    names = persons.names_of(person_ids={case.principal_person_id for _, case in shown})
    details = service.details_of(pairs=list(shown))
    spans: dict[Span, list[TransferLine]] = {span: [] for span in Span}
    for transfer, case in shown:
        name = names.get(case.principal_person_id)
        line = TransferLine(
            reference=case.reference,
            name=name.display if name else None,
            state=transfer.state,
            planned_on=transfer.planned_on,
            means=transfer.means,
            crossing_point=transfer.crossing_point,
            flight_number=details[transfer.id].flight_number,
            arrival_time=details[transfer.id].arrival_time,
            requesting_state=case.requesting_state,
            persons=len(case.members),
            ended_at=transfer.ended_at,
            failure=transfer.failure,
        )
        spans[_span_of(transfer, today)].append(line)
    return {span: tuple(lines) for span, lines in spans.items()}


def _span_of(transfer: Transfer, today: date) -> Span:
    if transfer.state in queries.REPORTED:
        # What is over stands with the past, on whatever day it was planned, and with today while it is today's.
        return Span.TODAY if transfer.planned_on == today else Span.PAST
    if transfer.planned_on < today:
        return Span.OVERDUE
    return Span.TODAY if transfer.planned_on == today else Span.AHEAD


def open_arrival(*, actor: Actor, reference: str) -> ArrivalPage:
    """Open one transfer for the border service, and record whose data were seen.

    Raises:
        NotFound: there is no such transfer, or it is not the border's to see.
    """
    case = cases.get_case(actor=actor, reference=reference, permission=Permission.TRANSFER_READ)
    policy.check(actor, Permission.TRANSFER_CONFIRM, case)
    transfer = queries.find_last_of_case(case.id)
    if transfer is None:
        raise NotFound
    travellers, opened = _travellers(case)
    _record_view(actor, case, opened)
    health = persons.read_compartment(person_id=case.principal_person_id, compartment=Compartment.HEALTH)
    shown = next(one for one in service.for_case(actor=actor, case=case) if one.id == transfer.id)
    is_expected = case.state is CaseState.TRANSFER_NOTIFIED
    return ArrivalPage(
        reference=case.reference,
        case_version=case.version,
        case_state=case.state,
        state=transfer.state,
        attempt=transfer.attempt,
        planned_on=transfer.planned_on,
        means=transfer.means,
        crossing_point=transfer.crossing_point,
        requesting_state=case.requesting_state,
        details=shown.details,
        travellers=travellers,
        is_minor_alone=case.is_minor_alone,
        care=_care_in(health),
        protection=health.get("protection_measures", ""),
        receiving_adult=health.get("minor_receiving_adult", "") if case.is_minor_alone else "",
        document_options=tuple(travel_documents.document_options(case=case)),
        ended_at=transfer.ended_at,
        failure=transfer.failure,
        note=shown.note,
        may_confirm=is_expected and _may(actor, case, CaseTrigger.CONFIRM_ARRIVAL),
        may_fail=is_expected and _may(actor, case, CaseTrigger.RECORD_TRANSFER_FAILURE),
    )


def _may(actor: Actor, case: Case, trigger: CaseTrigger) -> bool:
    return policy.allows(actor, permission_for_trigger(trigger.value), case)


def _care_in(health: Mapping[str, Any]) -> str:
    """Return what of the health statements the arrival needs; they may be passed on with the person's consent only."""
    if not health.get("has_consent"):
        return ""
    stated = (health.get("care_needed", ""), health.get("health_for_transfer", ""))
    return "\n".join(text for text in stated if text)


def _travellers(case: Case) -> tuple[tuple[Traveller, ...], dict[str, set[Compartment]]]:
    """Return who arrives, and which compartments of each had to be opened to say so."""
    numbers = travel_documents.numbers_by_person(case=case)
    travellers, opened = [], {}
    for member in case.members:
        identity = persons.read_compartment(person_id=member.person_id, compartment=Compartment.IDENTITY)
        opened[member.person_id] = {Compartment.IDENTITY}
        documents = numbers.get(member.person_id, ())
        if not documents:
            # Whoever returns without an application travels on a document of their own.
            documents = _own_number(member.person_id)
            opened[member.person_id].add(Compartment.DOCUMENTS)
        travellers.append(
            Traveller(
                relation=member.relation,
                name=persons.name_in(identity).display,
                birth_date=persons.birth_date_in(identity),
                documents=documents,
            )
        )
    return tuple(travellers), opened


def _own_number(person_id: str) -> tuple[str, ...]:
    papers = persons.read_compartment(person_id=person_id, compartment=Compartment.DOCUMENTS)
    number = papers.get("document_number", "")
    return (number,) if number else ()


def _record_view(actor: Actor, case: Case, opened: Mapping[str, set[Compartment]]) -> None:
    for person_id, compartments in opened.items():
        with_health = {Compartment.HEALTH} if person_id == case.principal_person_id else set()
        viewing.record_view(
            actor=actor,
            case=case,
            action=AuditAction.PERSON_VIEWED,
            record=("person", person_id),
            payload={"page": "arrival", "case_id": case.id},
            compartments=compartments | with_health,
        )
