"""One operation for each trigger of the case machine, out of the one table of acts that the pages use too.

What a page does only after a fresh proof (`ercms.casefile.actions.DECISIONS`) no key does at all: a program cannot
prove that a person stands behind it now.
"""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from ercms.access.permissions import permission_for_trigger
from ercms.api import schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import action_operations
from ercms.api.documents import FRESH_PROOF_NEEDED
from ercms.api.parsing import read_json
from ercms.api.writing import IDEMPOTENCY_KEY, IF_MATCH, Answered, answer_for, once, sent_version, with_headers
from ercms.casefile.actions import ACTIONS, DECISIONS, ActionSpec
from ercms.core.errors import PermissionRefused
from ercms.programs.answers_service import Answer
from ercms.web.error_handlers import PROBLEM, register_reasons


def _offer(spec: ActionSpec) -> None:
    trigger = spec.trigger.value
    view = _refuse(spec) if spec.trigger in DECISIONS else _carry_out(spec)
    guarded = operation(permission_for_trigger(trigger))(view)
    action_operations.route(f"/cases/<reference>/actions/{trigger}", methods=["POST"], endpoint=trigger)(guarded)


def _carry_out(spec: ActionSpec) -> Callable[..., Any]:
    trigger = spec.trigger.value

    def take(values: dict[str, Any], reference: str) -> Answered:
        version = sent_version()

        def act() -> Answer:
            moved = spec.perform(actor=api_actor(), reference=reference, expected_version=version, values=values)
            return answer_for(case_id=moved.case_id, status=200)

        return once(act, read_json(request))

    take.__doc__ = f"Take the action `{trigger}`, where the state of the case, the agreement and the role allow it."
    documented = action_operations.response(200, documents_of.AnswerDocument)(take)
    documented = action_operations.arguments(spec.schema())(documented)
    view: Callable[..., Any] = with_headers(IF_MATCH, IDEMPOTENCY_KEY)(documented)
    return view


def _refuse(spec: ActionSpec) -> Callable[..., Any]:
    """Refuse before anything is looked at: neither the content nor whether there is such a case changes the answer."""

    def refuse(reference: str) -> Any:
        raise PermissionRefused(FRESH_PROOF_NEEDED, permission=permission_for_trigger(spec.trigger.value).value)

    refuse.__doc__ = (
        f"Refuse the action `{spec.trigger.value}`: it decides over a person, and is taken on the page with a fresh "
        f"proof of both factors. The problem's code is `{FRESH_PROOF_NEEDED}`."
    )
    documented: Callable[..., Any] = action_operations.alt_response(
        403, schema=documents_of.ProblemDocument, content_type=PROBLEM, description="No key takes this decision"
    )(refuse)
    return documented


register_reasons(
    {
        FRESH_PROOF_NEEDED: _l(
            "This decides over a person: it is taken on the page, after a fresh proof of both factors. No key takes it."
        )
    }
)


for _spec in ACTIONS.values():
    _offer(_spec)
