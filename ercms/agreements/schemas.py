"""Check the shape of an agreement's file, and name the line at fault.

The rules that a machine can hold: every term has a source, a value or the confidence `unknown`, a unit that exists, and
a reference that the file explains. What the text of the agreement says, a person has read.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from workflows.clocks import CLOCK_RULES, Event
from workflows.terms import (
    Agreement,
    AgreementStatus,
    Confidence,
    EvidencePurpose,
    ProofClass,
    Side,
    Unit,
)

_NOT_EMPTY = validate.Length(min=1)
_OTHER_TERMS = (
    "reply.extension",
    "reply.silence",
    "refusal.in_writing",
    "submission.own_national",
    "accelerated.border_km",
    "evidence.expired_proof",
    "document.validity",
    "document.fallback",
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
REQUIRED_TERMS = frozenset({*(rule.term for rule in CLOCK_RULES), *_START_TERMS, *_OTHER_TERMS})


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file: where it stands and what it is."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.message}"


def _one_of(kind: Any) -> validate.OneOf:
    return validate.OneOf([member.value for member in kind])


class SourceOfTerm(Schema):
    """Where a value was read."""

    instrument = fields.String(required=True, validate=_NOT_EMPTY)
    article = fields.String()
    reference = fields.String(validate=_NOT_EMPTY)


class TermInFile(Schema):
    """One term: a value and a unit, or unknown; always a source and a confidence."""

    value = fields.Raw()
    unit = fields.String(validate=_one_of(Unit))
    starts_on = fields.List(fields.String(validate=_one_of(Event)))
    owed_by = fields.String(validate=_one_of(Side))
    cautious = fields.String(validate=_one_of(Event))
    confidence = fields.String(required=True, validate=_one_of(Confidence))
    source = fields.Nested(SourceOfTerm, required=True)
    note = fields.String()

    @validates_schema
    def check_value(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a value without confidence in it, and a number that is negative or has no unit."""
        value, is_unknown = data.get("value"), data.get("confidence") == Confidence.UNKNOWN.value
        if is_unknown and value is not None:
            raise ValidationError("an unknown term has no value", "value")
        if not is_unknown and value is None:
            raise ValidationError("a value is missing; where there is none, the confidence is 'unknown'", "value")
        if isinstance(value, int) and not isinstance(value, bool):
            if value <= 0:
                raise ValidationError("a length is positive", "value")
            if "unit" not in data:
                raise ValidationError("a number needs a unit", "unit")
        elif value is not None and not isinstance(value, (bool, str, list)):
            raise ValidationError("a term is a number, a text, a list of texts, or true or false", "value")


class ClauseInFile(Schema):
    """One entry of a list."""

    code = fields.String(required=True, validate=_NOT_EMPTY)
    text = fields.String(required=True, validate=_NOT_EMPTY)
    group = fields.String()
    confidence = fields.String(required=True, validate=_one_of(Confidence))
    source = fields.Nested(SourceOfTerm, required=True)
    note = fields.String()


class EvidenceInFile(Schema):
    """One kind of document in an annex."""

    code = fields.String(required=True, validate=_NOT_EMPTY)
    label = fields.String(required=True, validate=_NOT_EMPTY)
    purpose = fields.String(required=True, validate=_one_of(EvidencePurpose))
    proof_class = fields.String(
        required=True,
        data_key="class",
        validate=validate.OneOf([ProofClass.PROOF.value, ProofClass.PRIMA_FACIE.value]),
    )
    annex = fields.String(required=True)
    confidence = fields.String(required=True, validate=_one_of(Confidence))
    source = fields.Nested(SourceOfTerm, required=True)


class StatusInFile(Schema):
    """One step in the life of an agreement."""

    status = fields.String(required=True, validate=_one_of(AgreementStatus))
    on = fields.Raw(validate=lambda value: _must_be_day(value))
    confidence = fields.String(required=True, validate=_one_of(Confidence))
    source = fields.Nested(SourceOfTerm, required=True)
    note = fields.String()

    @validates_schema
    def check_day(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse an entry into force without its day: no clock could start."""
        if data.get("status") == AgreementStatus.IN_FORCE.value and "on" not in data:
            raise ValidationError("an entry into force needs its day", "on")


class PartyInFile(Schema):
    """A State, its zone and its calendar."""

    state = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{2}\Z"))
    zone = fields.String(required=True, validate=_NOT_EMPTY)
    calendar = fields.String(validate=validate.Regexp(r"^[A-Z]{2}\Z"))
    subdivision = fields.String()
    bound = fields.Boolean()
    authority = fields.String()


class AgreementFile(Schema):
    """One version of an agreement, whole."""

    key = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z_]*\Z"))
    version = fields.String(required=True, validate=validate.Regexp(r"^\d{4}(-\d{2}(-\d{2})?)?\Z"))
    title = fields.String(required=True, validate=_NOT_EMPTY)
    short_title = fields.String(required=True, validate=_NOT_EMPTY)
    languages = fields.List(fields.String())
    note = fields.String()
    status = fields.List(fields.Nested(StatusInFile), required=True, validate=_NOT_EMPTY)
    partners = fields.List(fields.Nested(PartyInFile), required=True, validate=_NOT_EMPTY)
    evidence = fields.List(fields.Nested(EvidenceInFile))
    references = fields.Dict(keys=fields.String(), values=fields.String(validate=_NOT_EMPTY))
    terms = fields.Dict(keys=fields.String(), values=fields.Nested(TermInFile), required=True)
    lists = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(ClauseInFile)))

    @validates_schema
    def check_terms(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a file that passes over a term in silence: unknown has to be said."""
        missing = sorted(REQUIRED_TERMS - set(data.get("terms", {})))
        if missing:
            raise ValidationError(f"not spoken of, not even as unknown: {', '.join(missing)}", "terms")


def _must_be_day(value: Any) -> None:
    if type(value) is not date:
        raise ValidationError("a day is written as 2026-01-31, without quotes")


def check_file(text: str, name: str) -> tuple[Problem, ...]:
    """Return the faults of an agreement's file, each with its line; empty for a good one."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        return (Problem(name, int(at.group(1)) if at else 1, "file", str(error)),)
    found = AgreementFile().validate(document)
    problems = [_problem(text, name, document, path, message) for path, message in _flatten(found)]
    problems += [_problem(text, name, document, path, message) for path, message in _unexplained(document)]
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.path)))


def check_set(agreements: Iterable[Agreement], on: date) -> tuple[str, ...]:
    """Return the States for which two agreements, or two versions of one date, are in force on a day."""
    seen: dict[str, Agreement] = {}
    clashes: list[str] = []
    for agreement in agreements:
        for party in agreement.partners:
            if not party.is_bound or not agreement.is_in_force(on):
                continue
            other = seen.setdefault(party.state, agreement)
            if other is not agreement and (other.key != agreement.key or other.in_force_on == agreement.in_force_on):
                clashes.append(f"{party.state}: {other.id} and {agreement.id} are both in force on {on}")
    return tuple(clashes)


def _flatten(errors: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            yield from _flatten(inner, (*path, str(key)))
    elif isinstance(errors, list):
        for message in errors:
            yield path, str(message)
    else:
        yield path, str(errors)


def _unexplained(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Find sources whose reference the file does not explain."""
    references = document.get("references", {})
    terms = document.get("terms", {})
    for name, term in terms.items() if isinstance(terms, Mapping) else ():
        source = term.get("source") if isinstance(term, Mapping) else None
        reference = source.get("reference") if isinstance(source, Mapping) else None
        if reference is not None and reference not in references:
            yield ("terms", name, "source", "reference"), f"the reference {reference!r} is not explained"


def _problem(text: str, name: str, document: Mapping[str, Any], path: tuple[str, ...], message: str) -> Problem:
    # Within Dict fields marshmallow adds a level of its own, which says nothing to the reader of a file.
    shown = tuple(part for part in path if part not in ("_schema",) and not (path[0] == "terms" and part == "value"))
    return Problem(name, _line(text, document, path), ".".join(shown), message)


def _line(text: str, document: Mapping[str, Any], path: tuple[str, ...]) -> int:
    """Return the line of the entry that a path leads to: a term's header, a list entry's code, or the key."""
    if path[0] == "terms" and len(path) > 1:
        return _find(text, rf'^\[terms\.(?:"{re.escape(path[1])}"|{re.escape(path[1])})\]')
    if path[0] == "lists" and len(path) > 1:
        start = _find(text, rf"^{re.escape(path[1])}\s*=")
        index = next((int(part) for part in path[2:] if part.isdigit()), None)
        return start if index is None else start + 1 + index
    start = _find(text, rf"^(?:\[+)?{re.escape(path[0])}\b")
    if len(path) > 1 and path[1].isdigit() and isinstance(document.get(path[0]), list):
        return start + 1 + int(path[1])
    return start


def _find(text: str, pattern: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
