"""The steps of a request that are one form each: request, person, contact, special circumstances, journey."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ercms.access.permissions import Permission
from ercms.cases import drafting, journey
from ercms.cases.blueprint import cases_pages
from ercms.cases.enums import Section
from ercms.cases.form_views import Shown, destination, next_section, open_step, render_step, save
from ercms.cases.journey import COMPARTMENTS_OF, RequestDraft
from ercms.cases.schemas import RequestSection
from ercms.cases.section_schemas import CircumstancesStep, PersonStep
from ercms.core.fields import FormSchema
from ercms.persons.sections import ContactSection, JourneySection
from ercms.persons.service import SECTION_SCHEMAS
from ercms.vault.enums import Compartment
from ercms.web.forms import Form
from ercms.web.route_guards import current_actor, requires
from workflows.readmission import CaseKind

Group = tuple[Any, tuple[str, ...]]

_FIXED_ONCE_SENT = ("kind", "procedure", "requesting_state")


@dataclass(frozen=True, slots=True)
class StepForm:
    """One step: its schema, and its fields in groups under headings."""

    schema: type[FormSchema]
    groups: tuple[Group, ...]


_FORMS: Mapping[Section, StepForm] = {
    Section.REQUEST: StepForm(
        RequestSection,
        (
            ("", ("kind", "procedure", "requesting_state", "own_reference")),
            ("", ("interview_requested", "is_minor_alone")),
            (_l("For the accelerated procedure"), ("apprehended_on", "apprehended_where")),
            (_l("For third-country nationals and stateless persons"), ("presence_known_on",)),
        ),
    ),
    Section.PERSON: StepForm(
        PersonStep,
        (
            (_l("Name"), ("surname", "given_names", "patronymic", "maiden_name", "former_names")),
            (_l("Birth and status"), ("sex", "birth_date", "birth_place", "birth_country", "civil_status")),
            (_l("Nationality and language"), ("nationalities", "languages")),
            (_l("Numbers"), ("fin", "document_number")),
            (_l("Description"), ("height_cm", "eye_colour", "distinguishing_marks")),
        ),
    ),
    Section.CONTACT: StepForm(
        ContactSection,
        (
            (_l("In Azerbaijan"), ("last_residence", "district", "relatives")),
            (_l("In the requesting State"), ("present_address", "phone")),
        ),
    ),
    Section.CIRCUMSTANCES: StepForm(
        CircumstancesStep,
        (
            (_l("Consent"), ("has_consent",)),
            (_l("Health and care"), ("care_needed", "health_for_transfer", "vulnerabilities")),
            (_l("Protection and security"), ("protection_measures",)),
            (_l("For a child alone"), ("minor_guardian", "minor_determination", "minor_receiving_adult")),
            (_l("Observations"), ("observations",)),
        ),
    ),
}
_TRANSIT = (
    "transit_mode",
    "destination",
    "other_transit_states",
    "crossing_point",
    "crossing_on",
    "escorts",
    "admission_assured",
    "no_refusal_ground_known",
)
_ENTRY = ("route", "residence_title", "origin_impossible")


def groups_of(section: Section, draft: RequestDraft) -> tuple[Group, ...]:
    """Return the fields of a step for this request, in groups; the others keep what stands in them."""
    if section is Section.REQUEST and not draft.is_draft:
        first = tuple(name for name in _FORMS[section].groups[0][1] if name not in _FIXED_ONCE_SENT)
        return (("", first), *_FORMS[section].groups[1:])
    if section is Section.JOURNEY:
        if draft.kind is CaseKind.TRANSIT:
            return ((_l("Transit"), _TRANSIT), (_l("Journey so far"), ("route",)))
        return ((_l("Entry and stay"), ("route",) if draft.kind is CaseKind.OWN_NATIONAL else _ENTRY),)
    if section is Section.CIRCUMSTANCES and not draft.is_minor_alone:
        return tuple(group for group in _FORMS[section].groups if "minor_guardian" not in group[1])
    return _FORMS[section].groups


def schema_of(section: Section, draft: RequestDraft) -> FormSchema:
    """Return the schema of a step for this request: exactly the fields that it shows."""
    kind = JourneySection if section is Section.JOURNEY else _FORMS[section].schema
    shown = [name for _, names in groups_of(section, draft) for name in names]
    return kind(only=shown)


def values_of(section: Section, draft: RequestDraft) -> dict[str, Any]:
    """Return what stands in a step, as its form shows it."""
    if section is Section.REQUEST:
        return {name: getattr(value, "value", value) for name, value in draft.head.items()}
    values: dict[str, Any] = {}
    for compartment in COMPARTMENTS_OF[section]:
        values |= draft.opened.get(compartment, {})
    return values | ({"observations": draft.observations} if section is Section.CIRCUMSTANCES else {})


@cases_pages.get("/requests/<reference>/<any(request,person,contact,circumstances,journey):section>")
@requires(Permission.CASE_EDIT)
def section_step(reference: str, section: str) -> ResponseReturnValue:
    """Show a step of a request with what stands in it."""
    step = Section(section)
    draft = open_step(reference, f"draft:{section}", *COMPARTMENTS_OF.get(step, ()))
    return _render(draft, step, Shown(Form(values=values_of(step, draft))))


@cases_pages.post("/requests/<reference>/<any(request,person,contact,circumstances,journey):section>")
@requires(Permission.CASE_EDIT)
def save_section(reference: str, section: str) -> ResponseReturnValue:
    """Save a step of a request."""
    step = Section(section)
    opened = COMPARTMENTS_OF.get(step, ())
    draft = open_step(reference, f"draft:{section}", *opened)

    def act(values: dict[str, Any], version: int) -> RequestDraft:
        if step is Section.REQUEST:
            head = {**draft.head, **_emptied(step, draft), **values}
            drafting.save_head(actor=current_actor(), reference=reference, expected_version=version, values=head)
            return journey.open_draft(actor=current_actor(), reference=reference, page=f"draft:{section}")
        observations = values.pop("observations", "") if step is Section.CIRCUMSTANCES else None
        journey.save_sections(
            actor=current_actor(),
            reference=reference,
            expected_version=version,
            parts={compartment: _part(compartment, step, draft, values) for compartment in opened},
            observations=observations,
        )
        return draft

    return save(
        reference=reference,
        schema=schema_of(step, draft),
        act=act,
        again=lambda shown: _render(open_step(reference, f"draft:{section}", *opened), step, shown),
        then=lambda saved: destination(reference, next_section(saved, step)),
    )


def _emptied(section: Section, draft: RequestDraft) -> dict[str, Any]:
    """Return the fields that the form shows, as empty: what was cleared arrives as nothing at all."""
    return {name: None for _, names in groups_of(section, draft) for name in names}


def _part(compartment: Compartment, section: Section, draft: RequestDraft, values: dict[str, Any]) -> dict[str, Any]:
    """Return a compartment's new values: what the form shows as sent, the rest as it stood."""
    schema = SECTION_SCHEMAS[compartment]()
    stood = schema.load(dict(draft.opened.get(compartment, {})), unknown="exclude")
    shown = {name for _, names in groups_of(section, draft) for name in names}
    kept = {name: value for name, value in stood.items() if name not in shown}
    return kept | {name: value for name, value in values.items() if name in schema.fields}


def _render(draft: RequestDraft, section: Section, shown: Shown) -> str:
    options = {"requesting_state": sorted({*current_actor().states, draft.requesting_state})}
    return render_step(
        "section.html",
        draft,
        section,
        shown,
        fields=schema_of(section, draft).fields,
        groups=groups_of(section, draft),
        country_choices=options,
    )
