"""The data protection officer's page: schedule, holds, what is due, reports."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.privacy import erasure_service, retention_labels, retention_service
from ercms.privacy.retention_schemas import FEWEST_DAYS, MOST_DAYS, HoldRequest, RuleChange
from ercms.reading import oversight_service
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

__all__ = ["privacy_pages", "retention_labels"]

privacy_pages = Blueprint("privacy", __name__, url_prefix="/privacy")

_SHOWN = 200


@privacy_pages.get("")
@requires(Permission.PRIVACY_MANAGE)
def overview() -> ResponseReturnValue:
    """Show the schedule, the holds, what is due, and the reports."""
    return _overview(Form.of(HoldRequest()), Form.of(RuleChange()))


@privacy_pages.post("/rules")
@requires(Permission.PRIVACY_MANAGE)
def change_rule() -> ResponseReturnValue:
    """Keep data longer or shorter."""
    try:
        values = load(RuleChange())
        with unit_of_work():
            retention_service.change_rule(actor=current_actor(), **values)
    except InvalidInput as error:
        return _overview(Form.of(HoldRequest()), Form.of(RuleChange()).with_errors(error)), 422
    flash(gettext("The schedule has been changed. The next run keeps to it."), "success")
    return redirect(url_for("privacy.overview"))


@privacy_pages.post("/holds")
@requires(Permission.PRIVACY_MANAGE)
def set_hold() -> ResponseReturnValue:
    """Keep the data of a case from being erased."""
    try:
        values = load(HoldRequest())
        with unit_of_work():
            retention_service.set_hold(actor=current_actor(), **values)
    except InvalidInput as error:
        return _overview(Form.typed(HoldRequest()).with_errors(error), Form.of(RuleChange())), 422
    flash(gettext("The data of this case stay until the hold is lifted or has run out."), "success")
    return redirect(url_for("privacy.overview"))


@privacy_pages.post("/holds/<hold_id>/lift")
@requires(Permission.PRIVACY_MANAGE)
def lift_hold(hold_id: str) -> ResponseReturnValue:
    """End a hold."""
    with unit_of_work():
        retention_service.lift_hold(actor=current_actor(), hold_id=hold_id)
    flash(gettext("The hold has been lifted."), "success")
    return redirect(url_for("privacy.overview"))


@privacy_pages.get("/reports/<int:number>.json")
@requires(Permission.PRIVACY_MANAGE)
def report(number: int) -> ResponseReturnValue:
    """Hand over a signed report."""
    found = erasure_service.get_report(actor=current_actor(), number=number)
    response = Response(found.text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="erasure-report-{number}.json"'
    return response


def _overview(hold_form: Form, rule_form: Form) -> str:
    actor = current_actor()
    due = erasure_service.preview(actor=actor, limit=_SHOWN)
    return render_template(
        "privacy/overview.html",
        rules=retention_service.list_rules(actor=actor),
        holds=retention_service.list_holds(actor=actor),
        due=due[:_SHOWN],
        has_more=len(due) >= _SHOWN,
        unusual=oversight_service.count_waiting(actor=actor),
        reports=erasure_service.list_reports(actor=actor),
        hold_form=hold_form,
        rule_form=rule_form,
        fewest=FEWEST_DAYS,
        most=MOST_DAYS,
    )
