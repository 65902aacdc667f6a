"""The pages of the law: the agreements, one beside another, and the dates of a case that does not exist."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ercms.access.permissions import Permission
from ercms.agreements import comparing, presenting, service
from ercms.agreements.comparing import Likeness, Pair
from ercms.agreements.dates_schemas import DatesQuery, day_name, time_name
from ercms.agreements.enums import CaseKind, ClockKind, Event, EvidencePurpose, Procedure, ProofClass, Unit
from ercms.agreements.labels import law_text
from ercms.agreements.law_notes import LISTS
from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.web.forms import Form
from ercms.web.labels import label
from ercms.web.request_data import form_dict, query_dict
from ercms.web.route_guards import requires
from workflows.arithmetic import Stop
from workflows.terms import Agreement

agreements_pages = Blueprint("agreements", __name__, url_prefix="/agreements")
agreements_pages.record_once(presenting.register_labels)

_ROWS = 3
_USUAL = (Event.RECEIPT, Event.ACKNOWLEDGEMENT, Event.ACCEPTANCE, Event.DOCUMENT_ISSUED, Event.TRANSFER_PLANNED)


@agreements_pages.get("")
@requires(Permission.AGREEMENT_READ)
def agreement_list() -> ResponseReturnValue:
    """Show every agreement, where it stands and what that means for a request."""
    return render_template("agreements/agreement_list.html", lines=presenting.summaries(clock.today()))


@agreements_pages.get("/<agreement_id>")
@requires(Permission.AGREEMENT_READ)
def agreement_page(agreement_id: str) -> ResponseReturnValue:
    """Show one version article by article."""
    agreement = service.get_agreement(agreement_id)
    return render_template(
        "agreements/agreement.html",
        head=presenting.summary(agreement, clock.today()),
        note=presenting.note_text(agreement.note),
        spoken=agreement.languages,
        history=presenting.history(agreement),
        sections=presenting.sections(agreement),
        protocols=presenting.protocol_lines(agreement),
        protocol=service.protocol_behind(agreement),
        counts_from=agreement.counts_from,
        references=agreement.references,
        others=[line for line in presenting.summaries(clock.today()) if line.id != agreement_id],
    )


@agreements_pages.get("/compare")
@requires(Permission.AGREEMENT_READ)
def compare_page() -> ResponseReturnValue:
    """Show two versions side by side; without a choice, the first two of the list."""
    lines = presenting.summaries(clock.today())
    ids = [line.id for line in lines]
    first = service.get_agreement(request.args.get("a") or ids[0])
    second = service.get_agreement(request.args.get("b") or ids[1])
    return render_template("agreements/compare.html", lines=lines, **_comparison(first, second))


def _comparison(first: Agreement, second: Agreement) -> dict[str, Any]:
    one, other = service.describe_agreement(first), service.describe_agreement(second)
    terms = comparing.compare_terms(one, other)
    return {
        "first": presenting.summary(first, clock.today()),
        "second": presenting.summary(second, clock.today()),
        "terms": [(pair.likeness, _term(pair, "first", one), _term(pair, "second", other)) for pair in terms],
        "lists": [
            (str(LISTS.get(name, name)), [(pair.likeness, _text(pair), pair.first, pair.second) for pair in pairs])
            for name, pairs in comparing.compare_lists(one, other).items()
        ],
        "evidence": [_classes(pair) for pair in comparing.compare_evidence(one, other)],
        "different": sum(pair.likeness is Likeness.DIFFERENT for pair in terms),
        "unknown": sum(pair.likeness in (Likeness.ONE_UNKNOWN, Likeness.BOTH_UNKNOWN) for pair in terms),
    }


def _term(pair: Pair, side: str, described: dict[str, Any]) -> presenting.TermLine | None:
    term = getattr(pair, side)
    return None if term is None else presenting.term_line(term, described["references"])


def _text(pair: Pair) -> str:
    return law_text((pair.first or pair.second or {})["text"])


def _classes(pair: Pair) -> tuple[Likeness, str, str, str | None, str | None]:
    rule = pair.first or pair.second or {}
    classes = [None if side is None else label(ProofClass(side["class"])) for side in (pair.first, pair.second)]
    return pair.likeness, law_text(rule["label"]), label(EvidencePurpose(rule["purpose"])), classes[0], classes[1]


@agreements_pages.get("/dates")
@requires(Permission.AGREEMENT_READ)
def dates_page() -> ResponseReturnValue:
    """Compute every date of a case that does not exist, and show how each was counted.

    The inputs stand in the address: they name no person, and a result can be passed on.
    """
    schema = DatesQuery()
    form = Form.of(schema, form_dict(request.args))
    if not request.args:
        return _dates(Form.of(schema, {day_name(Event.RECEIPT): clock.today().isoformat()}), None, [])
    try:
        values = query_dict(schema)
        agreement_id, deadlines = service.hypothetical_clocks(
            state=values["state"],
            kind=values["kind"],
            procedure=values["procedure"],
            agreement_id=values.get("agreement"),
            events=_events(values),
            stops=[Stop(row["from_on"], row.get("to_on")) for row in values["stops"]],
            extensions=[_extension(row) for row in values["extensions"]],
        )
    except InvalidInput as error:
        return _dates(form.with_errors(error), None, []), 422
    agreement = None if agreement_id is None else service.get_agreement(agreement_id)
    return _dates(form, agreement, [service.describe(deadline) for deadline in deadlines], is_computed=True)


def _events(values: dict[str, Any]) -> dict[Event, datetime | date]:
    """Return what happened when; a time is read in the zone of Baku."""
    happened: dict[Event, datetime | date] = {}
    for event in Event:
        on, at = values.get(day_name(event)), values.get(time_name(event))
        if on is not None:
            happened[event] = on if at is None else datetime.combine(on, at, tzinfo=ZoneInfo(clock.HOME_ZONE))
    return happened


def _extension(row: dict[str, Any]) -> Any:
    return service.extension(
        kind=row["clock"].value, length=row["length"], unit=row["unit"].value, notified_on=row["notified_on"]
    )


def _dates(form: Form, agreement: Agreement | None, clocks: list[dict[str, Any]], *, is_computed: bool = False) -> str:
    return render_template(
        "agreements/dates.html",
        form=form,
        is_computed=is_computed,
        agreement=None if agreement is None else presenting.summary(agreement, clock.today()),
        clocks=[(one, presenting.term_line(one["term"], {}), _stands_in(one)) for one in clocks],
        partner_states=[partner.state for partner in service.partner_states()],
        versions=[(line.id, f"{line.partner} ({line.id})") for line in presenting.summaries(clock.today())],
        kinds=[(kind.value, label(kind)) for kind in CaseKind],
        procedures=[(one.value, label(one)) for one in Procedure],
        limits=[(kind.value, label(kind)) for kind in ClockKind],
        units=[(unit.value, label(unit)) for unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS)],
        usual=[(event.value, label(event)) for event in _USUAL],
        rarer=[(event.value, label(event)) for event in Event if event not in _USUAL],
        rows=range(_ROWS),
    )


def _stands_in(described: dict[str, Any]) -> presenting.TermLine | None:
    term = described["stands_in_for"]
    return None if term is None else presenting.term_line(term, {})
