"""The pages of transfers: the list, and the arrival as the border service sees it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core import clock
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.fields import FormSchema, Page
from ercms.core.unit_of_work import unit_of_work
from ercms.returns import arrival_service, service
from ercms.returns.labels import register_labels
from ercms.returns.schemas import Arrival, FailureReport
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load, query_dict, typed_values
from ercms.web.route_guards import current_actor, may, requires

return_pages = Blueprint("returns", __name__, url_prefix="/transfers")
return_pages.record_once(register_labels)


@return_pages.get("")
@requires(Permission.TRANSFER_LIST)
def transfer_list() -> ResponseReturnValue:
    """Show the transfers of the past week, of today and of the week to come."""
    with unit_of_work():
        page = arrival_service.list_transfers(actor=current_actor(), cursor=query_dict(Page()).get("cursor"))
    is_border = may(Permission.TRANSFER_CONFIRM)
    return render_template("returns/transfer_list.html", page=page, is_border=is_border)


@return_pages.get("/<reference>")
@requires(Permission.TRANSFER_CONFIRM)
def arrival(reference: str) -> ResponseReturnValue:
    """Show what the border needs for one arrival."""
    return _arrival_page(reference)


@return_pages.post("/<reference>/confirm")
@requires(Permission.TRANSFER_CONFIRM)
def confirm(reference: str) -> ResponseReturnValue:
    """Confirm an arrival."""
    done = gettext("The arrival is confirmed.")
    return _act(reference, Arrival(), service.confirm_arrival, "arrival_form", done)


@return_pages.post("/<reference>/failed")
@requires(Permission.TRANSFER_CONFIRM)
def failed(reference: str) -> ResponseReturnValue:
    """Record that somebody did not arrive."""
    done = gettext("It is recorded that the person did not arrive.")
    return _act(reference, FailureReport(), service.record_transfer_failure, "failure_form", done)


def _act(
    reference: str, schema: FormSchema, perform: Callable[..., Any], form_name: str, done: str
) -> ResponseReturnValue:
    typed = typed_values(schema)
    form = Form.typed(schema)
    try:
        version = _version_in(typed)
        values: Mapping[str, Any] = load(schema, typed)
        with unit_of_work():
            perform(actor=current_actor(), reference=reference, expected_version=version, values=values)
    except InvalidInput as error:
        return _arrival_page(reference, **{form_name: form.with_errors(error)}), 422
    except RuleRefused as error:
        return _arrival_page(reference, **{form_name: form.with_message(words_of(error))}), 422
    except Conflict as error:
        return _arrival_page(reference, **{form_name: form.with_message(words_of(error))}), 409
    flash(done, "success")
    return redirect(url_for("returns.transfer_list"))


def _version_in(typed: dict[str, Any]) -> int:
    version = typed.pop("version", "")
    if not isinstance(version, str) or not version.isdecimal() or len(version) > 9:
        raise InvalidInput("version_missing")
    return int(version)


def _arrival_page(reference: str, **forms: Form) -> str:
    with unit_of_work():
        page = arrival_service.open_arrival(actor=current_actor(), reference=reference)
    first = Form(values={"arrived_on": clock.today().isoformat()})
    shown = {"arrival_form": first, "failure_form": Form(), **forms}
    return render_template(
        "returns/arrival.html",
        page=page,
        arrival_fields=Arrival().fields,
        failure_fields=FailureReport().fields,
        **shown,
    )
