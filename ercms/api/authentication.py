"""Who calls: a program with a key of its organisation. Cookies count for nothing here, so no form token is needed."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, g, request

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.core.actor import Actor
from ercms.core.unit_of_work import unit_of_work
from ercms.programs import service as programs
from ercms.programs.service import Caller
from ercms.web.error_handlers import problem
from ercms.web.route_guards import guarded_by_itself, permission_of, requires

View = TypeVar("View", bound=Callable[..., Any])
_SCHEME = "bearer"


def operation(permission: Permission) -> Callable[[View], View]:
    """Declare the permission of an operation, which `authenticate` checks before it runs."""

    def declare(view: View) -> View:
        return guarded_by_itself(requires(permission)(view))

    return declare


def authenticate() -> Response | None:
    """Let a program with a valid key through when its user's role may do the operation at all.

    An unknown, revoked or expired key gets the same answer as none.
    """
    caller = find_caller()
    if caller is None:
        return unauthorized()
    g.api_caller = caller
    if caller.needs_touch:
        with unit_of_work():
            programs.touch(caller.key_id)
    permission = permission_of(current_app, request.endpoint or "")
    if permission is not None:
        policy.check(caller.actor, permission)
    return None


def find_caller() -> Caller | None:
    """Return the program whose key came with this request."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != _SCHEME:
        return None
    return programs.find_caller(text.strip(), address=request.remote_addr, request_id=g.get("request_id"))


def unauthorized() -> Response:
    """Say that a key is needed."""
    answer = problem(401, code="api_key_needed")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="ercms"'
    return answer


def caller() -> Caller:
    """Return the program that calls; only behind `authenticate`."""
    found: Caller = g.api_caller
    return found


def api_actor() -> Actor:
    """Return as whom the program acts; only behind `authenticate`."""
    return caller().actor
