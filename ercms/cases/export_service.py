"""The one way in which a table leaves the system: permission, row limit, and an entry of the audit.

A list of cases goes out as the list shows it to the same person (`worklist.visible_to`), and without the person:
references, states, dates. Whoever must be asked again before an export, or sees less, is dealt with here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import discretion, queries, worklist
from ercms.cases.models import Case
from ercms.core.actor import Actor
from ercms.core.errors import RuleRefused
from ercms.core.spreadsheets import TableFormat
from workflows.readmission import CaseKind, CaseState, Procedure

ROW_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One case of a list that leaves the system; nothing of it says who the person is."""

    reference: str
    state: CaseState
    kind: CaseKind
    procedure: Procedure
    requesting_state: str
    requesting_organisation_id: str
    submitted_at: datetime | None
    acknowledged_at: datetime | None
    decided_at: datetime | None
    transfer_on: date | None
    transferred_at: datetime | None
    next_due_on: date | None
    next_due_kind: str | None
    is_suspended: bool
    changed_at: datetime


def export_cases(
    *, actor: Actor, list_name: str, wanted: Mapping[str, Any], file_format: TableFormat
) -> list[ExportRow]:
    """Return the cases of a list as they may leave the system, in the order of the list, and record that they did.

    `list_name` is `queue` or `own`; `wanted` is the filter of that list.

    Raises:
        PermissionRefused: the actor takes no lists out.
        RuleRefused: `export_too_long`; nothing is cut off silently.
    """
    policy.check(actor, Permission.CASE_EXPORT)
    statement = worklist.statement_of(actor=actor, list_name=list_name, wanted=wanted)
    cases = queries.run_list(statement.limit(ROW_LIMIT + 1))
    if len(cases) > ROW_LIMIT:
        raise RuleRefused("export_too_long", limit=ROW_LIMIT)
    record_export(actor=actor, export=f"cases.{list_name}", file_format=file_format, rows=len(cases), wanted=wanted)
    return [_row(actor, case) for case in cases]


def record_export(*, actor: Actor, export: str, file_format: TableFormat, rows: int, wanted: Mapping[str, Any]) -> None:
    """Put on record that a table left the system: which, in which form, how long, and by which filter."""
    audit.record(
        actor=actor,
        action=AuditAction.EXPORT_MADE,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="export",
        record_id=export,
        payload={"export": export, "format": file_format.value, "rows": rows, "filters": _filters(wanted)},
    )


def _filters(wanted: Mapping[str, Any]) -> list[str]:
    """Say the filter as codes; a list of cases has no other."""
    said = []
    for name, value in sorted(wanted.items()):
        values = value if isinstance(value, list) else [value]
        said += [f"{name}={one}" for one in values if name != "cursor"]
    return said


def _row(actor: Actor, case: Case) -> ExportRow:
    return ExportRow(
        reference=case.reference,
        state=discretion.state_for(actor=actor, state=case.state),
        kind=case.kind,
        procedure=case.procedure,
        requesting_state=case.requesting_state,
        requesting_organisation_id=case.requesting_organisation_id,
        submitted_at=case.submitted_at,
        acknowledged_at=case.acknowledged_at,
        decided_at=case.decided_at,
        transfer_on=case.transfer_on,
        transferred_at=case.transferred_at,
        next_due_on=case.next_due_on,
        next_due_kind=case.next_due_kind,
        is_suspended=case.is_suspended,
        changed_at=case.changed_at,
    )
