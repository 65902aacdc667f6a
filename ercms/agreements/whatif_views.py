"""The page for negotiators: the past requests of a State as if a version had held."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.agreements import presenting, service
from ercms.agreements.admin_schemas import WhatIfQuery
from ercms.agreements.blueprint import law_admin_pages
from ercms.cases import whatif_service
from ercms.cases.whatif_service import WhatIf
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.web.forms import Form
from ercms.web.request_data import form_dict, query_dict
from ercms.web.route_guards import current_actor, requires

_A_YEAR = timedelta(days=364)


@law_admin_pages.get("/what-if")
@requires(Permission.AGREEMENT_EXPLORE)
def what_if_page() -> ResponseReturnValue:
    """Compute and show; the inputs stand in the address and name no person, and nothing is written."""
    schema = WhatIfQuery()
    if not request.args:
        today = clock.today()
        return _page(Form.of(schema, {"first_on": (today - _A_YEAR).isoformat(), "last_on": today.isoformat()}), None)
    form = Form.of(schema, form_dict(request.args))
    try:
        values = query_dict(schema)
        found = whatif_service.what_if(
            actor=current_actor(),
            agreement_id=values["agreement"],
            state=values["state"],
            first_on=values["first_on"],
            last_on=values["last_on"],
        )
    except InvalidInput as error:
        return _page(form.with_errors(error), None), 422
    return _page(form, found)


def _page(form: Form, found: WhatIf | None) -> str:
    return render_template(
        "agreements/what_if.html",
        form=form,
        found=found,
        terms=[]
        if found is None
        else [presenting.term_line(service.describe_term(term), {}) for term in (found.reply_term, found.silence_term)],
        versions=[(line.id, f"{line.partner} ({line.id})") for line in presenting.summaries(clock.today())],
    )
