"""The page of the decision sheet."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.casefile import sheet
from ercms.core.unit_of_work import unit_of_work
from ercms.web.route_guards import current_actor, requires

decision_sheet_pages = Blueprint("decision_sheet", __name__)


@decision_sheet_pages.get("/cases/<reference>/decision-sheet")
@requires(Permission.DECISION_SHEET_READ)
def decision_sheet(reference: str) -> ResponseReturnValue:
    """Show everything that a decision can rest on, on one page to read or print."""
    with unit_of_work():
        found = sheet.open_sheet(actor=current_actor(), reference=reference)
    return render_template("casefile/decision_sheet.html", sheet=found, page=found.page, head=found.page.head)
