"""The pages on which texts of the law are proposed and confirmed, pending partners named, and files read."""

from datetime import date
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.agreements import difference_labels, file_reading, partner_service, presenting, text_service
from ercms.agreements.admin_schemas import ImportTextRequest, NamePartnerRequest
from ercms.agreements.blueprint import law_admin_pages
from ercms.agreements.text_service import Checked
from ercms.cases.clock_service import count_closed_since
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.core.text import msg
from ercms.core.unit_of_work import unit_of_work
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires
from workflows.agreement_files import BLANK_FILE

NO_TEXT = msg("Choose a file, or paste its text.")
NO_DAY = msg("A text counts from a day: name it.")


@law_admin_pages.get("/texts")
@requires(Permission.AGREEMENT_EXPLORE)
def text_list() -> ResponseReturnValue:
    """Show every imported text, with those that wait for a second administrator."""
    texts = text_service.list_texts(actor=current_actor())
    people = {person for one in texts for person in (one.proposed_by_id, one.decided_by_id) if person}
    return render_template("agreements/text_list.html", texts=texts, names=accounts.user_names(people))


@law_admin_pages.get("/texts/new")
@requires(Permission.AGREEMENT_PROPOSE)
def import_page() -> ResponseReturnValue:
    """Show the form that takes a text."""
    return _import_page(Form.of(ImportTextRequest()), None)


@law_admin_pages.post("/texts/new")
@requires(Permission.AGREEMENT_PROPOSE)
def import_text() -> ResponseReturnValue:
    """Check a text, and where that was asked for and a day is named, propose it."""
    schema = ImportTextRequest()
    form, checked = Form.typed(schema), None
    try:
        text, form = sent_text(form)
        values = load(schema, {**form.values, "text": text})
        checked = text_service.check(actor=current_actor(), text=text)
        if values["act"] != "propose" or not checked.is_good:
            return make_response(_import_page(form, checked), 200 if checked.is_good else 422)
        if values["effective_on"] is None:
            raise InvalidInput("bad_law_text", fields={"effective_on": [NO_DAY]})
        with unit_of_work():
            record = text_service.propose(
                actor=current_actor(),
                text=text,
                effective_on=values["effective_on"],
                count_closed=count_closed_since,
            )
    except InvalidInput as error:
        return make_response(_import_page(form.with_errors(error), checked), 422)
    flash(gettext("The text is recorded. It counts once another administrator has confirmed it."), "success")
    return redirect(url_for("law_admin.text_page", record_id=record.id))


def sent_text(form: Form) -> tuple[str, Form]:
    """Return the text that was uploaded, else the pasted one, and the form with it.

    Raises:
        InvalidInput: neither came, or the file holds no text.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        text = str(form.value("text")).replace("\r\n", "\n")
        if not text.strip():
            raise InvalidInput("bad_law_text", fields={"text": [NO_TEXT]})
        return text, form
    reading = file_reading.decode(upload.stream.read(file_reading.MOST_BYTES + 1), "agreement.toml")
    if reading.problems:
        raise InvalidInput("bad_law_text", fields={"file": [reading.problems[0].message]})
    return reading.text, Form(values={**form.values, "text": reading.text}, labels=form.labels)


@law_admin_pages.get("/texts/<record_id>")
@requires(Permission.AGREEMENT_EXPLORE)
def text_page(record_id: str) -> ResponseReturnValue:
    """Show an imported text: who proposed it, what it would change, and to whom may the forms."""
    actor = current_actor()
    record, text = text_service.get_text(actor=actor, record_id=record_id)
    people = {record.proposed_by_id, record.decided_by_id, record.withdrawn_by_id} - {None}
    return render_template(
        "agreements/text.html",
        record=record,
        names=accounts.user_names({person for person in people if person}),
        actor_id=actor.user_id,
        is_withdrawable=record.is_withdrawable(clock.today()),
        **_examined(text_service.check(actor=actor, text=text), text),
    )


@law_admin_pages.post("/texts/<record_id>/confirm")
@requires(Permission.AGREEMENT_MANAGE)
def confirm_text(record_id: str) -> ResponseReturnValue:
    """Confirm somebody else's text."""
    with unit_of_work():
        record = text_service.confirm(actor=current_actor(), record_id=record_id, count_closed=count_closed_since)
    flash(gettext("The text is confirmed. From its day on new cases come under it."), "success")
    return redirect(url_for("law_admin.text_page", record_id=record.id))


@law_admin_pages.post("/texts/<record_id>/reject")
@requires(Permission.AGREEMENT_PROPOSE)
def reject_text(record_id: str) -> ResponseReturnValue:
    """Turn a text down."""
    with unit_of_work():
        text_service.reject(actor=current_actor(), record_id=record_id)
    flash(gettext("The text is turned down. Nothing has changed."), "success")
    return redirect(url_for("law_admin.text_page", record_id=record_id))


@law_admin_pages.post("/texts/<record_id>/withdraw")
@requires(Permission.AGREEMENT_MANAGE)
def withdraw_text(record_id: str) -> ResponseReturnValue:
    """Take a confirmed text back before its day."""
    with unit_of_work():
        text_service.withdraw(actor=current_actor(), record_id=record_id)
    flash(gettext("The text is withdrawn. No case has come under it."), "success")
    return redirect(url_for("law_admin.text_page", record_id=record_id))


@law_admin_pages.get("/texts/<record_id>/file")
@requires(Permission.AGREEMENT_EXPLORE)
def text_file(record_id: str) -> ResponseReturnValue:
    """Give out an imported text as it was sent."""
    record, text = text_service.get_text(actor=current_actor(), record_id=record_id)
    return _file(text, record.subject)


@law_admin_pages.get("/<agreement_id>/file")
@requires(Permission.AGREEMENT_READ)
def agreement_file(agreement_id: str) -> ResponseReturnValue:
    """Give out the file of a version, or of the protocol laid over it: where a new version begins."""
    return _file(text_service.text_of(agreement_id=agreement_id), agreement_id)


@law_admin_pages.get("/texts/blank")
@requires(Permission.AGREEMENT_EXPLORE)
def blank_file() -> ResponseReturnValue:
    """Give out the file of an agreement of which nothing is known yet."""
    return _file(BLANK_FILE.read_text(encoding="utf-8"), "blank")


@law_admin_pages.get("/partners/new")
@requires(Permission.AGREEMENT_MANAGE)
def partner_page() -> ResponseReturnValue:
    """Show the form that names a partner whose agreement is being negotiated."""
    return render_template("agreements/partner.html", form=Form.of(NamePartnerRequest()))


@law_admin_pages.post("/partners/new")
@requires(Permission.AGREEMENT_MANAGE)
def name_partner() -> ResponseReturnValue:
    """Name a pending partner; it counts once a second administrator has confirmed it."""
    form = Form.typed(NamePartnerRequest())
    try:
        values = load(NamePartnerRequest())
        with unit_of_work():
            record = partner_service.propose(actor=current_actor(), values=values, count_closed=count_closed_since)
    except InvalidInput as error:
        return make_response(render_template("agreements/partner.html", form=form.with_errors(error)), 422)
    flash(gettext("The partner is recorded. It counts once a second administrator has confirmed it."), "success")
    return redirect(url_for("law_admin.text_page", record_id=record.id))


def _import_page(form: Form, checked: Checked | None) -> str:
    shown: dict[str, Any] = {"faults": []} if checked is None else _examined(checked, str(form.value("text")))
    return render_template("agreements/text_new.html", form=form, checked=checked, **shown)


def _examined(checked: Checked, text: str) -> dict[str, Any]:
    """Return what a text would change, or its faults with the lines that they stand on."""
    today: date = clock.today()
    return {
        "faults": faults_of(checked, text),
        "head": None if checked.made is None else presenting.summary(checked.made, today),
        "before": None if checked.before is None else presenting.summary(checked.before, today),
        "sections": [] if checked.made is None else difference_labels.sections(checked.before, checked.made),
        "protocol": checked.protocol,
    }


def faults_of(checked: Checked, text: str) -> list[tuple[file_reading.Problem, str]]:
    """Return the faults of a text, each with the line on which it stands."""
    lines = text.split("\n")
    return [(problem, lines[problem.line - 1].strip()[:160]) for problem in checked.problems]


def _file(text: str, name: str) -> Response:
    answer = make_response(text)
    answer.mimetype = "application/toml"
    written = "".join(character if character.isalnum() or character in "@-" else "-" for character in name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{written}.toml"'
    return answer
