"""Sending a message in a case; the messages themselves are a part of the case page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.cases import service as cases
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.messages import service
from ercms.messages.schemas import MessageRequest
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

messages_pages = Blueprint("messages", __name__)


@messages_pages.post("/cases/<reference>/messages")
@requires(Permission.MESSAGE_SEND)
def send_message(reference: str) -> ResponseReturnValue:
    """Send a message, and go back to the messages of the case; a message that cannot be sent is not lost."""
    form = Form.typed(MessageRequest())
    try:
        values = load(MessageRequest())
    except InvalidInput as error:
        # A case that is not the sender's answers as one that is not there, whatever was typed.
        cases.get_case(actor=current_actor(), reference=reference, permission=Permission.MESSAGE_SEND)
        return render_template("messages/write.html", reference=reference, form=form.with_errors(error)), 422
    with unit_of_work():
        service.send(actor=current_actor(), reference=reference, values=values)
    flash(gettext("The message has been sent."), "success")
    return redirect(url_for("casefile.case_tab", reference=reference, tab="messages"))
