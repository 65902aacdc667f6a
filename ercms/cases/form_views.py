"""What the steps of a request share: the frame around a step, reading a form, and an answer that loses nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from ercms.cases import journey
from ercms.cases.enums import Section
from ercms.cases.journey import Edit, RequestDraft
from ercms.cases.labels import SECTION_LABELS
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.fields import FormSchema
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import service as evidence
from ercms.vault.enums import Compartment
from ercms.web.forms import Form
from ercms.web.request_data import load, typed_values
from ercms.web.route_guards import current_actor

# What a step sends beside the fields of its schema.
_BESIDE = ("version", "then")
CHECK = "check"
LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the stepper."""

    text: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A form to be shown again: what was typed, the status of the answer, and what changed meanwhile."""

    form: Form
    status: int = 200
    edit: Edit | None = None


def section_url(reference: str, section: Section | str) -> str:
    """Return the address of a step."""
    if section == Section.EVIDENCE:
        return url_for("cases.evidence_step", reference=reference)
    if section == Section.FAMILY:
        return url_for("cases.family_step", reference=reference)
    if section == CHECK:
        return url_for("cases.check", reference=reference)
    return url_for("cases.section_step", reference=reference, section=str(section))


def open_step(reference: str, page: str, *opened: Compartment) -> RequestDraft:
    """Open a request for a step, in a unit of work that puts the view on record."""
    with unit_of_work():
        return journey.open_draft(actor=current_actor(), reference=reference, page=page, opened=opened)


def render_step(template: str, draft: RequestDraft, here: Section | str, shown: Shown, **values: Any) -> str:
    """Render a step with its frame: stepper, what the agreement wants, what changed meanwhile."""
    wanted = (
        journey.wanted_in(section=here, framework=draft.framework, kind=draft.kind) if isinstance(here, Section) else ()
    )
    # After a refusal the form keeps the version that it was sent with, so that a stale one is still told as stale.
    version = request.form.get("version", draft.version) if shown.status == 422 else draft.version
    return render_template(
        f"cases/{template}",
        draft=draft,
        here=here,
        steps=_steps(draft, here),
        wanted=wanted,
        form=shown.form,
        edit=shown.edit,
        version=version,
        section_labels=SECTION_LABELS,
        is_last=here == draft.sections[-1],
        **values,
    )


def _steps(draft: RequestDraft, here: Section | str) -> list[Step]:
    has_evidence = evidence.has_any(case_id=draft.id)
    steps = []
    for section in draft.sections:
        is_begun = journey.is_begun(draft=draft, section=section, has_evidence=has_evidence)
        status = "here" if section == here else "done" if is_begun else "ahead"
        steps.append(Step(str(SECTION_LABELS[section]), section_url(draft.reference, section), status))
    steps.append(
        Step(gettext("Check and send"), section_url(draft.reference, CHECK), "here" if here == CHECK else "ahead")
    )
    return steps


def next_section(draft: RequestDraft, section: Section) -> Section | str:
    """Return the step after this one; after the last the answers are checked."""
    sections = list(draft.sections)
    place = sections.index(section) + 1 if section in sections else len(sections)
    return sections[place] if place < len(sections) else CHECK


def typed(schema: Schema) -> dict[str, Any]:
    """Return what was typed into the fields of a schema; empty entries of lists are no entries."""
    values = {name: value for name, value in typed_values(schema).items() if name not in _BESIDE}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = [entry for entry in value if not isinstance(entry, str) or entry.strip()]
    return values


def sent_version() -> int:
    """Return the version on which the sender acted.

    Raises:
        InvalidInput: the form does not say.
    """
    text = request.form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise InvalidInput("version_missing")
    return int(text)


def save(
    *,
    reference: str,
    schema: FormSchema,
    act: Callable[[dict[str, Any], int], Any],
    again: Callable[[Shown], ResponseReturnValue],
    then: Callable[[Any], str],
    saved: str | None = None,
) -> ResponseReturnValue:
    """Carry a step out and go on; whatever is refused shows the same form again with all that was typed.

    Wrong input answers 422 with the messages at their fields, a stale version 409 with who changed what; saving once
    more from there is done knowingly, on the newer version.
    """
    form = Form.of(schema, typed(schema))
    try:
        values = load(schema, typed(schema))
        with unit_of_work():
            result = then(act(values, sent_version()))
    except InvalidInput as error:
        return make_response(again(Shown(form.with_errors(error), 422)), 422)
    except Conflict as error:
        if error.code != "stale_version":
            raise
        edit = journey.last_edit(actor=current_actor(), reference=reference)
        return make_response(again(Shown(form, 409, edit)), 409)
    flash(saved or gettext("Saved."), "success")
    return redirect(result)


def destination(reference: str, following: Section | str) -> str:
    """Return where a saved step leads: on, back to the list, or back to the answers."""
    then = request.form.get("then", "")
    if then == LEAVE:
        return url_for("cases.case_list")
    return section_url(reference, CHECK if then == CHECK else following)
