"""Check a file of the law, whole, and name the line of each fault: the shape first, then what has to hang together."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from marshmallow import Schema

from ercms.agreements import file_reading, schemas, toml_lines
from ercms.agreements.file_reading import Problem, Reading
from ercms.agreements.term_values import BACK_IN_WORKING_DAYS, COUNTED_BACK_TERMS
from ercms.core.fields import COUNTRIES
from ercms.core.text import msg
from workflows.agreement_files import load_internal
from workflows.clocks import CLOCK_RULES, Event
from workflows.terms import COUNTED_UNITS, Agreement, Confidence, Silence, Unit

Path = tuple[str, ...]
Fault = tuple[Path, str, str]

NOT_SPOKEN_OF = msg("The file does not speak of this term, not even as unknown.")
NOT_EXPLAINED = msg("The file does not explain this reference.")
DISORDERED = msg("The steps are not in the order of their days.")
NAMED_TWICE = msg("This is named twice.")
NO_SUCH_ZONE = msg("There is no such zone.")
NO_SUCH_COUNTRY = msg("There is no such State.")
HOME_STATE = msg("The home State is no partner of its own.")
NO_CALENDAR = msg("There is no calendar of working days for this State: name one in 'calendar'.")
NO_PARTNER_BOUND = msg("No partner is bound.")
UNIT_OF_LIMITS = msg("A limit is counted in calendar days, working days or months.")
NO_START = msg("What starts the limit is missing ('starts_on').")
NO_DEBTOR = msg("Who owes the act is missing ('owed_by').")
NO_MEANING = msg("Silence means 'deemed_consent' or 'none'.")
NOT_YES_OR_NO = msg("This term is true or false.")
NO_EVENT = msg("There is no such event.")
NOT_A_WORD = msg("This term is a word.")
NO_SUCH_AGREEMENT = msg("There is no agreement with this key that binds the State.")
NO_SUCH_TERM = msg("The agreement has no such term: a protocol overrides and adds none.")
NO_SUCH_LIST = msg("The agreement has no such list.")
SAYS_NOTHING = msg("A protocol that says nothing of a term leaves it out.")
WEAKER = msg("This is less sure than what the agreement says: write 'weaker = true' if that is meant.")
EXPLAINED_OTHERWISE = msg("The agreement explains this reference differently: choose another name.")
EMPTY_PROTOCOL = msg("The protocol says nothing: it has no term, no list and no evidence.")
MOST_SHOWN = 200
_MAPPINGS = ("references", "terms", "lists")

_OTHER_TERMS = (
    "reply.extension",
    "reply.silence",
    "refusal.in_writing",
    "submission.own_national",
    "accelerated.border_km",
    "evidence.expired_proof",
    "document.validity",
    "document.fallback",
    "document.third_country",
    "transfer.extension",
    "transfer.notice_waived",
    "transit.silence",
    "costs.bearer",
    "data.closed_list",
    "committee",
    "language",
    "suspension.effect",
    "termination.notice",
)
_START_TERMS = tuple(rule.start_term for rule in CLOCK_RULES if rule.start_term)
_COUNTED = frozenset(rule.term for rule in CLOCK_RULES)
_STARTED_BY_TERM = frozenset(rule.term for rule in CLOCK_RULES if rule.start_term)
REQUIRED_TERMS = frozenset({*_COUNTED, *_START_TERMS, *_OTHER_TERMS})
_YES_OR_NO = frozenset({"refusal.in_writing", "transfer.notice_waived", "data.closed_list"})
_SILENCES = frozenset({"reply.silence", "transit.silence"})
_WORDS = frozenset({"document.fallback", "document.third_country"})
# Lists that an agreement may lack and a protocol may bring.
PROTOCOL_LISTS = frozenset({"contacts", "crossing_points", "application_form", "transit_form", "application_content"})


def check_file(text: str, name: str) -> tuple[Problem, ...]:
    """Return the faults of an agreement's file, each with its line; empty for a good one."""
    reading = file_reading.read(text, name)
    return reading.problems or _check(reading, name, schemas.AgreementFile(), _agreement_faults)


def check_protocol(text: str, name: str, agreements: Iterable[Agreement]) -> tuple[Problem, ...]:
    """Return the faults of a protocol's file under the agreements that there are, each with its line."""
    reading = file_reading.read(text, name)
    known = tuple(agreements)
    return reading.problems or _check(
        reading, name, schemas.ProtocolFile(), lambda document: _protocol_faults(document, known)
    )


def is_protocol(text: str) -> bool:
    """Tell whether a text means to be a protocol: it has a head of that name."""
    return "protocol" in file_reading.read(text, "").document


def _check(reading: Reading, name: str, schema: Schema, rules: Any) -> tuple[Problem, ...]:
    faults = [(path, message, "") for path, message in _shape_faults(schema.validate(reading.document))]
    if not faults:
        # What hangs together is asked only of what has the right shape.
        faults = list(rules(reading.document))
    lines = toml_lines.line_index(reading.text)
    problems = [_problem(reading, name, lines, fault) for fault in faults]
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.path)))[:MOST_SHOWN]


def _problem(reading: Reading, name: str, lines: Mapping[Path, int], fault: Fault) -> Problem:
    path, message, detail = fault
    found = detail or _written(reading.document, path)
    return Problem(name, toml_lines.line_of(lines, path), ".".join(path), message, found)


def _written(document: Any, path: Path) -> str:
    """Return what stands at a path, where it is short."""
    for part in path:
        if isinstance(document, Mapping) and part in document:
            document = document[part]
        elif isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        else:
            return ""
    return str(document)[:60] if isinstance(document, (str, int)) else ""


def _shape_faults(errors: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for part, inner in errors.items():
        if part not in _MAPPINGS or not isinstance(inner, Mapping):
            yield from _flatten(inner, (part,))
            continue
        for name, sides in inner.items():
            # marshmallow tells the fault of a name from the fault of what stands under it.
            for fault in sides.values() if isinstance(sides, Mapping) else [sides]:
                yield from _flatten(fault, (part, str(name)))


def _flatten(errors: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            yield from _flatten(inner, path if key == "_schema" else (*path, str(key)))
    elif isinstance(errors, list):
        for message in errors:
            yield from _flatten(message, path)
    else:
        yield path, str(errors)


def _agreement_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    for name in sorted(REQUIRED_TERMS - set(document["terms"])):
        yield ("terms",), NOT_SPOKEN_OF, name
    for name, term in document["terms"].items():
        yield from _term_faults(name, term, is_whole=True)
    yield from _unexplained(document, document.get("references", {}))
    yield from _doubled(document)
    yield from _party_faults(document["partners"])
    days = [step["on"] for step in document["status"] if "on" in step]
    if days != sorted(days):
        yield ("status",), DISORDERED, ""


def _protocol_faults(document: Mapping[str, Any], agreements: tuple[Agreement, ...]) -> Iterator[Fault]:
    head = document["protocol"]
    bound = [a for a in agreements if a.key == head["agreement"] and a.binds(head["state"]) and not a.protocol]
    if not bound:
        yield ("protocol", "agreement"), NO_SUCH_AGREEMENT, f"{head['agreement']}, {head['state']}"
        return
    if not any(document.get(part) for part in ("terms", "lists", "evidence")):
        yield ("protocol",), EMPTY_PROTOCOL, ""
    for agreement in bound:
        yield from _override_faults(document, agreement)
    for name, term in document.get("terms", {}).items():
        yield from _term_faults(name, term, is_whole=False)
    yield from _unexplained(document, document.get("references", {}))
    yield from _doubled(document)


def _override_faults(document: Mapping[str, Any], agreement: Agreement) -> Iterator[Fault]:
    for name, term in document.get("terms", {}).items():
        if name not in agreement.terms:
            yield ("terms", name), NO_SUCH_TERM, agreement.id
        elif term["confidence"] == Confidence.UNKNOWN.value:
            yield ("terms", name), SAYS_NOTHING, ""
        elif Confidence(term["confidence"]).rank > agreement.terms[name].confidence.rank and not term.get("weaker"):
            yield ("terms", name, "confidence"), WEAKER, f"{agreement.terms[name].confidence} > {term['confidence']}"
    for name in document.get("lists", {}):
        if name not in agreement.clauses and name not in PROTOCOL_LISTS:
            yield ("lists", name), NO_SUCH_LIST, agreement.id
    for key, text in document.get("references", {}).items():
        if agreement.references.get(key, text) != text:
            yield ("references", key), EXPLAINED_OTHERWISE, ""


def _term_faults(name: str, term: Mapping[str, Any], *, is_whole: bool) -> Iterator[Fault]:
    value, at = term.get("value"), ("terms", name)
    if value is None:
        return
    if name in _COUNTED and isinstance(value, int):
        yield from _limit_faults(name, term, is_whole=is_whole)
    if name in _SILENCES and value not in (Silence.DEEMED_CONSENT.value, Silence.NONE.value):
        yield (*at, "value"), NO_MEANING, str(value)
    if name in _START_TERMS and value not in [event.value for event in Event]:
        yield (*at, "value"), NO_EVENT, str(value)
    if name in _YES_OR_NO and not isinstance(value, bool):
        yield (*at, "value"), NOT_YES_OR_NO, str(value)
    if name in _WORDS and not isinstance(value, str):
        yield (*at, "value"), NOT_A_WORD, str(value)


def _limit_faults(name: str, term: Mapping[str, Any], *, is_whole: bool) -> Iterator[Fault]:
    at, unit = ("terms", name), term.get("unit")
    if unit not in COUNTED_UNITS:
        yield (*at, "unit"), UNIT_OF_LIMITS, ""
    if name in COUNTED_BACK_TERMS and unit != Unit.WORKING_DAYS:
        yield (*at, "unit"), BACK_IN_WORKING_DAYS, ""
    if is_whole and name not in _STARTED_BY_TERM and not term.get("starts_on"):
        yield at, NO_START, ""
    if is_whole and "owed_by" not in term:
        yield at, NO_DEBTOR, ""


def _sources(document: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for name, term in document.get("terms", {}).items():
        yield ("terms", name), term["source"]
    for part in ("status", "evidence"):
        for number, entry in enumerate(document.get(part, ())):
            yield (part, str(number)), entry["source"]
    for name, entries in document.get("lists", {}).items():
        for number, entry in enumerate(entries):
            yield ("lists", name, str(number)), entry["source"]


def _unexplained(document: Mapping[str, Any], references: Mapping[str, Any]) -> Iterator[Fault]:
    for path, source in _sources(document):
        if "reference" in source and source["reference"] not in references:
            yield (*path, "source", "reference"), NOT_EXPLAINED, source["reference"]


def _doubled(document: Mapping[str, Any]) -> Iterator[Fault]:
    lists: dict[Path, list[str]] = {
        ("lists", name): [e["code"] for e in entries] for name, entries in document.get("lists", {}).items()
    }
    lists[("evidence",)] = [f"{e['purpose']} {e['code']}" for e in document.get("evidence", ())]
    lists[("partners",)] = [e["state"] for e in document.get("partners", ())]
    for path, codes in lists.items():
        for number, code in enumerate(codes):
            if code in codes[:number]:
                yield (*path, str(number)), NAMED_TWICE, code


def _party_faults(partners: list[Mapping[str, Any]]) -> Iterator[Fault]:
    if not any(party.get("bound", True) for party in partners):
        yield ("partners",), NO_PARTNER_BOUND, ""
    for number, party in enumerate(partners):
        at = ("partners", str(number))
        if party["state"] not in COUNTRIES:
            yield (*at, "state"), NO_SUCH_COUNTRY, party["state"]
        if party["state"] == load_internal().home.state:
            yield (*at, "state"), HOME_STATE, party["state"]
        if not has_zone(party["zone"]):
            yield (*at, "zone"), NO_SUCH_ZONE, party["zone"]
        if not has_calendar(party.get("calendar", party["state"]), party.get("subdivision")):
            yield at, NO_CALENDAR, party["state"]


def has_zone(name: str) -> bool:
    """Tell whether there is a zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@cache
def _calendars() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


def has_calendar(country: str, subdivision: str | None) -> bool:
    """Tell whether working days can be counted for a country, or for one part of it."""
    parts = _calendars().get(country)
    return parts is not None and (subdivision is None or subdivision in parts)
