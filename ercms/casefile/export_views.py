"""Lists of cases as files."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements.labels import clock_label
from ercms.cases import export_service
from ercms.cases.export_service import ExportRow
from ercms.cases.schemas import ExportRequest, QueueFilter
from ercms.core import clock
from ercms.core.errors import RuleRefused
from ercms.core.spreadsheets import MEDIA_TYPES, Cell, TableFormat, write_table
from ercms.core.unit_of_work import unit_of_work
from ercms.web.error_handlers import register_reasons, words_of
from ercms.web.fresh_proof import needs_fresh_proof
from ercms.web.labels import label
from ercms.web.localisation import HOME_ZONE
from ercms.web.request_data import load, query_dict
from ercms.web.route_guards import current_actor, requires
from ercms.web.templating import country

export_pages = Blueprint("exports", __name__)

register_reasons(
    {"export_too_long": _l("The list is too long to be taken out at once. Narrow the filter and try again.")}
)


@export_pages.post("/queue/export")
@requires(Permission.CASE_EXPORT)
@needs_fresh_proof
def queue() -> ResponseReturnValue:
    """Hand over the work queue as it is filtered now."""
    return _export("queue", "casework.queue")


@export_pages.post("/requests/export")
@requires(Permission.CASE_EXPORT)
@needs_fresh_proof
def requests() -> ResponseReturnValue:
    """Hand over the list of requests as it is filtered now."""
    return _export("own", "cases.case_list")


def _export(list_name: str, back: str) -> ResponseReturnValue:
    wanted = query_dict(QueueFilter())
    file_format: TableFormat = load(ExportRequest())["format"]
    try:
        with unit_of_work():
            rows = export_service.export_cases(
                actor=current_actor(), list_name=list_name, wanted=wanted, file_format=file_format
            )
            names = accounts.organisation_names({row.requesting_organisation_id for row in rows})
    except RuleRefused as error:
        flash(words_of(error), "warning")
        return redirect(url_for(back, **request.args.to_dict(flat=False)))  # type: ignore[arg-type]
    content = write_table(file_format, gettext("Cases"), _head(), (_cells(row, names) for row in rows))
    response = Response(content, content_type=MEDIA_TYPES[file_format])
    name = f"cases-{clock.today().isoformat()}.{file_format.value}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _head() -> list[str]:
    return [
        gettext("Reference"),
        gettext("Status"),
        gettext("Kind"),
        gettext("Procedure"),
        gettext("Requesting State"),
        gettext("Requesting authority"),
        gettext("Submitted"),
        gettext("Acknowledged"),
        gettext("Decided"),
        gettext("Announced transfer"),
        gettext("Arrived"),
        gettext("Next due"),
        gettext("What is due"),
        gettext("Clocks stopped"),
        gettext("Changed"),
    ]


def _cells(row: ExportRow, names: dict[str, str]) -> list[Cell]:
    return [
        row.reference,
        label(row.state),
        label(row.kind),
        label(row.procedure),
        country(row.requesting_state),
        names.get(row.requesting_organisation_id, ""),
        _home_day(row.submitted_at),
        _home_day(row.acknowledged_at),
        _home_day(row.decided_at),
        row.transfer_on,
        _home_day(row.transferred_at),
        row.next_due_on,
        clock_label(row.next_due_kind) if row.next_due_kind else "",
        gettext("yes") if row.is_suspended else "",
        _home_day(row.changed_at),
    ]


def _home_day(instant: datetime | None) -> date | None:
    return None if instant is None else instant.astimezone(ZoneInfo(HOME_ZONE)).date()
