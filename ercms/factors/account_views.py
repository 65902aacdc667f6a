"""What one does with one's own factors, and the page that asks for a fresh proof."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import service
from ercms.factors.presenting import grouped, qr_image
from ercms.factors.schemas import CodeRequest
from ercms.web.forms import Form
from ercms.web.fresh_proof import needs_fresh_proof, proof_page, try_proof
from ercms.web.request_data import load, safe_next
from ercms.web.route_guards import current_actor, current_signed_in, requires

factor_account_pages = Blueprint("factor_account", __name__, url_prefix="/account")


@factor_account_pages.get("/proof", endpoint="proof_page")
@requires(Permission.ACCOUNT_OWN)
def show_proof_page() -> ResponseReturnValue:
    """Ask for a fresh proof before going on to a page."""
    target = safe_next(request.args.get("next"), url_for("web.home"))
    return proof_page(None, action=url_for("factor_account.prove"), target=target), 200


@factor_account_pages.post("/proof")
@requires(Permission.ACCOUNT_OWN)
def prove() -> ResponseReturnValue:
    """Judge a fresh proof, and go on to the page that asked for it."""
    signed_in = current_signed_in()
    target = safe_next(request.form.get("next"), url_for("web.home"))
    end = try_proof(signed_in) if signed_in is not None else None
    if end is not None and end.is_proven:
        return redirect(target)
    return proof_page(end, action=url_for("factor_account.prove"), target=target)


@factor_account_pages.post("/authenticator")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def begin_authenticator() -> ResponseReturnValue:
    """Begin to set up another authenticator; the one in use goes on until the new one is confirmed."""
    with unit_of_work():
        service.begin_totp(user_id=current_actor().user_id)
    return redirect(url_for("factor_account.authenticator"))


@factor_account_pages.get("/authenticator")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def authenticator() -> ResponseReturnValue:
    """Show what is being set up."""
    return _authenticator_page(Form())


@factor_account_pages.post("/authenticator/confirm")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def confirm_authenticator() -> ResponseReturnValue:
    """Put the new authenticator into use, and show new recovery codes this once."""
    schema = CodeRequest()
    try:
        values = load(schema)
        with unit_of_work():
            codes = service.confirm_totp(actor=current_actor(), code=values["code"])
        if codes is None:
            raise InvalidInput(fields={"code": [service.WRONG_CODE]})
    except InvalidInput as error:
        return _authenticator_page(Form.of(schema).with_errors(error), 400)
    target = url_for("accounts.account_page")
    return render_template("factors/recovery_codes.html", codes=codes, target=target)


@factor_account_pages.post("/recovery-codes")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def make_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes in place of the former ones, and show them this once."""
    with unit_of_work():
        codes = service.make_recovery_codes(actor=current_actor())
    return render_template("factors/recovery_codes.html", codes=codes, target=url_for("accounts.account_page"))


def _authenticator_page(form: Form, status: int = 200) -> ResponseReturnValue:
    setup = service.pending_totp(user_id=current_actor().user_id)
    if setup is None:
        flash(gettext("There is nothing to set up."), "warning")
        return redirect(url_for("accounts.account_page"))
    html = render_template(
        "factors/authenticator.html", form=form, secret=grouped(setup.secret_text), qr=qr_image(setup.uri)
    )
    return html, status
