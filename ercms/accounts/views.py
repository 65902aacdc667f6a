"""Sign-in, sign-out, and what one may change of one's own account."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ercms.access.permissions import Permission
from ercms.accounts import demonstration_service, session_service, sign_in_service
from ercms.accounts.enums import SignInMethod
from ercms.accounts.schemas import NOT_THE_SAME, WRONG_PASSWORD, ChangePasswordRequest, SignInRequest
from ercms.accounts.sign_in_service import Attempt, Outcome
from ercms.core import clock
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import service as factor_service
from ercms.providers import sign_in_service as provider_sign_ins
from ercms.web.entering import ask_for_second_step, enter, from_where, is_demonstration_here
from ercms.web.error_handlers import register_reasons
from ercms.web.forms import Form
from ercms.web.request_data import load, safe_next
from ercms.web.route_guards import current_actor, current_signed_in, forget_session, public, requires

accounts_pages = Blueprint("accounts", __name__)

register_reasons({"not_a_demonstration": _l("One-click sign-in exists in a demonstration on this machine only.")})


@accounts_pages.get("/sign-in")
@public
def sign_in_page() -> ResponseReturnValue:
    """Show the sign-in form, and in a demonstration one button a role."""
    if current_signed_in() is not None:
        return redirect(safe_next(request.args.get("next"), url_for("web.home")))
    return _sign_in_form(Form(values={"next": request.args.get("next") or ""}))


@accounts_pages.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Check the password; a failure says no more than that it failed."""
    form = Form.typed(SignInRequest())
    try:
        values = load(SignInRequest())
    except InvalidInput as error:
        return _sign_in_form(form.with_errors(error)), 400
    with unit_of_work():
        attempt = sign_in_service.sign_in(email=values["email"], password=values["password"], **from_where())
    if attempt.outcome is Outcome.SUCCEEDED:
        return ask_for_second_step(attempt.user_id or "", SignInMethod.PASSWORD, values.get("next"))
    if attempt.outcome is Outcome.LOCKED:
        message = gettext("Too many attempts. Wait %(seconds)s seconds, then try again.", seconds=_seconds(attempt))
        return _sign_in_form(form.with_message(message)), 429, {"Retry-After": str(_seconds(attempt))}
    if attempt.outcome is Outcome.EXPIRED:
        message = gettext(
            "This one-time password was not used in time and works no more. Ask your administrator for a new one."
        )
        return _sign_in_form(form.with_message(message)), 401
    message = gettext("The e-mail address and the password do not fit together. Check both and try again.")
    return _sign_in_form(form.with_message(message)), 401


@accounts_pages.post("/sign-in/demonstration")
@public
def sign_in_demonstration() -> ResponseReturnValue:
    """Sign in with one click, in a demonstration, from this very machine."""
    if not is_demonstration_here():
        raise NotFound("not_a_demonstration")
    with unit_of_work():
        begun = demonstration_service.sign_in(user_id=request.form.get("user", ""), **from_where())
    enter(begun)
    return redirect(url_for("web.home"))


@accounts_pages.post("/sign-out")
@requires(Permission.ACCOUNT_OWN)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    with unit_of_work():
        session_service.sign_out(actor=current_actor(), token=current_user.id)
    forget_session()
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("accounts.sign_in_page"))


@accounts_pages.get("/account")
@requires(Permission.ACCOUNT_OWN)
def account_page() -> ResponseReturnValue:
    """Show one's own account and its open sessions."""
    sessions = session_service.list_sessions(actor=current_actor(), token=current_user.id)
    factors = factor_service.state_of(current_actor().user_id)
    return render_template("accounts/account.html", sessions=sessions, factors=factors)


@accounts_pages.post("/account/sessions/<session_id>/end")
@requires(Permission.ACCOUNT_OWN)
def end_own_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with unit_of_work():
        session_service.end_session(actor=current_actor(), session_id=session_id)
    flash(gettext("The session has been ended."), "success")
    return redirect(url_for("accounts.account_page"))


@accounts_pages.get("/account/password")
@requires(Permission.ACCOUNT_OWN)
def password_page() -> ResponseReturnValue:
    """Show the form for another password."""
    return render_template("accounts/password.html", form=Form())


@accounts_pages.post("/account/password")
@requires(Permission.ACCOUNT_OWN)
def change_password() -> ResponseReturnValue:
    """Give oneself another password; passwords are never shown again in the form."""
    try:
        values = load(ChangePasswordRequest())
        if values["password"] != values["again"]:
            raise InvalidInput(fields={"again": [NOT_THE_SAME]})
        with unit_of_work():
            attempt = sign_in_service.change_password(
                actor=current_actor(), present=values["present"], password=values["password"], token=current_user.id
            )
        if attempt.outcome is Outcome.LOCKED:
            message = gettext("Too many attempts. Wait %(seconds)s seconds, then try again.", seconds=_seconds(attempt))
            form = Form.of(ChangePasswordRequest()).with_message(message)
            return render_template("accounts/password.html", form=form), 429
        if attempt.outcome is not Outcome.SUCCEEDED:
            raise InvalidInput(fields={"present": [WRONG_PASSWORD]})
    except InvalidInput as error:
        return render_template("accounts/password.html", form=Form.of(ChangePasswordRequest()).with_errors(error)), 400
    flash(gettext("Your password has been changed. All other sessions have been ended."), "success")
    return redirect(url_for("web.home"))


def _sign_in_form(form: Form) -> str:
    offered = demonstration_service.list_sign_ins() if is_demonstration_here() else []
    choices = [(one.id, one.organisation) for one in provider_sign_ins.list_choices()]
    return render_template("accounts/sign_in.html", form=form, demonstration_users=offered, providers=choices)


def _seconds(attempt: Attempt) -> int:
    return max(1, round((attempt.locked_until - clock.now()).total_seconds())) if attempt.locked_until else 1
