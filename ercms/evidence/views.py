"""Giving out a stored file, and the check of a piece of evidence."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, labels, service
from ercms.evidence.schemas import CheckEvidenceRequest
from ercms.evidence.service import EvidenceLine
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

__all__ = ["evidence_pages", "labels"]

evidence_pages = Blueprint("evidence", __name__)

# Whatever a file holds, it runs nothing, loads nothing and is framed nowhere.
_FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'; img-src 'self'; style-src 'none'"


@evidence_pages.get("/files/<file_id>")
@requires(Permission.EVIDENCE_READ)
def read_file(file_id: str) -> ResponseReturnValue:
    """Hand a file over, to be kept and opened elsewhere: the browser itself never shows what was uploaded."""
    with unit_of_work():
        opened = files_service.read_file(actor=current_actor(), file_id=file_id)
    response = Response(opened.chunks, mimetype=opened.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{opened.name}"'
    response.headers["Content-Security-Policy"] = _FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    response.content_length = opened.size
    return response


@evidence_pages.get("/cases/<reference>/evidence/<evidence_id>/check")
@requires(Permission.EVIDENCE_CHECK)
def check_form(reference: str, evidence_id: str) -> ResponseReturnValue:
    """Show what is on record about one piece of evidence, and ask what the check found."""
    version, line = _line(reference, evidence_id)
    form = Form(
        values={
            "is_false": line.is_false,
            "is_rebutted": line.is_rebutted,
            "rebuttal": line.rebuttal,
            "note": line.check_note,
            "version": version,
        }
    )
    return _check_page(reference, line, form)


@evidence_pages.post("/cases/<reference>/evidence/<evidence_id>/check")
@requires(Permission.EVIDENCE_CHECK)
def check(reference: str, evidence_id: str) -> ResponseReturnValue:
    """Record what a check of one piece of evidence found."""
    form = Form.typed(CheckEvidenceRequest())
    values: dict[str, Any] = {name: value for name, value in form.values.items() if name != "version"}
    try:
        loaded = load(CheckEvidenceRequest(), values)
        with unit_of_work():
            service.check_item(
                actor=current_actor(),
                reference=reference,
                expected_version=_version(form),
                evidence_id=evidence_id,
                values=loaded,
            )
    except InvalidInput as error:
        _, line = _line(reference, evidence_id, is_again=True)
        return make_response(_check_page(reference, line, form.with_errors(error)), 422)
    except Conflict as error:
        if error.code != "stale_version":
            raise
        version, line = _line(reference, evidence_id, is_again=True)
        newer = replace(form, values={**form.values, "version": version})
        return make_response(_check_page(reference, line, newer.with_message(words_of(error))), 409)
    flash(gettext("The check is recorded."), "success")
    return redirect(url_for("casefile.case_tab", reference=reference, tab="evidence"))


def _version(form: Form) -> int:
    text = str(form.value("version"))
    if not text.isdecimal() or len(text) > 9:
        raise InvalidInput("version_missing")
    return int(text)


def _line(reference: str, evidence_id: str, *, is_again: bool = False) -> tuple[int, EvidenceLine]:
    """Open one piece of evidence, and put that on record; `is_again`: with what was typed."""
    with unit_of_work():
        case, line = service.open_item(
            actor=current_actor(), reference=reference, evidence_id=evidence_id, is_again=is_again
        )
        return case.version, line


def _check_page(reference: str, line: EvidenceLine, form: Form) -> str:
    return render_template("evidence/check.html", reference=reference, line=line, form=form)
