"""Operations on the messages of a case."""

from typing import Any

from flask import request

from ercms.access.permissions import Permission
from ercms.api import schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import message_operations
from ercms.api.parsing import read_json
from ercms.api.writing import IDEMPOTENCY_KEY, Answered, answer_for, once, with_headers
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.core.unit_of_work import unit_of_work
from ercms.messages import service as messages
from ercms.messages.schemas import MessageRequest
from ercms.programs.answers_service import Answer


@message_operations.route("/cases/<reference>/messages", methods=["GET"])
@operation(Permission.MESSAGE_READ)
@message_operations.response(200, documents_of.MessagesDocument)
def read_messages(reference: str) -> dict[str, Any]:
    """Read the messages of a case; what was new counts as read by the caller's organisation from now on."""
    actor = api_actor()
    with unit_of_work():
        case = cases.get_case(actor=actor, reference=reference, permission=Permission.MESSAGE_READ)
        viewing.record_view(actor=actor, case=case, payload={"page": "messages"})
        found = messages.for_case(actor=actor, case=case)
        known_as = case.reference
    return {"reference": known_as, "messages": found}


@message_operations.route("/cases/<reference>/messages", methods=["POST"])
@operation(Permission.MESSAGE_SEND)
@with_headers(IDEMPOTENCY_KEY)
@message_operations.arguments(MessageRequest)
@message_operations.response(201, documents_of.AnswerDocument)
def send_message(values: dict[str, Any], reference: str) -> Answered:
    """Write a message in a case. It rests on no version of the case, and cannot be taken back."""

    def act() -> Answer:
        actor = api_actor()
        message_id = messages.send(actor=actor, reference=reference, values=values)
        case = cases.get_case(actor=actor, reference=reference, permission=Permission.MESSAGE_SEND)
        return answer_for(case_id=case.id, status=201, record_id=message_id)

    return once(act, read_json(request))
