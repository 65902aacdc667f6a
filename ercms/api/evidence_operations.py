"""Operations on the evidence of a case and its files."""

from typing import Any

from flask import request

from ercms.access.permissions import Permission
from ercms.api import evidence_schemas
from ercms.api import schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import evidence_operations
from ercms.api.parsing import read_json
from ercms.api.uploads import file_digest, sent_file, upload_body
from ercms.api.writing import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    Answered,
    answer_for,
    entity_tag,
    once,
    sent_version,
    with_headers,
)
from ercms.audit.actions import AuditAction
from ercms.cases import service as cases
from ercms.cases import viewing_service as viewing
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, incoming_service
from ercms.evidence import service as evidence
from ercms.evidence.schemas import AddEvidenceRequest, CheckEvidenceRequest, UploadRequest
from ercms.programs.answers_service import Answer
from ercms.web.labels import label
from ercms.web.request_data import form_dict, load

_UPLOAD = upload_body(
    role={"type": "string", "enum": ["evidence", "photograph", "letter", "supporting"]},
    evidence_id={"type": "string", "maxLength": 32},
    person_id={"type": "string", "maxLength": 32},
    replaces_id={"type": "string", "maxLength": 32},
    change_note={"type": "string", "maxLength": 1000},
    translation_of_id={"type": "string", "maxLength": 32},
    translation_language={"type": "string", "maxLength": 40},
    translator={"type": "string", "maxLength": 200},
    is_certified={"type": "string", "enum": ["true", "false"]},
    asylum={
        "type": "string",
        "enum": ["no", "unsure", "yes"],
        "description": "Whether the document comes from an asylum procedure or mentions one; "
        "a requesting authority has to answer. Yes is refused, unsure is set aside.",
    },
    is_objected={"type": "string", "enum": ["true", "false"]},
    objection={"type": "string", "maxLength": 1000},
    officer_id={"type": "string", "maxLength": 32},
)


@evidence_operations.route("/cases/<reference>/evidence", methods=["GET"])
@operation(Permission.EVIDENCE_READ)
@evidence_operations.response(200, evidence_schemas.CaseEvidenceDocument)
def read_evidence(reference: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the evidence of a case with what it is worth, and what is still missing; the opening is put on record."""
    actor = api_actor()
    with unit_of_work():
        case = cases.get_case(actor=actor, reference=reference, permission=Permission.EVIDENCE_READ)
        viewing.record_view(actor=actor, case=case, action=AuditAction.EVIDENCE_VIEWED, compartments=["documents"])
        found = evidence.for_case(actor=actor, case=case)
        version, known_as = case.version, case.reference
    document = {
        "reference": known_as,
        "version": version,
        "agreement": found.agreement_id,
        "is_listed": found.is_listed,
        "items": found.items,
        "missing": [{"purpose": code.purpose, "code": code, "text": label(code)} for code in found.missing],
        "files": (*found.photographs, *found.loose_files),
    }
    return document, entity_tag(version)


@evidence_operations.route("/cases/<reference>/evidence", methods=["POST"])
@operation(Permission.EVIDENCE_ADD)
@with_headers(IF_MATCH, IDEMPOTENCY_KEY)
@evidence_operations.arguments(AddEvidenceRequest)
@evidence_operations.response(201, documents_of.AnswerDocument)
def add_evidence(values: dict[str, Any], reference: str) -> Answered:
    """Record one means of evidence; the answer names it."""
    version = sent_version()

    def act() -> Answer:
        item = evidence.add_item(actor=api_actor(), reference=reference, expected_version=version, values=values)
        return answer_for(case_id=item.case_id, status=201, record_id=item.id)

    return once(act, read_json(request))


@evidence_operations.route("/cases/<reference>/evidence/<evidence_id>/check", methods=["POST"])
@operation(Permission.EVIDENCE_CHECK)
@with_headers(IF_MATCH, IDEMPOTENCY_KEY)
@evidence_operations.arguments(CheckEvidenceRequest)
@evidence_operations.response(200, documents_of.AnswerDocument)
def check_evidence(values: dict[str, Any], reference: str, evidence_id: str) -> Answered:
    """Record what a check of one means of evidence found: false or rebutted, it proves nothing more."""
    version = sent_version()

    def act() -> Answer:
        item = evidence.check_item(
            actor=api_actor(),
            reference=reference,
            expected_version=version,
            evidence_id=evidence_id,
            values=values,
        )
        return answer_for(case_id=item.case_id, status=200, record_id=item.id)

    return once(act, read_json(request))


@evidence_operations.route("/cases/<reference>/files", methods=["POST"])
@operation(Permission.EVIDENCE_ADD)
@with_headers(IF_MATCH, IDEMPOTENCY_KEY)
@evidence_operations.response(201, documents_of.AnswerDocument)
@evidence_operations.doc(requestBody=_UPLOAD)
def add_file(reference: str) -> Answered:
    """Store a file, sealed, after it has been inspected and written anew; the answer names it."""
    version = sent_version()
    values = load(UploadRequest(), form_dict())
    name, stream = sent_file()
    digest = file_digest(stream)
    made = incoming_service.received_for_case(actor=api_actor(), reference=reference, name=name, stream=stream)

    def act() -> Answer:
        file = files_service.store_file(
            actor=api_actor(), reference=reference, expected_version=version, values=values, name=name, stream=made
        )
        return answer_for(case_id=file.case_id, status=201, record_id=file.id)

    return once(act, [form_dict(), name, digest])
