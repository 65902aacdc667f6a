"""The evidence step: what shows nationality, or entry and stay, with its files, and the photograph."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from ercms.access.permissions import Permission
from ercms.agreements.labels import law_text
from ercms.cases import journey
from ercms.cases import service as cases
from ercms.cases.blueprint import cases_pages
from ercms.cases.enums import Section
from ercms.cases.form_views import (
    Shown,
    next_section,
    open_step,
    render_step,
    section_url,
    sent_version,
    typed,
)
from ercms.cases.journey import RequestDraft
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.text import msg
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, firewall_service, incoming_service
from ercms.evidence import service as evidence
from ercms.evidence.enums import FileRole
from ercms.evidence.incoming_service import Received
from ercms.evidence.schemas import AddEvidenceRequest, FirewallAnswers, UploadRequest
from ercms.web.forms import Form
from ercms.web.labels import label
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires
from workflows.readmission import CaseKind
from workflows.terms import EvidencePurpose, ProofClass

NO_FILE = msg("Choose a file first.")

Act = Callable[[int], None]

# How a form names what it is about: the kind and the purpose in one choice, since one kind may serve two purposes.
_MEANS = "means"


@cases_pages.get("/requests/<reference>/evidence")
@requires(Permission.EVIDENCE_ADD)
def evidence_step(reference: str) -> ResponseReturnValue:
    """Show the evidence of a request and what it is worth under the agreement."""
    return _page(open_step(reference, "draft:evidence"), Shown(Form()))


@cases_pages.post("/requests/<reference>/evidence")
@requires(Permission.EVIDENCE_ADD)
def add_evidence(reference: str) -> ResponseReturnValue:
    """Record one means of evidence, with its file when one comes along."""
    schema = AddEvidenceRequest()
    form = Form.of(schema, typed(schema))
    upload = request.files.get("file")
    answers = {name: value for name, value in typed(schema).items() if name in FirewallAnswers().fields}

    def prepare() -> Act:
        values, made = load(schema, _evidence_input()), None
        said = load(FirewallAnswers(), answers)
        if upload is not None and upload.filename:
            made = _received(reference, upload)
        return lambda version: act(version, values, said, made)

    def act(version: int, values: dict[str, Any], said: dict[str, Any], made: Received | None) -> None:
        item = evidence.add_item(actor=current_actor(), reference=reference, expected_version=version, values=values)
        if made is not None and upload is not None:
            files_service.store_file(
                actor=current_actor(),
                reference=reference,
                expected_version=None,
                values={**said, "role": FileRole.EVIDENCE, "evidence_id": item.id},
                name=upload.filename or "",
                stream=made,
            )

    return _carry_out(reference, form, prepare, gettext("The evidence is recorded."))


@cases_pages.post("/requests/<reference>/files")
@requires(Permission.EVIDENCE_ADD)
def add_file(reference: str) -> ResponseReturnValue:
    """Add a file to a piece of evidence, or the photograph, or another supporting file."""
    schema = UploadRequest()
    upload = request.files.get("file")

    def prepare() -> Act:
        values = load(schema, typed(schema))
        if upload is None or not upload.filename:
            raise InvalidInput("no_file", fields={"file": [NO_FILE]})
        name, made = upload.filename, _received(reference, upload)
        return lambda version: act(version, values, name, made)

    def act(version: int, values: dict[str, Any], name: str, made: Received) -> None:
        files_service.store_file(
            actor=current_actor(),
            reference=reference,
            expected_version=version,
            values=values,
            name=name,
            stream=made,
        )

    return _carry_out(reference, Form.of(schema, {"upload": typed(schema)}), prepare, gettext("The file is stored."))


@cases_pages.post("/requests/<reference>/evidence/<evidence_id>/remove")
@requires(Permission.EVIDENCE_REMOVE)
def remove_evidence(reference: str, evidence_id: str) -> ResponseReturnValue:
    """Take a piece of evidence out of a draft."""
    with unit_of_work():
        evidence.remove_item(
            actor=current_actor(), reference=reference, expected_version=sent_version(), evidence_id=evidence_id
        )
    flash(gettext("The evidence is removed."), "success")
    return redirect(url_for("cases.evidence_step", reference=reference))


@cases_pages.post("/requests/<reference>/files/<file_id>/remove")
@requires(Permission.EVIDENCE_REMOVE)
def remove_file(reference: str, file_id: str) -> ResponseReturnValue:
    """Take a file out of a draft."""
    with unit_of_work():
        files_service.remove_file(
            actor=current_actor(), reference=reference, expected_version=sent_version(), file_id=file_id
        )
    flash(gettext("The file is removed."), "success")
    return redirect(url_for("cases.evidence_step", reference=reference))


def _received(reference: str, upload: FileStorage) -> Received:
    return incoming_service.received_for_case(
        actor=current_actor(), reference=reference, name=upload.filename or "", stream=upload.stream
    )


def _carry_out(reference: str, form: Form, prepare: Callable[[], Act], saved: str) -> ResponseReturnValue:
    """Prepare what may take long, then carry it out in one unit of work, which makes others wait."""
    try:
        version, act = sent_version(), prepare()
        with unit_of_work():
            act(version)
    except InvalidInput as error:
        return make_response(_page(open_step(reference, "draft:evidence"), Shown(_at_means(form, error), 422)), 422)
    except Conflict as error:
        if error.code != "stale_version":
            raise
        edit = journey.last_edit(actor=current_actor(), reference=reference)
        return make_response(_page(open_step(reference, "draft:evidence"), Shown(form, 409, edit)), 409)
    flash(saved, "success")
    return redirect(url_for("cases.evidence_step", reference=reference))


def _evidence_input() -> dict[str, Any]:
    """Return what was typed, with the one choice taken apart into purpose and kind."""
    values = typed(AddEvidenceRequest())
    purpose, _, code = str(values.pop(_MEANS, "")).partition(".")
    values = {name: value for name, value in values.items() if name not in FirewallAnswers().fields}
    return {**values, "purpose": purpose, "code": code}


def _at_means(form: Form, error: InvalidInput) -> Form:
    """Return the form with the messages about kind and purpose at the one choice that asks for both."""
    worded = form.with_errors(error)
    errors = {name: texts for name, texts in worded.errors.items() if name not in {"code", "purpose"}}
    about_kind = [*worded.errors.get("code", []), *worded.errors.get("purpose", [])]
    if about_kind:
        errors = {_MEANS: about_kind[:1], **errors}
    labels = {**worded.labels, _MEANS: worded.labels["code"]} if "code" in worded.labels else worded.labels
    return replace(worded, errors=errors, labels=labels)


def _page(draft: RequestDraft, shown: Shown) -> str:
    actor = current_actor()
    case = cases.get_case(actor=actor, reference=draft.reference, permission=Permission.EVIDENCE_READ)
    fields = dict(AddEvidenceRequest().fields)
    return render_step(
        "evidence.html",
        draft,
        Section.EVIDENCE,
        shown,
        evidence=evidence.for_case(actor=actor, case=case),
        fields=fields,
        kinds=_kinds(draft),
        held=firewall_service.held_in(actor=actor, case=case),
        deciders=firewall_service.deciders(actor=actor),
        nested=replace(shown.form, values=dict(shown.form.value("upload", {}) or {})),
        next_url=section_url(draft.reference, next_section(draft, Section.EVIDENCE)),
        people=[(member.person_id, member.name or label(member.relation)) for member in draft.members],
    )


def _kinds(draft: RequestDraft) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds of evidence in groups: what a request of this kind must show first, proof before prima facie."""
    agreement = draft.framework.agreement
    rules = evidence.kinds_for(agreement_id=agreement.id if agreement else None)
    first = EvidencePurpose.NATIONALITY
    if draft.kind in {CaseKind.THIRD_COUNTRY_NATIONAL, CaseKind.STATELESS}:
        first = EvidencePurpose.ENTRY_AND_STAY
    groups = []
    for purpose in sorted(EvidencePurpose, key=lambda purpose: purpose is not first):
        for proof_class in ProofClass:
            found = [rule for rule in rules if rule.purpose is purpose and rule.proof_class is proof_class]
            if found:
                text = f"{label(purpose)}: {label(proof_class)}" if agreement else label(purpose)
                groups.append((text, [(f"{purpose.value}.{rule.code}", law_text(rule.label)) for rule in found]))
    return groups
