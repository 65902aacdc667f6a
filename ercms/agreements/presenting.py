"""An agreement as its pages show it: article by article, and beside another one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel import Locale
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ercms.agreements import service
from ercms.agreements.comparing import Likeness
from ercms.agreements.enums import AgreementStatus, Confidence, Event, EvidencePurpose, ProofClass
from ercms.agreements.labels import law_text, term_label, value_text
from ercms.agreements.law_notes import GROUPS, LISTS
from ercms.web.error_handlers import register_reasons
from ercms.web.labels import label, register
from ercms.web.templating import country
from workflows.terms import Agreement

_ARTICLE = re.compile(r"(\d+)")
_ANNEX = re.compile(r"Annex(?: (\d+))?")
_HEADINGS = "articles"

# How sure somebody can be of a value, as the colour of its badge.
TONES = {
    Confidence.VERIFIED.value: "done",
    Confidence.REPORTED.value: "calm",
    Confidence.INFERRED.value: "soon",
    Confidence.UNKNOWN.value: "quiet",
}
STATUS_TONES = {
    AgreementStatus.IN_FORCE: "done",
    AgreementStatus.RATIFIED: "calm",
    AgreementStatus.SIGNED: "calm",
    AgreementStatus.NEGOTIATING: "quiet",
    AgreementStatus.SUSPENDED: "late",
    AgreementStatus.TERMINATED: "late",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read, and how sure that makes it."""

    article: str
    reference: str
    reference_key: str
    confidence: str
    tone: str
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term in words."""

    name: str
    label: str
    value: str
    is_known: bool
    note: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list; it has an origin of its own where the entries of its list differ."""

    text: str
    note: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class EntryList:
    """A list of the agreement in the groups of its file; `origin` is that of all its entries, where they share one."""

    name: str
    label: str
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    count: int
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """What one annex says of one class of documents, for one purpose."""

    label: str
    proof_class: str
    purpose: str
    entries: tuple[Entry, ...]
    origin: Origin | None


@dataclass(slots=True)
class Section:
    """An article, an annex, or what has no article."""

    anchor: str
    title: str
    heading: str = ""
    terms: list[TermLine] = field(default_factory=list)
    lists: list[EntryList] = field(default_factory=list)
    evidence: list[EvidenceTable] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is known of the article but its heading."""
        return not (self.terms or self.lists or self.evidence)


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One step in the life of an agreement."""

    status: AgreementStatus
    on: date | None
    note: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Summary:
    """An agreement in the list: where it stands today and what that means for a request."""

    id: str
    partner: str
    title: str
    status: AgreementStatus
    tone: str
    since: date | None
    is_in_force: bool
    states: tuple[str, ...]
    unbound: tuple[str, ...]
    counts: Mapping[str, int]


def summaries(today: date) -> list[Summary]:
    """Return every version: those in force first, then by the partner's name."""
    made = [summary(agreement, today) for agreement in service.list_agreements()]
    return sorted(made, key=lambda line: (not line.is_in_force, line.partner.casefold(), line.id))


def summary(agreement: Agreement, today: date) -> Summary:
    """Return where a version stands on a day, and how sure its terms are."""
    status = agreement.status_on(today)
    taken = [step for step in agreement.status_history if step.status is status]
    confidences = [term.confidence for term in agreement.terms.values()]
    return Summary(
        id=agreement.id,
        partner=partner_name(agreement),
        title=law_text(agreement.title),
        status=status,
        tone=STATUS_TONES[status],
        since=taken[-1].on if taken else None,
        is_in_force=agreement.is_in_force(today),
        states=tuple(party.state for party in agreement.partners if party.is_bound),
        unbound=tuple(party.state for party in agreement.partners if not party.is_bound),
        counts={confidence.value: confidences.count(confidence) for confidence in Confidence},
    )


def partner_name(agreement: Agreement) -> str:
    """Return what a version is called: a State by its name in the language of the page, with a protocol named so."""
    name = law_text(agreement.short_title)
    only = agreement.partners[0].state
    if len(agreement.partners) == 1 and str(Locale("en").territories.get(only)) == agreement.short_title:
        name = country(only)
    if not agreement.protocol:
        return name
    return str(gettext("%(name)s: protocol with %(state)s", name=name, state=country(only)))


def history(agreement: Agreement) -> list[StatusLine]:
    """Return the steps in the life of an agreement with where each was read."""
    described = service.describe_agreement(agreement)
    return [
        StatusLine(
            status=AgreementStatus(step["status"]),
            on=None if step["on"] is None else date.fromisoformat(step["on"]),
            note=note_text(step["note"]),
            origin=_origin(step, described["references"]),
        )
        for step in described["status_history"]
    ]


def sections(agreement: Agreement) -> list[Section]:
    """Return the agreement article by article, then its annexes, then what nobody could place."""
    described = service.describe_agreement(agreement)
    references = described["references"]
    places: dict[tuple[int, int], Section] = {}
    for heading in described["lists"].get(_HEADINGS, ()):
        _section(places, heading["code"]).heading = law_text(heading["text"])
    for term in described["terms"]:
        _section(places, _article_of(agreement, term)).terms.append(term_line(term, references))
    for name, clauses in described["lists"].items():
        if name != _HEADINGS:
            for article, entries in _by(clauses, lambda clause: clause["source"]["article"]):
                _section(places, article).lists.append(_entry_list(name, entries, references))
    for _, rules in _by(described["evidence"], lambda rule: (rule["annex"], rule["purpose"], rule["class"])):
        _section(places, rules[0]["source"]["article"]).evidence.append(_evidence(rules, references))
    return [places[place] for place in sorted(places)]


@dataclass(frozen=True, slots=True)
class ProtocolLine:
    """A protocol to an agreement: with which State, from when, and what it says of each term that it names."""

    id: str
    state: str
    since: str
    terms: Mapping[str, TermLine]


def _article_of(agreement: Agreement, term: Mapping[str, Any]) -> str:
    """Return under which article a term stands: one for which a protocol speaks stays where the agreement has it."""
    if term["name"] not in agreement.overridden:
        return str(term["source"]["article"])
    return service.get_agreement(agreement.base_id).term(term["name"]).source.article


def protocol_lines(agreement: Agreement) -> list[ProtocolLine]:
    """Return what the protocols of an agreement say instead; none for a version that has a protocol laid over it."""
    if agreement.protocol:
        return []
    found = []
    for one in service.protocols_of(agreement):
        protocol = service.protocol_behind(one)
        said = {name: term_line(service.describe_term(one.term(name)), one.references) for name in one.overridden}
        found.append(ProtocolLine(one.id, one.partners[0].state, protocol.since if protocol else "", said))
    return found


def term_line(term: Mapping[str, Any], references: Mapping[str, str]) -> TermLine:
    """Return a described term in words."""
    return TermLine(
        name=term["name"],
        label=term_label(term["name"]),
        value=value_text(term),
        is_known=term["value"] is not None,
        note=note_text(term["note"]),
        origin=_origin(term, references),
    )


def note_text(text: str) -> str:
    """Return a note of an agreement's file in the language of the page."""
    return law_text(text) if text else ""


def _origin(part: Mapping[str, Any], references: Mapping[str, str]) -> Origin:
    source = part["source"]
    return Origin(
        article=article_text(source["article"]),
        reference=references.get(source["reference"], ""),
        reference_key=source["reference"],
        confidence=part["confidence"],
        tone=TONES[part["confidence"]],
        instrument=law_text(source["instrument"]),
    )


def article_text(article: str) -> str:
    """Return where in an agreement something stands: `Article 8(2)`, `Annex 1`; nothing where that is not known."""
    if not article:
        return ""
    match = _ANNEX.fullmatch(article)
    if match:
        return str(gettext("Annex %(number)s", number=match[1]) if match[1] else gettext("Annex"))
    if article == "Preamble":
        return str(gettext("Preamble"))
    number, comma, annex = article.partition(", ")
    written = str(gettext("Article %(number)s", number=number))
    return f"{written}, {article_text(annex)}" if comma else written


def _section(places: dict[tuple[int, int], Section], article: str) -> Section:
    """Return the section of an article, made when it is first asked for; paragraphs stand under their article."""
    place, title = place_of(article)
    if place not in places:
        places[place] = Section(anchor=f"part-{place[0]}-{place[1]}", title=title)
    return places[place]


def place_of(article: str) -> tuple[tuple[int, int], str]:
    """Return where an article stands among the sections, and what its section is called."""
    annex = _ANNEX.match(article)
    if annex:
        return (2, int(annex[1] or 0)), article_text(annex[0])
    number = _ARTICLE.match(article)
    if number:
        return (1, int(number[1])), article_text(number[1])
    if article:
        return (0, 0), article_text(article)
    return (3, 0), str(gettext("Article not known"))


def _by(items: Iterable[Mapping[str, Any]], key: Any) -> list[tuple[Any, list[Mapping[str, Any]]]]:
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return list(found.items())


def _shared(parts: list[Mapping[str, Any]], references: Mapping[str, str]) -> Origin | None:
    origins = {_origin(part, references) for part in parts}
    return origins.pop() if len(origins) == 1 else None


def _entries(
    parts: list[Mapping[str, Any]], text: str, shared: Origin | None, references: Mapping[str, str]
) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            text=law_text(part[text]),
            note=note_text(part.get("note", "")),
            origin=None if shared else _origin(part, references),
        )
        for part in parts
    )


def _entry_list(name: str, clauses: list[Mapping[str, Any]], references: Mapping[str, str]) -> EntryList:
    shared = _shared(clauses, references)
    groups = _by(clauses, lambda clause: clause["group"])
    return EntryList(
        name=name,
        label=str(LISTS.get(name, name)),
        groups=tuple(
            (str(GROUPS.get(group, group)), _entries(entries, "text", shared, references)) for group, entries in groups
        ),
        count=len(clauses),
        origin=shared,
    )


def _evidence(rules: list[Mapping[str, Any]], references: Mapping[str, str]) -> EvidenceTable:
    shared = _shared(rules, references)
    purpose, proof_class = EvidencePurpose(rules[0]["purpose"]), ProofClass(rules[0]["class"])
    return EvidenceTable(
        label=f"{label(purpose)}: {label(proof_class)}",
        proof_class=proof_class.value,
        purpose=purpose.value,
        entries=_entries(rules, "label", shared, references),
        origin=shared,
    )


def register_labels(state: BlueprintSetupState) -> None:
    """Make the words known to the pages, once the blueprint is registered."""
    state.app.jinja_env.filters["event_label"] = lambda event: label(Event(event))
    register(
        Likeness,
        {
            Likeness.SAME: _l("The same"),
            Likeness.DIFFERENT: _l("Different"),
            Likeness.ONE_UNKNOWN: _l("Known of one only"),
            Likeness.BOTH_UNKNOWN: _l("Not known of either"),
        },
    )
    register_reasons({"agreement_not_found": _l("There is no such version of an agreement.")})
