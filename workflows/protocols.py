"""Implementing protocols: what one State and the home State agreed on beside an agreement, for that State alone.

A protocol overrides exactly the terms that it names. Everything else stays as the agreement says.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workflows.agreement_files import FOLDER, BadAgreementFile, parse_evidence, parse_lists, parse_terms
from workflows.terms import Agreement, Clause, EvidenceRule, Term

PROTOCOLS_FOLDER = FOLDER / "protocols"


@dataclass(frozen=True, slots=True)
class Protocol:
    """One version of an implementing protocol with one State.

    `agreement` is the key of the agreement that it implements, whatever the version. `counts_from` is the day from
    which requests come under it; without a decided one the version says it, as with an agreement.
    """

    agreement: str
    state: str
    version: str
    title: str
    terms: Mapping[str, Term]
    references: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict)
    evidence: tuple[EvidenceRule, ...] = ()
    note: str = ""
    counts_from: date | None = None

    @property
    def mark(self) -> str:
        """Return what the protocol adds to the identifier of an agreement: `XX@2027-01-01`."""
        return f"{self.state}@{self.version}"

    @property
    def id(self) -> str:
        """Return the identifier: the agreement's key and the protocol's mark."""
        return f"{self.agreement}:{self.mark}"

    @property
    def since(self) -> str:
        """Return from when new cases come under it, to be compared as text."""
        return self.version if self.counts_from is None else self.counts_from.isoformat()


def parse_protocol(text: str) -> Protocol:
    """Return the protocol that the text of a file describes.

    Raises:
        BadAgreementFile: it is no TOML, a key is missing, or a value is none that we know.
    """
    try:
        return _protocol(tomllib.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise BadAgreementFile(f"protocol: {error!r}") from error


def load_protocols(folder: Path = PROTOCOLS_FOLDER) -> tuple[Protocol, ...]:
    """Return the protocols on file, in the order of their names; none where there is no folder.

    Raises:
        BadAgreementFile: a file cannot be read, or two files claim the same version.
    """
    found = tuple(parse_protocol(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))
    if len({protocol.id for protocol in found}) != len(found):
        raise BadAgreementFile("two files describe the same version of a protocol")
    return found


def with_protocol(agreement: Agreement, protocol: Protocol) -> Agreement:
    """Return the agreement as it stands with the protocol's State: exactly what the protocol names is replaced.

    An entry of a list replaces the one of the same code and is added otherwise; a document likewise, for its purpose.

    Raises:
        UnknownTerm: the protocol names a term that the agreement does not have.
        BadAgreementFile: the protocol belongs to another agreement, or to a State that the agreement does not bind.
    """
    party = agreement.party(protocol.state)
    if protocol.agreement != agreement.key or party is None or not party.is_bound:
        raise BadAgreementFile(f"{protocol.id} implements nothing in {agreement.id}")
    # A protocol has no say in when a clock starts or who owes it, unless it says so itself.
    terms = [_over(agreement.term(name), term) for name, term in protocol.terms.items()]
    clauses = dict(agreement.clauses)
    for name, entries in protocol.clauses.items():
        clauses[name] = _merged(clauses.get(name, ()), entries, lambda clause: clause.code)
    evidence = _merged(agreement.evidence, protocol.evidence, lambda rule: (rule.code, rule.purpose))
    return replace(
        agreement.with_terms(terms),
        partners=(party,),
        references=MappingProxyType({**agreement.references, **protocol.references}),
        clauses=MappingProxyType(clauses),
        evidence=evidence,
        protocol=protocol.mark,
        overridden=frozenset(protocol.terms),
    )


def find_protocol(agreement: Agreement, state: str, on: date, protocols: tuple[Protocol, ...]) -> Protocol | None:
    """Return the protocol that counts for a State under an agreement on a day, the latest of several."""
    found = [p for p in protocols if (p.agreement, p.state) == (agreement.key, state) and p.since <= on.isoformat()]
    return max(found, key=lambda protocol: protocol.since, default=None)


def _over(term: Term, said: Term) -> Term:
    return replace(
        said,
        starts_on=said.starts_on or term.starts_on,
        owed_by=said.owed_by or term.owed_by,
        cautious=said.cautious or term.cautious,
    )


def _merged(entries: tuple[Any, ...], others: tuple[Any, ...], key: Any) -> tuple[Any, ...]:
    merged = {key(entry): entry for entry in entries}
    merged.update((key(entry), entry) for entry in others)
    return tuple(merged.values())


def _protocol(document: Mapping[str, Any]) -> Protocol:
    head = document["protocol"]
    return Protocol(
        agreement=head["agreement"],
        state=head["state"],
        version=head["version"],
        title=head["title"],
        terms=MappingProxyType(parse_terms(document.get("terms", {}))),
        references=MappingProxyType(dict(document.get("references", {}))),
        clauses=MappingProxyType(parse_lists(document.get("lists", {}))),
        evidence=parse_evidence(document.get("evidence", ())),
        note=head.get("note", ""),
    )
