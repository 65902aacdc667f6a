"""The page for negotiators: the past requests of a State as if a version had held."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.agreements import presenting, service, text_service
from ercms.agreements.admin_schemas import WhatIfDraftRequest, WhatIfQuery
from ercms.agreements.blueprint import law_admin_pages
from ercms.agreements.change_enums import ProposalState
from ercms.agreements.text_service import Checked
from ercms.agreements.text_views import faults_of, sent_text
from ercms.cases import whatif_service
from ercms.cases.whatif_service import WhatIf
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.web.forms import Form
from ercms.web.request_data import form_dict, load, query_dict
from ercms.web.route_guards import current_actor, requires
from workflows.terms import Agreement

_TEXT = "text:"
_A_YEAR = timedelta(days=364)


@law_admin_pages.get("/what-if")
@requires(Permission.AGREEMENT_EXPLORE)
def what_if_page() -> ResponseReturnValue:
    """Compute and show; the inputs stand in the address and name no person, and nothing is written."""
    schema = WhatIfQuery()
    if "state" not in request.args:
        return _page(Form.of(schema, {"agreement": request.args.get("agreement", ""), **_last_year()}), None)
    form = Form.of(schema, form_dict(request.args))
    try:
        values = query_dict(schema)
        found = whatif_service.what_if(
            actor=current_actor(),
            agreement_id=values["agreement"],
            draft=_draft(values["agreement"]),
            state=values["state"],
            first_on=values["first_on"],
            last_on=values["last_on"],
        )
    except InvalidInput as error:
        return _page(form.with_errors(error), None), 422
    return _page(form, found)


@law_admin_pages.get("/what-if/draft")
@requires(Permission.AGREEMENT_EXPLORE)
def draft_page() -> ResponseReturnValue:
    """Show the form that takes a draft."""
    return _draft_page(Form.of(WhatIfDraftRequest(), _last_year()), None, None)


@law_admin_pages.post("/what-if/draft")
@requires(Permission.AGREEMENT_EXPLORE)
def try_draft() -> ResponseReturnValue:
    """Compute under a draft that was pasted or uploaded; it is written nowhere, and a reload asks for it again."""
    schema = WhatIfDraftRequest()
    form, checked = Form.typed(schema), None
    try:
        text, form = sent_text(form)
        values = load(schema, {**form.values, "text": text})
        checked = text_service.check(actor=current_actor(), text=text)
        if checked.made is None:
            return _draft_page(form, checked, None), 422
        found = whatif_service.what_if(
            actor=current_actor(),
            draft=checked.made,
            state=values["state"],
            first_on=values["first_on"],
            last_on=values["last_on"],
        )
    except InvalidInput as error:
        return _draft_page(form.with_errors(error), checked, None), 422
    return _draft_page(form, checked, found)


def _draft_page(form: Form, checked: Checked | None, found: WhatIf | None) -> str:
    return render_template(
        "agreements/what_if_draft.html",
        form=form,
        faults=[] if checked is None else faults_of(checked, str(form.value("text"))),
        found=found,
        terms=_terms(found),
    )


def _last_year() -> dict[str, str]:
    today = clock.today()
    return {"first_on": (today - _A_YEAR).isoformat(), "last_on": today.isoformat()}


def _draft(chosen: str) -> Agreement | None:
    """Return the imported text that was chosen, confirmed or not; None where a version was chosen."""
    if not chosen.startswith(_TEXT):
        return None
    _, text = text_service.get_text(actor=current_actor(), record_id=chosen.removeprefix(_TEXT))
    return text_service.check(actor=current_actor(), text=text).made


def _versions() -> list[tuple[str, str]]:
    """Return what can be tried: the versions that there are, then the texts that wait for a second person."""
    known = [(line.id, f"{line.partner} ({line.id})") for line in presenting.summaries(clock.today())]
    waiting = [one for one in text_service.list_texts(actor=current_actor()) if one.state is ProposalState.PROPOSED]
    return known + [(f"{_TEXT}{one.id}", gettext("Not confirmed: %(id)s", id=one.subject)) for one in waiting]


def _page(form: Form, found: WhatIf | None) -> str:
    return render_template(
        "agreements/what_if.html",
        form=form,
        found=found,
        terms=_terms(found),
        versions=_versions(),
    )


def _terms(found: WhatIf | None) -> list[presenting.TermLine]:
    terms = () if found is None else (found.reply_term, found.silence_term)
    return [presenting.term_line(service.describe_term(term), {}) for term in terms]
