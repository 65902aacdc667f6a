"""The work queue of SMS with its saved views and assignment, and the search."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.casefile import parts
from ercms.cases import worklist
from ercms.cases.schemas import AssignRequest, QueueFilter, SaveViewRequest, SearchRequest
from ercms.cases.worklist import CasePage
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.identity import search_service as identity_search
from ercms.identity.schemas import NameSearchRequest
from ercms.persons.identity_labels import reason_text as name_reason_text
from ercms.web.forms import Form
from ercms.web.request_data import load, query_dict, safe_next
from ercms.web.route_guards import current_actor, requires
from workflows.readmission import CaseKind, CaseState

queue_pages = Blueprint("casework", __name__)


@queue_pages.get("/queue")
@requires(Permission.CASE_ASSIGN)
def queue() -> ResponseReturnValue:
    """Show the open cases, what runs out first at the top."""
    actor = current_actor()
    wanted = query_dict(QueueFilter())
    with unit_of_work():
        page = worklist.list_queue(actor=actor, wanted=wanted)
        return render_template(
            "casefile/queue.html",
            page=page,
            wanted=wanted,
            today=clock.today(),
            officers=worklist.case_officers(),
            authorities=_authorities(page),
            states=[partner.state for partner in agreements.partner_states()],
            saved=worklist.saved_views(actor=actor),
            query=_query(),
            next_query=_query(cursor=page.next_cursor) if page.next_cursor else None,
            unread=parts.unread_counts(actor=actor, case_ids=[row.id for row in page.rows]),
            me=actor.user_id,
            state_enum=CaseState,
            kind_enum=CaseKind,
        )


def _authorities(page: CasePage) -> dict[str, str]:
    return accounts.organisation_names({row.requesting_organisation_id for row in page.rows})


def _query(**changes: str | None) -> str:
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in ("cursor", *changes) and value]
    return urlencode([*kept, *((key, value) for key, value in changes.items() if value)])


@queue_pages.post("/queue/assign")
@requires(Permission.CASE_ASSIGN)
def assign() -> ResponseReturnValue:
    """Give the marked cases to one officer, or back to the common queue; all of them or none."""
    data: dict[str, Any] = {
        "references": " ".join(request.form.getlist("reference")),
        "officer_id": request.form.get("officer_id", ""),
    }
    target = safe_next(request.form.get("next"), url_for("casework.queue"))
    try:
        values = load(AssignRequest(), data)
        with unit_of_work():
            references = values["references"].split()
            count = worklist.assign(actor=current_actor(), references=references, officer_id=values.get("officer_id"))
    except InvalidInput:
        flash(gettext("Mark at least one case and choose an officer."), "warning")
        return redirect(target)
    flash(ngettext("%(num)s case assigned.", "%(num)s cases assigned.", count), "success")
    return redirect(target)


@queue_pages.post("/queue/views")
@requires(Permission.VIEW_SAVE)
def save_view() -> ResponseReturnValue:
    """Keep the present filter under a name."""
    try:
        values = load(SaveViewRequest())
    except InvalidInput:
        flash(gettext("Give the view a name, and filter before you save."), "warning")
        return redirect(url_for("casework.queue"))
    with unit_of_work():
        worklist.save_view(actor=current_actor(), name=values["name"], query=values["query"])
    flash(gettext("The view is saved."), "success")
    return redirect(f"{url_for('casework.queue')}?{values['query']}")


@queue_pages.post("/queue/views/<view_id>/delete")
@requires(Permission.VIEW_SAVE)
def delete_view(view_id: str) -> ResponseReturnValue:
    """Forget a saved view."""
    with unit_of_work():
        worklist.delete_view(actor=current_actor(), view_id=view_id)
    flash(gettext("The view is deleted."), "success")
    return redirect(url_for("casework.queue"))


@queue_pages.get("/search")
@requires(Permission.CASE_SEARCH)
def search() -> ResponseReturnValue:
    """Show the search forms. What is looked for is personal, so it is sent in the body and never stands in a URL."""
    return _search_page()


@queue_pages.post("/search")
@requires(Permission.CASE_SEARCH)
def search_results() -> ResponseReturnValue:
    """Find cases by reference or by an exact value of one of their persons."""
    form = Form.typed(SearchRequest())
    try:
        values = load(SearchRequest())
        with unit_of_work():
            rows = worklist.search(actor=current_actor(), text=values.get("q", ""))
            names = accounts.organisation_names({row.requesting_organisation_id for row in rows})
    except InvalidInput as error:
        return _search_page(form=form.with_errors(error)), 422
    return _search_page(form=form, rows=rows, authorities=names)


@queue_pages.post("/search/name")
@requires(Permission.CASE_SEARCH)
def name_results() -> ResponseReturnValue:
    """Find cases by the name of one of their persons, in whatever spelling."""
    form = Form.typed(NameSearchRequest())
    try:
        values = load(NameSearchRequest())
        with unit_of_work():
            hits = identity_search.search_by_name(actor=current_actor(), name=values["name"], **values.get("born", {}))
            names = accounts.organisation_names({hit.row.requesting_organisation_id for hit in hits})
    except InvalidInput as error:
        return _search_page(name_form=form.with_errors(error)), 422
    return _search_page(name_form=form, hits=hits, authorities=names)


def _search_page(**values: Any) -> str:
    shown = {"form": Form(), "name_form": Form(), "rows": None, "hits": None, "authorities": {}, **values}
    return render_template("casefile/search.html", today=clock.today(), reason_words=name_reason_text, **shown)
