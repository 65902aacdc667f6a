"""Lists of cases: the work queue of SMS, the requests of an organisation, searches, saved views, assignment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.sql.elements import ColumnElement

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.access.policy import ScopeKind
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import discretion, queries, service, sight
from ercms.cases.models import Case, SavedView
from ercms.cases.references import tidy_reference
from ercms.core import clock
from ercms.core.actor import Actor, Role
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.paging import cursor_of, day_and_id, instant_and_id, place_of
from ercms.extensions import db
from ercms.persons import service as persons
from ercms.vault import service as vault
from ercms.vault.enums import TokenKind
from ercms.vault.service import SealedText
from workflows.readmission import CaseKind, CaseState, Procedure

PAGE_SIZE = 50
COUNT_LIMIT = 1000
UNASSIGNED = "nobody"
MINE = "me"
# A case in one of these waits for nobody.
_AT_REST = (CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.REFUSED)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list."""

    id: str
    reference: str
    name: str | None
    state: CaseState
    kind: CaseKind
    procedure: Procedure
    requesting_state: str
    requesting_organisation_id: str
    assigned_to_id: str | None
    next_due_on: date | None
    next_due_kind: str | None
    next_due_has_effect: bool
    is_suspended: bool
    changed_at: datetime
    version: int
    own_reference: str = ""
    found_under: tuple[TokenKind, ...] = ()
    is_sealed: bool = False
    reader_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list; `next_cursor` opens the following one, and `total` is None above the counting limit."""

    rows: tuple[CaseRow, ...]
    next_cursor: str | None
    total: int | None


def list_queue(*, actor: Actor, wanted: Mapping[str, Any]) -> CasePage:
    """Return the work queue: what runs out first stands first, what never runs out stands last."""
    policy.check(actor, Permission.CASE_LIST)
    statement = _visible(actor).where(*_narrowed(actor, wanted))
    if not wanted.get("state"):
        statement = statement.where(Case.state.not_in(_AT_REST))
    place = place_of(wanted.get("cursor"), day_and_id)
    page = statement
    if place is not None:
        day, last_id = place
        page = page.where(or_(Case.queue_on > day, and_(Case.queue_on == day, Case.id > last_id)))
    found = queries.run_list(page.order_by(Case.queue_on, Case.id).limit(PAGE_SIZE + 1))
    return _page(actor, statement, found, "queue", lambda case: [case.queue_on.isoformat(), case.id])


def list_own(*, actor: Actor, wanted: Mapping[str, Any]) -> CasePage:
    """Return the requests that the actor's organisation may see, the last changed first."""
    policy.check(actor, Permission.CASE_LIST)
    statement = _visible(actor).where(*_narrowed(actor, wanted))
    place = place_of(wanted.get("cursor"), instant_and_id)
    page = statement
    if place is not None:
        at, last_id = place
        page = page.where(or_(Case.changed_at < at, and_(Case.changed_at == at, Case.id < last_id)))
    found = queries.run_list(page.order_by(Case.changed_at.desc(), Case.id.desc()).limit(PAGE_SIZE + 1))
    return _page(actor, statement, found, "own", lambda case: [case.changed_at.isoformat(), case.id])


def statement_of(*, actor: Actor, list_name: str, wanted: Mapping[str, Any]) -> Select[Case]:
    """Return the whole of a list, `queue` or `own`, in its order and without pages."""
    statement = _visible(actor).where(*_narrowed(actor, wanted))
    if list_name != "queue":
        return statement.order_by(Case.changed_at.desc(), Case.id.desc())
    if not wanted.get("state"):
        statement = statement.where(Case.state.not_in(_AT_REST))
    return statement.order_by(Case.queue_on, Case.id)


def _visible(actor: Actor) -> Select[Case]:
    return select(Case).where(visible_to(actor))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which a case may stand in a list of this actor's; nobody else's list has any."""
    return and_(_of_scope(actor), sight.in_sight(actor))


def _of_scope(actor: Actor) -> ColumnElement[bool]:
    scope = policy.case_scope(actor)
    own = Case.requesting_organisation_id == scope.organisation_id
    if scope.kind is ScopeKind.ALL:
        return Case.state != CaseState.DRAFT
    if scope.kind is ScopeKind.ORGANISATION:
        return own
    if scope.kind is ScopeKind.MISSION:
        of_host_state = and_(Case.requesting_state.in_(sorted(scope.states)), Case.state != CaseState.DRAFT)
        own_draft = and_(Case.created_by_id == actor.user_id, Case.state == CaseState.DRAFT)
        return or_(own, of_host_state, own_draft)
    return false()


def _narrowed(actor: Actor, wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.get("state"):
        conditions.append(Case.state.in_(discretion.states_behind(actor=actor, wanted=wanted["state"])))
    if wanted.get("kind"):
        conditions.append(Case.kind.in_(wanted["kind"]))
    if wanted.get("requesting_state"):
        conditions.append(Case.requesting_state.in_(wanted["requesting_state"]))
    if wanted.get("reference"):
        conditions.append(Case.reference == (tidy_reference(wanted["reference"]) or wanted["reference"]))
    conditions += _assigned(actor, wanted.get("assigned"))
    conditions += _due(wanted.get("due"))
    return conditions


def _assigned(actor: Actor, assigned: str | None) -> list[ColumnElement[bool]]:
    if not assigned:
        return []
    if assigned == UNASSIGNED:
        return [Case.assigned_to_id.is_(None)]
    return [Case.assigned_to_id == (actor.user_id if assigned == MINE else assigned)]


def _due(due: str | None) -> list[ColumnElement[bool]]:
    today = clock.today()
    if due == "overdue":
        return [Case.next_due_on < today]
    if due == "week":
        return [Case.next_due_on.between(today, today + timedelta(weeks=1))]
    if due == "suspended":
        return [Case.is_suspended.is_(True)]
    return []


def _page(
    actor: Actor, statement: Select[Case], found: Sequence[Case], kind: str, place: Callable[[Case], list[str]]
) -> CasePage:
    shown = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    total = queries.count_of(statement, most=COUNT_LIMIT + 1)
    rows = rows_of(actor=actor, cases=shown, purpose=kind)
    return CasePage(rows, cursor_of(*place(shown[-1])) if more else None, None if total > COUNT_LIMIT else total)


def rows_of(
    *, actor: Actor, cases: Sequence[Case], purpose: str, found_under: Mapping[str, tuple[TokenKind, ...]] | None = None
) -> tuple[CaseRow, ...]:
    """Make lines of a list with the names opened, and record in the audit whose names were shown."""
    names = persons.names_of(person_ids=[case.principal_person_id for case in cases])
    own_references = _own_references(cases)
    if cases:
        audit.record(
            actor=actor,
            action=AuditAction.CASE_LISTED,
            chain=f"org:{actor.organisation_id}",
            record_type="list",
            record_id=purpose,
            payload={"references": [case.reference for case in cases]},
            compartments=["identity"],
        )
    return tuple(
        CaseRow(
            id=case.id,
            reference=case.reference,
            name=names[case.principal_person_id].display if case.principal_person_id in names else None,
            state=discretion.state_for(actor=actor, state=case.state),
            kind=case.kind,
            procedure=case.procedure,
            requesting_state=case.requesting_state,
            requesting_organisation_id=case.requesting_organisation_id,
            assigned_to_id=case.assigned_to_id,
            next_due_on=case.next_due_on,
            next_due_kind=case.next_due_kind,
            next_due_has_effect=case.next_due_has_effect,
            is_suspended=case.is_suspended,
            changed_at=case.changed_at,
            version=case.version,
            own_reference=own_references.get(case.id, ""),
            found_under=(found_under or {}).get(case.id, ()),
            is_sealed=case.is_sealed,
            # A sealed case stands in the lists of its readers only, so whoever sees this line is one of them.
            reader_ids=frozenset({actor.user_id}) if case.is_sealed else frozenset(),
        )
        for case in cases
    )


def _own_references(cases: Sequence[Case]) -> dict[str, str]:
    """Open the requesting authorities' own references of several cases at once."""
    sealed = [(case, case.own_reference_sealed) for case in cases if case.own_reference_sealed is not None]
    texts = vault.open_texts(
        SealedText(case.principal_person_id, service.OWN_REFERENCE_LABEL, case.id, blob) for case, blob in sealed
    )
    return {case.id: text for (case, _), text in zip(sealed, texts, strict=True) if text}


def search(*, actor: Actor, text: str) -> tuple[CaseRow, ...]:
    """Find cases by reference, or by an exact document number, FIN or birth date of any of their persons.

    What the actor may not see is not found. The audit keeps the search as a token, never as the text.
    """
    policy.check(actor, Permission.CASE_SEARCH)
    reference = tidy_reference(text)
    found_under: dict[str, tuple[TokenKind, ...]] = {}
    if reference is not None:
        cases = queries.run_list(_visible(actor).where(Case.reference == reference))
    else:
        persons_found = persons.find_by_exact(text=text)
        pairs = queries.list_cases_of_persons(persons_found)
        found_under = {case.id: tuple(persons_found[person_id]) for case, person_id in pairs}
        visible = _visible(actor).where(Case.id.in_(list(found_under))).order_by(Case.changed_at.desc())
        cases = queries.run_list(visible.limit(PAGE_SIZE))
    audit.record(
        actor=actor,
        action=AuditAction.CASE_SEARCHED,
        chain=f"org:{actor.organisation_id}",
        record_type="search",
        record_id="exact",
        payload={"tokens": [persons.search_token(text=text)], "total": len(cases)},
    )
    return rows_of(actor=actor, cases=cases, purpose="search", found_under=found_under)


def assign(*, actor: Actor, references: Iterable[str], officer_id: str | None) -> int:
    """Give cases to one officer of SMS, or back to the common queue; return how many.

    Raises:
        NotFound: one of the cases is not there for this actor; then none is assigned.
        InvalidInput: the officer does not work on cases.
    """
    if officer_id is not None and officer_id not in {officer.id for officer in case_officers()}:
        raise InvalidInput("unknown_officer", fields={"officer_id": ["unknown_officer"]})
    count = 0
    for reference in references:
        case = service.get_case(actor=actor, reference=reference, permission=Permission.CASE_ASSIGN)
        if case.assigned_to_id == officer_id:
            continue
        if case.is_sealed and officer_id is not None and officer_id not in case.reader_ids:
            raise InvalidInput("not_a_reader", fields={"officer_id": ["not_a_reader"]}, reference=reference)
        case.assigned_to_id = officer_id
        service.touch(case=case)
        audit.record_of_case(
            actor=actor,
            action=AuditAction.CASE_ASSIGNED,
            case_id=case.id,
            payload={"to": officer_id},
        )
        count += 1
    return count


def case_officers() -> list[accounts.UserSummary]:
    """Return the officers of SMS to whom a case can be given."""
    roles = (Role.CASE_WORKER, Role.SUPERVISOR)
    return [officer for role in roles for officer in accounts.list_officers(role=role)]


def save_view(*, actor: Actor, name: str, query: str) -> None:
    """Keep a filter under a name; the same name again replaces it."""
    policy.check(actor, Permission.VIEW_SAVE)
    for view in queries.list_saved_views(actor.user_id):
        if view.name == name:
            view.query = query
            return
    db.session.add(SavedView(user_id=actor.user_id, name=name, query=query))


def delete_view(*, actor: Actor, view_id: str) -> None:
    """Forget one of the actor's own saved views."""
    view = next((view for view in queries.list_saved_views(actor.user_id) if view.id == view_id), None)
    if view is None:
        raise NotFound
    db.session.delete(view)


def saved_views(*, actor: Actor) -> list[tuple[str, str, str]]:
    """Return the actor's own saved views as (identifier, name, query)."""
    return [(view.id, view.name, view.query) for view in queries.list_saved_views(actor.user_id)]
