"""The family step: the spouse and the minor children of the same application, and what else is known of the family."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.cases import drafting, journey
from ercms.cases.blueprint import cases_pages
from ercms.cases.enums import MemberRelation, Section
from ercms.cases.form_views import Shown, destination, next_section, open_step, render_step, save, sent_version
from ercms.cases.journey import RequestDraft
from ercms.cases.schemas import MemberSection
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import service as evidence
from ercms.persons.sections import FamilySection, IdentitySection
from ercms.vault.enums import Compartment
from ercms.web.forms import Form
from ercms.web.route_guards import current_actor, requires

_RELATIONS = (MemberRelation.SPOUSE, MemberRelation.CHILD)
_IDENTITY = (
    "surname",
    "given_names",
    "patronymic",
    "maiden_name",
    "former_names",
    "sex",
    "birth_date",
    "birth_place",
    "birth_country",
    "nationalities",
    "languages",
    "fin",
    "height_cm",
    "eye_colour",
    "distinguishing_marks",
)


class MemberStep(MemberSection, IdentitySection):
    """A family member as the joint form describes one (parts B and C)."""


class MemberIdentityStep(IdentitySection):
    """A family member whose relation stands already."""


@cases_pages.get("/requests/<reference>/family")
@requires(Permission.CASE_EDIT)
def family_step(reference: str) -> ResponseReturnValue:
    """Show the family members and what else is known of the family."""
    draft = open_step(reference, "draft:family", Compartment.FAMILY)
    return _family_page(draft, Shown(Form(values=draft.opened[Compartment.FAMILY])))


@cases_pages.post("/requests/<reference>/family")
@requires(Permission.CASE_EDIT)
def save_family(reference: str) -> ResponseReturnValue:
    """Save what else is known of the family."""

    def act(values: dict[str, Any], version: int) -> None:
        drafting.save_compartment(
            actor=current_actor(),
            reference=reference,
            expected_version=version,
            compartment=Compartment.FAMILY,
            values=values,
        )

    draft = open_step(reference, "draft:family")
    return save(
        reference=reference,
        schema=FamilySection(),
        act=act,
        again=lambda shown: _family_page(open_step(reference, "draft:family"), shown),
        then=lambda _: destination(reference, next_section(draft, Section.FAMILY)),
    )


@cases_pages.get("/requests/<reference>/family/new")
@requires(Permission.CASE_EDIT)
def new_member_form(reference: str) -> ResponseReturnValue:
    """Ask for a family member."""
    return _member_page(open_step(reference, "draft:member"), Shown(Form()), None)


@cases_pages.post("/requests/<reference>/family/new")
@requires(Permission.CASE_EDIT)
def new_member(reference: str) -> ResponseReturnValue:
    """Add a family member to the application."""

    def act(values: dict[str, Any], version: int) -> None:
        relation = values.pop("relation")
        drafting.add_member(
            actor=current_actor(), reference=reference, expected_version=version, relation=relation, identity=values
        )

    return save(
        reference=reference,
        schema=MemberStep(only=("relation", *_IDENTITY)),
        act=act,
        again=lambda shown: _member_page(open_step(reference, "draft:member"), shown, None),
        then=lambda _: url_for("cases.family_step", reference=reference),
        saved=gettext("The family member is added."),
    )


@cases_pages.get("/requests/<reference>/family/<person_id>")
@requires(Permission.CASE_EDIT)
def member_form(reference: str, person_id: str) -> ResponseReturnValue:
    """Show a family member."""
    draft = open_step(reference, "draft:member")
    _, identity = journey.member_identity(actor=current_actor(), reference=reference, person_id=person_id)
    return _member_page(draft, Shown(Form(values=identity)), person_id)


@cases_pages.post("/requests/<reference>/family/<person_id>")
@requires(Permission.CASE_EDIT)
def save_member(reference: str, person_id: str) -> ResponseReturnValue:
    """Save a family member."""
    draft = open_step(reference, "draft:member")
    journey.member_identity(actor=current_actor(), reference=reference, person_id=person_id)

    def act(values: dict[str, Any], version: int) -> None:
        drafting.save_compartment(
            actor=current_actor(),
            reference=draft.reference,
            expected_version=version,
            compartment=Compartment.IDENTITY,
            values=values,
            person_id=person_id,
        )

    return save(
        reference=reference,
        schema=MemberIdentityStep(only=_IDENTITY),
        act=act,
        again=lambda shown: _member_page(open_step(reference, "draft:member"), shown, person_id),
        then=lambda _: url_for("cases.family_step", reference=reference),
    )


@cases_pages.post("/requests/<reference>/family/<person_id>/remove")
@requires(Permission.CASE_EDIT)
def remove_member(reference: str, person_id: str) -> ResponseReturnValue:
    """Take a family member out of a draft, with the evidence about them."""
    actor = current_actor()
    with unit_of_work():
        case = drafting.editable_case(actor=actor, reference=reference, expected_version=sent_version())
        evidence.forget_person(actor=actor, case=case, person_id=person_id)
        drafting.remove_member(actor=actor, reference=reference, expected_version=None, person_id=person_id)
    flash(gettext("The family member is removed, with everything that was entered about them."), "success")
    return redirect(url_for("cases.family_step", reference=reference))


def _family_page(draft: RequestDraft, shown: Shown) -> str:
    return render_step("family.html", draft, Section.FAMILY, shown, fields=FamilySection().fields)


def _member_page(draft: RequestDraft, shown: Shown, person_id: str | None) -> str:
    schema = MemberStep(only=("relation", *_IDENTITY)) if person_id is None else MemberIdentityStep(only=_IDENTITY)
    return render_step(
        "member.html",
        draft,
        Section.FAMILY,
        shown,
        fields=schema.fields,
        person_id=person_id,
        member=next((member for member in draft.family if member.person_id == person_id), None),
        relations=_RELATIONS,
    )
