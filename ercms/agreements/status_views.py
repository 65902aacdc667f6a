"""The page on which administrators record the life of an agreement, the second confirming what the first found."""

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import presenting, service, status_service
from ercms.agreements.admin_schemas import ProposeStatusRequest
from ercms.agreements.blueprint import law_admin_pages
from ercms.agreements.enums import AgreementStatus
from ercms.cases.clock_service import count_closed_since
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.web.forms import Form
from ercms.web.labels import options
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires


@law_admin_pages.get("/<agreement_id>/status")
@requires(Permission.AGREEMENT_MANAGE)
def status_page(agreement_id: str) -> ResponseReturnValue:
    """Show the steps on record, and the form for the next one."""
    return _page(agreement_id, Form.of(ProposeStatusRequest()))


@law_admin_pages.post("/<agreement_id>/status")
@requires(Permission.AGREEMENT_MANAGE)
def propose_status(agreement_id: str) -> ResponseReturnValue:
    """Record a step; it counts once a second administrator has confirmed it."""
    form = Form.typed(ProposeStatusRequest())
    try:
        values = load(ProposeStatusRequest())
        with unit_of_work():
            status_service.propose(
                actor=current_actor(), agreement_id=agreement_id, values=values, count_closed=count_closed_since
            )
    except InvalidInput as error:
        return make_response(_page(agreement_id, form.with_errors(error)), 422)
    flash(gettext("The step is recorded. It counts once a second administrator has confirmed it."), "success")
    return redirect(url_for("law_admin.status_page", agreement_id=agreement_id))


@law_admin_pages.post("/<agreement_id>/status/<record_id>/confirm")
@requires(Permission.AGREEMENT_MANAGE)
def confirm_status(agreement_id: str, record_id: str) -> ResponseReturnValue:
    """Confirm somebody else's step."""
    with unit_of_work():
        status_service.confirm(
            actor=current_actor(), agreement_id=agreement_id, record_id=record_id, count_closed=count_closed_since
        )
    flash(gettext("The step counts from its day. The dates of open cases are being computed anew."), "success")
    return redirect(url_for("law_admin.status_page", agreement_id=agreement_id))


@law_admin_pages.post("/<agreement_id>/status/<record_id>/reject")
@requires(Permission.AGREEMENT_MANAGE)
def reject_status(agreement_id: str, record_id: str) -> ResponseReturnValue:
    """Turn a step down."""
    with unit_of_work():
        status_service.reject(actor=current_actor(), agreement_id=agreement_id, record_id=record_id)
    flash(gettext("The step is turned down. Nothing has changed."), "success")
    return redirect(url_for("law_admin.status_page", agreement_id=agreement_id))


def _page(agreement_id: str, form: Form) -> str:
    actor = current_actor()
    agreement = service.get_agreement(agreement_id)
    steps = status_service.list_steps(actor=actor, agreement_id=agreement_id)
    people = {person for step in steps for person in (step.proposed_by_id, step.decided_by_id) if person}
    return render_template(
        "agreements/status.html",
        head=presenting.summary(agreement, clock.today()),
        history=presenting.history(agreement),
        steps=steps,
        form=form,
        statuses=options(AgreementStatus),
        names=accounts.user_names(people),
        actor_id=actor.user_id,
    )
