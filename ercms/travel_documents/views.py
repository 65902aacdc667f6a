"""The pages of travel documents: what is asked for, and the issue of a family member's document."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.fields import Page
from ercms.core.unit_of_work import unit_of_work
from ercms.travel_documents import listing_service, service
from ercms.travel_documents.labels import register_labels
from ercms.travel_documents.schemas import DocumentIssue
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load, query_dict
from ercms.web.route_guards import current_actor, requires

travel_document_pages = Blueprint("travel_documents", __name__, url_prefix="/travel-documents")
travel_document_pages.record_once(register_labels)


@travel_document_pages.get("")
@requires(Permission.DOCUMENT_LIST)
def document_list() -> ResponseReturnValue:
    """Show the documents that are asked for, what is due first at the top."""
    with unit_of_work():
        page = listing_service.list_requested(actor=current_actor(), cursor=query_dict(Page()).get("cursor"))
    return render_template("travel_documents/document_list.html", page=page)


@travel_document_pages.get("/<document_id>/issue")
@requires(Permission.DOCUMENT_ISSUE)
def issue_form(document_id: str) -> ResponseReturnValue:
    """Show the form for the document of a family member."""
    return _form(document_id, Form())


@travel_document_pages.post("/<document_id>/issue")
@requires(Permission.DOCUMENT_ISSUE)
def issue(document_id: str) -> ResponseReturnValue:
    """Record the document of a family member."""
    form = Form.typed(DocumentIssue())
    try:
        values = load(DocumentIssue())
        with unit_of_work():
            service.issue_member_document(actor=current_actor(), document_id=document_id, values=values)
    except InvalidInput as error:
        return _form(document_id, form.with_errors(error)), 422
    except RuleRefused as error:
        return _form(document_id, form.with_message(words_of(error))), 422
    except Conflict as error:
        return _form(document_id, form.with_message(words_of(error))), 409
    flash(gettext("The document is recorded."), "success")
    return redirect(url_for("travel_documents.document_list"))


def _form(document_id: str, form: Form) -> str:
    with unit_of_work():
        line = listing_service.get_requested(actor=current_actor(), document_id=document_id)
    return render_template("travel_documents/issue.html", line=line, form=form, fields=DocumentIssue().fields)
