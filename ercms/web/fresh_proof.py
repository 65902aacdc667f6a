"""A fresh proof before what must not be done by whoever finds a session open: decisions, factors, keys, exports.

A route declares it beside its permission. Where the last proof is too old, the page asks for it, and what was typed in
the form goes along, hidden in the page: with the proof the act is carried out, and nothing is typed twice.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from ercms.accounts import session_service
from ercms.accounts.enums import SignInMethod
from ercms.accounts.session_service import SignedIn
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import proof_service, service
from ercms.factors.presenting import seconds_until
from ercms.factors.proof_service import ProofEnd
from ercms.web.entering import is_demonstration_here, passkey_site
from ercms.web.forms import Form
from ercms.web.request_data import CSRF_FIELD, PROOF_PREFIX
from ercms.web.route_guards import View, current_signed_in

Condition = Callable[[dict[str, Any]], bool]
LABELS = {"proof-password": "Password", "proof-code": "Code"}
PASSKEY_TOKEN = "passkey_proof"  # noqa: S105 - the name of a place in the session, not a secret
LONGEST_ANSWER = 20_000

_FRESH = "fresh_proof_when"
_SAFE = frozenset({"GET", "HEAD"})


def needs_fresh_proof(view: View) -> View:
    """Declare that a route asks for a fresh proof, whatever is asked of it."""
    setattr(view, _FRESH, lambda _: True)
    return view


def needs_fresh_proof_when(condition: Condition) -> Callable[[View], View]:
    """Declare that a route asks for a fresh proof when its address says so: `condition` gets the address's parts."""

    def declare(view: View) -> View:
        setattr(view, _FRESH, condition)
        return view

    return declare


def condition_of(app: Flask, endpoint: str) -> Condition | None:
    """Return when a route asks for a fresh proof, for tests."""
    return getattr(app.view_functions[endpoint], _FRESH, None)


def init_fresh_proof(app: Flask) -> None:
    """Put the gate behind the guard of the permissions: who may not do it is not asked for a proof."""
    app.before_request(gate)


def gate() -> ResponseReturnValue | None:
    """Let a request through, or ask for a fresh proof first."""
    if request.endpoint is None:
        return None
    condition = condition_of(current_app, request.endpoint)
    signed_in = current_signed_in()
    if condition is None or signed_in is None or not condition(dict(request.view_args or {})):
        return None
    if session_service.is_fresh(signed_in):
        return None
    if request.method in _SAFE:
        return redirect(url_for("factor_account.proof_page", next=request.full_path.rstrip("?")))
    end = try_proof(signed_in)
    return None if end is not None and end.is_proven else proof_page(end, action=request.full_path.rstrip("?"))


def try_proof(signed_in: SignedIn) -> ProofEnd | None:
    """Judge the proof that came with a form; None when none came."""
    form, actor = request.form, signed_in.actor
    if f"{PROOF_PREFIX}click" in form and is_demonstration_here():
        with unit_of_work():
            return proof_service.prove_by_click(actor=actor, token=current_user.id)
    site, answer = passkey_site(), form.get(f"{PROOF_PREFIX}passkey", "")
    if answer and site is not None:
        asked = session.pop(PASSKEY_TOKEN, None)
        with unit_of_work():
            return proof_service.prove_by_passkey(
                actor=actor, token=current_user.id, site=site, step_token=asked, response=answer[:LONGEST_ANSWER]
            )
    if f"{PROOF_PREFIX}password" not in form:
        return None
    password, code = form[f"{PROOF_PREFIX}password"][:400], form.get(f"{PROOF_PREFIX}code", "")[:60]
    with unit_of_work():
        return proof_service.prove(actor=actor, token=current_user.id, password=password, code=code)


def proof_page(end: ProofEnd | None, *, action: str, target: str | None = None) -> Response:
    """Ask for a fresh proof; what was typed in the form that led here goes along."""
    form, status = Form(labels=LABELS), 403
    if end is not None and end.locked_until is not None:
        seconds = seconds_until(end.locked_until)
        message = gettext("Too many attempts. Wait %(seconds)s seconds, then try again.", seconds=seconds)
        form, status = form.with_message(message), 429
    elif end is not None and end.field:
        form = form.with_errors(InvalidInput(fields={end.field: [end.message]}))
    elif end is not None and end.message:
        form = form.with_message(gettext(end.message))
    # Passwords are never sent back; no form that asks for a fresh proof has one of its own.
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != CSRF_FIELD and not name.startswith(PROOF_PREFIX) and "password" not in name
    ]
    signed_in = current_signed_in()
    here = is_demonstration_here()
    html = render_template(
        "factors/proof.html",
        form=form,
        action=action,
        kept=kept if target is None else [],
        target=target,
        had_files=any(upload.filename for upload in request.files.values()),
        has_passkey=signed_in is not None and passkey_site() is not None and service.has_passkey(signed_in.user.id),
        is_by_provider=signed_in is not None and signed_in.method is SignInMethod.IDENTITY_PROVIDER,
        is_click_enough=here,
        present_code=service.present_code(user_id=signed_in.user.id) if here and signed_in else None,
    )
    return make_response(html, status)
