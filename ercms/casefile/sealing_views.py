"""The page on which a supervisor seals a case, names its readers, and opens it again."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.casefile import page as casefile
from ercms.cases import sealing_service as sealing
from ercms.cases.enums import SealGround
from ercms.cases.schemas import NameReaderRequest, SealRequest, UnsealRequest
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.fields import FormSchema
from ercms.core.unit_of_work import unit_of_work
from ercms.web import labels
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

sealing_pages = Blueprint("sealing", __name__, url_prefix="/cases/<reference>/sealing")


@sealing_pages.get("")
@requires(Permission.CASE_SEAL)
def sealing_page(reference: str) -> ResponseReturnValue:
    """Show who may see the case, and offer to change it."""
    return _page(reference)


@sealing_pages.post("")
@requires(Permission.CASE_SEAL)
def seal(reference: str) -> ResponseReturnValue:
    """Close the case to all but named readers."""
    message = gettext("The case is sealed. Now name who else has to see it.")
    return _act(reference, SealRequest(), sealing.seal, "seal_form", message)


@sealing_pages.post("/end")
@requires(Permission.CASE_SEAL)
def unseal(reference: str) -> ResponseReturnValue:
    """Open the case to its usual readers again."""
    message = gettext("The case is open to its usual readers again.")
    return _act(reference, UnsealRequest(), sealing.unseal, "unseal_form", message)


@sealing_pages.post("/readers")
@requires(Permission.CASE_SEAL)
def add_reader(reference: str) -> ResponseReturnValue:
    """Let one officer more see the case."""
    message = gettext("The reader is named.")
    return _act(reference, NameReaderRequest(), sealing.add_reader, "reader_form", message)


@sealing_pages.post("/readers/<user_id>/end")
@requires(Permission.CASE_SEAL)
def end_reader(reference: str, user_id: str) -> ResponseReturnValue:
    """Take a reader off; whoever takes themselves off sees the case no more."""
    try:
        with unit_of_work():
            sealing.end_reader(actor=current_actor(), reference=reference, user_id=user_id)
    except (Conflict, RuleRefused) as error:
        flash(words_of(error), "warning")
        return redirect(url_for("sealing.sealing_page", reference=reference))
    flash(gettext("The reader is taken off."), "success")
    if user_id == current_actor().user_id:
        return redirect(url_for("web.home"))
    return redirect(url_for("sealing.sealing_page", reference=reference))


def _act(
    reference: str, schema: FormSchema, perform: Callable[..., Any], name: str, message: str
) -> ResponseReturnValue:
    form = Form.typed(schema)
    try:
        values = load(schema)
        version = values.pop("version")
        with unit_of_work():
            perform(actor=current_actor(), reference=reference, expected_version=version, **values)
    except InvalidInput as error:
        return _page(reference, **{name: form.with_errors(error)}), 422
    except Conflict as error:
        return _page(reference, **{name: form.with_message(words_of(error))}), 409
    flash(message, "success")
    return redirect(url_for("sealing.sealing_page", reference=reference))


def _page(reference: str, **forms: Form) -> str:
    with unit_of_work():
        seal_page = sealing.page_of(actor=current_actor(), reference=reference)
        _, head = casefile.head_for(actor=current_actor(), reference=reference)
    shown = {
        "seal_form": Form.of(SealRequest()),
        "unseal_form": Form.of(UnsealRequest()),
        "reader_form": Form.of(NameReaderRequest()),
        **forms,
    }
    return render_template(
        "casefile/sealing.html", head=head, page=seal_page, grounds=labels.options(SealGround), **shown
    )
