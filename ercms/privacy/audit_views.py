"""The audit for the data protection officer: who did what, who looked at a case, and whether its chain is whole."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import reading_service, service
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service, silence_service
from ercms.core.errors import InvalidInput, NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.privacy import presenting
from ercms.privacy.labels import register_labels
from ercms.privacy.schemas import AuditFilter, ChainQuery
from ercms.web.error_handlers import reason
from ercms.web.forms import Form
from ercms.web.labels import label
from ercms.web.request_data import form_dict, query_dict
from ercms.web.route_guards import current_actor, requires

audit_pages = Blueprint("audit", __name__, url_prefix="/audit")
audit_pages.record_once(register_labels)


@audit_pages.get("")
@requires(Permission.AUDIT_READ)
def overview() -> ResponseReturnValue:
    """Show the newest acts across all chains, narrowed by whatever was asked."""
    form = Form.of(AuditFilter(), form_dict(request.args))
    try:
        wanted = query_dict(AuditFilter())
        with unit_of_work():
            page = reading_service.list_acts(actor=current_actor(), wanted=wanted, chain=_chain(wanted))
            lines = presenting.sentences(page.lines)
    except InvalidInput as error:
        wrong = form.with_errors(error)
        message = reason(error.code)
        return _overview(wrong.with_message(message) if message else wrong, [], None), 422
    return _overview(form, lines, page.next_cursor)


def _chain(wanted: dict[str, Any]) -> str | None:
    """Return the chain of the case asked for; a reference that no case has stands for a chain without entries."""
    if not wanted.get("reference"):
        return None
    case_id = lookup_service.find_case_id(reference=wanted["reference"])
    return service.case_chain(case_id or "none")


def _overview(form: Form, lines: list[presenting.Sentence], next_cursor: str | None) -> str:
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "cursor" and value]
    return render_template(
        "audit/overview.html",
        form=form,
        lines=lines,
        actions=sorted(((action.value, label(action)) for action in AuditAction), key=lambda pair: pair[1].casefold()),
        organisations=[(one.id, one.name) for one in accounts.list_organisations(active_only=False)],
        is_first="cursor" not in request.args,
        first_url=f"{url_for('audit.overview')}?{urlencode(kept)}",
        next_url=f"{url_for('audit.overview')}?{urlencode([*kept, ('cursor', next_cursor)])}" if next_cursor else None,
    )


@audit_pages.get("/cases/<reference>")
@requires(Permission.AUDIT_READ)
def case_page(reference: str) -> ResponseReturnValue:
    """Show the chain of a case: who looked, when, which compartments, from where."""
    wanted = query_dict(ChainQuery())
    with unit_of_work():
        case_id = _case_id(reference)
        sheet = reading_service.case_sheet(actor=current_actor(), case_id=case_id, cursor=wanted.get("cursor"))
        lines = presenting.sentences(sheet.page.lines)
        viewer_names = accounts.user_names({viewer.actor_id for viewer in sheet.viewers})
        silence = silence_service.of_case(case_id=case_id)
        told = silence_service.names_in(silence) if silence else {}
        organisations = accounts.organisation_names({viewer.organisation_id or "" for viewer in sheet.viewers})
    return render_template(
        "audit/case.html",
        reference=reference,
        sheet=sheet,
        silence=silence,
        told=told,
        lines=lines,
        viewer_names=viewer_names,
        organisations=organisations,
        role_text=presenting.role_text,
        compartments_text=presenting.compartments_text,
        is_first="cursor" not in request.args,
    )


@audit_pages.post("/cases/<reference>/verify")
@requires(Permission.AUDIT_READ)
def verify_case(reference: str) -> ResponseReturnValue:
    """Check the chain of a case and say what was found."""
    with unit_of_work():
        report = reading_service.verify_case(actor=current_actor(), case_id=_case_id(reference))
    if report.finding is None:
        flash(
            gettext(
                "Whole: all %(entries)s entries stand as they were written and agree with %(checkpoints)s checkpoints.",
                entries=report.entries,
                checkpoints=report.checkpoints,
            ),
            "success",
        )
    else:
        flash(
            gettext(
                "Not whole. Entry %(number)s: %(flaw)s. Tell the administrator, and keep a copy of the database.",
                number=report.finding.seq,
                flaw=label(report.finding.flaw),
            ),
            "danger",
        )
    return redirect(url_for("audit.case_page", reference=reference))


def _case_id(reference: str) -> str:
    case_id = lookup_service.find_case_id(reference=reference)
    if case_id is None:
        raise NotFound
    return case_id
