"""Session cookies that were forged, or that name a session which begins in the future.

Flask takes a cookie with a wrong signature for none. Here it is put on record as well, and its bearer is told plainly;
an ordinary end of a session (idle, signed out) is neither.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, flash, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.accounts import session_service
from ercms.core.unit_of_work import unit_of_work
from ercms.web.entering import from_where
from ercms.web.pace import Pace
from ercms.web.route_guards import current_signed_in

_recorded = Pace(most=10, within=timedelta(minutes=1))
_TOKEN = "_user_id"  # noqa: S105 - where Flask-Login keeps the token, not a token


class CheckedSessions(SecureCookieSessionInterface):
    """Flask's own sessions; whether a cookie came whose signature does not hold can be asked."""

    def is_forged(self, app: Flask) -> bool:
        """Tell whether the request brings a session cookie that this installation did not sign."""
        value, serializer = request.cookies.get(self.get_cookie_name(app)), self.get_signing_serializer(app)
        if not value or serializer is None:
            return False
        is_whole, _ = serializer.loads_unsafe(value)
        return not is_whole


def init_session_checks(app: Flask) -> None:
    """Check the cookie before anything else looks at it; to be called before the form tokens and the guard."""
    sessions = CheckedSessions()
    app.session_interface = sessions

    @app.before_request
    def check() -> ResponseReturnValue | None:
        flaw = "forged_session" if sessions.is_forged(app) else _flaw_of(session.get(_TOKEN))
        if flaw is None or request.endpoint == "static":
            return None
        if _recorded.allows(request.remote_addr):
            with unit_of_work():
                session_service.record_refused_session(flaw=flaw, **from_where())
        session.clear()
        # Sets the cookie anew, so that the false one is gone.
        flash(gettext("Your session could not be verified. Please sign in again."), "warning")
        return redirect(url_for("accounts.sign_in_page"))


def _flaw_of(token: Any) -> str | None:
    """Look only where the token opened nothing, so that a sound session costs no second query."""
    if not isinstance(token, str) or not token or current_signed_in() is not None:
        return None
    return session_service.flaw_of(token)
