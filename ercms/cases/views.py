"""The requesting side's own requests: the list, and a new one."""

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements.labels import clock_label, law_text
from ercms.cases import check_views, drafting, evidence_views, family_views, journey, mrz_views, section_views, worklist
from ercms.cases.blueprint import cases_pages
from ercms.cases.enums import Section
from ercms.cases.form_views import section_url, typed
from ercms.cases.labels import KIND_HINTS, PROCEDURE_HINTS
from ercms.cases.schemas import QueueFilter
from ercms.cases.section_schemas import NewRequest
from ercms.core import clock
from ercms.core.actor import OrganisationKind
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.persons import labels as person_labels
from ercms.web.forms import Form
from ercms.web.labels import label
from ercms.web.request_data import load, query_dict
from ercms.web.route_guards import current_actor, requires
from workflows.readmission import CaseKind, CaseState, Procedure

cases_pages.add_app_template_filter(law_text, "law")
cases_pages.add_app_template_filter(clock_label, "clock_name")

__all__ = [
    "cases_pages",
    "check_views",
    "evidence_views",
    "family_views",
    "mrz_views",
    "person_labels",
    "section_views",
]


@cases_pages.get("/requests")
@requires(Permission.CASE_LIST)
def case_list() -> ResponseReturnValue:
    """Show the requests that the actor's organisation may see, the last changed first."""
    wanted = query_dict(QueueFilter())
    actor = current_actor()
    with unit_of_work():
        page = worklist.list_own(actor=actor, wanted=wanted)
    authorities = accounts.organisation_names({row.requesting_organisation_id for row in page.rows})
    return render_template(
        "cases/list.html",
        page=page,
        form=Form(values={name: _shown(value) for name, value in wanted.items()}),
        is_filtered=bool(wanted.keys() - {"cursor"}),
        authorities=authorities,
        states=sorted(actor.states),
        case_states=CaseState,
        case_kinds=CaseKind,
        today=clock.today(),
        next_url=_next_url(page.next_cursor),
    )


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [getattr(entry, "value", entry) for entry in value]
    return value


def _next_url(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    arguments: dict[str, Any] = request.args.to_dict(flat=False)
    return url_for("cases.case_list", **{**arguments, "cursor": cursor})


@cases_pages.get("/requests/new")
@requires(Permission.CASE_CREATE)
def new_request_form() -> ResponseReturnValue:
    """Ask for what a request cannot begin without."""
    states = sorted(current_actor().states)
    first = {"requesting_state": states[0]} if len(states) == 1 else {}
    usual = {"kind": CaseKind.OWN_NATIONAL.value, "procedure": Procedure.NORMAL.value}
    return _new_page(Form(values={**usual, **first}))


@cases_pages.post("/requests/new")
@requires(Permission.CASE_CREATE)
def new_request() -> ResponseReturnValue:
    """Begin a draft and go on to its first step."""
    schema = NewRequest()
    form = Form.of(schema, typed(schema))
    try:
        values = load(schema, typed(schema))
        organisation_id = values.pop("organisation_id", None)
        with unit_of_work():
            case = drafting.create_case(actor=current_actor(), values=values, organisation_id=organisation_id)
            reference = case.reference
    except InvalidInput as error:
        return make_response(_new_page(form.with_errors(error)), 422)
    flash(gettext("The draft %(reference)s is begun. You can leave it and come back at any time.",
                  reference=reference), "success")  # fmt: skip
    return redirect(section_url(reference, Section.PERSON))


def _choices(kind: type[CaseKind] | type[Procedure], hints: Mapping[Any, Any]) -> list[tuple[str, str, str]]:
    return [(member.value, label(member), str(hints.get(member, ""))) for member in kind]


def _new_page(form: Form) -> str:
    actor = current_actor()
    is_mission = actor.organisation_kind is OrganisationKind.MISSION
    authorities = accounts.list_organisations(kind=OrganisationKind.REQUESTING_AUTHORITY) if is_mission else []
    return render_template(
        "cases/new.html",
        form=form,
        states=sorted(actor.states),
        kinds=_choices(CaseKind, KIND_HINTS),
        procedures=_choices(Procedure, PROCEDURE_HINTS),
        authorities=[(o.id, o.name) for o in authorities if set(o.states) & actor.states],
        frameworks={state: journey.framework_of(state=state) for state in sorted(actor.states)},
    )
