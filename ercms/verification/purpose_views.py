"""The page of the rules on inquiries: what each purpose may name, who may be asked, and on what that rests."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.core.actor import OrganisationKind
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.verification import inquiry_fields, purpose_service
from ercms.verification.enums import InquiryPurpose
from ercms.verification.schemas import PurposeRuleDecision, PurposeRuleRequest
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

purpose_pages = Blueprint("inquiry_purposes", __name__, url_prefix="/inquiry-rules")


@purpose_pages.get("")
@requires(Permission.INQUIRY_PURPOSE_READ)
def rules() -> ResponseReturnValue:
    """Show what holds for each purpose, and what waits for a second person."""
    actor = current_actor()
    proposed = purpose_service.list_proposed(actor=actor)
    return render_template(
        "verification/purpose_rules.html",
        settings=purpose_service.settings(),
        proposed=proposed,
        labels=_labels(),
        agencies=_agencies(),
        names=accounts.user_names({rule.proposed_by_id for rule in proposed}),
        actor_id=actor.user_id,
    )


@purpose_pages.get("/edit")
@requires(Permission.INQUIRY_PURPOSE_PROPOSE)
def edit() -> ResponseReturnValue:
    """Show the form of one purpose with what holds now."""
    setting = purpose_service.settings()[_purpose(request.args.get("purpose", ""))]
    values = {"named": list(setting.fields), "defaults": sorted(setting.defaults), "source": ""}
    form = Form.of(PurposeRuleRequest(), {**values, "agency_ids": list(setting.agency_ids)})
    return _form(setting.purpose, form)


@purpose_pages.post("")
@requires(Permission.INQUIRY_PURPOSE_PROPOSE)
def propose() -> ResponseReturnValue:
    """Propose a rule; it holds once somebody else has confirmed it."""
    form = Form.typed(PurposeRuleRequest())
    purpose = _purpose(str(form.value("purpose")))
    try:
        values = load(PurposeRuleRequest())
        with unit_of_work():
            purpose_service.propose(actor=current_actor(), values=values)
    except InvalidInput as error:
        return make_response(_form(purpose, form.with_errors(error)), 422)
    flash(gettext("The rule is proposed. It holds once somebody else has confirmed it."), "success")
    return redirect(url_for("inquiry_purposes.rules"))


@purpose_pages.post("/confirm")
@requires(Permission.INQUIRY_PURPOSE_CONFIRM)
def confirm() -> ResponseReturnValue:
    """Confirm somebody else's rule."""
    with unit_of_work():
        purpose_service.confirm(actor=current_actor(), rule_id=load(PurposeRuleDecision())["rule_id"])
    flash(gettext("The rule holds from now on."), "success")
    return redirect(url_for("inquiry_purposes.rules"))


@purpose_pages.post("/reject")
@requires(Permission.INQUIRY_PURPOSE_CONFIRM)
def reject() -> ResponseReturnValue:
    """Turn a rule down."""
    with unit_of_work():
        purpose_service.reject(actor=current_actor(), rule_id=load(PurposeRuleDecision())["rule_id"])
    flash(gettext("The rule is turned down. Nothing has changed."), "success")
    return redirect(url_for("inquiry_purposes.rules"))


def _form(purpose: InquiryPurpose, form: Form) -> str:
    return render_template(
        "verification/purpose_form.html",
        setting=purpose_service.settings()[purpose],
        fields=[(name, inquiry_fields.label_of(name)) for name in inquiry_fields.FIELDS[purpose].allowed],
        agencies=list(_agencies().items()),
        form=form,
    )


def _purpose(text: str) -> InquiryPurpose:
    try:
        return InquiryPurpose(text)
    except ValueError as error:
        raise NotFound from error


def _labels() -> dict[str, str]:
    names = {name for known in inquiry_fields.FIELDS.values() for name in known.allowed}
    return {name: inquiry_fields.label_of(name) for name in names}


def _agencies() -> dict[str, str]:
    return {agency.id: agency.name for agency in accounts.list_organisations(kind=OrganisationKind.AGENCY)}
