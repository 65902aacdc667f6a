"""Passkeys: registering and removing them, and signing in with one."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import passkey_service
from ercms.factors.passkey_service import Site
from ercms.factors.schemas import PasskeyRequest, PasskeySignInRequest
from ercms.web.entering import enter, from_where, passkey_site, remembered_target, step_token
from ercms.web.forms import Form
from ercms.web.fresh_proof import PASSKEY_TOKEN, needs_fresh_proof
from ercms.web.pace import Pace
from ercms.web.request_data import load, safe_next
from ercms.web.route_guards import current_actor, public, requires

passkey_pages = Blueprint("passkeys", __name__)

_TOKEN = "passkey"  # noqa: S105 - the name of a place in the session, not a secret
_asked = Pace(most=60, within=timedelta(minutes=1))


@passkey_pages.post("/sign-in/passkey/options")
@public
def sign_in_options() -> ResponseReturnValue:
    """Hand out what a passkey has to sign."""
    if not _asked.allows(request.remote_addr):
        abort(429)
    with unit_of_work():
        token, options = passkey_service.begin_sign_in(site=_site(), step_token=step_token())
    return _options(token, options)


@passkey_pages.post("/sign-in/passkey")
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with a passkey: in place of a code after the password, or alone."""
    values = load(PasskeySignInRequest())
    with unit_of_work():
        end = passkey_service.sign_in(
            site=_site(),
            token=session.pop(_TOKEN, None),
            step_token=step_token(),
            response=values["passkey"],
            **from_where(),
        )
    if end.begun is None:
        flash(gettext(end.message), "danger")
        return redirect(url_for("factors.second_step" if step_token() else "accounts.sign_in_page"))
    target = remembered_target() if step_token() else safe_next(values.get("next"), url_for("web.home"))
    enter(end.begun)
    return redirect(target)


@passkey_pages.get("/account/passkeys/new")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def new_passkey() -> ResponseReturnValue:
    """Show the form for a new passkey."""
    return _page(Form())


@passkey_pages.post("/account/passkeys/options")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def registration_options() -> ResponseReturnValue:
    """Hand out what a device needs to make a passkey."""
    with unit_of_work():
        token, options = passkey_service.begin_registration(actor=current_actor(), site=_site())
    return _options(token, options)


@passkey_pages.post("/account/proof/passkey/options")
@requires(Permission.ACCOUNT_OWN)
def proof_options() -> ResponseReturnValue:
    """Hand out what a passkey has to sign for a fresh proof."""
    with unit_of_work():
        token, options = passkey_service.begin_proof(actor=current_actor(), site=_site())
    return _options(token, options, PASSKEY_TOKEN)


@passkey_pages.post("/account/passkeys")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def register() -> ResponseReturnValue:
    """Keep a passkey under a name."""
    schema = PasskeyRequest()
    try:
        values = load(schema)
        with unit_of_work():
            refusal = passkey_service.register(
                actor=current_actor(),
                site=_site(),
                token=session.pop(_TOKEN, None),
                name=values["name"],
                response=values["passkey"],
            )
        if refusal is not None:
            raise InvalidInput(fields={"name": [refusal.message]})
    except InvalidInput as error:
        return _page(Form.of(schema, {"name": request.form.get("name", "")}).with_errors(error)), 400
    flash(gettext("The passkey is registered."), "success")
    return redirect(url_for("accounts.account_page"))


@passkey_pages.post("/account/passkeys/<passkey_id>/remove")
@requires(Permission.ACCOUNT_OWN)
@needs_fresh_proof
def remove(passkey_id: str) -> ResponseReturnValue:
    """Remove one of one's own passkeys."""
    with unit_of_work():
        passkey_service.remove(actor=current_actor(), passkey_id=passkey_id)
    flash(gettext("The passkey is removed."), "success")
    return redirect(url_for("accounts.account_page"))


def _site() -> Site:
    site = passkey_site()
    if site is None:
        raise NotFound
    return site


def _options(token: str, options: str, place: str = _TOKEN) -> Response:
    session[place] = token
    return Response(options, mimetype="application/json")


def _page(form: Form) -> str:
    return render_template(
        "factors/passkey.html", form=form, origin=current_app.config["SETTINGS"].passkey_origin or ""
    )
