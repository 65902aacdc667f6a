"""The page that shows two pictures of one person side by side, and takes what an officer found on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.text import msg
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import files_service, incoming_service
from ercms.evidence.enums import FileRole
from ercms.evidence.preview_service import ZOOMS, zooms_beside
from ercms.evidence.service import FileLine
from ercms.photographs import labels, service
from ercms.photographs.enums import PhotographFinding
from ercms.photographs.schemas import FindingRequest, PairRequest, RegisterPictureRequest
from ercms.web.error_handlers import words_of
from ercms.web.forms import Form
from ercms.web.request_data import load, query_dict, typed_values
from ercms.web.route_guards import current_actor, requires

__all__ = ["labels", "photograph_pages"]

photograph_pages = Blueprint("photographs", __name__, url_prefix="/cases/<reference>/photographs")

NO_FILE = msg("Choose a file first.")
_QUARTER = 90


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture as the viewer reads it, with where its controls lead."""

    file: FileLine
    page: int
    pages: int
    paragraphs: None
    asked: dict[str, int]
    address: Callable[..., str]
    zoom_in: int | None
    zoom_out: int | None


@photograph_pages.get("")
@requires(Permission.PHOTOGRAPH_COMPARE)
def pair(reference: str) -> ResponseReturnValue:
    """Show two pictures side by side."""
    return _page(reference, Form.of(FindingRequest()))


@photograph_pages.post("")
@requires(Permission.PHOTOGRAPH_COMPARE)
def record(reference: str) -> ResponseReturnValue:
    """Record what the officer found; what was typed is shown again when it cannot be taken."""
    schema = FindingRequest()
    form = Form.typed(schema)
    try:
        values = load(schema)
        with unit_of_work():
            service.record(
                actor=current_actor(), reference=reference, expected_version=values["version"], values=values
            )
    except InvalidInput as error:
        return make_response(_page(reference, form.with_errors(error)), 422)
    except Conflict as error:
        return make_response(_page(reference, form.with_message(words_of(error))), 409)
    flash(gettext("Your finding is recorded."), "success")
    shown = {name: values[name] for name in ("sent", "sent_page", "other", "other_page")}
    return redirect(url_for("photographs.pair", reference=reference, **shown))


@photograph_pages.post("/files")
@requires(Permission.PHOTOGRAPH_COMPARE)
def bring_in(reference: str) -> ResponseReturnValue:
    """Put a picture from a register to the case; it stays with the officers of the Service."""
    schema = RegisterPictureRequest()
    form = Form.typed(schema)
    upload = request.files.get("file")
    try:
        values = load(schema)
        if upload is None or not upload.filename:
            raise InvalidInput("no_file", fields={"file": [NO_FILE]})
        made = incoming_service.received_for_case(
            actor=current_actor(), reference=reference, name=upload.filename, stream=upload.stream
        )
        with unit_of_work():
            stored_id = files_service.store_file(
                actor=current_actor(),
                reference=reference,
                expected_version=values["version"],
                values={"role": FileRole.PHOTOGRAPH, "person_id": values.get("person_id")},
                name=upload.filename,
                stream=made,
            ).id
    except InvalidInput as error:
        return make_response(_page(reference, form.with_errors(error)), 422)
    except Conflict as error:
        return make_response(_page(reference, form.with_message(words_of(error))), 409)
    flash(gettext("The picture is stored."), "success")
    return redirect(url_for("photographs.pair", reference=reference, other=stored_id))


def _asked() -> dict[str, Any]:
    """Return what is to be shown: from the address, or after a form that cannot be taken, from the form."""
    source = typed_values(FindingRequest()) if request.method == "POST" else None
    names = ("sent", "sent_page", "other", "other_page")
    if source is None:
        asked = query_dict(PairRequest())
    else:
        asked = load(PairRequest(), {name: source[name] for name in names if source.get(name)})
    for side in ("sent", "other"):
        if asked[f"{side}_zoom"] not in ZOOMS or asked[f"{side}_turn"] % _QUARTER:
            raise InvalidInput
    return asked


def _page(reference: str, form: Form) -> str:
    asked = _asked()
    with unit_of_work():
        found = service.open_pair(
            actor=current_actor(),
            reference=reference,
            sent=asked.get("sent"),
            other=asked.get("other"),
            is_again=request.method == "POST",
        )
    chosen = {
        **asked,
        **({"sent": found.left.file.id} if found.left else {}),
        **({"other": found.right.file.id} if found.right else {}),
    }
    return render_template(
        "photographs/pair.html",
        found=found,
        form=form,
        findings=PhotographFinding,
        left=_shown(reference, found.left, "sent", chosen),
        right=_shown(reference, found.right, "other", chosen),
        chosen=chosen,
    )


def _shown(reference: str, picture: service.Picture | None, side: str, chosen: dict[str, Any]) -> Shown | None:
    """Return one side; each of its links changes that side alone and leads back to it."""
    if picture is None:
        return None
    pages = picture.file.pages or 1
    asked = {name: min(chosen[f"{side}_{name}"], pages) if name == "page" else chosen[f"{side}_{name}"]
             for name in ("page", "zoom", "turn")}  # fmt: skip

    def address(**changed: int) -> str:
        altered = {f"{side}_{name}": value for name, value in changed.items()}
        return url_for("photographs.pair", reference=reference, _anchor=side, **{**chosen, **altered})

    zoom_in, zoom_out = zooms_beside(asked["zoom"])
    return Shown(
        file=picture.file,
        page=asked["page"],
        pages=pages,
        paragraphs=None,
        asked=asked,
        address=address,
        zoom_in=zoom_in,
        zoom_out=zoom_out,
    )
