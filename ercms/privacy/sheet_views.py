"""The sheet "who saw my file", for a person, as PDF, in the language that the person reads."""

from datetime import date
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from ercms.access.permissions import Permission
from ercms.audit.actions import AuditAction
from ercms.casefile.labels import COMPARTMENT_LABELS
from ercms.core.actor import Role
from ercms.core.errors import InvalidInput, ReasonNeeded
from ercms.core.unit_of_work import unit_of_work
from ercms.letters import typesetting
from ercms.persons.service import SECTION_SCHEMAS
from ercms.privacy import sheet_service
from ercms.privacy.retention_schemas import SheetRequest
from ercms.privacy.sheet_service import PassedOn, SheetFacts, View
from ercms.reintegration.enums import SharedField
from ercms.vault.enums import Compartment
from ercms.verification.enums import InquiryPurpose
from ercms.web.forms import Form
from ercms.web.fresh_proof import needs_fresh_proof
from ercms.web.labels import label
from ercms.web.localisation import current_language
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires
from ercms.web.templating import country, day, instant

sheet_pages = Blueprint("privacy_sheets", __name__, url_prefix="/access-sheets")


@sheet_pages.get("")
@requires(Permission.PERSON_ACCESS_SHEET)
def sheet_page() -> ResponseReturnValue:
    """Ask of whom a sheet is wanted; whoever comes back from giving a reason finds the reference still there."""
    known = {"reference": request.args.get("reference", "")[:30]}
    return _page(Form.of(SheetRequest(), {"number": 1, "language": current_language(), **known}))


@sheet_pages.post("")
@requires(Permission.PERSON_ACCESS_SHEET)
@needs_fresh_proof
def make_sheet() -> ResponseReturnValue:
    """Hand over the sheet; it is made anew each time and kept nowhere."""
    try:
        values = load(SheetRequest())
        with unit_of_work():
            facts = sheet_service.make_sheet(actor=current_actor(), **values)
    except InvalidInput as error:
        return _page(Form.typed(SheetRequest()).with_errors(error)), 422
    except ReasonNeeded as error:
        again = url_for("privacy_sheets.sheet_page", reference=error.facts["reference"])
        return redirect(url_for("openings.reason_page", reference=error.facts["reference"], next=again))
    language = values["language"].value
    pdf = typesetting.render("access_sheet.typ", document_of(facts, language=language), made_at=facts.made_at)
    response = make_response(pdf)
    response.headers["Content-Type"] = "application/pdf"
    name = f"access-sheet-{facts.reference}-{facts.number}-{language}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(form: Form) -> str:
    return render_template("privacy/sheet.html", form=form)


def document_of(facts: SheetFacts, *, language: str) -> dict[str, Any]:
    """Return the sheet as its template reads it: every word and every date, and nothing else."""
    with force_locale(language):
        return {
            "language": language,
            "title": gettext("Your data in the readmission system"),
            "sender": gettext("State Migration Service of the Republic of Azerbaijan"),
            "sender_line": gettext("Readmission"),
            "place_and_date": gettext("Baku, %(day)s", day=day(facts.made_at)),
            "opening": _opening(facts),
            "held_title": gettext("What is held about you"),
            "held_head": [gettext("What"), gettext("Value")],
            "held": _all_held(facts),
            "files": gettext("Files kept about you: %(count)s.", count=facts.files),
            "views_title": gettext("Who saw it"),
            "views_head": [gettext("Date"), gettext("Organisation"), gettext("What"), gettext("Parts"), gettext("No.")],
            "views": [_view(view) for view in facts.views],
            "views_none": gettext("Nobody has opened your data yet."),
            "passed_title": gettext("What was passed on"),
            "passed_head": [gettext("Date"), gettext("To whom"), gettext("What")],
            "passed": [_passed(one) for one in facts.passed_on],
            "passed_none": gettext("Nothing was passed on to another organisation."),
            "rights_title": gettext("How to have it corrected"),
            "rights": [*_marks(facts), *_rights(facts)],
            "footer": gettext("ERCMS, case %(reference)s", reference=facts.reference),
        }


def _all_held(facts: SheetFacts) -> list[dict[str, Any]]:
    """Return what is held, compartment by compartment, and what officers found on pictures of the person."""
    parts = [part for part in (_held(one, document) for one, document in facts.compartments.items()) if part]
    rows = [[day(one.found_at), f"{label(one.finding)}. {one.reasons or ''}"] for one in facts.findings if one.finding]
    return [*parts, *([{"title": gettext("Photographs looked at side by side"), "rows": rows}] if rows else [])]


def _opening(facts: SheetFacts) -> list[str]:
    source = gettext(
        "Your data came from %(authority)s (%(state)s), which asked for your readmission.",
        authority=facts.authority,
        state=country(facts.requesting_state),
    )
    if facts.received_at is None:
        return [source]
    received = gettext("The request was received on %(day)s.", day=day(facts.received_at))
    return [source, received]


def _marks(facts: SheetFacts) -> list[str]:
    """Say what was asked for so far, and what became of it."""
    return [
        gettext(
            "%(kind)s, asked for on %(day)s: %(state)s.",
            kind=label(mark.kind),
            day=day(mark.asked_at),
            state=label(mark.state).lower(),
        )
        for mark in facts.marks
    ]


def _rights(facts: SheetFacts) -> list[str]:
    return [
        gettext(
            "If something is wrong or is no longer needed, write to the data protection officer of the State "
            "Migration Service and name the reference %(reference)s. You may ask for correction, for restriction of "
            "use, for erasure, and that the authority which sent the data be told.",
            reference=facts.reference,
        ),
        gettext("Officers are named here by their organisation and role only."),
    ]


def _held(compartment: Compartment, document: Any) -> dict[str, Any] | None:
    schema = SECTION_SCHEMAS[compartment]()
    rows = [
        [_label_of(field), _text(document[name], field)]
        for name, field in schema.fields.items()
        if document.get(name) not in (None, "", [], False)
    ]
    return {"title": str(COMPARTMENT_LABELS[compartment]), "rows": rows} if rows else None


def _text(value: Any, field: Any) -> str:
    widget = field.metadata.get("widget")
    if widget == "day":
        return day(date.fromisoformat(value))
    if widget == "choice":
        return label(field.enum(value))
    if widget == "choices":
        return ", ".join(label(field.kind(one)) for one in value)
    if widget == "country":
        return country(value)
    if widget == "countries":
        return ", ".join(country(one) for one in value)
    return str(gettext("yes")) if value is True else str(value)


def _view(view: View) -> list[str]:
    role = label(Role(view.role))
    who = f"{view.organisation}, {role}" if view.organisation else role
    what = label(view.action)
    if view.purpose in set(InquiryPurpose):
        what = f"{what}: {label(InquiryPurpose(view.purpose))}"
    parts = ", ".join(str(COMPARTMENT_LABELS[Compartment(name)]) for name in view.compartments)
    return [instant(view.first_at), who, what, parts or "–", str(view.count)]


def _passed(one: PassedOn) -> list[str]:
    what = ", ".join(_field_name(one.action, field) for field in one.fields)
    if one.purpose in set(InquiryPurpose):
        what = f"{label(InquiryPurpose(one.purpose))}: {what}"
    return [day(one.at), one.organisation, what or str(label(one.action))]


def _field_name(action: AuditAction, field: str) -> str:
    if action is AuditAction.REFERRAL_SENT:
        return label(SharedField(field))
    compartment, _, name = field.partition(".")
    return _label_of(SECTION_SCHEMAS[Compartment(compartment)]().fields[name])


def _label_of(field: Any) -> str:
    label = field.metadata["label"]
    return str(gettext(label))
