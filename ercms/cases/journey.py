"""A request as its author meets it: the sections of the joint form, what each holds, what the agreement wants of it.

Nothing here decides anything. What is missing is said, and stops nobody: the content of an application is owed "as far
as possible".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.audit.service import AuditLine
from ercms.cases import drafting
from ercms.cases import viewing_service as viewing
from ercms.cases.enums import MemberRelation, Section
from ercms.cases.models import Case
from ercms.cases.references import tidy_reference
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from workflows.deadlines import REPLY_CLOCKS, ClockKind, Deadline, Event
from workflows.readmission import CaseKind, CaseState, Procedure
from workflows.terms import Agreement, AgreementStatus, Clause

# Which sealed compartments of the principal person a section writes.
COMPARTMENTS_OF: Mapping[Section, tuple[Compartment, ...]] = {
    Section.PERSON: (Compartment.IDENTITY, Compartment.DOCUMENTS),
    Section.CONTACT: (Compartment.CONTACT,),
    Section.FAMILY: (Compartment.FAMILY,),
    Section.CIRCUMSTANCES: (Compartment.HEALTH,),
    Section.JOURNEY: (Compartment.ITINERARY,),
}
# Which entries of an agreement's lists concern a section; the rest concerns the form as a whole.
_WANTED_IN: Mapping[Section, frozenset[str]] = {
    Section.PERSON: frozenset({"names", "birth_date", "birth_place"}),
    Section.CONTACT: frozenset({"last_residence"}),
    Section.FAMILY: frozenset({"family"}),
    Section.EVIDENCE: frozenset({"evidence_means", "photograph"}),
    Section.CIRCUMSTANCES: frozenset({"care_statement", "protection_and_health"}),
}
_WITH_JOURNEY = frozenset({CaseKind.THIRD_COUNTRY_NATIONAL, CaseKind.STATELESS, CaseKind.TRANSIT})
_BEFORE_SENDING = frozenset({ClockKind.SUBMISSION, ClockKind.SUBMISSION_ACCELERATED})
_REPLIES = REPLY_CLOCKS | {ClockKind.TRANSIT_REPLY}


@dataclass(frozen=True, slots=True)
class MemberSummary:
    """A person of the application, as the steps name them."""

    person_id: str
    relation: MemberRelation
    name: str
    birth_date: date | None

    @property
    def is_principal(self) -> bool:
        """Tell whether the application is about this person."""
        return self.relation is MemberRelation.PRINCIPAL


@dataclass(frozen=True, slots=True)
class Framework:
    """Under what a request would be received: an agreement in force, one that is not, or none."""

    agreement: Agreement | None
    known: Agreement | None
    status: AgreementStatus | None

    @property
    def is_treaty(self) -> bool:
        """Tell whether treaty dates run; without an agreement in force the diplomatic channel is all there is."""
        return self.agreement is not None


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request as its author may read and write it."""

    id: str
    reference: str
    version: int
    state: CaseState
    kind: CaseKind
    procedure: Procedure
    requesting_state: str
    authority: str
    has_name: bool
    is_minor_alone: bool
    head: Mapping[str, Any]
    members: tuple[MemberSummary, ...]
    opened: Mapping[Compartment, Mapping[str, Any]]
    written: frozenset[Compartment]
    observations: str
    sections: tuple[Section, ...]
    framework: Framework
    changed_at: datetime

    @property
    def principal_id(self) -> str:
        """Return the person whom the application is about."""
        return next(member.person_id for member in self.members if member.is_principal)

    @property
    def is_draft(self) -> bool:
        """Tell whether the request has not been sent yet."""
        return self.state is CaseState.DRAFT

    @property
    def family(self) -> tuple[MemberSummary, ...]:
        """Return the family members of the same application."""
        return tuple(member for member in self.members if not member.is_principal)


@dataclass(frozen=True, slots=True)
class Edit:
    """The last change of a request: who, when, which section."""

    who: str
    at: datetime
    section: Section | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What dates a request would start if it were received now, and those that bind the sender before."""

    replies: tuple[Deadline, ...]
    before_sending: tuple[Deadline, ...]
    is_too_late: bool


def sections_for(*, kind: CaseKind, procedure: Procedure) -> tuple[Section, ...]:
    """Return the sections that a request of this kind has; a journey is asked for where the agreement asks for it."""
    has_journey = kind in _WITH_JOURNEY or procedure is Procedure.ACCELERATED
    return tuple(section for section in Section if section is not Section.JOURNEY or has_journey)


def framework_of(*, state: str, on: date | None = None) -> Framework:
    """Return under what a request from a State would be received on a day."""
    agreement = agreements.agreement_for(state, on)
    partner = next((partner for partner in agreements.partner_states(on) if partner.state == state), None)
    return Framework(agreement, partner.agreement if partner else None, partner.status if partner else None)


def open_draft(*, actor: Actor, reference: str, page: str, opened: Iterable[Compartment] = ()) -> RequestDraft:
    """Open a request for writing, with only the compartments that the page needs, and put the view on record.

    Raises:
        NotFound: there is no such request for this actor.
        Conflict: `case_not_editable`, it has been sent and nothing was asked back.
    """
    case = drafting.editable_case(actor=actor, reference=_tidy(reference))
    wanted = sorted({Compartment.IDENTITY, *opened})
    identities = vault.open_many(
        person_ids=[member.person_id for member in case.members], compartment=Compartment.IDENTITY
    )
    person_id = case.principal_person_id
    viewing.record_view(
        actor=actor,
        case=case,
        payload={"page": page},
        compartments=[compartment.value for compartment in wanted],
    )
    return RequestDraft(
        id=case.id,
        reference=case.reference,
        version=case.version,
        state=case.state,
        kind=case.kind,
        procedure=case.procedure,
        requesting_state=case.requesting_state,
        authority=accounts.get_organisation(case.requesting_organisation_id).name,
        has_name=case.has_name,
        is_minor_alone=case.is_minor_alone,
        head=drafting.head_of(case=case),
        members=tuple(
            MemberSummary(
                person_id=member.person_id,
                relation=member.relation,
                name=persons.name_in(identities.get(member.person_id, {})).display,
                birth_date=persons.birth_date_in(identities.get(member.person_id, {})),
            )
            for member in case.members
        ),
        opened={c: persons.read_compartment(person_id=person_id, compartment=c) for c in wanted},
        written=frozenset(vault.written_compartments(person_id=person_id)),
        observations=drafting.observations_of(case=case),
        sections=sections_for(kind=case.kind, procedure=case.procedure),
        framework=_framework_of_case(case),
        changed_at=case.changed_at,
    )


def _tidy(reference: str) -> str:
    tidied = tidy_reference(reference)
    if tidied is None:
        raise NotFound
    return tidied


def _framework_of_case(case: Case) -> Framework:
    if case.state is CaseState.DRAFT or case.agreement_id is None:
        return framework_of(state=case.requesting_state)
    agreement = agreements.get_agreement(case.agreement_id)
    return Framework(agreement, agreement, AgreementStatus.IN_FORCE)


def member_identity(*, actor: Actor, reference: str, person_id: str) -> tuple[MemberRelation, dict[str, Any]]:
    """Open a family member's identity for editing.

    Raises:
        NotFound: the person is no family member of this request.
    """
    case = drafting.editable_case(actor=actor, reference=_tidy(reference))
    member = next((m for m in case.members if m.person_id == person_id), None)
    if member is None or member.relation is MemberRelation.PRINCIPAL:
        raise NotFound
    return member.relation, persons.read_compartment(person_id=person_id, compartment=Compartment.IDENTITY)


def save_sections(
    *,
    actor: Actor,
    reference: str,
    expected_version: int | None,
    parts: Mapping[Compartment, Mapping[str, Any]],
    observations: str | None = None,
) -> Case:
    """Seal several compartments of the principal person at once, as one page sends them."""
    version = expected_version
    for compartment, values in parts.items():
        drafting.save_compartment(
            actor=actor, reference=reference, expected_version=version, compartment=compartment, values=values
        )
        # The first of them has proved the version; the rest belong to the same act.
        version = None
    if observations is not None:
        drafting.save_observations(actor=actor, reference=reference, expected_version=version, text=observations)
    return drafting.editable_case(actor=actor, reference=reference)


def last_edit(*, actor: Actor, reference: str) -> Edit | None:
    """Return who changed a request last, for whoever was about to change it too."""
    case = drafting.editable_case(actor=actor, reference=_tidy(reference))
    views = {AuditAction.CASE_VIEWED, AuditAction.FILE_READ, AuditAction.EVIDENCE_VIEWED, AuditAction.PERSON_MATCHED}
    views |= {AuditAction.PERSON_LINKED, AuditAction.PERSON_UNLINKED}
    lines = audit.history(chain=audit.case_chain(case.id), limit=30, newest_first=True)
    line = next((line for line in lines if line.action not in views), None)
    if line is None:
        return None
    who = accounts.user_names([line.actor_id]).get(line.actor_id, "")
    return Edit(who=who, at=line.at, section=_section_of(line))


def _section_of(line: AuditLine) -> Section | None:
    if line.record_type in {"evidence", "file"}:
        return Section.EVIDENCE
    written = line.payload.get("section")
    if written == "observations":
        return Section.CIRCUMSTANCES
    if written in set(Section):
        return Section(written)
    return next((section for section, parts in COMPARTMENTS_OF.items() if written in parts), None)


def wanted_in(*, section: Section, framework: Framework, kind: CaseKind) -> tuple[Clause, ...]:
    """Return what the agreement's article on the application asks for in a section."""
    if framework.agreement is None:
        return ()
    if section is Section.JOURNEY:
        is_transit = kind is CaseKind.TRANSIT
        return tuple(
            clause for clause in framework.agreement.list_of("transit_form") if is_transit and clause.group == "transit"
        )
    codes = _WANTED_IN.get(section, frozenset())
    return tuple(clause for clause in framework.agreement.list_of("application_content") if clause.code in codes)


def forecast(*, draft: RequestDraft) -> Forecast:
    """Compute the dates that this request would start if it were received, and acknowledged, at this moment."""
    if draft.framework.agreement is None:
        return Forecast((), (), is_too_late=False)
    case_events = _sender_events(draft)
    now = clock.now()
    sent = {**case_events, Event.RECEIPT: now, Event.ACKNOWLEDGEMENT: now}
    if draft.head["interview_requested"]:
        sent[Event.INTERVIEW_REQUESTED] = now
    replies = [d for d in _clocks(draft, sent) if d.kind in _REPLIES]
    before = [d for d in _clocks(draft, case_events) if d.kind in _BEFORE_SENDING and d.due_on is not None]
    today = clock.today(agreements.zone_of(draft.requesting_state))
    return Forecast(tuple(replies), tuple(before), is_too_late=any(d.is_overdue(today) for d in before))


def _sender_events(draft: RequestDraft) -> dict[Event, Any]:
    happened = {
        Event.KNOWLEDGE: draft.head["presence_known_on"],
        Event.APPREHENSION: draft.head["apprehended_on"],
    }
    return {event: moment for event, moment in happened.items() if moment is not None}


def _clocks(draft: RequestDraft, events: Mapping[Event, Any]) -> tuple[Deadline, ...]:
    agreement = draft.framework.agreement
    return agreements.clocks(
        agreement_id=agreement.id if agreement else None,
        state=draft.requesting_state,
        kind=draft.kind,
        procedure=draft.procedure,
        events=dict(events),
    )


def is_begun(*, draft: RequestDraft, section: Section, has_evidence: bool) -> bool:
    """Tell whether something stands in a section already."""
    if section is Section.REQUEST:
        return True
    if section is Section.EVIDENCE:
        return has_evidence
    if section is Section.FAMILY and draft.family:
        return True
    if section is Section.CIRCUMSTANCES and draft.observations:
        return True
    return any(compartment in draft.written for compartment in COMPARTMENTS_OF[section])
