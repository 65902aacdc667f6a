"""The case page, tab by tab, and the form of each act."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements.labels import law_text
from ercms.casefile import page as casefile
from ercms.casefile import parts
from ercms.casefile.actions import ACTIONS, DECISIONS, ActionSpec, Options
from ercms.casefile.labels import done_label
from ercms.casefile.page import CaseHead
from ercms.cases import steps, worklist
from ercms.cases.enums import StopGround
from ercms.cases.schemas import ExtensionRequest, StopEndRequest, StopRequest
from ercms.core import clock
from ercms.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from ercms.core.fields import FormSchema
from ercms.core.unit_of_work import unit_of_work
from ercms.letters import service as letters
from ercms.verification.schemas import MOST_CARRIERS
from ercms.web import labels
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.fresh_proof import needs_fresh_proof_when
from ercms.web.request_data import load, typed_values
from ercms.web.route_guards import current_actor, requires
from workflows.readmission import CaseTrigger, Stage, triggers_from

casefile_pages = Blueprint("casefile", __name__, url_prefix="/cases/<reference>")


@casefile_pages.get("")
@requires(Permission.CASE_READ)
def case_page(reference: str) -> ResponseReturnValue:
    """Show where the case is, what is due, and what may be done now."""
    return _tab(reference, "overview")


@casefile_pages.get(
    "/<any(persons, health, evidence, verification, travel, reintegration, messages, dates, history):tab>"
)
@requires(Permission.CASE_READ)
def case_tab(reference: str, tab: str) -> ResponseReturnValue:
    """Show one part of the case."""
    return _tab(reference, tab)


def _tab(reference: str, tab: str, *, status: int = 200, **more: Any) -> ResponseReturnValue:
    actor = current_actor()
    with unit_of_work():
        case, page = casefile.open_page(actor=actor, reference=reference, with_health=tab == "health")
        if tab not in parts.tabs_for(actor=actor, case=case):
            raise NotFound
        part = parts.part_for(actor=actor, case=case, tab=tab)
        html = render_template(
            f"casefile/{tab}.html",
            page=page,
            head=page.head,
            tab=tab,
            tabs=parts.tabs_for(actor=actor, case=case),
            part=part,
            actions=[(option, ACTIONS[option.trigger]) for option in page.actions],
            today=clock.today(),
            stages=list(Stage),
            letters=letters.letters_for(actor=actor, case=case),
            officers=worklist.case_officers() if page.may_assign else [],
            stop_grounds=labels.options(StopGround),
            **{"stop_form": Form(), "extension_form": Form(), "end_form": Form(), **more},
        )
    return html, status


@casefile_pages.get("/do/<trigger>")
@requires(Permission.CASE_READ)
def action_form(reference: str, trigger: str) -> ResponseReturnValue:
    """Show the form of one act."""
    spec = _spec(trigger)
    with unit_of_work():
        case, head = casefile.head_for(actor=current_actor(), reference=reference)
        parts.check_offered(actor=current_actor(), case=case, trigger=spec.trigger)
        if spec.trigger not in triggers_from(case.state):
            flash(gettext("This cannot be done with the case as it stands now."), "warning")
            return redirect(url_for("casefile.case_page", reference=reference))
        initial = spec.initial(actor=current_actor(), case=case)
        if "rests_on" in spec.schema().fields:
            # What was marked on the decision sheet; the form shows of it what it offers.
            initial = {**initial, "rests_on": request.args.getlist("rests_on")[:MOST_CARRIERS]}
        return _action_page(case, head, spec, Form(values=initial))


@casefile_pages.post("/do/<trigger>")
@requires(Permission.CASE_READ)
@needs_fresh_proof_when(lambda parts_of_address: parts_of_address["trigger"] in DECISIONS)
def action(reference: str, trigger: str) -> ResponseReturnValue:
    """Carry one act out; what was typed is shown again when it cannot be."""
    spec = _spec(trigger)
    schema = spec.schema()
    typed = typed_values(schema)
    form = Form.typed(schema)
    try:
        version, values = _versioned(schema, typed)
        with unit_of_work():
            spec.perform(actor=current_actor(), reference=reference, expected_version=version, values=values)
    except InvalidInput as error:
        return _again(reference, spec, form.with_errors(error), 422)
    except RuleRefused as error:
        return _again(reference, spec, form.with_message(words_of(error)), 422)
    except Conflict as error:
        return _again(reference, spec, form, 409, conflict=error)
    flash(gettext("Done: %(what)s.", what=done_label(spec.trigger)), "success")
    return redirect(url_for("casefile.case_page", reference=reference))


def _spec(trigger: str) -> ActionSpec:
    try:
        return ACTIONS[CaseTrigger(trigger)]
    except (ValueError, KeyError) as error:
        raise NotFound from error


def _versioned(schema: FormSchema, typed: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    version = typed.pop("version", "")
    if not isinstance(version, str) or not version.isdecimal() or len(version) > 9:
        raise InvalidInput("version_missing")
    return int(version), load(schema, typed)


def _again(
    reference: str, spec: ActionSpec, form: Form, status: int, conflict: Conflict | None = None
) -> ResponseReturnValue:
    """Show the form again with what was typed; after a conflict also who did what meanwhile."""
    with unit_of_work():
        case, head = casefile.head_for(actor=current_actor(), reference=reference, is_again=True)
        return _action_page(case, head, spec, form, conflict=conflict), status


def _action_page(case: Any, head: CaseHead, spec: ActionSpec, form: Form, conflict: Conflict | None = None) -> str:
    change = conflict.facts.get("change") if conflict else None
    names = accounts.user_names([change.actor_id]) if change else {}
    schema = spec.schema()
    return render_template(
        "casefile/action.html",
        head=head,
        spec=spec,
        fields=schema.fields,
        options=_worded(spec.options(actor=current_actor(), case=case)),
        form=form,
        conflict=conflict,
        change=change,
        changed_by=names.get(change.actor_id, "") if change else "",
        relied=parts.relied_on_in(actor=current_actor(), case=case, trigger=spec.trigger),
    )


def _worded(options: Options) -> Options:
    """Say the choices in the language of the page: grounds come as the law's own texts, names stay names."""
    return {name: [(value, law_text(text)) for value, text in choices] for name, choices in options.items()}


@casefile_pages.post("/stops")
@requires(Permission.CASE_STOP)
def record_stop(reference: str) -> ResponseReturnValue:
    """Stop the clocks on a legal ground."""
    return _clock_act(reference, StopRequest(), steps.record_stop, "stop_form", gettext("The stop is recorded."))


@casefile_pages.post("/stops/end")
@requires(Permission.CASE_STOP)
def end_stop(reference: str) -> ResponseReturnValue:
    """End an open stop."""
    return _clock_act(reference, StopEndRequest(), steps.end_stop, "end_form", gettext("The stop has ended."))


@casefile_pages.post("/extensions")
@requires(Permission.CASE_STOP)
def record_extension(reference: str) -> ResponseReturnValue:
    """Extend one limit."""
    message = gettext("The extension is recorded.")
    return _clock_act(reference, ExtensionRequest(), steps.record_extension, "extension_form", message)


def _clock_act(reference: str, schema: FormSchema, perform: Any, name: str, message: str) -> ResponseReturnValue:
    typed = typed_values(schema)
    form = Form.typed(schema)
    try:
        version, values = _versioned(schema, typed)
        with unit_of_work():
            perform(actor=current_actor(), reference=reference, expected_version=version, values=values)
    except InvalidInput as error:
        return _tab(reference, "dates", status=422, **{name: form.with_errors(error)})
    except Conflict as error:
        note = words_of(error)
        return _tab(reference, "dates", status=409, **{name: form.with_message(note)})
    flash(message, "success")
    return redirect(url_for("casefile.case_tab", reference=reference, tab="dates"))
