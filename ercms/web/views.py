"""The pages that no domain owns: the start, the language and the theme, and whether the service is well."""

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request, session
from flask import url_for as address_of
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.accounts import sign_in_service
from ercms.core import health
from ercms.core.unit_of_work import unit_of_work
from ercms.web.navigation import home_endpoint
from ercms.web.request_data import safe_next
from ercms.web.route_guards import current_actor, current_signed_in, public, requires
from ercms.web.templating import THEME_COOKIE, THEMES

web_pages = Blueprint("web", __name__)

_A_YEAR = 365 * 24 * 3600


@web_pages.get("/")
@public
def home() -> ResponseReturnValue:
    """Send everybody to where the day begins: the work page of the role, or the sign-in."""
    signed_in = current_signed_in()
    if signed_in is None:
        return redirect(address_of("accounts.sign_in_page"))
    endpoint = home_endpoint(current_app, signed_in.actor.role)
    return redirect(address_of(endpoint or "web.dashboard"))


@web_pages.get("/start")
@requires(Permission.HOME_READ)
def dashboard() -> ResponseReturnValue:
    """Show what one may open, for roles without a work page of their own."""
    return render_template("home.html")


@web_pages.post("/language")
@public
def change_language() -> ResponseReturnValue:
    """Change the language of the pages, and keep it for whoever is signed in."""
    language = request.form.get("language", "")
    if language in current_app.config["SETTINGS"].languages:
        session["language"] = language
        if current_signed_in() is not None:
            with unit_of_work():
                sign_in_service.change_locale(actor=current_actor(), locale=language)
    return redirect(safe_next(request.form.get("next"), address_of("web.home")))


@web_pages.post("/theme")
@public
def change_theme() -> ResponseReturnValue:
    """Change between light, dark and what the device prefers."""
    response = redirect(safe_next(request.form.get("next"), address_of("web.home")))
    theme = request.form.get("theme", "")
    if theme in THEMES:
        secure = current_app.config["SETTINGS"].is_https
        response.set_cookie(THEME_COOKIE, theme, max_age=_A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


@web_pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok")


@web_pages.get("/readyz")
@public
def readyz() -> Response:
    """Say whether the process can serve: its database answers and its schema is the code's."""
    checks = health.readiness()
    return make_response(
        jsonify(status="ok" if all(checks.values()) else "unready", checks=checks), 200 if all(checks.values()) else 503
    )
