"""Checking the answers, sending the request, and the receipt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow.fields import Field

from ercms.access.permissions import Permission
from ercms.cases import journey
from ercms.cases import service as cases
from ercms.cases.blueprint import cases_pages
from ercms.cases.enums import Section
from ercms.cases.form_views import (
    CHECK,
    Shown,
    open_step,
    render_step,
    section_url,
    sent_version,
    typed,
)
from ercms.cases.journey import COMPARTMENTS_OF, RequestDraft
from ercms.cases.section_views import groups_of, schema_of, values_of
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import service as evidence
from ercms.evidence import submission_service
from ercms.evidence.schemas import RegisterWithoutApplicationRequest, SubmitRequest
from ercms.evidence.service import CaseEvidence
from ercms.identity import earlier_service
from ercms.persons.sections import FamilySection
from ercms.vault.enums import Compartment
from ercms.web.error_handlers import reason, words_of
from ercms.web.forms import Form
from ercms.web.labels import label
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires
from ercms.web.templating import country, day, translated
from workflows.readmission import CaseTrigger, Procedure

_SENDING = {CaseTrigger.SUBMIT, CaseTrigger.REGISTER_WITHOUT_APPLICATION}
_ALL = tuple(compartment for section in COMPARTMENTS_OF.values() for compartment in section)


@dataclass(frozen=True, slots=True)
class Answers:
    """One section with its answers, and where they are changed."""

    section: Section
    url: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Warning:
    """Something that is missing: said, and no wall; `url` leads to where it can be mended."""

    text: str
    url: str


@cases_pages.get("/requests/<reference>/check")
@requires(Permission.CASE_EDIT)
def check(reference: str) -> ResponseReturnValue:
    """Show every answer, what is missing, and what happens when the request is sent."""
    return _page(open_step(reference, "draft:check", *_ALL), Shown(Form()))


@cases_pages.post("/requests/<reference>/submit")
@requires(Permission.CASE_EDIT)
def submit(reference: str) -> ResponseReturnValue:
    """Send the request, or register the return that needs no application."""
    draft = open_step(reference, "draft:check", *_ALL)
    is_waived = draft.procedure is Procedure.NONE
    schema = RegisterWithoutApplicationRequest() if is_waived else SubmitRequest()
    perform = submission_service.register_without_application if is_waived else submission_service.submit
    form = Form.of(schema, typed(schema))
    try:
        values = load(schema, typed(schema))
        with unit_of_work():
            perform(actor=current_actor(), reference=draft.reference, expected_version=sent_version(), values=values)
    except InvalidInput as error:
        return make_response(_page(draft, Shown(form.with_errors(error), 422)), 422)
    except RuleRefused as error:
        return make_response(_page(draft, Shown(form.with_message(words_of(error)), 422)), 422)
    except Conflict as error:
        if error.code != "stale_version":
            raise
        edit = journey.last_edit(actor=current_actor(), reference=draft.reference)
        return make_response(_page(open_step(reference, "draft:check", *_ALL), Shown(form, 409, edit)), 409)
    flash(gettext("The request is sent."), "success")
    return redirect(url_for("cases.receipt", reference=draft.reference))


@cases_pages.get("/requests/<reference>/receipt")
@requires(Permission.CASE_PRINT)
def receipt(reference: str) -> ResponseReturnValue:
    """Show the signed receipt of a submission, and how to check it."""
    with unit_of_work():
        found = submission_service.receipt_of(actor=current_actor(), reference=reference)
    return render_template("cases/receipt.html", receipt=found)


@cases_pages.get("/requests/<reference>/receipt.txt")
@requires(Permission.CASE_PRINT)
def receipt_text(reference: str) -> ResponseReturnValue:
    """Hand over the receipt as a plain file: the statement exactly as it was signed, and the signature."""
    with unit_of_work():
        found = submission_service.receipt_of(actor=current_actor(), reference=reference)
    lines = (found.statement, "", f"key: {found.key_id}", f"ed25519: {found.signature}", f"public: {found.public_key}")
    return _handed_over("\n".join(lines) + "\n", "text/plain", f"receipt-{found.reference}.txt")


@cases_pages.get("/requests/<reference>/received.json")
@requires(Permission.CASE_PRINT)
def received(reference: str) -> ResponseReturnValue:
    """Hand over the document whose digest stands on the receipt."""
    with unit_of_work():
        content = submission_service.received_content(actor=current_actor(), reference=reference)
    return _handed_over(content, "application/json", f"received-{reference}.json")


def _handed_over(content: str, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(draft: RequestDraft, shown: Shown) -> str:
    actor = current_actor()
    case = cases.get_case(actor=actor, reference=draft.reference, permission=Permission.EVIDENCE_READ)
    found = evidence.for_case(actor=actor, case=case)
    is_new = draft.is_draft and draft.procedure is not Procedure.NONE
    with unit_of_work():
        refusals_before = earlier_service.refused_before(actor=actor, reference=draft.reference) if is_new else ()
    actions = [action for action in cases.open_actions(actor=actor, case=case) if action.trigger in _SENDING]
    refusals = [action.refusal_code for action in actions]
    return render_step(
        "check.html",
        draft,
        CHECK,
        shown,
        answers=_answers(draft),
        evidence=found,
        people={member.person_id: member.name or label(member.relation) for member in draft.members},
        warnings=_warnings(draft, found),
        forecast=journey.forecast(draft=draft),
        is_waived=draft.procedure is Procedure.NONE,
        refusal=reason(refusals[0]) if refusals and all(refusals) else None,
        register_fields=RegisterWithoutApplicationRequest().fields,
        submit_fields=SubmitRequest().fields,
        refused_before=refusals_before,
    )


def _answers(draft: RequestDraft) -> list[Answers]:
    answers = []
    for section in draft.sections:
        if section is Section.EVIDENCE:
            continue
        url = section_url(draft.reference, section)
        if section is Section.FAMILY:
            answers.append(Answers(section, url, _family_rows(draft)))
            continue
        fields = schema_of(section, draft).fields
        names = [name for _, group in groups_of(section, draft) for name in group]
        answers.append(Answers(section, url, _rows(fields, names, values_of(section, draft))))
    return answers


def _family_rows(draft: RequestDraft) -> tuple[tuple[str, str], ...]:
    members = tuple(
        (label(member.relation), f"{member.name}, {day(member.birth_date)}" if member.birth_date else member.name)
        for member in draft.family
    )
    fields = FamilySection().fields
    return (*members, *_rows(fields, fields, draft.opened[Compartment.FAMILY]))


def _rows(
    fields: Mapping[str, Field[Any]], names: Iterable[str], values: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (translated(fields[name].metadata["label"]), shown_value(fields[name], values.get(name))) for name in names
    )


def shown_value(field: Any, value: Any) -> str:
    """Return a value of a form in words; nothing for nothing."""
    widget = field.metadata.get("widget")
    if widget == "yes_no":
        return str(gettext("Yes") if value else gettext("No"))
    if value in (None, "", []):
        return ""
    if widget == "day":
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    if widget == "choice":
        return label(field.enum(value))
    if widget == "choices":
        return ", ".join(label(field.kind(one)) for one in value)
    if widget == "country":
        return country(value)
    if widget == "countries":
        return ", ".join(country(one) for one in value)
    return str(value)


def _warnings(draft: RequestDraft, found: CaseEvidence) -> list[Warning]:
    """Say what an application should hold "as far as possible" and this one does not hold yet."""
    identity, health = draft.opened[Compartment.IDENTITY], draft.opened[Compartment.HEALTH]
    missing: list[tuple[bool, str, Section]] = [
        (
            not draft.has_name,
            gettext("No name is given. One name is needed before sending."),
            Section.PERSON,
        ),
        (not identity.get("birth_date"), gettext("The date of birth is not given."), Section.PERSON),
        (not identity.get("nationalities"), gettext("The nationality is not given."), Section.PERSON),
        (
            not draft.opened[Compartment.CONTACT].get("last_residence"),
            gettext("The last address in Azerbaijan is not given."),
            Section.CONTACT,
        ),
        (not found.photographs, gettext("There is no photograph."), Section.EVIDENCE),
        (
            draft.is_minor_alone and not health.get("minor_guardian"),
            gettext("For a child alone, name the guardian and the adult who receives the child."),
            Section.CIRCUMSTANCES,
        ),
        (
            draft.procedure is Procedure.ACCELERATED and not draft.head["apprehended_on"],
            gettext("The accelerated procedure rests on the day of apprehension, which is not given."),
            Section.REQUEST,
        ),
    ]
    missing += [(True, label(code), Section.EVIDENCE) for code in found.missing]
    return [Warning(text, section_url(draft.reference, section)) for is_missing, text, section in missing if is_missing]
