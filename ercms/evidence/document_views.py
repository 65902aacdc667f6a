"""Looking at a document page by page, its versions and translations, and what is set aside."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.text import msg
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, firewall_service, incoming_service, preview_service
from ercms.evidence.preview_service import SMALL, ZOOMS, DocumentPage
from ercms.evidence.schemas import DecideHoldRequest, LookRequest, SetAsideRequest, UploadRequest
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load, query_dict, typed_values
from ercms.web.route_guards import current_actor, requires

document_pages = Blueprint("documents", __name__)

NO_FILE = msg("Choose a file first.")
# A drawn page runs nothing, loads nothing and is framed nowhere.
_PICTURE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
_QUARTER = 90


@document_pages.get("/files/<file_id>/view")
@requires(Permission.EVIDENCE_READ)
def view(file_id: str) -> ResponseReturnValue:
    """Show one page of a document with what stands around it."""
    return _page(file_id, Form())


@document_pages.get("/files/<file_id>/page")
@requires(Permission.EVIDENCE_READ)
def picture(file_id: str) -> ResponseReturnValue:
    """Give one page as a picture that was drawn here; the file itself is never shown by the browser."""
    asked = _asked()
    with unit_of_work():
        drawing = preview_service.open_for_drawing(actor=current_actor(), file_id=file_id, page=asked["page"])
    made = preview_service.draw(drawing=drawing, page=asked["page"], zoom=asked["zoom"], turn=asked["turn"])
    response = Response(made.chunks(), mimetype="image/png")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    response.content_length = made.size
    return response


@document_pages.post("/files/<file_id>/versions")
@requires(Permission.EVIDENCE_ADD)
def replace(file_id: str) -> ResponseReturnValue:
    """Put a new version in the place of a document; the former one stays."""
    return _upload(file_id, "replaces_id", gettext("The new version is stored. The former one stays on record."))


@document_pages.post("/files/<file_id>/translations")
@requires(Permission.EVIDENCE_ADD)
def translate(file_id: str) -> ResponseReturnValue:
    """Add a translation to a document."""
    return _upload(file_id, "translation_of_id", gettext("The translation is stored with its original."))


@document_pages.post("/files/<file_id>/set-aside")
@requires(Permission.EVIDENCE_CHECK)
def set_aside(file_id: str) -> ResponseReturnValue:
    """Set a received document aside that may come from an asylum procedure."""
    schema = SetAsideRequest()
    try:
        words = load(schema, typed_values(schema))["words"]
        with unit_of_work():
            case = firewall_service.set_aside(actor=current_actor(), file_id=file_id, words=words)
            reference = case.reference
    except InvalidInput as error:
        return make_response(_page(file_id, Form.typed(schema).with_errors(error)), 422)
    flash(gettext("The document is set aside. It is open to nobody here until its sender has decided."), "success")
    return redirect(url_for("casefile.case_tab", reference=reference, tab="evidence"))


@document_pages.get("/held-documents")
@requires(Permission.EVIDENCE_ADD)
def held_list() -> ResponseReturnValue:
    """Show what waits for the decision of the officer who is signed in."""
    return render_template("evidence/held_list.html", lines=firewall_service.waiting_for(actor=current_actor()))


@document_pages.get("/held-documents/<file_id>")
@requires(Permission.EVIDENCE_ADD)
def held(file_id: str) -> ResponseReturnValue:
    """Show a document that is set aside to the officer who decides about it."""
    return _held_page(file_id, Form.of(DecideHoldRequest()))


@document_pages.post("/held-documents/<file_id>")
@requires(Permission.EVIDENCE_ADD)
def decide(file_id: str) -> ResponseReturnValue:
    """Let a document pass, or keep it back."""
    schema = DecideHoldRequest()
    try:
        values = load(schema, typed_values(schema))
        with unit_of_work():
            firewall_service.decide(actor=current_actor(), file_id=file_id, **values)
    except InvalidInput as error:
        return make_response(_held_page(file_id, Form.typed(schema).with_errors(error)), 422)
    flash(gettext("Your decision is recorded."), "success")
    return redirect(url_for("documents.held_list"))


def _asked() -> dict[str, Any]:
    asked = query_dict(LookRequest())
    if asked["zoom"] not in (*ZOOMS, SMALL) or asked["turn"] % _QUARTER:
        raise InvalidInput
    return asked


def _page(file_id: str, form: Form, at: str = "") -> str:
    asked = _asked()
    with unit_of_work():
        document = preview_service.look(actor=current_actor(), file_id=file_id, page=asked["page"])
    return render_template(
        "evidence/document.html", form=form, form_at=at, deciders=_deciders(), **_shown(document, asked)
    )


def _held_page(file_id: str, form: Form) -> str:
    asked = _asked()
    with unit_of_work():
        found = firewall_service.open_hold(actor=current_actor(), file_id=file_id)
        document = preview_service.look(actor=current_actor(), file_id=file_id, page=asked["page"])
    return render_template("evidence/held.html", found=found, form=form, **_shown(document, asked))


def _shown(document: DocumentPage, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what the viewer needs: where its links lead, with what is chosen now kept."""
    endpoint = str(request.endpoint) if request.method == "GET" else "documents.view"
    address: Callable[..., str] = lambda **changed: url_for(  # noqa: E731 - the links of one page, each a change of it
        endpoint, file_id=document.file.id, **{**asked, **changed}
    )
    zoom_in, zoom_out = preview_service.zooms_beside(asked["zoom"])
    return {
        "document": document,
        "asked": asked,
        "address": address,
        "zoom_in": zoom_in,
        "zoom_out": zoom_out,
    }


def _deciders() -> list[tuple[str, str]]:
    return firewall_service.deciders(actor=current_actor())


def _upload(file_id: str, relation: str, saved: str) -> ResponseReturnValue:
    schema = UploadRequest()
    form = Form.typed(schema)
    upload = request.files.get("file")
    try:
        with unit_of_work():
            document = preview_service.look(actor=current_actor(), file_id=file_id, page=1)
        typed = typed_values(schema)
        version = str(typed.pop("version", ""))
        values = load(schema, {**typed, relation: file_id})
        if upload is None or not upload.filename:
            raise InvalidInput("no_file", fields={"file": [NO_FILE]})
        if not version.isdecimal() or len(version) > 9:
            raise InvalidInput("version_missing")
        made = incoming_service.received_for_case(
            actor=current_actor(), reference=document.reference, name=upload.filename, stream=upload.stream
        )
        with unit_of_work():
            stored = files_service.store_file(
                actor=current_actor(),
                reference=document.reference,
                expected_version=int(version),
                values=values,
                name=upload.filename,
                stream=made,
            )
            stored_id, is_held = stored.id, stored.is_held
    except InvalidInput as error:
        return make_response(_page(file_id, form.with_errors(error), relation), 422)
    except Conflict as error:
        message = words_of(error)
        return make_response(_page(file_id, form.with_message(message), relation), 409)
    flash(saved if not is_held else gettext("The document is stored and set aside until it is decided."), "success")
    shown = stored_id if relation == "replaces_id" and not is_held else file_id
    return redirect(url_for("documents.view", file_id=shown))
