"""Corrections and restrictions: a party or the person asks for them, the data protection officer decides.

What is granted stands on the record from then on, and is told to the authority that sent the data and to everybody
who received them (Convention 108, art. 8; GDPR, art. 16, 18 and 19).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.cases.models import Case
from ercms.core import clock, outbox
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused, RuleRefused
from ercms.core.text import msg
from ercms.extensions import db
from ercms.marks import service as marks_of_persons
from ercms.marks.enums import MarkGround, MarkKind, MarkState
from ercms.marks.models import PersonMark
from ercms.persons import service as persons
from ercms.privacy.receivers_service import receivers_of
from ercms.vault import service as vault
from ercms.vault.enums import Compartment
from ercms.vault.service import SealedText
from workflows.readmission import CaseState

TOPIC = "person.marked"
TEXT, VALUE, FORMER, REASONS = (f"person_marks.{name}" for name in ("text", "value", "former", "reasons"))
NO_SUCH_CASE = msg("There is no case with this reference.")
NO_SUCH_PERSON = msg("The case has no person of this number.")
NO_SUCH_FIELD = msg("Choose one of the fields offered.")
DATA_ERASED = msg("The personal data of this case were erased.")
_CORRECTABLE = frozenset({"line", "prose", "day"})
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class MarkView:
    """A correction or restriction with its texts; a text that can no longer be read is None."""

    id: str
    version: int
    reference: str
    number: int
    kind: MarkKind
    ground: MarkGround
    state: MarkState
    field: str | None
    value: str | None
    former: str | None
    text: str | None
    reasons: str | None
    is_by_person: bool
    asked_by: str
    asked_at: datetime
    decided_at: datetime | None
    lifted_at: datetime | None


def correctable_fields() -> list[tuple[str, Any]]:
    """Return the fields that a correction may name, as (`compartment.field`, label)."""
    return [
        (f"{compartment.value}.{name}", field.metadata["label"])
        for compartment, schema in persons.SECTION_SCHEMAS.items()
        for name, field in schema().fields.items()
        if field.metadata.get("widget") in _CORRECTABLE
    ]


def ask(*, actor: Actor, reference: str, values: Mapping[str, Any]) -> str:
    """Ask for a correction or a restriction; return the identifier.

    Raises:
        InvalidInput: there is no such case, person or field, or the value does not fit the field.
        RuleRefused: `case_not_sent`, a draft is corrected by whoever writes it.
    """
    case = _case_to_ask_about(actor, reference)
    if actor.organisation_id is None:
        raise PermissionRefused
    if case.state is CaseState.DRAFT:
        raise RuleRefused("case_not_sent", reference=reference)
    members = sorted(case.members, key=lambda member: member.position)
    if values["number"] > len(members):
        raise InvalidInput(fields={"number": [NO_SUCH_PERSON]})
    person_id = members[values["number"] - 1].person_id
    if vault.erased_at(person_id=person_id) is not None:
        raise InvalidInput(fields={"reference": [DATA_ERASED]})
    compartment, field = _checked_field(values.get("field"), values.get("value"))
    mark_id = new_id()
    value = values.get("value")
    mark = marks_of_persons.add(
        id=mark_id,
        case_id=case.id,
        person_id=person_id,
        kind=values["kind"],
        ground=values["ground"],
        state=MarkState.PENDING,
        compartment=compartment,
        field=field,
        value_sealed=_sealed(person_id, VALUE, mark_id, value) if value else None,
        text_sealed=_sealed(person_id, TEXT, mark_id, values["text"]),
        is_by_person=values.get("is_by_person", False),
        asked_by_id=actor.user_id,
        asked_by_organisation_id=actor.organisation_id,
        asked_at=clock.now(),
    )
    _record(actor, AuditAction.MARK_ASKED, mark, {"ground": mark.ground.value, "by_person": mark.is_by_person})
    _tell(case, mark, "asked")
    return mark_id


def decide(*, actor: Actor, mark_id: str, is_granted: bool, reasons: str, version: int) -> None:
    """Grant or refuse what was asked for; a correction that names a field replaces its value at once.

    Raises:
        Conflict: `stale_version`, or `mark_not_pending`.
    """
    mark = _mark_to_decide(actor, mark_id, version, MarkState.PENDING, "mark_not_pending")
    _apply(mark, MarkState.GRANTED if is_granted else MarkState.REFUSED)
    mark.decided_by_id, mark.decided_at = actor.user_id, clock.now()
    mark.reasons_sealed = _sealed(mark.person_id, REASONS, mark.id, reasons)
    case = cases.get_case_of_record(case_id=mark.case_id)
    _record(actor, AuditAction.MARK_DECIDED, mark, {"decision": mark.state.value, "has_text": True})
    if is_granted:
        _carry_out(actor, case, mark)
    db.session.flush()
    _tell(case, mark, mark.kind.value if is_granted else "refused")


def lift(*, actor: Actor, mark_id: str, version: int) -> None:
    """End a restriction; the data may be used and passed on again.

    Raises:
        Conflict: `stale_version`, or `mark_not_granted`.
    """
    mark = _mark_to_decide(actor, mark_id, version, MarkState.GRANTED, "mark_not_granted")
    if mark.kind is not MarkKind.RESTRICTION:
        raise Conflict("mark_not_granted")
    _apply(mark, MarkState.LIFTED)
    mark.lifted_by_id, mark.lifted_at = actor.user_id, clock.now()
    db.session.flush()
    _record(actor, AuditAction.MARK_LIFTED, mark, {})
    _tell(cases.get_case_of_record(case_id=mark.case_id), mark, "lifted")


def check_there(*, actor: Actor, mark_id: str) -> None:
    """Refuse what is asked about a mark that there is not, before anything that was typed is looked at.

    Raises:
        NotFound: there is no such mark.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    marks_of_persons.get_mark(mark_id)


def list_for_officer(*, actor: Actor) -> tuple[list[MarkView], list[MarkView]]:
    """Return what waits for a decision, and what was decided; the opening of the texts is put on record."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    waiting = marks_of_persons.list_by_state([MarkState.PENDING], _SHOWN)
    decided = marks_of_persons.list_by_state([MarkState.GRANTED, MarkState.REFUSED, MarkState.LIFTED], _SHOWN)
    of_cases = lookup_service.cases_of_records(case_ids=[mark.case_id for mark in waiting])
    for mark in waiting:
        viewing.record_view(
            actor=actor,
            case=of_cases[mark.case_id],
            action=AuditAction.PERSON_VIEWED,
            record=("person", mark.person_id),
            payload={"page": "data_request", "kind": mark.kind.value},
        )
    return _views(waiting), _views(decided)


def for_case(*, case: Case) -> list[MarkView]:
    """Return all corrections and restrictions of a case; the caller has checked who reads them."""
    return _views(marks_of_persons.list_marks_of(member.person_id for member in case.members))


def of_person(*, person_id: str) -> list[MarkView]:
    """Return the corrections and restrictions of one person, for the sheet that the person receives."""
    return _views(marks_of_persons.list_marks_of([person_id]))


def _apply(mark: PersonMark, state: MarkState) -> None:
    """Write the state; every change of it goes through here."""
    mark.state = state


def _case_to_ask_about(actor: Actor, reference: str) -> Case:
    if not policy.allows(actor, Permission.PRIVACY_MANAGE):
        return cases.get_case(actor=actor, reference=reference, permission=Permission.PERSON_CONTEST)
    # The data protection officer opens no case, but speaks for the persons of every one that was sent.
    case_id = lookup_service.find_case_id(reference=reference)
    case = None if case_id is None else cases.get_case_of_record(case_id=case_id)
    if case is None or not policy.allows(actor, Permission.PERSON_ACCESS_SHEET, case):
        raise InvalidInput(fields={"reference": [NO_SUCH_CASE]})
    return case


def _checked_field(name: str | None, value: str | None) -> tuple[Compartment | None, str | None]:
    if not name:
        return None, None
    if name not in dict(correctable_fields()):
        raise InvalidInput(fields={"field": [NO_SUCH_FIELD]})
    part, _, field = name.partition(".")
    try:
        persons.SECTION_SCHEMAS[Compartment(part)]().load({field: value}, partial=True)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {}
        raise InvalidInput(fields={"value": messages.get(field, [])}) from error
    return Compartment(part), field


def _mark_to_decide(actor: Actor, mark_id: str, version: int, state: MarkState, otherwise: str) -> PersonMark:
    policy.check(actor, Permission.PRIVACY_MANAGE)
    mark = marks_of_persons.get_mark(mark_id)
    if vault.erased_at(person_id=mark.person_id) is not None:
        raise NotFound("person_erased")
    if mark.state is not state:
        raise Conflict(otherwise)
    if mark.version != version:
        raise Conflict("stale_version")
    return mark


def _carry_out(actor: Actor, case: Case, mark: PersonMark) -> None:
    if mark.kind is MarkKind.RESTRICTION:
        _record(actor, AuditAction.PERSON_RESTRICTED, mark, {"flag": "restricted"})
    elif mark.compartment is not None and mark.field is not None and mark.value_sealed is not None:
        _replace(mark, mark.compartment, mark.field, mark.value_sealed)
        fields = [f"{mark.compartment.value}.{mark.field}"]
        _record(actor, AuditAction.PERSON_CORRECTED, mark, {"fields": fields}, [mark.compartment.value])
    # Whoever has the case open must see that it is another now.
    cases.touch(case=case)


def _replace(mark: PersonMark, compartment: Compartment, field: str, sealed: bytes) -> None:
    """Put the right value in the place of the former one, which is kept sealed with the mark."""
    document = persons.read_compartment(person_id=mark.person_id, compartment=compartment)
    value = vault.open_text(person_id=mark.person_id, label=VALUE, record_id=mark.id, sealed=sealed)
    former = document.get(field)
    if former:
        mark.former_sealed = _sealed(mark.person_id, FORMER, mark.id, str(former))
    schema = persons.SECTION_SCHEMAS[compartment](partial=True)
    persons.write_compartment(
        person_id=mark.person_id, compartment=compartment, values=schema.load({**document, field: value})
    )


def _views(marks: Sequence[PersonMark]) -> list[MarkView]:
    known = lookup_service.cases_of_records(case_ids={mark.case_id for mark in marks})
    names = accounts.organisation_names({mark.asked_by_organisation_id for mark in marks})
    places = {
        member.person_id: number
        for case in known.values()
        for number, member in enumerate(sorted(case.members, key=lambda member: member.position), start=1)
    }
    wanted = [
        SealedText(mark.person_id, label, mark.id, sealed)
        for mark in marks
        for label, sealed in _sealed_texts(mark)
        if sealed is not None
    ]
    opened = {(text.record_id, text.label): found for text, found in zip(wanted, vault.open_texts(wanted), strict=True)}
    return [
        MarkView(
            id=mark.id,
            version=mark.version,
            reference=known[mark.case_id].reference,
            number=places.get(mark.person_id, 0),
            kind=mark.kind,
            ground=mark.ground,
            state=mark.state,
            field=f"{mark.compartment.value}.{mark.field}" if mark.compartment and mark.field else None,
            value=opened.get((mark.id, VALUE)),
            former=opened.get((mark.id, FORMER)),
            text=opened.get((mark.id, TEXT)),
            reasons=opened.get((mark.id, REASONS)),
            is_by_person=mark.is_by_person,
            asked_by=names.get(mark.asked_by_organisation_id, ""),
            asked_at=mark.asked_at,
            decided_at=mark.decided_at,
            lifted_at=mark.lifted_at,
        )
        for mark in marks
    ]


def _sealed_texts(mark: PersonMark) -> tuple[tuple[str, bytes | None], ...]:
    return (
        (TEXT, mark.text_sealed),
        (VALUE, mark.value_sealed),
        (FORMER, mark.former_sealed),
        (REASONS, mark.reasons_sealed),
    )


def _sealed(person_id: str, label: str, record_id: str, text: str) -> bytes:
    return vault.seal_text(person_id=person_id, label=label, record_id=record_id, text=text)


def _tell(case: Case, mark: PersonMark, what: str) -> None:
    """Ask that whoever must know be told: identifiers and codes, no person."""
    payload = {
        "case_id": case.id,
        "reference": case.reference,
        "what": what,
        "asked_by_organisation_id": mark.asked_by_organisation_id,
        "receivers": receivers_of(case_id=case.id, person_id=mark.person_id),
    }
    outbox.enqueue(TOPIC, payload, key=f"mark:{mark.id}:{what}")


def _record(
    actor: Actor, action: AuditAction, mark: PersonMark, payload: Mapping[str, Any], compartments: Sequence[str] = ()
) -> None:
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(mark.case_id),
        record_type="person",
        record_id=mark.person_id,
        payload={**payload, **_named(action, mark)},
        compartments=compartments,
    )


def _named(action: AuditAction, mark: PersonMark) -> dict[str, str]:
    own = {AuditAction.MARK_ASKED, AuditAction.MARK_DECIDED, AuditAction.MARK_LIFTED}
    return {"kind": mark.kind.value, **({"mark_id": mark.id} if action in own else {})}
