"""The page of the clock sheet."""

from datetime import date, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.agreements import presenting
from ercms.casefile import clock_sheet
from ercms.casefile.clock_sheet import ClockSheet
from ercms.core.unit_of_work import unit_of_work
from ercms.web.route_guards import current_actor, requires
from ercms.web.templating import day, instant

clock_sheet_pages = Blueprint("clock_sheet", __name__)


@clock_sheet_pages.get("/cases/<reference>/clock-sheet")
@requires(Permission.CASE_HISTORY)
def clock_sheet_page(reference: str) -> ResponseReturnValue:
    """Show how each date was counted and what was computed before, on one page to read or print."""
    with unit_of_work():
        found = clock_sheet.open_sheet(actor=current_actor(), reference=reference)
        return render_template(
            "casefile/clock_sheet.html", sheet=found, case=found.case, terms=_terms(found), happened=_happened
        )


def _happened(written: str) -> str:
    """Return a day, or an instant in the zone of Baku, that stands in the arithmetic."""
    return instant(datetime.fromisoformat(written)) if "T" in written else day(date.fromisoformat(written))


def _terms(sheet: ClockSheet) -> dict[str, presenting.TermLine]:
    references = {} if sheet.agreement is None else sheet.agreement.references
    return {
        entry.kind: presenting.term_line(entry.line.details["term"], references)
        for entry in sheet.entries
        if entry.line is not None
    }
