"""The second step of a sign-in: a code, or the setting up of an authenticator."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.core.errors import InvalidInput
from ercms.core.fields import FormSchema
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import service, step_service
from ercms.factors.enums import Verdict
from ercms.factors.presenting import grouped, qr_image, seconds_until
from ercms.factors.schemas import CodeRequest, EnrolmentRequest
from ercms.factors.step_service import Step, StepEnd
from ercms.web.entering import enter, from_where, is_demonstration_here, remembered_target, step_token
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import public

factor_pages = Blueprint("factors", __name__)


@factor_pages.get("/sign-in/second-step")
@public
def second_step() -> ResponseReturnValue:
    """Ask for a code, or show what to set up when there is no factor yet."""
    step = step_service.find(step_token())
    return _over() if step is None else _page(step, Form())


@factor_pages.post("/sign-in/second-step")
@public
def check_code() -> ResponseReturnValue:
    """Judge a code and begin the session."""
    step = step_service.find(step_token())
    if step is None or not step.is_enrolled:
        return _over()
    try:
        values = load(CodeRequest())
    except InvalidInput as error:
        return _page(step, Form.of(CodeRequest()).with_errors(error)), 400
    with unit_of_work():
        end = step_service.finish_with_code(token=step_token(), code=values["code"], **from_where())
    if end.begun is None:
        return _refused(step, end, CodeRequest())
    target = remembered_target()
    enter(end.begun)
    return redirect(target)


@factor_pages.post("/sign-in/enrolment")
@public
def enrol() -> ResponseReturnValue:
    """Put the authenticator into use, begin the session, and show the recovery codes this once."""
    step = step_service.find(step_token())
    if step is None or step.is_enrolled:
        return _over()
    schema = EnrolmentRequest()
    try:
        values = load(schema)
    except InvalidInput as error:
        return _page(step, Form.of(schema).with_errors(error)), 400
    with unit_of_work():
        end = step_service.finish_with_enrolment(
            token=step_token(), code=values["code"], secret=values.get("one_time_secret"), **from_where()
        )
    if end.begun is None:
        return _refused(step, end, schema)
    target = remembered_target()
    enter(end.begun)
    return render_template("factors/recovery_codes.html", codes=end.recovery_codes, target=target)


def _page(step: Step, form: Form) -> str:
    if step.is_enrolled:
        present = service.present_code(user_id=step.user.id) if is_demonstration_here() else None
        return render_template("factors/second_step.html", form=form, step=step, present_code=present)
    setup = service.pending_totp(user_id=step.user.id)
    return render_template(
        "factors/enrolment.html",
        form=form,
        step=step,
        secret=grouped(setup.secret_text) if setup else "",
        qr=qr_image(setup.uri) if setup else "",
    )


def _refused(step: Step, end: StepEnd, schema: FormSchema) -> ResponseReturnValue:
    if end.verdict is Verdict.ENDED:
        return _over()
    form = Form.of(schema)
    if end.verdict is Verdict.LOCKED:
        seconds = seconds_until(end.locked_until)
        message = gettext("Too many attempts. Wait %(seconds)s seconds, then try again.", seconds=seconds)
        return _page(step, form.with_message(message)), 429, {"Retry-After": str(seconds)}
    if end.verdict is Verdict.WRONG_SECRET:
        wrong = InvalidInput(fields={"one_time_secret": [service.WRONG_SECRET]})
    else:
        wrong = InvalidInput(fields={"code": [service.told(end.verdict)]})
    return _page(step, form.with_errors(wrong)), 401


def _over() -> ResponseReturnValue:
    """Begin again: the step took too long, or it was never begun here."""
    flash(gettext("This step of the sign-in is over. Please begin again."), "warning")
    return redirect(url_for("accounts.sign_in_page"))
