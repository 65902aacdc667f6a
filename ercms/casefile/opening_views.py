"""Where an officer says why they look at a case outside their own work, and where those reasons are reviewed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.cases import opening_service as openings
from ercms.cases import service as cases
from ercms.cases.enums import OpeningMark, OpeningPurpose
from ercms.cases.schemas import OpeningRequest, OpeningReview
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.web import labels
from ercms.web.forms import Form
from ercms.web.request_data import load, safe_next
from ercms.web.route_guards import current_actor, requires

opening_pages = Blueprint("openings", __name__)


@opening_pages.get("/cases/<reference>/reason")
@requires(Permission.CASE_OPEN)
def reason_page(reference: str) -> ResponseReturnValue:
    """Ask why; no name stands on this page."""
    return _ask(reference, Form.of(OpeningRequest(), {"next": request.args.get("next", "")}))


@opening_pages.post("/cases/<reference>/reason")
@requires(Permission.CASE_OPEN)
def give_reason(reference: str) -> ResponseReturnValue:
    """Open the case for a limited time, and go on to where the officer wanted to."""
    form = Form.typed(OpeningRequest())
    try:
        values = load(OpeningRequest())
        with unit_of_work():
            openings.give_reason(
                actor=current_actor(), reference=reference, purpose=values["purpose"], words=values["words"]
            )
    except InvalidInput as error:
        return _ask(reference, form.with_errors(error)), 422
    return redirect(safe_next(values.get("next"), url_for("casefile.case_page", reference=reference)))


def _ask(reference: str, form: Form) -> str:
    case = cases.get_case(actor=current_actor(), reference=reference, permission=Permission.CASE_OPEN)
    return render_template(
        "casefile/reason.html", reference=case.reference, form=form, purposes=labels.options(OpeningPurpose)
    )


@opening_pages.get("/audit/openings")
@requires(Permission.AUDIT_READ)
def opening_list() -> ResponseReturnValue:
    """Show who looked at cases outside their own work, and why."""
    is_marked = request.args.get("marked") == "yes"
    with unit_of_work():
        lines = openings.list_openings(actor=current_actor(), is_marked=is_marked)
    return render_template("audit/openings.html", lines=lines, is_marked=is_marked, marks=list(OpeningMark))


@opening_pages.post("/audit/openings/<opening_id>/mark")
@requires(Permission.AUDIT_READ)
def mark_opening(opening_id: str) -> ResponseReturnValue:
    """Note what the data protection officer makes of a reason."""
    values = load(OpeningReview())
    with unit_of_work():
        openings.mark(actor=current_actor(), opening_id=opening_id, mark=values["mark"])
    flash(gettext("The mark is kept."), "success")
    return redirect(url_for("openings.opening_list"))
