"""Unusual reading, for the data protection officer: who opened how many files, and from when on that is unusual."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.actor import Role
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.privacy.retention_schemas import AlarmReview, ReadingLimitChange
from ercms.reading import labels, oversight_service
from ercms.reading.enums import AlarmMark
from ercms.web.forms import Form
from ercms.web.request_data import load, typed_values
from ercms.web.route_guards import current_actor, requires

__all__ = ["labels", "reading_pages"]

reading_pages = Blueprint("privacy_reading", __name__, url_prefix="/privacy/reading")


@reading_pages.get("")
@requires(Permission.PRIVACY_MANAGE)
def overview() -> ResponseReturnValue:
    """Show who opened unusually many files, and the limits."""
    return _overview(Form.of(ReadingLimitChange()))


@reading_pages.post("/limits")
@requires(Permission.PRIVACY_MANAGE)
def change_limit() -> ResponseReturnValue:
    """Set the limits of a role."""
    try:
        values = load(ReadingLimitChange())
        with unit_of_work():
            oversight_service.change_limit(actor=current_actor(), **values)
    except InvalidInput as error:
        form = Form.typed(ReadingLimitChange()).with_errors(error)
        return _overview(form, typed_values(ReadingLimitChange()).get("role")), 422
    flash(gettext("The limits hold from now on."), "success")
    return redirect(url_for("privacy_reading.overview"))


@reading_pages.post("/<alarm_id>/mark")
@requires(Permission.PRIVACY_MANAGE)
def mark(alarm_id: str) -> ResponseReturnValue:
    """Note what came out of looking into it."""
    values = load(AlarmReview())
    with unit_of_work():
        oversight_service.mark(actor=current_actor(), alarm_id=alarm_id, mark=values["mark"])
    flash(gettext("The mark is kept."), "success")
    return redirect(url_for("privacy_reading.overview"))


@reading_pages.post("/<alarm_id>/release")
@requires(Permission.PRIVACY_MANAGE)
def release(alarm_id: str) -> ResponseReturnValue:
    """Let a stopped reader go on."""
    with unit_of_work():
        oversight_service.release(actor=current_actor(), alarm_id=alarm_id)
    flash(gettext("The reader may go on."), "success")
    return redirect(url_for("privacy_reading.overview"))


def _overview(form: Form, role: Role | str | None = None) -> str:
    actor = current_actor()
    is_marked = request.args.get("marked") == "yes"
    return render_template(
        "privacy/reading.html",
        alarms=oversight_service.list_alarms(actor=actor, is_marked=is_marked),
        limits=oversight_service.list_limits(actor=actor),
        is_marked=is_marked,
        marks=list(AlarmMark),
        form=form,
        typed_role=str(role or ""),
    )
