"""Pages of corrections and restrictions: asked for in the case, decided by the data protection officer."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.casefile.labels import COMPARTMENT_LABELS
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.marks.enums import MarkGround, MarkKind
from ercms.persons.service import SECTION_SCHEMAS
from ercms.privacy import marks_page_service, marks_service
from ercms.privacy.marks_schemas import MarkDecision, MarkLifting, MarkRequest, OfficerMarkRequest
from ercms.vault.enums import Compartment
from ercms.web import labels
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

marks_pages = Blueprint("privacy_marks", __name__)


@marks_pages.app_template_filter("section_field")
def field_name(name: str) -> str:
    """Say a field of a person's data (`compartment.field`) in the language of the page."""
    compartment, _, field = name.partition(".")
    part = Compartment(compartment)
    label = SECTION_SCHEMAS[part]().fields[field].metadata["label"]
    return f"{COMPARTMENT_LABELS[part]}: {gettext(label)}"


@marks_pages.get("/cases/<reference>/corrections")
@requires(Permission.PERSON_CONTEST)
def case_page(reference: str) -> ResponseReturnValue:
    """Show the corrections and restrictions of a case, and ask for one."""
    return _case_page(reference, Form.of(MarkRequest(), {"number": 1, "kind": MarkKind.CORRECTION.value}))


@marks_pages.post("/cases/<reference>/corrections")
@requires(Permission.PERSON_CONTEST)
def ask(reference: str) -> ResponseReturnValue:
    """Ask for a correction or a restriction in a case."""
    form = Form.typed(MarkRequest())
    try:
        values = load(MarkRequest())
        with unit_of_work():
            marks_service.ask(actor=current_actor(), reference=reference, values=values)
    except InvalidInput as error:
        return _case_page(reference, form.with_errors(error)), 422
    except RuleRefused as error:
        return _case_page(reference, form.with_message(words_of(error))), 422
    flash(
        gettext("Asked for. The data protection officer decides; the data are shown as contested until then."),
        "success",
    )
    return redirect(url_for("privacy_marks.case_page", reference=reference))


def _case_page(reference: str, form: Form) -> str:
    with unit_of_work():
        case, names = marks_page_service.open_for_asking(actor=current_actor(), reference=reference)
        marks = marks_service.for_case(case=case)
    persons = [(number, name or gettext("Name not given")) for number, name in enumerate(names, start=1)]
    return render_template(
        "privacy/case_marks.html", reference=reference, marks=marks, persons=persons, form=form, **_choices()
    )


@marks_pages.get("/privacy/corrections")
@requires(Permission.PRIVACY_MANAGE)
def overview() -> ResponseReturnValue:
    """Show what waits for a decision, and what was decided."""
    return _overview(Form.of(OfficerMarkRequest(), {"number": 1, "kind": MarkKind.CORRECTION.value}))


@marks_pages.post("/privacy/corrections")
@requires(Permission.PRIVACY_MANAGE)
def ask_as_officer() -> ResponseReturnValue:
    """Enter what a person asked the data protection officer for."""
    form = Form.typed(OfficerMarkRequest())
    try:
        values = load(OfficerMarkRequest())
        with unit_of_work():
            marks_service.ask(actor=current_actor(), reference=values["reference"], values=values)
    except InvalidInput as error:
        return _overview(form.with_errors(error)), 422
    except RuleRefused as error:
        return _overview(form.with_message(words_of(error))), 422
    flash(gettext("Entered. It waits for your decision below."), "success")
    return redirect(url_for("privacy_marks.overview"))


@marks_pages.post("/privacy/corrections/<mark_id>/decide")
@requires(Permission.PRIVACY_MANAGE)
def decide(mark_id: str) -> ResponseReturnValue:
    """Grant or refuse what was asked for."""
    marks_service.check_there(actor=current_actor(), mark_id=mark_id)
    form = Form.typed(MarkDecision())
    try:
        values = load(MarkDecision())
        with unit_of_work():
            marks_service.decide(actor=current_actor(), mark_id=mark_id, **values)
    except InvalidInput as error:
        return _overview(_new_form(), {mark_id: form.with_errors(error)}), 422
    except Conflict as error:
        flash(words_of(error), "warning")
        return redirect(url_for("privacy_marks.overview"))
    flash(gettext("Decided. Whoever sent or received the data is told."), "success")
    return redirect(url_for("privacy_marks.overview"))


@marks_pages.post("/privacy/corrections/<mark_id>/lift")
@requires(Permission.PRIVACY_MANAGE)
def lift(mark_id: str) -> ResponseReturnValue:
    """End a restriction."""
    marks_service.check_there(actor=current_actor(), mark_id=mark_id)
    values = load(MarkLifting())
    try:
        with unit_of_work():
            marks_service.lift(actor=current_actor(), mark_id=mark_id, **values)
    except Conflict as error:
        flash(words_of(error), "warning")
    else:
        flash(gettext("The restriction is lifted. Whoever sent or received the data is told."), "success")
    return redirect(url_for("privacy_marks.overview"))


def _new_form() -> Form:
    return Form.of(OfficerMarkRequest(), {"number": 1, "kind": MarkKind.CORRECTION.value})


def _overview(form: Form, decisions: dict[str, Form] | None = None) -> str:
    with unit_of_work():
        waiting, decided = marks_service.list_for_officer(actor=current_actor())
    return render_template(
        "privacy/marks.html", waiting=waiting, decided=decided, form=form, decisions=decisions or {}, **_choices()
    )


def _choices() -> dict[str, Any]:
    fields = [(name, field_name(name)) for name, _ in marks_service.correctable_fields()]
    return {"kinds": labels.options(MarkKind), "grounds": labels.options(MarkGround), "fields": fields}
