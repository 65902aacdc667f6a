"""The calendars of working days: the seed, the decisions over it, and the administrator's form."""

from datetime import date

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import calendar_service
from ercms.agreements.admin_schemas import DecideDayRequest
from ercms.agreements.blueprint import law_admin_pages
from ercms.agreements.calendars import FIRST_YEAR, LAST_YEAR
from ercms.agreements.change_enums import DayKind
from ercms.core import clock
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.web.forms import Form
from ercms.web.labels import options
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires


@law_admin_pages.get("/calendars")
@requires(Permission.AGREEMENT_READ)
def calendar_choice() -> ResponseReturnValue:
    """Go to the calendar and the year that were chosen; without a choice, to the home State's of this year."""
    keys = calendar_service.calendar_keys()
    calendar, year = request.args.get("calendar", keys[0]), request.args.get("year", str(clock.today().year))
    if calendar not in keys or not year.isdecimal():
        raise NotFound("calendar_not_found")
    return redirect(url_for("law_admin.calendar_page", calendar=calendar, year=int(year)))


@law_admin_pages.get("/calendars/<calendar>/<int:year>")
@requires(Permission.AGREEMENT_READ)
def calendar_page(calendar: str, year: int) -> ResponseReturnValue:
    """Show one year of a calendar."""
    return _page(calendar, year, Form.of(DecideDayRequest()))


@law_admin_pages.post("/calendars/<calendar>/<int:year>")
@requires(Permission.CALENDAR_MANAGE)
def decide_day(calendar: str, year: int) -> ResponseReturnValue:
    """Record what a decision makes of a day."""
    form = Form.typed(DecideDayRequest())
    try:
        values = load(DecideDayRequest())
        with unit_of_work():
            decided = calendar_service.decide_day(actor=current_actor(), calendar=calendar, values=values)
    except InvalidInput as error:
        return make_response(_page(calendar, year, form.with_errors(error)), 422)
    flash(gettext("The day is recorded. The dates of open cases are being computed anew."), "success")
    return redirect(url_for("law_admin.calendar_page", calendar=calendar, year=decided.day.year))


@law_admin_pages.post("/calendars/<calendar>/<int:year>/<day>/withdraw")
@requires(Permission.CALENDAR_MANAGE)
def withdraw_day(calendar: str, year: int, day: str) -> ResponseReturnValue:
    """Take a decision back."""
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("day_not_decided") from error
    with unit_of_work():
        calendar_service.withdraw_day(actor=current_actor(), calendar=calendar, day=on)
    flash(gettext("The decision is taken back. The dates of open cases are being computed anew."), "success")
    return redirect(url_for("law_admin.calendar_page", calendar=calendar, year=year))


def _page(calendar: str, year: int, form: Form) -> str:
    shown = calendar_service.calendar_year(actor=current_actor(), calendar=calendar, year=year)
    people = {person for one in shown.history for person in (one.recorded_by_id, one.ended_by_id) if person}
    return render_template(
        "agreements/calendar.html",
        shown=shown,
        form=form,
        calendars=calendar_service.calendar_keys(),
        years=range(FIRST_YEAR, LAST_YEAR + 1),
        kinds=options(DayKind),
        names=accounts.user_names(people),
    )
