"""Operations on a case: begin it, read it, its dates and its open actions, fill its sections, add persons."""

from typing import Any

from flask import request, url_for

from ercms.access.permissions import Permission
from ercms.api import documents, drafts
from ercms.api import schemas as documents_of
from ercms.api.authentication import api_actor, operation
from ercms.api.blueprints import case_operations
from ercms.api.parsing import read_json
from ercms.api.writing import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    Answered,
    answer_for,
    at_once,
    entity_tag,
    once,
    sent_version,
    with_headers,
)
from ercms.cases import worklist
from ercms.cases.schemas import QueueFilter, RequestSection
from ercms.core.fields import FormSchema
from ercms.core.unit_of_work import unit_of_work
from ercms.persons.sections import ObservationsSection
from ercms.persons.service import SECTION_SCHEMAS
from ercms.programs.answers_service import Answer
from ercms.vault.enums import Compartment
from workflows.readmission import CaseTrigger

Read = tuple[dict[str, Any], dict[str, str]]


@case_operations.route("/cases", methods=["GET"])
@operation(Permission.CASE_LIST)
@case_operations.arguments(QueueFilter(exclude=("sort",)), location="query")
@case_operations.response(200, documents_of.CaseListDocument)
def list_cases(wanted: dict[str, Any]) -> dict[str, Any]:
    """List the cases that the caller may see, the last changed first."""
    with unit_of_work():
        page = worklist.list_own(actor=api_actor(), wanted=wanted)
    return {"cases": page.rows, "next_cursor": page.next_cursor, "total": page.total}


@case_operations.route("/cases", methods=["POST"])
@operation(Permission.CASE_CREATE)
@with_headers(IDEMPOTENCY_KEY)
@case_operations.arguments(documents_of.NewCaseBody)
@case_operations.response(201, documents_of.AnswerDocument)
def create_case(values: dict[str, Any]) -> Answered:
    """Begin a draft, with as much of the request as is known."""

    def act() -> Answer:
        case = drafts.create(actor=api_actor(), values=values)
        return answer_for(case_id=case.id, status=201)

    return once(act, read_json(request))


@case_operations.route("/cases/<reference>", methods=["GET"])
@operation(Permission.CASE_READ)
@case_operations.arguments(documents_of.IncludeQuery, location="query")
@case_operations.response(200, documents_of.CaseDocument)
def read_case(wanted: dict[str, Any], reference: str) -> Read:
    """Read a case.

    The data of persons are left out unless `include` names their sections; each opening is put on record.
    """
    with unit_of_work():
        found = documents.case_document(actor=api_actor(), reference=reference, include=wanted.get("include", ""))
    return found, entity_tag(found["version"])


@case_operations.route("/cases/<reference>/dates", methods=["GET"])
@operation(Permission.CASE_HISTORY)
@case_operations.response(200, documents_of.DatesDocument)
def read_dates(reference: str) -> Read:
    """Read the due dates of a case, each with its article and its arithmetic."""
    with unit_of_work():
        found = documents.dates_document(actor=api_actor(), reference=reference)
    return found, entity_tag(found["version"])


@case_operations.route("/cases/<reference>/actions", methods=["GET"])
@operation(Permission.CASE_READ)
@case_operations.response(200, documents_of.ActionsDocument)
def read_actions(reference: str) -> Read:
    """Read what the caller may do with a case now, what stands against it, and what to send for it."""

    def href(trigger: CaseTrigger) -> str:
        return url_for(f"api_actions.{trigger.value}", reference=reference)

    with unit_of_work():
        found = documents.actions_document(actor=api_actor(), reference=reference, href=href)
    return found, entity_tag(found["version"])


@case_operations.route("/cases/<reference>/members", methods=["POST"])
@operation(Permission.CASE_EDIT)
@with_headers(IF_MATCH, IDEMPOTENCY_KEY)
@case_operations.arguments(documents_of.MemberBody)
@case_operations.response(201, documents_of.AnswerDocument)
def add_member(values: dict[str, Any], reference: str) -> Answered:
    """Add a spouse or a minor child to the application; the answer names the person."""
    version = sent_version()

    def act() -> Answer:
        case_id, person_id = drafts.add_member(
            actor=api_actor(), reference=reference, expected_version=version, values=values
        )
        return answer_for(case_id=case_id, status=201, record_id=person_id)

    return once(act, read_json(request))


def _offer_section(section: str, schema: type[FormSchema]) -> None:
    """Offer the writing of one section at an address of its own, so that the description can say what it holds."""
    has_person = section in set(Compartment)

    def write(reference: str, values: dict[str, Any], person_id: str | None) -> Answered:
        version = sent_version()

        def act() -> Answer:
            case = drafts.save(
                actor=api_actor(),
                reference=reference,
                expected_version=version,
                section=section,
                values=values,
                person_id=person_id,
            )
            return answer_for(case_id=case.id, status=200)

        return at_once(act)

    def of_a_person(values: dict[str, Any], whose: dict[str, Any], reference: str) -> Answered:
        return write(reference, values, whose.get("person_id"))

    def of_the_case(values: dict[str, Any], reference: str) -> Answered:
        return write(reference, values, None)

    view = of_a_person if has_person else of_the_case
    view.__doc__ = f"Write the section `{section}` whole, in place of what stood there."
    documented = case_operations.response(200, documents_of.AnswerDocument)(view)
    if has_person:
        documented = case_operations.arguments(documents_of.PersonQuery, location="query")(documented)
    documented = case_operations.arguments(schema)(documented)
    guarded = operation(Permission.CASE_EDIT)(with_headers(IF_MATCH)(documented))
    case_operations.route(f"/cases/<reference>/sections/{section}", methods=["PUT"], endpoint=f"write_{section}")(
        guarded
    )


for _compartment, _schema in SECTION_SCHEMAS.items():
    _offer_section(_compartment.value, _schema)
_offer_section(drafts.HEAD, RequestSection)
_offer_section(documents.OBSERVATIONS, ObservationsSection)
