"""Operations of an agency's program: which inquiries wait, one inquiry with its fields, the answer and its files."""

from datetime import date
from enum import Enum
from typing import Any

from flask import request

from ercms.access.permissions import Permission
from ercms.api import inquiry_schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import inquiry_operations
from ercms.api.parsing import read_json
from ercms.api.uploads import file_digest, sent_file, upload_body
from ercms.api.writing import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    Answered,
    entity_tag,
    once,
    sent_version,
    with_headers,
)
from ercms.core.errors import InvalidInput
from ercms.core.fields import UNKNOWN_FIELD
from ercms.core.unit_of_work import unit_of_work
from ercms.programs.answers_service import Answer
from ercms.verification import inquiry_reading, inquiry_service
from ercms.verification.schemas import InquiryAnswer
from ercms.web.request_data import form_dict


class ProgramAnswer(InquiryAnswer):
    """An answer without the version, which the If-Match header carries."""

    class Meta:
        """What is left out."""

        exclude = ("version",)


@inquiry_operations.route("/inquiries", methods=["GET"])
@operation(Permission.INQUIRY_LIST)
@inquiry_operations.response(200, documents_of.InquiryListDocument)
def list_inquiries() -> dict[str, Any]:
    """List the inquiries put to the caller's agency, without persons."""
    waiting, answered = inquiry_reading.list_for(actor=api_actor())
    return {"waiting": waiting, "answered": answered}


@inquiry_operations.route("/inquiries/<inquiry_id>", methods=["GET"])
@operation(Permission.INQUIRY_READ)
@inquiry_operations.response(200, documents_of.InquiryDocument)
def read_inquiry(inquiry_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Open one inquiry with the fields that it names; the opening is put on record."""
    with unit_of_work():
        page = inquiry_reading.open_page(actor=api_actor(), inquiry_id=inquiry_id)
    named = [{"name": field.name, "value": _plain(field.value)} for field in page.fields]
    document = {
        "id": page.id,
        "version": page.version,
        "reference": page.reference,
        "purpose": page.purpose,
        "state": page.state,
        "due_on": page.due_on,
        "sent_at": page.sent_at,
        "question": page.question,
        "fields_named": named,
        "finding": page.finding,
        "answered_at": page.answered_at,
    }
    return document, entity_tag(page.version)


@inquiry_operations.route("/inquiries/<inquiry_id>/answer", methods=["POST"])
@operation(Permission.INQUIRY_ANSWER)
@with_headers(IF_MATCH, IDEMPOTENCY_KEY)
@inquiry_operations.arguments(ProgramAnswer)
@inquiry_operations.response(200, documents_of.InquiryAnswerDocument)
def answer_inquiry(values: dict[str, Any], inquiry_id: str) -> Answered:
    """Answer an inquiry, once; a further question is a new inquiry."""
    version = sent_version()

    def act() -> Answer:
        inquiry_service.answer(actor=api_actor(), inquiry_id=inquiry_id, expected_version=version, values=values)
        return Answer(200, None, None, "answered", inquiry_id)

    return once(act, read_json(request))


@inquiry_operations.route("/inquiries/<inquiry_id>/files", methods=["POST"])
@operation(Permission.INQUIRY_ANSWER)
@with_headers(IF_MATCH, IDEMPOTENCY_KEY)
@inquiry_operations.response(201, documents_of.InquiryAnswerDocument)
@inquiry_operations.doc(requestBody=upload_body())
def give_file(inquiry_id: str) -> Answered:
    """Give a file with an answer, before answering; it is inspected and sealed."""
    version = sent_version()
    name, stream = sent_file()
    if surplus := form_dict():
        raise InvalidInput(fields={field: [UNKNOWN_FIELD] for field in surplus})
    digest = file_digest(stream)
    made = inquiry_service.receive_file(actor=api_actor(), inquiry_id=inquiry_id, name=name, stream=stream)

    def act() -> Answer:
        file_id = inquiry_service.give_file(
            actor=api_actor(), inquiry_id=inquiry_id, expected_version=version, name=name, stream=made
        )
        return Answer(201, None, None, None, file_id)

    return once(act, [name, digest])


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
