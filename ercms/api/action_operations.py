"""One operation for each trigger of the case machine, out of the one table of acts that the pages use too."""

from typing import Any

from flask import request

from ercms.access.permissions import permission_for_trigger
from ercms.api import schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import action_operations
from ercms.api.parsing import read_json
from ercms.api.writing import IDEMPOTENCY_KEY, IF_MATCH, Answered, answer_for, once, sent_version, with_headers
from ercms.casefile.actions import ACTIONS, ActionSpec
from ercms.programs.answers_service import Answer


def _offer(spec: ActionSpec) -> None:
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
    guarded = operation(permission_for_trigger(trigger))(with_headers(IF_MATCH, IDEMPOTENCY_KEY)(documented))
    action_operations.route(f"/cases/<reference>/actions/{trigger}", methods=["POST"], endpoint=trigger)(guarded)


for _spec in ACTIONS.values():
    _offer(_spec)
