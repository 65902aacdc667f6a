"""The pages of interviews: the list, one interview with what may be done with it, and the form that asks for one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from ercms.access.permissions import Permission
from ercms.core import clock
from ercms.core.errors import Conflict, InvalidInput, RuleRefused
from ercms.core.fields import FormSchema
from ercms.core.unit_of_work import unit_of_work
from ercms.evidence import firewall_service
from ercms.interviews import reading_service, service
from ercms.interviews.enums import InterviewMode, InterviewOutcome
from ercms.interviews.schemas import (
    LANGUAGES,
    MOST_SLOTS,
    ZONES,
    InterviewRequest,
    Protocol,
    ReasonGiven,
    SlotChoice,
    SlotsOffer,
    VersionOnly,
)
from ercms.web.error_handlers import status_of, words_of
from ercms.web.forms import Form
from ercms.web.request_data import load
from ercms.web.route_guards import current_actor, requires

interview_pages = Blueprint("interviews", __name__)

_NO_FORMS = {name: Form() for name in ("offer", "choose", "release", "hold", "miss", "close", "cancel")}


@interview_pages.app_template_filter("local_time")
def local_time(value: datetime, zone: str) -> str:
    """Write an instant with day and time as the clock of a place shows it."""
    return value.astimezone(ZoneInfo(zone)).strftime("%d.%m.%Y %H:%M")


@interview_pages.app_template_filter("spoken_language")
def spoken_language(code: str) -> str:
    """Write the name of a language in the language of the page."""
    locale = get_locale()
    return (locale.languages.get(code) if locale else None) or code


@interview_pages.get("/interviews")
@requires(Permission.INTERVIEW_LIST)
def interview_list() -> ResponseReturnValue:
    """Show the interviews in which one has a part."""
    waiting, ended = reading_service.list_for(actor=current_actor())
    return render_template("interviews/interview_list.html", waiting=waiting, ended=ended, today=clock.today())


@interview_pages.get("/interviews/<interview_id>")
@requires(Permission.INTERVIEW_READ)
def interview_page(interview_id: str) -> ResponseReturnValue:
    """Show one interview, and what may be done with it."""
    return _page(interview_id)


@interview_pages.get("/cases/<reference>/interviews/new")
@requires(Permission.INTERVIEW_ASK)
def ask_form(reference: str) -> ResponseReturnValue:
    """Show the form that asks a mission for an interview."""
    return _ask_page(reference, Form())


@interview_pages.post("/cases/<reference>/interviews/new")
@requires(Permission.INTERVIEW_ASK)
def ask(reference: str) -> ResponseReturnValue:
    """Ask a mission for an interview."""
    form = Form.typed(InterviewRequest())
    try:
        values = load(InterviewRequest())
        with unit_of_work():
            interview_id = service.ask(actor=current_actor(), reference=reference, values=values)
    except InvalidInput as error:
        return _ask_page(reference, form.with_errors(error), is_again=True), 422
    except (Conflict, RuleRefused) as error:
        return _ask_page(reference, form.with_message(words_of(error)), is_again=True), status_of(error)
    flash(gettext("The mission is asked for an interview."), "success")
    return redirect(url_for("interviews.interview_page", interview_id=interview_id))


@interview_pages.post("/interviews/<interview_id>/offer")
@requires(Permission.INTERVIEW_OFFER)
def offer(interview_id: str) -> ResponseReturnValue:
    """Offer times."""
    return _act(interview_id, "offer", SlotsOffer(), service.offer, gettext("The times are offered."))


@interview_pages.post("/interviews/<interview_id>/choose")
@requires(Permission.INTERVIEW_CHOOSE)
def choose(interview_id: str) -> ResponseReturnValue:
    """Agree on a time."""
    return _act(interview_id, "choose", SlotChoice(), service.choose, gettext("The time is agreed on."))


@interview_pages.post("/interviews/<interview_id>/release")
@requires(Permission.INTERVIEW_RELEASE)
def release(interview_id: str) -> ResponseReturnValue:
    """Say that no time suits, or that the agreed one falls through."""
    return _act(interview_id, "release", ReasonGiven(), service.release, gettext("Other times are asked for."))


@interview_pages.post("/interviews/<interview_id>/hold")
@requires(Permission.INTERVIEW_RECORD)
def hold(interview_id: str) -> ResponseReturnValue:
    """Record the protocol of an interview."""
    return _act(interview_id, "hold", Protocol(), service.hold, gettext("The protocol is recorded."))


@interview_pages.post("/interviews/<interview_id>/miss")
@requires(Permission.INTERVIEW_RECORD)
def miss(interview_id: str) -> ResponseReturnValue:
    """Record that the person did not come."""
    return _act(interview_id, "miss", VersionOnly(), service.miss, gettext("The absence is recorded."))


@interview_pages.post("/interviews/<interview_id>/close")
@requires(Permission.INTERVIEW_CLOSE)
def close(interview_id: str) -> ResponseReturnValue:
    """Close an interview to which the person did not come."""
    return _act(interview_id, "close", ReasonGiven(), service.close, gettext("Closed without an interview."))


@interview_pages.post("/interviews/<interview_id>/cancel")
@requires(Permission.INTERVIEW_CANCEL)
def cancel(interview_id: str) -> ResponseReturnValue:
    """Call an interview off."""
    return _act(interview_id, "cancel", ReasonGiven(), service.cancel, gettext("The interview is called off."))


def _act(
    interview_id: str, name: str, schema: FormSchema, perform: Callable[..., None], message: str
) -> ResponseReturnValue:
    """Carry one act out; what was typed is shown again when it cannot be."""
    form = Form.typed(schema)
    try:
        values = load(schema)
        with unit_of_work():
            perform(actor=current_actor(), interview_id=interview_id, expected_version=values["version"], values=values)
    except InvalidInput as error:
        return _page(interview_id, {name: form.with_errors(error)}), 422
    except (Conflict, RuleRefused) as error:
        return _page(interview_id, {name: form.with_message(words_of(error))}), status_of(error)
    flash(message, "success")
    return redirect(url_for("interviews.interview_page", interview_id=interview_id))


def _page(interview_id: str, forms: dict[str, Form] | None = None) -> str:
    actor = current_actor()
    with unit_of_work():
        interview, case = reading_service.open_interview(actor=actor, interview_id=interview_id)
        is_doubtful = firewall_service.has_doubts(actor=actor, case=case)
    return render_template(
        "interviews/interview.html",
        interview=interview,
        forms={**_NO_FORMS, **(forms or {})},
        zones=[(zone, zone.replace("_", " ")) for zone in sorted(ZONES)],
        zone=interview.zone or reading_service.zone_of(case=case),
        modes=InterviewMode,
        outcomes=InterviewOutcome,
        most_slots=MOST_SLOTS,
        is_doubtful=is_doubtful,
        today=clock.today(),
    )


def _ask_page(reference: str, form: Form, *, is_again: bool = False) -> str:
    with unit_of_work():
        ask_form: Any = reading_service.ask_form(actor=current_actor(), reference=reference, is_again=is_again)
    # Not `languages`: by that name the head of the page knows those of its switch.
    spoken = sorted(((code, spoken_language(code)) for code in LANGUAGES), key=lambda pair: pair[1].casefold())
    return render_template("interviews/new.html", ask_form=ask_form, form=form, spoken=spoken)
