"""The administrator's page for the keys of programs."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.core.actor import Role
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.programs import service
from ercms.programs.schemas import CreateKeyRequest
from ercms.web import labels
from ercms.web.forms import Form
from ercms.web.fresh_proof import needs_fresh_proof
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

programs_pages = Blueprint("programs", __name__, url_prefix="/admin/api-keys")


@programs_pages.get("")
@requires(Permission.API_KEY_MANAGE)
def key_list() -> ResponseReturnValue:
    """Show all keys, and the form for a new one."""
    return _page(Form.of(CreateKeyRequest()))


@programs_pages.post("")
@requires(Permission.API_KEY_MANAGE)
@needs_fresh_proof
def create_key() -> ResponseReturnValue:
    """Make a key, and show it once."""
    form = Form.typed(CreateKeyRequest())
    try:
        values = load(CreateKeyRequest())
        with unit_of_work():
            user = next((one for one in _users() if one.id == values["acting_user_id"]), None)
            if user is None:
                raise InvalidInput(fields={"acting_user_id": [service.NOT_OF_ORGANISATION]})
            key, text = service.create_key(
                actor=current_actor(), organisation_id=user.organisation_id, **{"expires_on": None, **values}
            )
    except InvalidInput as error:
        return make_response(_page(form.with_errors(error)), 422)
    return render_template("programs/key_once.html", key=key, text=text)


@programs_pages.post("/<key_id>/revoke")
@requires(Permission.API_KEY_MANAGE)
@needs_fresh_proof
def revoke_key(key_id: str) -> ResponseReturnValue:
    """Revoke a key."""
    with unit_of_work():
        key = service.revoke_key(actor=current_actor(), key_id=key_id)
    flash(gettext("The key %(name)s is revoked.", name=key.name), "success")
    return redirect(url_for("programs.key_list"))


def _users() -> list[accounts.UserSummary]:
    return [user for user in accounts.list_officers() if user.role is not Role.ADMINISTRATOR]


def _page(form: Form) -> str:
    users = sorted(_users(), key=lambda user: (user.organisation_name, user.display_name))
    return render_template(
        "programs/key_list.html",
        form=form,
        keys=service.list_keys(actor=current_actor()),
        users=[(u.id, f"{u.organisation_name}: {u.display_name} ({labels.label(u.role)})") for u in users],
    )
