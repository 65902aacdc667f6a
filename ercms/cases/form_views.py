"""What the steps of a request share: the frame around a step, reading a form, and an answer that loses nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema

from ercms.cases import journey
from ercms.cases.journey import Edit, RequestDraft, Section
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


def section_url(reference: str, section: Section | str) -> str:
    """Return the address of a step."""
    if section == Section.EVIDENCE:
        return url_for("cases.evidence_step", reference=reference)
    if section == Section.FAMILY:
        return url_for("cases.family_step", reference=reference)
    if section == CHECK:
        return url_for("cases.check", reference=reference)
    return url_for("cases.section_step", reference=reference, section=section)


def steps_of(draft: RequestDraft, here: str, *, has_evidence: bool, texts: Mapping[Section, Any]) -> list[Step]:
    """Return the stepper of a request."""
    steps = [
        Step(
            str(texts[section]),
            section_url(draft.reference, section),
            "here" if section == here else _status(draft, section, has_evidence),
        )
        for section in draft.sections
    ]
    last = Step(gettext("Check and send"), section_url(draft.reference, CHECK), "here" if here == CHECK else "ahead")
    return [*steps, last]


def _status(draft: RequestDraft, section: Section, has_evidence: bool) -> str:
    return "done" if journey.is_begun(draft=draft, section=section, has_evidence=has_evidence) else "ahead"


def open_step(reference: str, section: str, opened: tuple[Compartment, ...] = ()) -> RequestDraft:
    """Open a request for a step, in a unit of work that puts the view on record."""
    with unit_of_work():
        return journey.open_draft(actor=current_actor(), reference=reference, page=f"draft:{section}", opened=opened)


def frame(draft: RequestDraft, here: str) -> dict[str, Any]:
    """Return what the frame around a step needs."""
    from_evidence = evidence.summary(reference=draft.reference, actor=current_actor())
    return {"draft": draft, "here": here, "has_evidence": from_evidence.has_any}


def next_section(draft: RequestDraft, section: Section) -> Section | str:
    """Return the step after this one; after the last the answers are checked."""
    sections = list(draft.sections)
    if section not in sections:
        return CHECK
    place = sections.index(section) + 1
    return sections[place] if place < len(sections) else CHECK


def typed(schema: Schema) -> dict[str, Any]:
    """Return what was typed into the fields of a schema; empty entries of lists are no entries."""
    values = {name: value for name, value in typed_values(schema).items() if name not in _BESIDE}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = [entry for entry in value if not isinstance(entry, str) or entry.strip()]
    return values


def sent_version() -> int | None:
    """Return the version on which the sender acted.

    Raises:
        InvalidInput: the form does not say.
    """
    text = request.form.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise InvalidInput("version_missing")
    return int(text)


def read(schema: FormSchema) -> dict[str, Any]:
    """Check what was typed against a schema."""
    return load(schema, typed(schema))


def save(
    *,
    schema: FormSchema,
    act: Callable[[dict[str, Any], int | None], Any],
    again: Callable[[Form, int, Edit | None], ResponseReturnValue],
    then: Callable[[], str],
    reference: str,
) -> ResponseReturnValue:
    """Carry a step out and go on; whatever is refused shows the same form again with all that was typed.

    Wrong input answers 422 with the messages at their fields, a stale version 409 with who changed what; saving once
    more from there is done knowingly, on the newer version.
    """
    form = Form(values=typed(schema))
    try:
        values = read(schema)
        with unit_of_work():
            act(values, sent_version())
    except InvalidInput as error:
        return make_response(again(form.with_errors(error), 422, None), 422)
    except Conflict as error:
        if error.code != "stale_version":
            raise
        edit = journey.last_edit(actor=current_actor(), reference=reference)
        return make_response(again(form, 409, edit), 409)
    flash(gettext("Saved."), "success")
    return redirect(then())


def destination(draft_reference: str, following: Section | str) -> str:
    """Return where a saved step leads: on, back to the list, or back to the answers."""
    then = request.form.get("then", "")
    if then == LEAVE:
        return url_for("cases.case_list")
    if then == CHECK:
        return section_url(draft_reference, CHECK)
    return section_url(draft_reference, following)


def page(template: str, **values: Any) -> str:
    """Render a page of the journey."""
    return render_template(f"cases/{template}", **values)
