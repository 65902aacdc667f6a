"""The pages of possible duplicates, and the tool that reads a machine-readable zone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.cases.schemas import ZoneRequest
from ercms.core import clock
from ercms.core.errors import Conflict, InvalidInput, PermissionRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.identity import linking_service, reading_service, service
from ercms.identity.enums import Decision
from ercms.identity.schemas import DecisionRequest, LinkRequest, UnlinkRequest
from ercms.persons.identity_labels import reason_text
from ercms.persons.mrz.reader import read_mrz
from ercms.persons.presenting import plain_zone, zone_sheet
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

identity_pages = Blueprint("identity", __name__)


@identity_pages.get("/duplicates")
@requires(Permission.DUPLICATE_READ)
def duplicate_list() -> ResponseReturnValue:
    """Show the pairs that wait for a decision, the likeliest first; or those that were decided."""
    is_decided = request.args.get("show") == "decided"
    number = request.args.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    with unit_of_work():
        found = reading_service.list_pairs(actor=current_actor(), is_decided=is_decided, page=page)
    return render_template("identity/duplicate_list.html", found=found, is_decided=is_decided, page_number=page)


@identity_pages.get("/duplicates/<pair_id>")
@requires(Permission.DUPLICATE_READ)
def duplicate_page(pair_id: str) -> ResponseReturnValue:
    """Show two persons side by side."""
    return _pair_page(pair_id, Form.of(DecisionRequest()))


@identity_pages.post("/duplicates/<pair_id>")
@requires(Permission.DUPLICATE_DECIDE)
def decide(pair_id: str) -> ResponseReturnValue:
    """Record whether they are one; what was typed is shown again when it cannot be taken."""
    form = Form.typed(DecisionRequest())
    try:
        values = load(DecisionRequest())
        with unit_of_work():
            service.decide(actor=current_actor(), pair_id=pair_id, expected_version=values["version"], values=values)
    except InvalidInput as error:
        return _pair_page(pair_id, form.with_errors(error)), 422
    except Conflict as error:
        return _pair_page(pair_id, form.with_message(words_of(error))), 409
    flash(gettext("The decision is recorded."), "success")
    return redirect(url_for("identity.duplicate_list"))


@identity_pages.post("/duplicates/<pair_id>/join")
@requires(Permission.DUPLICATE_LINK)
def join(pair_id: str) -> ResponseReturnValue:
    """Join the two persons after another officer's decision."""
    values = load(LinkRequest())
    try:
        with unit_of_work():
            linking_service.link(actor=current_actor(), pair_id=pair_id, expected_version=values["version"])
    except (Conflict, PermissionRefused) as error:
        form = Form.of(DecisionRequest()).with_message(words_of(error))
        return _pair_page(pair_id, form), 409 if isinstance(error, Conflict) else 403
    flash(gettext("The two persons are joined."), "success")
    return redirect(url_for("identity.joined_person", pair_id=pair_id))


@identity_pages.post("/duplicates/<pair_id>/take-apart")
@requires(Permission.DUPLICATE_LINK)
def take_apart(pair_id: str) -> ResponseReturnValue:
    """Take two joined persons apart again; what was typed is shown again when it cannot be taken."""
    form = Form.typed(UnlinkRequest())
    try:
        values = load(UnlinkRequest())
        with unit_of_work():
            linking_service.unlink(
                actor=current_actor(), pair_id=pair_id, expected_version=values["version"], reason=values["reason"]
            )
    except InvalidInput as error:
        return _pair_page(pair_id, form.with_errors(error)), 422
    except Conflict as error:
        return _pair_page(pair_id, form.with_message(words_of(error))), 409
    flash(gettext("The two persons are taken apart again. The pair waits for a decision."), "success")
    return redirect(url_for("identity.duplicate_page", pair_id=pair_id))


@identity_pages.get("/duplicates/<pair_id>/person")
@requires(Permission.DUPLICATE_READ)
def joined_person(pair_id: str) -> ResponseReturnValue:
    """Show the person as all the joined cases have it."""
    with unit_of_work():
        lines = linking_service.open_person(actor=current_actor(), pair_id=pair_id)
    return render_template("identity/joined_person.html", lines=lines, pair_id=pair_id)


def _pair_page(pair_id: str, form: Form) -> str:
    with unit_of_work():
        sheet = reading_service.open_pair(actor=current_actor(), pair_id=pair_id)
        links = linking_service.links_of_pair(actor=current_actor(), pair_id=pair_id)
    return render_template(
        "identity/duplicate.html",
        sheet=sheet,
        links=links,
        is_joined=any(link.undone_at is None for link in links),
        form=form,
        decisions=Decision,
        reason_words=reason_text,
        is_error=form.is_wrong,
    )


@identity_pages.get("/mrz")
@requires(Permission.MRZ_READ)
def mrz_page() -> ResponseReturnValue:
    """Show where a machine-readable zone is typed, pasted or scanned."""
    return render_template("identity/mrz.html", form=Form.of(ZoneRequest()), sheet=None, name="", born="")


@identity_pages.post("/mrz")
@requires(Permission.MRZ_READ)
def read_zone() -> ResponseReturnValue:
    """Read a zone; nothing of it is kept."""
    text = plain_zone(request.form.get("zone", ""))
    form = Form.of(ZoneRequest(), {"zone": request.form.get("zone", "")})
    try:
        values = load(ZoneRequest(), {"zone": text})
    except InvalidInput as error:
        wrong = form.with_errors(error)
        return render_template("identity/mrz.html", form=wrong, sheet=None, name="", born=""), 422
    reading = read_mrz(values["zone"], today=clock.today())
    found = reading.fields or {}
    name = f"{found.get('surname', '')}, {found.get('given_names', '')}".strip(", ")
    return render_template(
        "identity/mrz.html",
        form=form,
        sheet=zone_sheet(reading),
        name=name,
        born=found.get("birth_date_iso") or "",
    )
