"""What an agreement says, as typed values: each with its source and with how sure we are of it.

An agreement's version is one TOML file in `workflows/agreements/`. Only a verified term may have an automatic legal
effect; unknown is a value of its own, and never a guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

TermValue = int | bool | str | tuple[str, ...] | None


class Confidence(StrEnum):
    """How sure we are of a term."""

    VERIFIED = "verified"
    REPORTED = "reported"
    INFERRED = "inferred"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """Return 0 for verified, rising with the doubt."""
        return _RANKS[self]


_RANKS = {confidence: rank for rank, confidence in enumerate(Confidence)}


class Unit(StrEnum):
    """What a length is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    KILOMETRES = "kilometres"
    PERCENT = "percent"


COUNTED_UNITS = frozenset({Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS})


class AgreementStatus(StrEnum):
    """Where an agreement stands; only `in_force` starts a treaty clock."""

    NEGOTIATING = "negotiating"
    SIGNED = "signed"
    RATIFIED = "ratified"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class Side(StrEnum):
    """Who owes an act, and so whose working days and whose zone count."""

    REQUESTING = "requesting"
    REQUESTED = "requested"


class CaseKind(StrEnum):
    """Whom, or what, a case is about."""

    OWN_NATIONAL = "own_national"
    THIRD_COUNTRY_NATIONAL = "third_country_national"
    STATELESS = "stateless"
    TRANSIT = "transit"


class Procedure(StrEnum):
    """By which procedure a case runs; `none` is a return with valid documents, without an application."""

    NORMAL = "normal"
    ACCELERATED = "accelerated"
    NONE = "none"


class Silence(StrEnum):
    """What it means that a limit ran out without a reply."""

    DEEMED_CONSENT = "deemed_consent"
    NONE = "none"
    UNKNOWN = "unknown"


class ProofClass(StrEnum):
    """What an annex says that a document is."""

    PROOF = "proof"
    PRIMA_FACIE = "prima_facie"
    NEITHER = "neither"


class EvidencePurpose(StrEnum):
    """What a document is meant to show."""

    NATIONALITY = "nationality"
    ENTRY_AND_STAY = "entry_and_stay"


class UnknownTerm(KeyError):
    """The agreement's file does not speak of the term at all, not even as unknown."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: instrument, article, and the key of the reference in the agreement's list."""

    instrument: str
    article: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One value of an agreement.

    `starts_on` names the events that start a clock of this length (the first that happened counts), `owed_by` the side
    whose working days count, `cautious` what stands in, labelled, while the value itself is unknown.
    """

    name: str
    value: TermValue
    unit: Unit | None
    source: Source
    confidence: Confidence
    note: str = ""
    starts_on: tuple[str, ...] = ()
    owed_by: Side | None = None
    cautious: str | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether there is a value at all."""
        return self.confidence is not Confidence.UNKNOWN and self.value is not None

    @property
    def is_verified(self) -> bool:
        """Tell whether the term may have an automatic legal effect."""
        return self.confidence is Confidence.VERIFIED

    @property
    def length(self) -> int | None:
        """Return the length of a term that is counted in days or months; None when it has no known length."""
        is_length = self.unit in COUNTED_UNITS and isinstance(self.value, int)
        return int(self.value) if is_length and self.is_known and isinstance(self.value, int) else None


@dataclass(frozen=True, slots=True)
class Clause:
    """One entry of a list of the agreement: a ground, a person covered, an item of data, a field of a form."""

    code: str
    text: str
    source: Source
    confidence: Confidence
    group: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """What an annex says of one kind of document, for one purpose."""

    code: str
    label: str
    purpose: EvidencePurpose
    proof_class: ProofClass
    annex: str
    source: Source
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One step in the life of an agreement; `on` is None where the day is not known."""

    status: AgreementStatus
    on: date | None
    source: Source
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A State under the agreement, with the zone of its capital and the calendar of its holidays."""

    state: str
    zone: str
    country: str
    subdivision: str | None = None
    is_bound: bool = True
    authority: str = ""

    @property
    def calendar_key(self) -> str:
        """Return the name of the working calendar: the country, with the subdivision where one is needed."""
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of one agreement. `home` is Azerbaijan, `partners` the States on the other side, each of its own.

    `counts_from` is the day that was decided when the version was imported. `protocol` names the implementing protocol
    that is laid over it for its one State, `overridden` the terms for which the protocol speaks.
    """

    key: str
    version: str
    title: str
    short_title: str
    home: Party
    partners: tuple[Party, ...]
    status_history: tuple[StatusChange, ...]
    terms: Mapping[str, Term]
    references: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, tuple[Clause, ...]] = field(default_factory=dict)
    evidence: tuple[EvidenceRule, ...] = ()
    languages: tuple[str, ...] = ()
    note: str = ""
    counts_from: date | None = None
    protocol: str = ""
    overridden: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Return the identifier: `eu@2014-09-01`, with the protocol laid over it `eu@2014-09-01:XX@2027-01-01`."""
        return f"{self.base_id}:{self.protocol}" if self.protocol else self.base_id

    @property
    def base_id(self) -> str:
        """Return the identifier of the version itself, whatever protocol is laid over it."""
        return f"{self.key}@{self.version}"

    @property
    def since(self) -> str:
        """Return from when new cases come under it, to be compared as text: a decided day, else what the file says."""
        return self.version if self.counts_from is None else self.counts_from.isoformat()

    def term(self, name: str) -> Term:
        """Return the term of this name.

        Raises:
            UnknownTerm: the agreement's file does not speak of it.
        """
        try:
            return self.terms[name]
        except KeyError as error:
            raise UnknownTerm(f"{self.id}: {name}") from error

    def list_of(self, name: str) -> tuple[Clause, ...]:
        """Return a list of the agreement (`refusal_grounds`, `data_list`, ...); empty where the text is not known."""
        return self.clauses.get(name, ())

    def party(self, state: str) -> Party | None:
        """Return the partner of this code, bound or not; None for a State that the agreement does not name."""
        return next((party for party in self.partners if party.state == state), None)

    def binds(self, state: str) -> bool:
        """Tell whether the State is a bound partner."""
        party = self.party(state)
        return party is not None and party.is_bound

    def status_on(self, on: date) -> AgreementStatus:
        """Return where the agreement stood on a day; a step without a known day counts as taken."""
        status = AgreementStatus.NEGOTIATING
        for change in self.status_history:
            if change.on is None or change.on <= on:
                status = change.status
        return status

    def is_in_force(self, on: date) -> bool:
        """Tell whether the agreement was in force, and not suspended, on a day."""
        return self.status_on(on) is AgreementStatus.IN_FORCE

    @property
    def in_force_on(self) -> date | None:
        """Return the day of entry into force, where it is known."""
        return next((c.on for c in self.status_history if c.status is AgreementStatus.IN_FORCE), None)

    @property
    def silence(self) -> Term:
        """Return what silence means for a reply."""
        return self.term("reply.silence")

    def with_terms(self, overrides: Iterable[Term]) -> "Agreement":
        """Return the agreement with exactly these terms replaced: an implementing protocol, or a verified term.

        Raises:
            UnknownTerm: an override names a term that the agreement does not have.
        """
        terms = dict(self.terms)
        for term in overrides:
            self.term(term.name)
            terms[term.name] = term
        return replace(self, terms=MappingProxyType(terms))

    def with_status_changes(self, changes: Iterable[StatusChange]) -> "Agreement":
        """Return the agreement with further steps in its history, each where its day puts it.

        A step without a known day keeps its place, and a new one stands behind it.
        """
        history = list(self.status_history)
        for change in changes:
            if any((known.status, known.on) == (change.status, change.on) for known in history):
                continue
            before = [i for i, known in enumerate(history) if change.on is None or (known.on or change.on) <= change.on]
            history.insert(before[-1] + 1 if before else 0, change)
        return replace(self, status_history=tuple(history))


def find_agreement(state: str, on: date, agreements: Iterable[Agreement]) -> Agreement | None:
    """Return the version that binds the State and was in force on a day, the latest of several; None without one.

    None means the diplomatic channel: no treaty clock, no tacit effect.
    """
    found = [a for a in agreements if a.binds(state) and a.since <= on.isoformat() and a.is_in_force(on)]
    return max(found, key=lambda agreement: agreement.since, default=None)


def find_version(state: str, on: date, agreements: Iterable[Agreement]) -> Agreement | None:
    """Return what there is with a State on a day: the version in force, else the latest that names the State."""
    known = tuple(agreements)
    in_force = find_agreement(state, on, known)
    if in_force is not None:
        return in_force
    named = (a for a in known if a.party(state) is not None and a.since <= on.isoformat())
    return max(named, key=lambda a: (a.binds(state), a.since), default=None)
