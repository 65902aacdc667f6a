"""The difference between two versions as a page shows it: article by article, in words."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ercms.agreements import descriptions, differing, presenting
from ercms.agreements.differing import Change, ChangeKind, Thing
from ercms.agreements.enums import Event
from ercms.agreements.labels import law_text, term_label, value_text
from ercms.agreements.law_notes import LISTS
from ercms.web.labels import label, register
from ercms.web.templating import country, day
from workflows.terms import Agreement, Clause, EvidenceRule, Party, StatusChange, Term

_PARTS = {
    "title": _l("Title"),
    "languages": _l("Languages of communication"),
    "note": _l("Note"),
    "status": _l("Status"),
    "partners": _l("Requesting State"),
    "articles": _l("Heading"),
}
_TONES = {ChangeKind.ADDED: "done", ChangeKind.REMOVED: "late", ChangeKind.CHANGED: "soon"}
register(
    ChangeKind,
    {ChangeKind.ADDED: _l("Added"), ChangeKind.REMOVED: _l("Left out"), ChangeKind.CHANGED: _l("Changed")},
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change in words: the value, how sure it is, where it was read, what else is said of it."""

    value: str
    confidence: str = ""
    tone: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in words."""

    label: str
    kind: ChangeKind
    tone: str
    before: Side | None
    after: Side | None
    is_weaker: bool


def sections(before: Agreement | None, after: Agreement) -> list[tuple[str, list[ChangeLine]]]:
    """Return the changes under their articles, in order; what has no article comes first."""
    found: dict[tuple[int, int], tuple[str, list[ChangeLine]]] = {}
    for change in differing.differences(before, after):
        place, title = presenting.place_of(change.article)
        if not change.article:
            place, title = (-1, 0), str(gettext("Head of the agreement and what has no article"))
        found.setdefault(place, (title, []))[1].append(_line(change, before, after))
    return [found[place] for place in sorted(found)]


def _line(change: Change, before: Agreement | None, after: Agreement) -> ChangeLine:
    return ChangeLine(
        label=_label(change),
        kind=change.kind,
        tone=_TONES[change.kind],
        before=_side(change.before, before),
        after=_side(change.after, after),
        is_weaker=change.is_weaker,
    )


def _label(change: Change) -> str:
    thing = change.after or change.before
    if isinstance(thing, Term):
        return term_label(thing.name)
    if isinstance(thing, EvidenceRule):
        return f"{law_text(thing.label)} ({label(thing.purpose)})"
    name = str(_PARTS.get(change.part) or LISTS.get(change.part) or change.part)
    if isinstance(thing, Party):
        return f"{name}: {country(thing.state)}"
    return f"{name}: {change.name}" if isinstance(thing, Clause) else name


def _side(thing: Thing | None, agreement: Agreement | None) -> Side | None:
    if thing is None or agreement is None:
        return None
    if isinstance(thing, str):
        return Side(law_text(thing) if thing else "–")
    if isinstance(thing, Party):
        return Side(_party(thing))
    return Side(
        value=_value(thing),
        confidence=label(thing.confidence),
        tone=presenting.TONES[thing.confidence.value],
        source=_source(thing, agreement),
        note=_note(thing),
    )


def _value(thing: Term | Clause | EvidenceRule | StatusChange) -> str:
    if isinstance(thing, Term):
        return value_text(descriptions.describe_term(thing))
    if isinstance(thing, Clause):
        return law_text(thing.text)
    if isinstance(thing, EvidenceRule):
        return label(thing.proof_class)
    return f"{label(thing.status)}, {day(thing.on) if thing.on else gettext('the day is not known')}"


def _note(thing: Term | Clause | EvidenceRule | StatusChange) -> str:
    said: list[Any] = [presenting.note_text(getattr(thing, "note", ""))]
    if isinstance(thing, Term):
        if thing.owed_by is not None:
            said.append(gettext("owed by: %(side)s", side=label(thing.owed_by)))
        if thing.starts_on:
            said.append(
                gettext("starts with: %(events)s", events=", ".join(label(Event(one)) for one in thing.starts_on))
            )
    return "; ".join(str(part) for part in said if part)


def _source(thing: Term | Clause | EvidenceRule | StatusChange, agreement: Agreement) -> str:
    source = thing.source
    parts = (presenting.article_text(source.article), law_text(source.instrument), source.reference)
    return ", ".join(part for part in parts if part)


def _party(party: Party) -> str:
    bound = gettext("bound") if party.is_bound else gettext("Not bound")
    return ", ".join(part for part in (bound, party.zone, party.calendar_key, party.authority) if part)
