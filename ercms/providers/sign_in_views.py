"""Signing in through one's own authority: away to its provider, and back."""

from datetime import timedelta

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from ercms.accounts.enums import SignInMethod
from ercms.core.unit_of_work import unit_of_work
from ercms.providers import sign_in_service
from ercms.providers.enums import Flaw
from ercms.providers.schemas import DepartRequest
from ercms.providers.sign_in_service import Arrival
from ercms.providers.tokens import TokenRefused
from ercms.web.entering import ask_for_second_step, enter, from_where
from ercms.web.labels import label
from ercms.web.pace import Pace
from ercms.web.request_data import load, safe_next
from ercms.web.route_guards import public

provider_sign_in_pages = Blueprint("provider_sign_in", __name__, url_prefix="/sign-in/provider")

_STATE, _NEXT = "provider_state", "provider_next"
_recorded = Pace(most=30, within=timedelta(minutes=1))
_asked = Pace(most=60, within=timedelta(minutes=1))


@provider_sign_in_pages.post("")
@public
def depart() -> ResponseReturnValue:
    """Send the browser to a provider, with a state that it keeps until it comes back.

    A page with a `Refresh` header and a link does it: the policy of the pages lets no form end at another site.
    """
    # Each departure makes us call the provider, so that nobody may make us call it without end.
    if not _asked.allows(request.remote_addr):
        abort(429)
    values = load(DepartRequest())
    provider_id = values["provider"]
    try:
        metadata = sign_in_service.metadata_of(provider_id=provider_id)
    except TokenRefused as refusal:
        return _refused(provider_id, refusal.flaw)
    with unit_of_work():
        departure = sign_in_service.depart(provider_id=provider_id, metadata=metadata)
    session[_STATE], session[_NEXT] = departure.state, safe_next(values.get("next"), "")
    page: Response = make_response(render_template("providers/departure.html", departure=departure))
    page.headers["Refresh"] = f"0; url={departure.address}"
    return page


@provider_sign_in_pages.get("/<provider_id>/return", endpoint="come_back")
@public
def come_back(provider_id: str) -> ResponseReturnValue:
    """Judge what the provider says, and go on to the session or the second step."""
    kept, target = session.pop(_STATE, None), session.pop(_NEXT, None)
    with unit_of_work():
        begin = sign_in_service.take(provider_id=provider_id, state=request.args.get("state"), kept=kept)
    if begin is None:
        return _refused(provider_id, Flaw.STATE_UNKNOWN)
    try:
        identity = sign_in_service.ask(begin=begin, code=request.args.get("code"), named_issuer=request.args.get("iss"))
    except TokenRefused as refusal:
        return _refused(provider_id, refusal.flaw)
    with unit_of_work():
        arrival = sign_in_service.arrive(provider_id=provider_id, identity=identity, **from_where())
    return _let_in(arrival, target)


def _let_in(arrival: Arrival, target: str | None) -> ResponseReturnValue:
    if arrival.flaw is not None:
        page = render_template("providers/refusal.html", flaw=arrival.flaw, mark=arrival.mark)
        return page, 403
    if arrival.begun is not None:
        enter(arrival.begun)
        return redirect(safe_next(target, url_for("web.home")))
    return ask_for_second_step(arrival.user_id or "", SignInMethod.IDENTITY_PROVIDER, target)


def _refused(provider_id: str, flaw: Flaw) -> ResponseReturnValue:
    # The address of the return is open to everybody: nobody fills the audit through it.
    if _recorded.allows(request.remote_addr):
        with unit_of_work():
            sign_in_service.refuse(provider_id=provider_id, flaw=flaw, **from_where())
    flash(label(flaw), "danger")
    return redirect(url_for("accounts.sign_in_page"))
