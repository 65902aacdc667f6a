"""What each family of errors becomes: a status with a page, or for programs a problem of RFC 9457."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, flash, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.core import errors
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.reading import service as reading
from ercms.web.route_guards import current_signed_in

_log = structlog.get_logger("ercms.errors")

PROBLEM = "application/problem+json"
"""The media type of an error that is told to a program (RFC 9457, section 3)."""

STATUS_BY_FAMILY: dict[type[errors.DomainError], int] = {
    errors.InvalidInput: 400,
    errors.PermissionRefused: 403,
    errors.ReasonNeeded: 403,
    errors.ReadingStopped: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.RuleRefused: 422,
    errors.DamagedRecord: 500,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person reads about a status: what happened, and what to do."""

    title: Any
    text: Any


WORDINGS: dict[int, Wording] = {
    400: Wording(_l("This could not be understood"), _l("Go back, check what was entered, and send it again.")),
    401: Wording(_l("Please sign in"), _l("Your session has ended, or you have not signed in yet.")),
    403: Wording(_l("You may not do this"), _l("Your role does not allow it. If it should, ask your administrator.")),
    404: Wording(_l("Page not found"), _l("There is nothing at this address, or it is not yours to see.")),
    405: Wording(_l("This cannot be done here"), _l("Go back and use the buttons of the page.")),
    409: Wording(
        _l("Somebody was faster"),
        _l("The record has changed since you opened it. Open it again to see what was done, then decide anew."),
    ),
    413: Wording(_l("This is too large"), _l("Send a smaller file, or a shorter text.")),
    415: Wording(_l("This kind of content is not accepted"), _l("Send the form of the page.")),
    422: Wording(_l("A rule does not allow this"), _l("Nothing was changed.")),
    429: Wording(_l("Too many requests"), _l("Wait a little, then try again.")),
    500: Wording(
        _l("Something went wrong"), _l("Nothing was changed. If it happens again, tell us the number of this request.")
    ),
    503: Wording(_l("The service is busy"), _l("Nothing was changed. Please try again in a moment.")),
}

_REASONS: dict[str, Any] = {}


def register_reasons(reasons: dict[str, Any]) -> None:
    """Say in words what a refusal's code means, for the error page; each domain registers its own."""
    _REASONS.update(reasons)


def reason(code: str | None) -> str | None:
    """Return what a code means in the language of the page, if somebody has said so."""
    return str(_REASONS[code]) if code in _REASONS else None


def words_of(error: errors.DomainError) -> str:
    """Return a refusal in words, for the message of a form; its code where nobody has said what that means."""
    return reason(error.code) or error.code


def status_of(error: errors.DomainError) -> int:
    """Return the status that answers an error of its family."""
    return next(
        (number for family, number in STATUS_BY_FAMILY.items() if isinstance(error, family)), HTTPStatus.BAD_REQUEST
    )


def init_error_handlers(app: Flask) -> None:
    """Register one handler for each family; under test an unexpected error goes on, so that it is seen."""
    app.register_error_handler(errors.DomainError, _on_domain_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(IntegrityError, _on_integrity_error)
    app.register_error_handler(OperationalError, _on_busy)
    app.register_error_handler(500, _on_unexpected)


def wants_problem() -> bool:
    """Tell whether the answer is for a program."""
    return request.path.startswith("/api/")


def problem(status: int, *, code: str, fields: dict[str, Any] | None = None, **facts: Any) -> Response:
    """Make a problem of RFC 9457."""
    title = str(WORDINGS[status].title) if status in WORDINGS else HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": f"urn:ercms:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "request_id": g.get("request_id"),
        **facts,
    }
    if reason(code):
        body["detail"] = reason(code)
    if fields:
        body["errors"] = fields
    response = jsonify(body)
    response.status_code = status
    response.content_type = PROBLEM
    return response


def page(status: int, *, code: str | None = None, template: str = "errors/error.html", **values: Any) -> Response:
    """Make an error page."""
    wording = WORDINGS.get(status, WORDINGS[500 if status >= 500 else 400])
    html = render_template(
        template,
        status=status,
        wording=wording,
        reason=reason(code),
        request_id=g.get("request_id"),
        **{"fields": {}, "facts": {}, **values},
    )
    return make_response(html, status)


def _on_domain_error(error: errors.DomainError) -> Response:
    status = status_of(error)
    if isinstance(error, errors.DamagedRecord):
        _log.error("damaged_record", code=error.code)
    if isinstance(error, errors.ReasonNeeded) and not wants_problem():
        return _ask_for_reason(error)
    if isinstance(error, errors.ReadingStopped) and not wants_problem():
        return _ask_for_proof(error)
    if isinstance(error, errors.PermissionRefused | errors.NotFound):
        _record_refusal(int(status), error)
    fields = error.fields if isinstance(error, errors.InvalidInput) else {}
    if wants_problem():
        return problem(int(status), code=error.code, fields=fields, **error.facts)
    return page(int(status), code=error.code, fields=fields, facts=error.facts)


def _ask_for_reason(error: errors.ReasonNeeded) -> Response:
    """Lead to the form that asks for it, and from there on to where the officer wanted to go."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return make_response(redirect(url_for("openings.reason_page", reference=error.facts["reference"], next=wanted)))


def _ask_for_proof(error: errors.ReadingStopped) -> Response:
    """Lead to the page on which the reader proves anew who they are, and from there on to where they wanted to go."""
    signed_in = current_signed_in()
    if signed_in is not None:
        record_stop(actor=signed_in.actor, error=error)
    flash(reason(error.code) or error.code, "warning")
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return make_response(redirect(url_for("factor_account.proof_page", next=wanted)))


def record_stop(*, actor: Actor, error: errors.ReadingStopped) -> None:
    """Tell of reading that was stopped, in a unit of work of its own: that of the reading was rolled back."""
    with unit_of_work():
        reading.note_stop(actor=actor, files=error.facts["files"])


def _record_refusal(status: int, error: errors.DomainError) -> None:
    signed_in = current_signed_in()
    if signed_in is not None:
        record_refusal(actor=signed_in.actor, status=status, error=error)


def record_refusal(*, actor: Actor, status: int, error: errors.DomainError) -> None:
    """Put on record who was refused what, in a unit of work of its own: the act's own was rolled back."""
    if request.endpoint is None:
        return
    with unit_of_work():
        audit.record(
            actor=actor,
            action=AuditAction.REQUEST_REFUSED,
            chain=audit.organisation_chain(actor.organisation_id),
            record_type="route",
            record_id=request.endpoint,
            payload={
                "permission": error.facts.get("permission"),
                "method": request.method,
                "endpoint": request.endpoint,
                "http_status": status,
            },
            result="refused",
        )


def _on_csrf_error(error: CSRFError) -> Response:
    """Show what was typed once more, with a fresh token: an expired form loses nothing."""
    if wants_problem():
        return problem(400, code="csrf_failed")
    kept = [(key, value) for key, value in request.form.items(multi=True) if key != "csrf_token" and _may_keep(key)]
    had_files = any(upload.filename for upload in request.files.values())
    return page(
        400, code="csrf_failed", template="errors/form_expired.html", kept=kept, action=request.full_path.rstrip("?"),
        had_files=had_files, had_secret=any(not _may_keep(key) for key in request.form),
    )  # fmt: skip


def _may_keep(key: str) -> bool:
    """Passwords and codes are never sent back."""
    return not any(word in key for word in ("password", "present", "secret", "code"))


def _on_http_error(error: HTTPException) -> Response:
    if error.response is not None and error.code is None:
        return make_response(error.response)
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    code = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    answer = problem(status, code=code) if wants_problem() else page(status, code=code)
    for name in ("Allow", "Retry-After"):
        value = dict(error.get_headers()).get(name)
        if value:
            answer.headers[name] = value
    return answer


def _on_integrity_error(error: IntegrityError) -> Response:
    """What two people did at once, and the database refused the second of: nothing was changed."""
    _log.warning("integrity_error", kind=type(error.orig).__name__)
    return problem(409, code="already_done") if wants_problem() else page(409, code="already_done")


def _on_busy(error: OperationalError) -> Response:
    """The database is locked or away: nothing was changed, and trying again makes sense."""
    _log.error("database_unavailable", kind=type(error.orig).__name__)
    answer = problem(503, code="database_busy") if wants_problem() else page(503, code="database_busy")
    answer.headers["Retry-After"] = "5"
    return answer


def _on_unexpected(error: Exception) -> Response:
    """Log where it happened and what kind of error it was; its text may quote data, so it is left out."""
    original = getattr(error, "original_exception", None) or error
    _log.error("unexpected_error", kind=type(original).__name__, places=_places(original))
    return problem(500, code="unexpected") if wants_problem() else page(500)


def _places(error: BaseException) -> list[str]:
    """Return file, line and function of each frame, without the values that stood in them."""
    found, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-12:]


register_reasons(
    {
        "stale_version": _l("Somebody else has changed this record meanwhile."),
        "already_done": _l("This has been done already, or somebody did it at the same moment."),
        "csrf_failed": _l("The form was open too long, or it came from another page."),
        "reason_needed": _l("This case is outside your own work. Say first why you look at it."),
        "reading_stopped": _l(
            "You have opened unusually many files. Prove anew who you are, then go on; the data protection officer "
            "has been told. A program waits for the data protection officer."
        ),
        "person_erased": _l("The data of this person have been erased."),
    }
)
