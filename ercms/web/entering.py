"""The way in, for whatever a sign-in begins with: from the first proof to the second step, and into the session."""

from ipaddress import ip_address

from flask import current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from ercms.accounts.enums import SignInMethod
from ercms.accounts.session_service import Begun
from ercms.core.unit_of_work import unit_of_work
from ercms.factors import step_service
from ercms.factors.passkey_service import Site
from ercms.web.request_data import safe_next
from ercms.web.route_guards import begin_session

_STEP, _NEXT = "step", "next"


def ask_for_second_step(user_id: str, method: SignInMethod, target: str | None) -> ResponseReturnValue:
    """Go on to the second step after a first proof; nobody is signed in yet.

    The browser's session begins anew, so that nothing from before lives on.
    """
    with unit_of_work():
        token = step_service.begin(user_id=user_id, method=method)
    language = session.get("language")
    session.clear()
    session[_STEP], session[_NEXT] = token, safe_next(target, "")
    if language:
        session["language"] = language
    return redirect(url_for("factors.second_step"))


def step_token() -> str | None:
    """Return the browser's token of a second step."""
    token = session.get(_STEP)
    return token if isinstance(token, str) else None


def remembered_target() -> str:
    """Return where somebody wanted to go before the sign-in came in between."""
    return safe_next(session.get(_NEXT), url_for("web.home"))


def enter(begun: Begun) -> None:
    """Let the browser hold a session that has just begun; nothing from before the sign-in lives on."""
    session.clear()
    session["language"] = begun.locale
    begin_session(begun.token)


def from_where() -> dict[str, str | None]:
    """Say from where a request comes, as the audit names it."""
    return {"address": request.remote_addr, "request_id": g.get("request_id")}


def passkey_site() -> Site | None:
    """Return the origin that passkeys are bound to; None where there can be none."""
    origin = current_app.config["SETTINGS"].passkey_origin
    return None if origin is None else Site(origin)


def is_demonstration_here() -> bool:
    """Tell whether this is a demonstration, asked by this very machine and not through a proxy."""
    settings = current_app.config["SETTINGS"]
    proxied = settings.trusted_proxies > 0 or any(
        name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")
    )
    return settings.is_demonstration and not proxied and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
