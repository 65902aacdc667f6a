"""The page of one term: as it counts now, who read it where, and the forms of the two persons who verify it."""

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import change_service, presenting, service, term_values, verification_service
from ercms.agreements.admin_schemas import ProposeTermRequest
from ercms.agreements.blueprint import law_admin_pages
from ercms.agreements.change_enums import ProposalState
from ercms.agreements.labels import value_text
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.web.forms import Form
from ercms.web.labels import label
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires


@law_admin_pages.get("/<agreement_id>/terms/<term_name>")
@requires(Permission.AGREEMENT_READ)
def term_page(agreement_id: str, term_name: str) -> ResponseReturnValue:
    """Show a term, the readings on record, and to whom may the forms."""
    term = verification_service.get_term(agreement_id=agreement_id, term_name=term_name)
    values = {
        "value": term_values.as_text(term.value),
        "unit": term.unit.value if term.unit else "",
        "instrument": term.source.instrument,
        "article": term.source.article,
    }
    return _page(agreement_id, term_name, Form.of(ProposeTermRequest(), values))


@law_admin_pages.post("/<agreement_id>/terms/<term_name>")
@requires(Permission.AGREEMENT_VERIFY)
def propose_term(agreement_id: str, term_name: str) -> ResponseReturnValue:
    """Record a reading; it counts once somebody else has confirmed it."""
    form = Form.typed(ProposeTermRequest())
    try:
        values = load(ProposeTermRequest())
        with unit_of_work():
            verification_service.propose(
                actor=current_actor(), agreement_id=agreement_id, term_name=term_name, values=values
            )
    except InvalidInput as error:
        return make_response(_page(agreement_id, term_name, form.with_errors(error)), 422)
    flash(gettext("The reading is recorded. It counts once a second person has confirmed it."), "success")
    return redirect(_address(agreement_id, term_name))


@law_admin_pages.post("/<agreement_id>/readings/<record_id>/confirm")
@requires(Permission.AGREEMENT_CONFIRM)
def confirm_term(agreement_id: str, record_id: str) -> ResponseReturnValue:
    """Confirm somebody else's reading."""
    with unit_of_work():
        reading = verification_service.confirm(actor=current_actor(), agreement_id=agreement_id, record_id=record_id)
    flash(gettext("The term is verified. The dates of open cases are being computed anew."), "success")
    return redirect(_address(agreement_id, reading.term_name))


@law_admin_pages.post("/<agreement_id>/readings/<record_id>/reject")
@requires(Permission.AGREEMENT_CONFIRM)
def reject_term(agreement_id: str, record_id: str) -> ResponseReturnValue:
    """Turn a reading down."""
    with unit_of_work():
        reading = verification_service.reject(actor=current_actor(), agreement_id=agreement_id, record_id=record_id)
    flash(gettext("The reading is turned down. Nothing has changed."), "success")
    return redirect(_address(agreement_id, reading.term_name))


@law_admin_pages.get("/changes")
@requires(Permission.AGREEMENT_READ)
def change_list() -> ResponseReturnValue:
    """Show the latest changes of the law, and how far the open dates have been computed anew."""
    changes = change_service.list_changes(actor=current_actor())
    return render_template(
        "agreements/changes.html",
        changes=changes,
        names=accounts.user_names({change.made_by_id for change in changes}),
    )


def _address(agreement_id: str, term_name: str) -> str:
    return url_for("law_admin.term_page", agreement_id=agreement_id, term_name=term_name)


def _page(agreement_id: str, term_name: str, form: Form) -> str:
    actor = current_actor()
    agreement = service.get_agreement(agreement_id)
    term = verification_service.get_term(agreement_id=agreement_id, term_name=term_name)
    readings = verification_service.list_readings(actor=actor, agreement_id=agreement_id, term_name=term_name)
    people = {person for reading in readings for person in (reading.proposed_by_id, reading.decided_by_id) if person}
    shape = term_values.shape_of(term_name)
    return render_template(
        "agreements/term.html",
        head=presenting.summary(agreement, clock.today()),
        term=presenting.term_line(service.describe_term(term), agreement.references),
        form=form,
        shape=shape,
        words=[(word, _word(term_name, word)) for word in shape.words],
        units=[(unit.value, label(unit)) for unit in shape.units],
        readings=[(reading, _value(reading)) for reading in readings],
        waiting=next((reading for reading in readings if reading.state is ProposalState.PROPOSED), None),
        names=accounts.user_names(people),
        actor_id=actor.user_id,
    )


def _value(reading: verification_service.Reading) -> str:
    return value_text({"value": reading.value, "unit": reading.unit.value if reading.unit else None})


def _word(term_name: str, word: str) -> str:
    value, _ = term_values.checked(term_name, word, None)
    return value_text({"value": value, "unit": None})
