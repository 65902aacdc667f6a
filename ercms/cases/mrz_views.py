"""Fill the person's section from a machine-readable zone: read it, show what would be overwritten, then save."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from ercms.access.permissions import Permission
from ercms.cases import journey
from ercms.cases.blueprint import cases_pages
from ercms.cases.enums import Section
from ercms.cases.form_views import Shown, open_step, render_step, sent_version
from ercms.cases.journey import COMPARTMENTS_OF, RequestDraft
from ercms.cases.schemas import ZoneRequest
from ercms.core import clock
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.persons.mrz.form_values import form_values
from ercms.persons.mrz.reader import MrzReading, read_mrz
from ercms.persons.presenting import ZoneSheet, plain_zone, zone_sheet
from ercms.persons.service import SECTION_SCHEMAS
from ercms.vault.enums import Compartment
from ercms.web.forms import Form
from ercms.web.labels import label
from ercms.web.request_data import form_dict, load
from ercms.web.route_guards import current_actor, requires
from ercms.web.templating import country, day, translated

_PAGE = "draft:mrz"
_OPENED = COMPARTMENTS_OF[Section.PERSON]


@dataclass(frozen=True, slots=True)
class Offer:
    """One field that the zone would fill, with what stands there now."""

    name: str
    label: str
    now: str
    read: str
    is_marked: bool

    @property
    def overwrites(self) -> bool:
        """Tell whether something that was entered would be lost."""
        return bool(self.now)


@cases_pages.get("/requests/<reference>/mrz")
@requires(Permission.CASE_EDIT)
def zone_step(reference: str) -> ResponseReturnValue:
    """Show where the zone is typed, pasted or scanned."""
    return _page(open_step(reference, _PAGE, *_OPENED), Shown(Form.of(ZoneRequest())))


@cases_pages.post("/requests/<reference>/mrz")
@requires(Permission.CASE_EDIT)
def read_zone(reference: str) -> ResponseReturnValue:
    """Read the zone and show what it says; nothing is saved yet."""
    draft = open_step(reference, _PAGE, *_OPENED)
    form = Form.of(ZoneRequest(), {"zone": request.form.get("zone", "")})
    try:
        reading = _reading()
    except InvalidInput as error:
        return make_response(_page(draft, Shown(form.with_errors(error), 422)), 422)
    return _page(draft, Shown(form), zone_sheet(reading), _offers(reading, draft))


@cases_pages.post("/requests/<reference>/mrz/take")
@requires(Permission.CASE_EDIT)
def take_zone(reference: str) -> ResponseReturnValue:
    """Write the marked fields into the draft, and say what they took the place of."""
    draft = open_step(reference, _PAGE, *_OPENED)
    form = Form.of(ZoneRequest(), {"zone": request.form.get("zone", "")})
    try:
        reading = _reading()
        wanted = set(form_dict(many={"take"}).get("take", ()))
        values = {name: value for name, value in form_values(reading).items() if name in wanted}
        with unit_of_work():
            journey.save_sections(
                actor=current_actor(),
                reference=reference,
                expected_version=sent_version(),
                parts={compartment: _part(compartment, draft, values) for compartment in _OPENED},
            )
    except InvalidInput as error:
        return make_response(_page(draft, Shown(form.with_errors(error), 422)), 422)
    except Conflict as error:
        if error.code != "stale_version":
            raise
        edit = journey.last_edit(actor=current_actor(), reference=reference)
        return make_response(_page(draft, Shown(form, 409, edit), zone_sheet(reading), _offers(reading, draft)), 409)
    _say_what_was_done([offer for offer in _offers(reading, draft) if offer.name in values])
    return redirect(url_for("cases.section_step", reference=reference, section=Section.PERSON.value))


def _reading() -> MrzReading:
    values = load(ZoneRequest(), {"zone": plain_zone(request.form.get("zone", ""))})
    return read_mrz(values["zone"], today=clock.today())


def _offers(reading: MrzReading, draft: RequestDraft) -> tuple[Offer, ...]:
    """Return what the zone would change; a field that is empty now is marked, one that is not is for the officer."""
    offers = []
    stored = {name: value for part in _OPENED for name, value in draft.opened.get(part, {}).items()}
    for name, value in form_values(reading).items():
        field = next(schema.fields[name] for schema in _schemas() if name in schema.fields)
        now, read = _text(field, stored.get(name)), _text(field, _dumped(value))
        if now != read:
            offers.append(Offer(name, translated(field.metadata["label"]), now, read, is_marked=not now))
    return tuple(offers)


def _schemas() -> list[Any]:
    return [SECTION_SCHEMAS[compartment]() for compartment in _OPENED]


def _dumped(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else value


def _text(field: Any, value: Any) -> str:
    """Write a stored value as pages write it."""
    if value in (None, "", []):
        return ""
    widget = field.metadata["widget"]
    if widget == "day":
        return day(field.deserialize(value))
    if widget == "choice":
        return label(field.enum(value))
    if widget == "countries":
        return ", ".join(country(code) for code in value)
    return str(value)


def _part(compartment: Compartment, draft: RequestDraft, values: Mapping[str, Any]) -> dict[str, Any]:
    schema = SECTION_SCHEMAS[compartment]()
    stood: dict[str, Any] = schema.load(dict(draft.opened.get(compartment, {})), unknown="exclude")
    return stood | {name: value for name, value in values.items() if name in schema.fields}


def _say_what_was_done(taken: list[Offer]) -> None:
    if not taken:
        flash(gettext("Nothing was taken from the zone."), "info")
        return
    text = ngettext("%(num)s field was filled from the zone.", "%(num)s fields were filled from the zone.", len(taken))
    # A message travels in a cookie: it names the fields, never what stood in them.
    lost = ", ".join(offer.label for offer in taken if offer.overwrites)
    overwritten = gettext("Overwritten: %(what)s.", what=lost) if lost else ""
    flash(f"{text} {overwritten}".strip(), "success")


def _page(draft: RequestDraft, shown: Shown, sheet: ZoneSheet | None = None, offers: tuple[Offer, ...] = ()) -> str:
    return render_step("mrz.html", draft, Section.PERSON, shown, sheet=sheet, offers=offers)
