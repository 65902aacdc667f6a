"""Write terms and deadlines as plain documents: for the API, for the history of a case, for the command line."""

from typing import Any

from ercms.agreements.differing import Change, Thing
from ercms.core.db_types import Json
from workflows.arithmetic import Step
from workflows.deadlines import Deadline
from workflows.terms import Agreement, Clause, EvidenceRule, Party, Source, StatusChange, Term


def describe(deadline: Deadline) -> Json:
    """Return a deadline with its term and its arithmetic, in codes, days and numbers."""
    return {
        "kind": deadline.kind.value,
        "state": deadline.state.value,
        "event": deadline.event.value,
        "started_at": None if deadline.started_at is None else deadline.started_at.isoformat(),
        "start_on": _day(deadline.start_on),
        "due_on": _day(deadline.due_on),
        "zone": deadline.zone,
        "confidence": deadline.confidence.value,
        "has_legal_effect": deadline.has_legal_effect,
        "is_internal": deadline.is_internal,
        "term": describe_term(deadline.term),
        "start_term": None if deadline.start_term is None else describe_term(deadline.start_term),
        "stands_in_for": None if deadline.stands_in_for is None else describe_term(deadline.stands_in_for),
        "calendar": deadline.calendar or None,
        "calendar_version": deadline.calendar_version or None,
        "rests_on_estimate": deadline.rests_on_estimate,
        "ended_on": _day(deadline.ended_on),
        "arithmetic": [describe_step(step) for step in deadline.steps],
    }


def describe_term(term: Term) -> Json:
    """Return a term with its source and its confidence."""
    return {
        "name": term.name,
        "value": list(term.value) if isinstance(term.value, tuple) else term.value,
        "unit": None if term.unit is None else term.unit.value,
        "confidence": term.confidence.value,
        "source": _source(term.source),
        "note": term.note,
    }


def describe_agreement(agreement: Agreement) -> Json:
    """Return a whole version: identity, status history, partners, terms, lists and evidence."""
    return {
        "id": agreement.id,
        "key": agreement.key,
        "version": agreement.version,
        "title": agreement.title,
        "languages": list(agreement.languages),
        "note": agreement.note,
        "status_history": [_status(change) for change in agreement.status_history],
        "partners": [_party(party) for party in agreement.partners],
        "terms": [describe_term(term) for term in agreement.terms.values()],
        "lists": {name: [_clause(clause) for clause in clauses] for name, clauses in agreement.clauses.items()},
        "evidence": [_rule(rule) for rule in agreement.evidence],
        "references": dict(agreement.references),
    }


def describe_change(change: Change) -> Json:
    """Return one difference between two versions, with both sides as they are described elsewhere."""
    return {
        "part": change.part,
        "name": change.name,
        "kind": change.kind.value,
        "article": change.article,
        "is_weaker": change.is_weaker,
        "before": _thing(change.before),
        "after": _thing(change.after),
    }


def _thing(thing: Thing | None) -> Any:
    if isinstance(thing, Term):
        return describe_term(thing)
    if isinstance(thing, Clause):
        return _clause(thing)
    if isinstance(thing, EvidenceRule):
        return _rule(thing)
    if isinstance(thing, Party):
        return _party(thing)
    return _status(thing) if isinstance(thing, StatusChange) else thing


def _status(change: StatusChange) -> Json:
    return {
        "status": change.status.value,
        "on": _day(change.on),
        "confidence": change.confidence.value,
        "source": _source(change.source),
        "note": change.note,
    }


def _rule(rule: EvidenceRule) -> Json:
    return {
        "code": rule.code,
        "label": rule.label,
        "purpose": rule.purpose.value,
        "class": rule.proof_class.value,
        "annex": rule.annex,
        "confidence": rule.confidence.value,
        "source": _source(rule.source),
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _source(source: Source) -> Json:
    return {"instrument": source.instrument, "article": source.article, "reference": source.reference}


def _party(party: Party) -> Json:
    return {
        "state": party.state,
        "is_bound": party.is_bound,
        "zone": party.zone,
        "calendar": party.calendar_key,
        "authority": party.authority,
    }


def _clause(clause: Clause) -> Json:
    return {
        "code": clause.code,
        "text": clause.text,
        "group": clause.group,
        "confidence": clause.confidence.value,
        "source": _source(clause.source),
        "note": clause.note,
    }


def describe_step(step: Step) -> Json:
    """Return one line of the arithmetic in codes, days and numbers."""
    written = {
        "code": step.code.value,
        "on": _day(step.on),
        "to_on": _day(step.to_on),
        "count": step.count,
        "unit": None if step.unit is None else step.unit.value,
        "detail": step.detail or None,
        "is_estimated": step.is_estimated or None,
    }
    return {key: value for key, value in written.items() if value is not None}
