"""The page of the clock sheet, and the sheet as a file to keep."""

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.casefile import clock_sheet
from ercms.casefile.clock_sheet_labels import document_of, happened, terms_of
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.letters import typesetting
from ercms.web.localisation import current_language
from ercms.web.route_guards import current_actor, requires

clock_sheet_pages = Blueprint("clock_sheet", __name__)


@clock_sheet_pages.get("/cases/<reference>/clock-sheet")
@requires(Permission.CASE_HISTORY)
def clock_sheet_page(reference: str) -> ResponseReturnValue:
    """Show how each date was counted and what was computed before, on one page to read or print."""
    with unit_of_work():
        found = clock_sheet.open_sheet(actor=current_actor(), reference=reference)
        return render_template(
            "casefile/clock_sheet.html", sheet=found, case=found.case, terms=terms_of(found), happened=happened
        )


@clock_sheet_pages.get("/cases/<reference>/clock-sheet.pdf")
@requires(Permission.CASE_HISTORY)
def clock_sheet_file(reference: str) -> ResponseReturnValue:
    """Return the sheet as a PDF to keep, in the language asked for, by default that of the page."""
    language = request.args.get("language", current_language())
    if language not in current_app.config["SETTINGS"].languages:
        raise NotFound
    with unit_of_work():
        found = clock_sheet.open_sheet(actor=current_actor(), reference=reference, as_file_in=language)
        document = document_of(found, language=language)
        known_as = found.case.reference
    pdf = typesetting.render("clock_sheet.typ", document, made_at=found.made_at)
    response = make_response(pdf)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{known_as}-clock-sheet-{language}.pdf"'
    return response
