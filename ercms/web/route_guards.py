"""Who may reach a route: everything needs a sign-in and a declared permission, except what is marked public."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import session_service
from ercms.accounts.enums import SignInMethod
from ercms.accounts.session_service import SignedIn
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import login_manager

View = TypeVar("View", bound=Callable[..., Any])

_PERMISSION = "required_permission"
_PUBLIC = "is_public"
_MARK = "guarded_by_itself"


class RouteUnguarded(Exception):
    """A route declares neither a permission nor that it is public."""


class SessionUser(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds: the person behind a sign-in session. Its identifier is the session's token."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self.id = token
        self.signed_in = signed_in


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission of a route; the object's own policy is the service's to check."""

    def declare(view: View) -> View:
        setattr(view, _PERMISSION, permission)
        return view

    return declare


def public(view: View) -> View:
    """Declare that a route is open to everybody, signed in or not."""
    setattr(view, _PUBLIC, True)
    return view


def guarded_by_itself(view: View) -> View:
    """Declare that a route checks its caller in its own way: the API, with keys that belong to an organisation."""
    setattr(view, _MARK, True)
    return view


def current_actor() -> Actor:
    """Return who acts in this request.

    Only behind `requires`: on a public route there may be nobody.
    """
    signed_in = current_signed_in()
    if signed_in is None:
        abort(401)
    return signed_in.actor


def current_signed_in() -> SignedIn | None:
    """Return who is signed in, if anybody is."""
    signed_in: SignedIn | None = getattr(current_user, "signed_in", None)
    return signed_in


def begin_session(token: str) -> None:
    """Let the browser hold the token of a session that has just begun."""
    signed_in = session_service.find_signed_in(token, address=request.remote_addr, request_id=g.get("request_id"))
    if signed_in is not None:
        login_user(SessionUser(token, signed_in))


def forget_session() -> None:
    """Take the token from the browser."""
    logout_user()


def may(permission: Permission | str, obj: Any = None) -> bool:
    """Tell a template whether to offer something: a link or a button, never the protection itself."""
    signed_in = current_signed_in()
    return signed_in is not None and policy.allows(signed_in.actor, Permission(permission), obj)


def init_route_guards(app: Flask) -> None:
    """Put the guard before every request and load the signed-in user from its session."""
    login_manager.init_app(app)
    login_manager.user_loader(_load_user)
    login_manager.session_protection = None
    app.before_request(guard)


def check_routes(app: Flask) -> None:
    """Refuse to start with a route that declares neither a permission nor that it is public.

    Raises:
        RouteUnguarded: with the routes.
    """
    marks = (_PERMISSION, _PUBLIC, _MARK)
    unguarded = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not any(hasattr(_bare(app.view_functions[rule.endpoint]), mark) for mark in marks)
    ]
    if unguarded:
        raise RouteUnguarded(f"these routes declare no permission: {', '.join(sorted(unguarded))}")


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission that a route declares, for tests and menus."""
    return getattr(_bare(app.view_functions[endpoint]), _PERMISSION, None)


def guard() -> Response | None:
    """Let a request through, send it to the sign-in page, or refuse it."""
    if request.endpoint is None:
        return None
    view = _bare(current_app.view_functions[request.endpoint])
    if getattr(view, _PUBLIC, False) or getattr(view, _MARK, False):
        return None
    signed_in = current_signed_in()
    if signed_in is None:
        if request.path.startswith("/api/"):
            abort(401)
        return redirect(url_for("accounts.sign_in_page", next=_present_place()))
    if signed_in.needs_touch:
        with unit_of_work():
            session_service.touch(current_user.id)
    permission = getattr(view, _PERMISSION)
    # Who came through a provider has perhaps no use for the one-time password, and cannot know it.
    is_by_password = signed_in.method is not SignInMethod.IDENTITY_PROVIDER
    if signed_in.user.must_change_password and is_by_password and permission is not Permission.ACCOUNT_OWN:
        return redirect(url_for("accounts.password_page"))
    policy.check(signed_in.actor, permission)
    return None


def _load_user(token: str) -> SessionUser | None:
    signed_in = session_service.find_signed_in(token, address=request.remote_addr, request_id=g.get("request_id"))
    return None if signed_in is None else SessionUser(token, signed_in)


def _present_place() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None


def _bare(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return the object that carries the declaration: the class of a class-based view, else the function."""
    return getattr(view, "view_class", view)
