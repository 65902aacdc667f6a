"""Put a clock sheet into words, in the language that was asked for: as its page shows it, and as a file to keep."""

from datetime import date, datetime
from typing import Any

from flask_babel import force_locale, gettext

from ercms.agreements import presenting
from ercms.agreements.enums import Event
from ercms.agreements.labels import clock_label, confidence_label, law_text, step_text
from ercms.agreements.presenting import TermLine
from ercms.casefile.clock_sheet import ClockSheet, DateEntry, FormerDate
from ercms.cases.enums import ClockStatus
from ercms.cases.record_service import ClockLine, StopLine
from ercms.web.labels import label
from ercms.web.templating import country, day, instant

_NO_DAY = "–"


def document_of(sheet: ClockSheet, *, language: str) -> dict[str, Any]:
    """Return the sheet as its template reads it: every word and every date, and nothing else."""
    with force_locale(language):
        terms = terms_of(sheet)
        return {
            "language": language,
            "title": gettext("Clock sheet"),
            "sender": gettext("State Migration Service of the Republic of Azerbaijan"),
            "sender_line": gettext("Readmission"),
            "place_and_date": gettext("As of %(when)s.", when=instant(sheet.made_at)),
            "opening": gettext(
                "How each date of the case was counted, and what was computed before. The sheet names no person, and "
                "each opening is on record."
            ),
            "head": [gettext("What"), gettext("Value")],
            "facts": _facts(sheet),
            "dates": [_entry(entry, terms.get(entry.kind)) for entry in sheet.entries],
            "no_dates": gettext("No date is running."),
            "arithmetic_title": gettext("Arithmetic"),
            "former_title": gettext("Computed before"),
            "former_head": [gettext("Computed"), gettext("Last day"), gettext("Gave way because")],
            "stops_title": gettext("Stops"),
            "stops_head": [
                gettext("Legal ground"),
                gettext("First day of the stop"),
                gettext("Last day of the stop"),
                gettext("Recorded"),
            ],
            "stops": [_stop(stop) for stop in sheet.stops],
            "no_stops": gettext("No clock of this case has been stopped."),
            "footer": gettext("ERCMS, case %(reference)s", reference=sheet.case.reference),
        }


def terms_of(sheet: ClockSheet) -> dict[str, TermLine]:
    """Return the term behind each date that holds, in words, by the kind of the date."""
    references = {} if sheet.agreement is None else sheet.agreement.references
    return {
        entry.kind: presenting.term_line(entry.line.details["term"], references)
        for entry in sheet.entries
        if entry.line is not None
    }


def happened(written: str) -> str:
    """Return a day, or an instant in the zone of Baku, that stands in the arithmetic."""
    return instant(datetime.fromisoformat(written)) if "T" in written else day(date.fromisoformat(written))


def _facts(sheet: ClockSheet) -> list[list[str]]:
    case, agreement = sheet.case, sheet.agreement
    basis = gettext("Diplomatic channel") if agreement is None else f"{law_text(agreement.title)} ({agreement.id})"
    return [
        [gettext("Case"), case.reference],
        [gettext("Requesting State"), f"{country(case.requesting_state)}, {sheet.authority}"],
        [gettext("Kind"), f"{label(case.kind)}, {label(case.procedure)}"],
        [gettext("Basis"), basis],
    ]


def _entry(entry: DateEntry, term: TermLine | None) -> dict[str, Any]:
    line = entry.line
    is_uncertain = line is not None and line.rests_on_estimate
    caution = gettext("This date rests on an estimated holiday and can still move.") if is_uncertain else ""
    return {
        "title": clock_label(entry.kind),
        "rows": [] if line is None or term is None else _rows(line, term),
        "nothing": gettext("No date of this kind holds any more.") if line is None else "",
        "caution": caution,
        "arithmetic": [] if line is None else [step_text(step) for step in line.details["arithmetic"]],
        "former": [_former(one) for one in entry.former],
    }


def _rows(line: ClockLine, term: TermLine) -> list[list[str]]:
    details = line.details
    start = label(Event(details["event"]))
    if details["started_at"]:
        start = f"{start}, {happened(details['started_at'])}"
    rows = [
        [gettext("Last day"), _last_day(line)],
        [gettext("Counted from"), start],
        [gettext("Term"), _term(term)],
        [gettext("Effect"), _effect(line)],
    ]
    if details["ended_on"]:
        rows.append([gettext("Done on"), happened(details["ended_on"])])
    if details["calendar"]:
        rows.append([gettext("Calendar"), f"{details['calendar']}, {details['calendar_version']}"])
    return [*rows, [gettext("Zone"), details["zone"]], [gettext("Computed"), instant(line.computed_at)]]


def _last_day(line: ClockLine) -> str:
    on = day(line.due_on) if line.due_on else _NO_DAY
    words = [label(ClockStatus(line.status)), *([gettext("Overdue")] if line.is_overdue else [])]
    return f"{on} ({', '.join(words)})"


def _term(term: TermLine) -> str:
    origin = term.origin
    place = origin.article or gettext("no article known")
    read_in = f"{origin.reference_key}: {origin.reference}" if origin.reference else origin.instrument
    said = [f"{term.value} ({confidence_label(origin.confidence)})", f"{place}; {read_in}", term.note]
    return "\n".join(part for part in said if part)


def _effect(line: ClockLine) -> str:
    if line.is_internal:
        return str(gettext("internal target, no treaty date"))
    if line.has_legal_effect:
        return str(gettext("verified"))
    return f"{confidence_label(line.confidence)}: {gettext('shown as a target, no automatic effect')}"


def _former(former: FormerDate) -> list[str]:
    on = day(former.line.due_on) if former.line.due_on else _NO_DAY
    return [instant(former.line.computed_at), on, "\n".join(label(reason) for reason in former.reasons)]


def _stop(stop: StopLine) -> list[str]:
    until = day(stop.to_on) if stop.to_on else str(gettext("still open"))
    return [label(stop.ground), day(stop.from_on), until, instant(stop.recorded_at)]
