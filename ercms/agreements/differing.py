"""What changes from one version to another, thing by thing: values, how sure they are, where they were read, words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflows.terms import Agreement, Clause, EvidenceRule, Party, StatusChange, Term

Thing = Term | Clause | EvidenceRule | Party | StatusChange | str


class ChangeKind(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same; `part` says what it is: a term, a list by its name, evidence, a State, a step."""

    part: str
    name: str
    kind: ChangeKind
    before: Thing | None
    after: Thing | None

    @property
    def article(self) -> str:
        """Return where it stands: in what is to come, else in what was."""
        return getattr(getattr(self.after or self.before, "source", None), "article", "")

    @property
    def is_weaker(self) -> bool:
        """Tell whether what is to come is less sure than what was."""
        before, after = getattr(self.before, "confidence", None), getattr(self.after, "confidence", None)
        return before is not None and after is not None and after.rank > before.rank


def differences(before: Agreement | None, after: Agreement) -> tuple[Change, ...]:
    """Return every difference, in the order of the new version; without a former one everything is added."""
    old = {} if before is None else dict(_things(before))
    new = dict(_things(after))
    return tuple(
        Change(part, name, _kind((part, name), old, new), old.get((part, name)), new.get((part, name)))
        for part, name in dict.fromkeys((*new, *old))
        if (old.get((part, name)) or None) != (new.get((part, name)) or None)
    )


def _kind(place: tuple[str, str], old: Mapping[Any, Any], new: Mapping[Any, Any]) -> ChangeKind:
    if place not in old:
        return ChangeKind.ADDED
    return ChangeKind.CHANGED if place in new else ChangeKind.REMOVED


def _things(agreement: Agreement) -> Iterator[tuple[tuple[str, str], Thing]]:
    yield ("title", ""), agreement.title
    yield ("languages", ""), ", ".join(agreement.languages)
    yield ("note", ""), agreement.note
    for step in agreement.status_history:
        yield ("status", f"{step.status.value} {step.on or ''}"), step
    for party in agreement.partners:
        yield ("partners", party.state), party
    for term in agreement.terms.values():
        yield ("terms", term.name), term
    for name, clauses in agreement.clauses.items():
        for clause in clauses:
            yield (name, clause.code), clause
    for rule in agreement.evidence:
        yield ("evidence", f"{rule.purpose.value} {rule.code}"), rule
