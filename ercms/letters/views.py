"""Letters as PDF, made when they are asked for."""

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.core.errors import NotFound
from ercms.core.unit_of_work import unit_of_work
from ercms.letters import service, typesetting
from ercms.letters.presenting import LANGUAGES, document_of
from ercms.letters.service import LetterKind
from ercms.web.localisation import current_language
from ercms.web.route_guards import current_actor, requires

letter_pages = Blueprint("letters", __name__, url_prefix="/cases/<reference>/letters")


@letter_pages.get("/<kind>.pdf")
@requires(Permission.LETTER_READ)
def letter(reference: str, kind: str) -> ResponseReturnValue:
    """Return one letter in the language asked for, by default that of the page."""
    language = request.args.get("language", current_language())
    if language not in LANGUAGES or kind not in set(LetterKind):
        raise NotFound
    with unit_of_work():
        facts = service.facts_of(actor=current_actor(), reference=reference, kind=LetterKind(kind), language=language)
    pdf = typesetting.render("letter.typ", document_of(facts, language=language), made_at=facts.written_at)
    response = make_response(pdf)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{facts.reference}-{kind}-{language}.pdf"'
    return response
