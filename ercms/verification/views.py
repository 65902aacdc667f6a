"""The pages of inquiries: what an agency is asked, and how SMS asks several at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ercms.access.permissions import Permission
from ercms.core import clock
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.verification import inquiry_reading, inquiry_service
from ercms.verification.enums import InquiryFinding
from ercms.verification.schemas import InquiriesRequest, InquiryAnswer, InquiryWithdrawal
from ercms.web.error_handlers import status_of, words_of
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

verification_pages = Blueprint("verification", __name__)


@verification_pages.get("/inquiries")
@requires(Permission.INQUIRY_LIST)
def inquiry_list() -> ResponseReturnValue:
    """Show the inquiries put to one's agency, what is due first at the top."""
    waiting, answered = inquiry_reading.list_for(actor=current_actor())
    return render_template("verification/inquiry_list.html", waiting=waiting, answered=answered, today=clock.today())


@verification_pages.get("/inquiries/<inquiry_id>")
@requires(Permission.INQUIRY_READ)
def inquiry_page(inquiry_id: str) -> ResponseReturnValue:
    """Show one inquiry with exactly the fields that it names."""
    return _inquiry_page(inquiry_id, Form(), Form())


@verification_pages.post("/inquiries/<inquiry_id>/answer")
@requires(Permission.INQUIRY_ANSWER)
def answer_inquiry(inquiry_id: str) -> ResponseReturnValue:
    """Answer an inquiry; what was typed is shown again when it cannot be taken."""
    form = Form.typed(InquiryAnswer())
    try:
        values = load(InquiryAnswer())
        given = [part for part in request.files.getlist("file") if part.filename]
        actor, received = current_actor(), []
        for part in given[: inquiry_service.MOST_FILES + 1]:
            name = part.filename or ""
            made = inquiry_service.receive_file(actor=actor, inquiry_id=inquiry_id, name=name, stream=part.stream)
            received.append((name, made))
        with unit_of_work():
            for name, made in received:
                inquiry_service.give_file(actor=actor, inquiry_id=inquiry_id, name=name, stream=made)
            inquiry_service.answer(
                actor=current_actor(), inquiry_id=inquiry_id, expected_version=values["version"], values=values
            )
    except InvalidInput as error:
        return _inquiry_page(inquiry_id, form.with_errors(error), Form()), 422
    except (Conflict, RuleRefused) as error:
        return _inquiry_page(inquiry_id, form.with_message(words_of(error)), Form()), status_of(error)
    flash(gettext("The answer has been sent."), "success")
    return redirect(url_for("verification.inquiry_list"))


@verification_pages.post("/inquiries/<inquiry_id>/withdraw")
@requires(Permission.INQUIRY_CANCEL)
def withdraw_inquiry(inquiry_id: str) -> ResponseReturnValue:
    """Withdraw an inquiry that is no longer needed."""
    form = Form.typed(InquiryWithdrawal())
    try:
        values = load(InquiryWithdrawal())
        with unit_of_work():
            reference = inquiry_service.withdraw(
                actor=current_actor(), inquiry_id=inquiry_id, expected_version=values["version"], values=values
            )
    except InvalidInput as error:
        return _inquiry_page(inquiry_id, Form(), form.with_errors(error)), 422
    except (Conflict, RuleRefused) as error:
        return _inquiry_page(inquiry_id, Form(), form.with_message(words_of(error))), status_of(error)
    flash(gettext("The inquiry has been withdrawn."), "success")
    return redirect(url_for("casefile.case_tab", reference=reference, tab="verification"))


@verification_pages.get("/cases/<reference>/inquiries/new")
@requires(Permission.INQUIRY_SEND)
def new_inquiries(reference: str) -> ResponseReturnValue:
    """Show the form that puts several inquiries at once."""
    return _inquiries_form(reference, Form())


@verification_pages.post("/cases/<reference>/inquiries/new")
@requires(Permission.INQUIRY_SEND)
def send_inquiries(reference: str) -> ResponseReturnValue:
    """Put the inquiries that were chosen, all or none."""
    form = Form.typed(InquiriesRequest())
    try:
        values = load(InquiriesRequest())
        with unit_of_work():
            sent = inquiry_service.send(actor=current_actor(), reference=reference, values=values)
    except InvalidInput as error:
        return _inquiries_form(reference, form.with_errors(error), is_typed=True), 422
    flash(ngettext("%(num)s inquiry has been sent.", "%(num)s inquiries have been sent.", len(sent)), "success")
    return redirect(url_for("casefile.case_tab", reference=reference, tab="verification"))


def _inquiry_page(inquiry_id: str, answer_form: Form, withdrawal_form: Form) -> str:
    with unit_of_work():
        inquiry = inquiry_reading.open_page(actor=current_actor(), inquiry_id=inquiry_id)
    return render_template(
        "verification/inquiry.html",
        inquiry=inquiry,
        answer_form=answer_form,
        withdrawal_form=withdrawal_form,
        findings=InquiryFinding,
        today=clock.today(),
    )


def _inquiries_form(reference: str, form: Form, *, is_typed: bool = False) -> str:
    with unit_of_work():
        offer = inquiry_service.form_for(actor=current_actor(), reference=reference, is_again=is_typed)
    return render_template("verification/inquiries_form.html", offer=offer, form=form, is_typed=is_typed)
