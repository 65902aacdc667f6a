"""Read the agreements' TOML files into typed values.

The files are data of this package. `ercms.agreements.schemas` checks a file's shape and names the line at fault; here a
file that does not fit is refused as a whole.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workflows.terms import (
    Agreement,
    AgreementStatus,
    Clause,
    Confidence,
    EvidencePurpose,
    EvidenceRule,
    Party,
    ProofClass,
    Side,
    Source,
    StatusChange,
    Term,
    TermValue,
    Unit,
)

FOLDER = Path(__file__).parent / "agreements"
INTERNAL_FILE = FOLDER / "internal.toml"
BLANK_FILE = FOLDER / "blanks" / "agreement.toml"


class BadAgreementFile(ValueError):
    """A file of an agreement cannot be read as one."""


@dataclass(frozen=True, slots=True)
class InternalTargets:
    """The house's own targets, never treaty dates, and the home State with its zone and calendar."""

    home: Party
    terms: Mapping[str, Term]
    clauses: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict)

    def list_of(self, name: str) -> tuple[Clause, ...]:
        """Return one of the house's own lists (`document_kinds`)."""
        return self.clauses[name]

    def term(self, name: str) -> Term:
        """Return the target of this name."""
        return self.terms[name]


def parse_text(text: str, home: Party) -> Agreement:
    """Return the agreement that the text of a file describes; no file is asked for.

    Raises:
        BadAgreementFile: it is no TOML, a key is missing, or a value is none that we know.
    """
    try:
        document = tomllib.loads(text)
    except ValueError as error:
        raise BadAgreementFile(str(error)) from error
    return parse_agreement(document, home)


def parse_agreement(document: Mapping[str, Any], home: Party) -> Agreement:
    """Return the agreement that a parsed file describes.

    Raises:
        BadAgreementFile: a key is missing, or a value is none that we know.
    """
    try:
        return Agreement(
            key=document["key"],
            version=document["version"],
            title=document["title"],
            short_title=document["short_title"],
            home=home,
            partners=tuple(_party(entry) for entry in document["partners"]),
            status_history=_status_history(document["status"]),
            terms=MappingProxyType(parse_terms(document["terms"])),
            references=MappingProxyType(dict(document.get("references", {}))),
            clauses=MappingProxyType(parse_lists(document.get("lists", {}))),
            evidence=parse_evidence(document.get("evidence", ())),
            languages=tuple(document.get("languages", ())),
            note=document.get("note", ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadAgreementFile(f"{document.get('key', '?')}: {error!r}") from error


@cache
def load_internal() -> InternalTargets:
    """Return the internal targets and the home State."""
    document = tomllib.loads(INTERNAL_FILE.read_text(encoding="utf-8"))
    targets, lists = parse_terms(document["terms"]), parse_lists(document.get("lists", {}))
    return InternalTargets(_party(document["home"]), MappingProxyType(targets), MappingProxyType(lists))


def agreement_paths() -> tuple[Path, ...]:
    """Return the files of agreements, in the order of their names."""
    return tuple(sorted(path for path in FOLDER.glob("*.toml") if path != INTERNAL_FILE))


@cache
def load_agreements() -> tuple[Agreement, ...]:
    """Return every version of every agreement on file.

    Raises:
        BadAgreementFile: a file cannot be read, or two files claim the same version.
    """
    home = load_internal().home
    agreements = tuple(parse_agreement(tomllib.loads(p.read_text(encoding="utf-8")), home) for p in agreement_paths())
    if len({agreement.id for agreement in agreements}) != len(agreements):
        raise BadAgreementFile("two files describe the same version of an agreement")
    return agreements


def get_agreement(agreement_id: str, agreements: Sequence[Agreement] | None = None) -> Agreement:
    """Return the version of this identifier, such as `eu@2014-09-01`.

    Raises:
        KeyError: there is no such version.
    """
    known = load_agreements() if agreements is None else agreements
    for agreement in known:
        if agreement.id == agreement_id:
            return agreement
    raise KeyError(agreement_id)


def parse_terms(entries: Mapping[str, Any]) -> dict[str, Term]:
    """Return the terms of a parsed file by name."""
    return {name: _term(name, entry) for name, entry in entries.items()}


def parse_lists(entries: Mapping[str, Any]) -> dict[str, tuple[Clause, ...]]:
    """Return the lists of a parsed file by name."""
    return {name: _clauses(clauses) for name, clauses in entries.items()}


def parse_evidence(entries: Sequence[Mapping[str, Any]]) -> tuple[EvidenceRule, ...]:
    """Return what a parsed file says of documents."""
    return tuple(_evidence(entry) for entry in entries)


def _source(entry: Mapping[str, Any]) -> Source:
    return Source(
        instrument=entry["instrument"], article=entry.get("article", ""), reference=entry.get("reference", "")
    )


def _term(name: str, entry: Mapping[str, Any]) -> Term:
    confidence = Confidence(entry["confidence"])
    value = _value(entry.get("value"))
    if (value is None) != (confidence is Confidence.UNKNOWN):
        raise ValueError(f"{name}: a value and the confidence 'unknown' exclude each other, and one of them is needed")
    unit = entry.get("unit")
    if isinstance(value, int) and not isinstance(value, bool) and (unit is None or value < 0):
        raise ValueError(f"{name}: a number needs a unit and is not negative")
    return Term(
        name=name,
        value=value,
        unit=Unit(unit) if unit else None,
        source=_source(entry["source"]),
        confidence=confidence,
        note=entry.get("note", ""),
        starts_on=tuple(entry.get("starts_on", ())),
        owed_by=Side(entry["owed_by"]) if "owed_by" in entry else None,
        cautious=entry.get("cautious"),
    )


def _value(value: Any) -> TermValue:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"a term cannot be {value!r}")


def _clauses(entries: Sequence[Mapping[str, Any]]) -> tuple[Clause, ...]:
    return tuple(
        Clause(
            code=entry["code"],
            text=entry["text"],
            source=_source(entry["source"]),
            confidence=Confidence(entry["confidence"]),
            group=entry.get("group", ""),
            note=entry.get("note", ""),
        )
        for entry in entries
    )


def _evidence(entry: Mapping[str, Any]) -> EvidenceRule:
    return EvidenceRule(
        code=entry["code"],
        label=entry["label"],
        purpose=EvidencePurpose(entry["purpose"]),
        proof_class=ProofClass(entry["class"]),
        annex=str(entry["annex"]),
        source=_source(entry["source"]),
        confidence=Confidence(entry["confidence"]),
    )


def _status_history(entries: Sequence[Mapping[str, Any]]) -> tuple[StatusChange, ...]:
    changes = tuple(
        StatusChange(
            status=AgreementStatus(entry["status"]),
            on=entry.get("on"),
            source=_source(entry["source"]),
            confidence=Confidence(entry["confidence"]),
            note=entry.get("note", ""),
        )
        for entry in entries
    )
    dated = [change.on for change in changes if change.on is not None]
    if dated != sorted(dated):
        raise ValueError("the status history is not in the order of its dates")
    if any(change.status is AgreementStatus.IN_FORCE and not isinstance(change.on, date) for change in changes):
        raise ValueError("an entry into force needs its day")
    return changes


def _party(entry: Mapping[str, Any]) -> Party:
    return Party(
        state=entry["state"],
        zone=entry["zone"],
        country=entry.get("calendar", entry["state"]),
        subdivision=entry.get("subdivision"),
        is_bound=entry.get("bound", True),
        authority=entry.get("authority", ""),
    )
