"""What the families of errors become for a program: problems of RFC 9457, with the statuses of conditional requests."""

from typing import Any

from flask import Response, g

from ercms.api.parsing import MalformedJson
from ercms.core import errors
from ercms.core.actor import OrganisationKind
from ercms.web.error_handlers import STATUS_BY_FAMILY, problem, record_refusal, record_stop

# What the shared table says otherwise for pages, or cannot say because HTTP alone knows it.
_STATUS_BY_CODE = {
    "stale_version": 412,
    "if_match_needed": 428,
    "if_match_malformed": 400,
    "idempotency_key_needed": 400,
    "idempotency_key_malformed": 400,
}


class RequestRefused(errors.DomainError):
    """A header that the protocol asks for is missing or malformed."""


def on_domain_error(error: errors.DomainError) -> Response:
    """Answer with a problem; who was refused what goes on record."""
    status = _status_of(error)
    if isinstance(error, errors.PermissionRefused | errors.NotFound):
        _record_refusal(status, error)
    if isinstance(error, errors.ReadingStopped) and g.get("api_caller") is not None:
        record_stop(actor=g.api_caller.actor, error=error)
    fields = _plain(error.fields) if isinstance(error, errors.InvalidInput) else {}
    facts = {name: _plain(value) for name, value in error.facts.items() if name != "change"}
    change = error.facts.get("change")
    if change is not None and _may_know(change.actor_id):
        facts["last_change"] = {"trigger": change.trigger.value, "at": change.at.isoformat(), "version": change.version}
    answer = problem(status, code=error.code, fields=fields, **facts)
    if status == 412 and "version" in error.facts:
        answer.set_etag(str(error.facts["version"]))
    return answer


def _may_know(actor_id: str) -> bool:
    """Tell whether the caller may know who moved a case how: how the service decides is no business of the others."""
    caller = g.get("api_caller")
    if caller is None:
        return False
    return caller.actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE or caller.actor.user_id == actor_id


def _status_of(error: errors.DomainError) -> int:
    if isinstance(error, MalformedJson):
        return 400
    if error.code in _STATUS_BY_CODE:
        return _STATUS_BY_CODE[error.code]
    if isinstance(error, errors.InvalidInput):
        return 422
    return next((number for family, number in STATUS_BY_FAMILY.items() if isinstance(error, family)), 400)


def _record_refusal(status: int, error: errors.DomainError) -> None:
    caller = g.get("api_caller")
    if caller is not None:
        record_refusal(actor=caller.actor, status=status, error=error)


def _plain(value: Any) -> Any:
    """Return messages and facts as JSON can hold them: names and lazy texts as texts."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, bool | int | float | None) else str(value)
