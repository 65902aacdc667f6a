"""The page on which anybody checks a receipt, and the public keys for checking one offline."""

from datetime import timedelta
from typing import cast

from flask import Blueprint, Flask, current_app, jsonify, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import receipt_service
from ercms.evidence.enums import ReceiptVerdict
from ercms.evidence.receipt_service import Checked
from ercms.evidence.schemas import ReceiptText
from ercms.web.forms import Form
from ercms.web.pace import Pace
from ercms.web.request_data import load
from ercms.web.route_guards import public

receipt_pages = Blueprint("receipts", __name__, url_prefix="/receipts")

CHECKS_A_MINUTE = 30
_PACE = "receipt_pace"


@receipt_pages.record_once
def _begin(state: BlueprintSetupState) -> None:
    """Give each application a count of its own."""
    cast(Flask, state.app).extensions[_PACE] = Pace(most=CHECKS_A_MINUTE, within=timedelta(minutes=1))


@receipt_pages.get("/check")
@public
def check_page() -> ResponseReturnValue:
    """Ask for a receipt."""
    return _page(Form.of(ReceiptText()))


@receipt_pages.post("/check")
@public
def check() -> ResponseReturnValue:
    """Say whether the receipt is this installation's and unchanged."""
    form = Form.typed(ReceiptText())
    pace: Pace = current_app.extensions[_PACE]
    if not pace.allows(request.remote_addr):
        return _page(form.with_message(gettext("Too many checks. Wait a minute, then try again."))), 429
    try:
        values = load(ReceiptText())
        with unit_of_work():
            checked = receipt_service.check(text=values["text"], address=request.remote_addr)
    except InvalidInput as error:
        return _page(form.with_errors(error)), 422
    return _page(form, checked)


@receipt_pages.get("/keys.json")
@public
def keys() -> ResponseReturnValue:
    """Publish the public keys with which receipts, checkpoints and reports are checked offline."""
    return jsonify({"algorithm": "Ed25519", "keys": receipt_service.public_keys()})


def _page(form: Form, checked: Checked | None = None) -> str:
    return render_template("evidence/receipt_check.html", form=form, checked=checked, verdicts=ReceiptVerdict)
