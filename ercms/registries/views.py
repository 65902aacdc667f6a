"""The administrator's page of the connections to registers."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ercms.access.permissions import Permission
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.registries import labels, service
from ercms.registries.schemas import ConnectionRequest, TryAgainRequest
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

__all__ = ["labels", "registry_pages"]

registry_pages = Blueprint("registries", __name__, url_prefix="/admin/registers")


@registry_pages.get("")
@requires(Permission.REGISTRY_MANAGE)
def connections() -> ResponseReturnValue:
    """Show each agency with its register and how the connection stands."""
    return _page(Form())


@registry_pages.post("")
@requires(Permission.REGISTRY_MANAGE)
def configure() -> ResponseReturnValue:
    """Say where a register is and whether it is used."""
    form = Form.typed(ConnectionRequest())
    try:
        values = load(ConnectionRequest())
        with unit_of_work():
            service.configure(actor=current_actor(), values=values)
    except InvalidInput as error:
        return make_response(_page(form.with_errors(error)), 422)
    flash(gettext("The connection is saved."), "success")
    return redirect(url_for("registries.connections"))


@registry_pages.post("/try-again")
@requires(Permission.REGISTRY_MANAGE)
def try_again() -> ResponseReturnValue:
    """Call a register again at once."""
    with unit_of_work():
        waiting = service.try_again(actor=current_actor(), agency_id=load(TryAgainRequest())["agency_id"])
    flash(ngettext("%(num)s inquiry is called again.", "%(num)s inquiries are called again.", waiting), "success")
    return redirect(url_for("registries.connections"))


def _page(form: Form) -> str:
    lines = service.list_connections(actor=current_actor())
    return render_template("registries/connections.html", lines=lines, form=form)
