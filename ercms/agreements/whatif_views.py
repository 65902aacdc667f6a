"""The page for negotiators: the past requests of a State as if a version had held."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.agreements import presenting, service, text_service
from ercms.agreements.admin_schemas import WhatIfQuery
from ercms.agreements.blueprint import law_admin_pages
from ercms.agreements.change_enums import ProposalState
from ercms.cases import whatif_service
from ercms.cases.whatif_service import WhatIf
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.web.forms import Form
from ercms.web.request_data import form_dict, query_dict
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
        today = clock.today()
        chosen = {"agreement": request.args.get("agreement", "")}
        return _page(
            Form.of(schema, {**chosen, "first_on": (today - _A_YEAR).isoformat(), "last_on": today.isoformat()}), None
        )
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
        terms=[]
        if found is None
        else [presenting.term_line(service.describe_term(term), {}) for term in (found.reply_term, found.silence_term)],
        versions=_versions(),
    )
