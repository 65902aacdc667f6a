"""The one way in which somebody comes to see a person's data: the reason first where one is due, then the entry.

Every act of `ercms.audit.actions.VIEWS` is put on record here and nowhere else, which
`tests/architecture/test_looking.py` holds: whoever adds a page or an operation cannot forget the reason.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ercms.audit import service as audit
from ercms.audit.actions import VIEWS, AuditAction
from ercms.cases import opening_service as openings
from ercms.cases.models import Case
from ercms.core.actor import Actor
from ercms.persons import service as persons
from ercms.reading import service as reading
from ercms.vault.enums import Compartment


def record_view(
    *,
    actor: Actor,
    case: Case,
    action: AuditAction = AuditAction.CASE_VIEWED,
    payload: Mapping[str, Any] | None = None,
    compartments: Iterable[str] = (),
    record: tuple[str, str] | None = None,
    purpose: str | None = None,
    needs_reason: bool = True,
) -> None:
    """Put on record that an actor sees data of a case's persons, with the reason of whoever has to give one.

    `record` is what was looked at, as type and identifier, where that is not the case itself. `purpose` is the code of
    what the actor has the data for, unless they gave a reason of their own. `needs_reason` is False for a form that is
    shown again with what was typed, and for a pair of cases that is itself the reason (decision 9).

    Raises:
        ReasonNeeded: the case is outside the actor's own work, and no reason of theirs holds.
        ReadingStopped: the actor has opened too many files without a fresh proof (decision 16).
        ValueError: the action is none by which somebody sees a person's data.
    """
    if action not in VIEWS:
        raise ValueError(f"{action.value} shows no data of a person")
    reason = openings.purpose_of(actor=actor, case=case) if needs_reason else None
    reading.check(actor=actor, chain=audit.case_chain(case.id))
    kind, identifier = record or ("case", case.id)
    audit.record(
        actor=actor,
        action=action,
        chain=audit.case_chain(case.id),
        record_type=kind,
        record_id=identifier,
        payload={**(payload or {}), **openings.on_record(reason)},
        compartments=compartments,
        purpose=reason or purpose,
    )


def persons_to_choose(*, actor: Actor, case: Case, purpose: str, is_again: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the persons of a case as (identifier, name) for a form that asks whom it is about; the view is on record.

    Raises:
        ReasonNeeded: the case is outside the actor's own work, and no reason of theirs holds.
    """
    record_view(
        actor=actor,
        case=case,
        payload={"page": f"{purpose}_form"},
        compartments=[Compartment.IDENTITY.value],
        purpose=purpose,
        needs_reason=not is_again,
    )
    person_ids = [member.person_id for member in case.members]
    names = persons.names_of(person_ids=person_ids)
    return tuple((person_id, names[person_id].display) for person_id in person_ids if person_id in names)
