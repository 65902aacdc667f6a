"""The administrator's part: taking away a lost factor."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import reset_service, service
from ercms.factors.enums import ResetReason
from ercms.factors.schemas import FactorResetRequest
from ercms.web.forms import Form
from ercms.web.fresh_proof import needs_fresh_proof
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

factor_admin_pages = Blueprint("factor_admin", __name__, url_prefix="/admin/users/<user_id>/second-factor")


@factor_admin_pages.get("")
@requires(Permission.USER_MANAGE)
def factor_page(user_id: str) -> ResponseReturnValue:
    """Show a user's factors, and the form that takes them away."""
    return _page(user_id, Form())


@factor_admin_pages.post("")
@requires(Permission.USER_MANAGE)
@needs_fresh_proof
def reset(user_id: str) -> ResponseReturnValue:
    """Take a user's factors away, and show the one-time secret once."""
    schema = FactorResetRequest()
    accounts.get_user(user_id)
    try:
        values = load(schema)
        with unit_of_work():
            secret = reset_service.reset(actor=current_actor(), user_id=user_id, **values)
    except InvalidInput as error:
        return _page(user_id, Form.typed(schema).with_errors(error)), 400
    return render_template("factors/secret_once.html", user=accounts.get_user(user_id), secret=secret)


def _page(user_id: str, form: Form) -> str:
    return render_template(
        "factors/user_factors.html",
        form=form,
        user=accounts.get_user(user_id),
        factors=service.state_of(user_id),
        resets=reset_service.list_resets(actor=current_actor(), user_id=user_id),
        reason_kind=ResetReason,
        is_oneself=user_id == current_actor().user_id,
    )
