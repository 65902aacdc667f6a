"""Find persons by name on sealed data: candidates through keyed tokens, opened, compared and explained.

A search opens at most `MOST_OPENED` persons, however common the name, and only those whom `among` lets through: what
an actor may not see is neither opened nor counted.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ercms.core import clock
from ercms.core.errors import InvalidInput
from ercms.persons import name_tokens
from ercms.persons import service as persons
from ercms.persons.names.matching import Comparison, Verdict, compare, compare_if_alike
from ercms.persons.names.reasons import Reason
from ercms.vault import service as vault
from ercms.vault.enums import Compartment, TokenKind

MOST_OPENED = 200
MOST_RANKED = 4_000
_AT_ONCE = 500
Among = Callable[[Sequence[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose name may be the one looked for; `shared_keys` is why the person was opened."""

    person_id: str
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
    shared_keys: int


def find_candidates(
    *, name: str, birth_date: date | None = None, birth_year: int | None = None, among: Among | None = None
) -> tuple[Candidate, ...]:
    """Find the persons who may bear a name, the likeliest first.

    `among` is given identifiers and returns those that may be opened; without it every person is one of them.

    Raises:
        InvalidInput: `name_not_searchable`, one name alone without a whole birth date.
    """
    if not name_tokens.is_searchable(name, birth_date):
        raise InvalidInput("name_not_searchable", fields={"name": ["name_not_searchable"]})
    return _find((name,), birth_date, birth_year, among)


def find_like(*, identity: Mapping[str, Any], among: Among | None = None) -> tuple[Candidate, ...]:
    """Find the persons whose names are like those of an opened identity, the likeliest first.

    Nobody is like a person of whom too little is known to search for.
    """
    birth_date = persons.birth_date_in(identity)
    names = [name for name in name_tokens.names_in(identity) if name_tokens.is_searchable(name, birth_date)]
    return _find(tuple(names), birth_date, None, among) if names else ()


def _find(
    names: tuple[str, ...], birth_date: date | None, birth_year: int | None, among: Among | None
) -> tuple[Candidate, ...]:
    values = name_tokens.wanted_values(
        names=names, birth_date=birth_date, birth_year=birth_year, this_year=clock.today().year
    )
    ranked = vault.rank_person_ids(kind=TokenKind.NAME_KEY, values=values, limit=MOST_RANKED)
    shared = dict(_permitted(ranked, among))
    opened = vault.open_many(person_ids=shared, compartment=Compartment.IDENTITY)
    found = []
    for person_id, identity in opened.items():
        comparison = _alike(names, name_tokens.names_in(identity))
        if comparison is not None:
            found.append(
                Candidate(
                    person_id, comparison.score, comparison.verdict, comparison.reasons, shared_keys=shared[person_id]
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.score, -one.shared_keys, one.person_id)))


def _permitted(ranked: Sequence[tuple[str, int]], among: Among | None) -> list[tuple[str, int]]:
    """Return the first of those who may be opened, in their order."""
    kept: list[tuple[str, int]] = []
    for start in range(0, len(ranked), _AT_ONCE):
        part = ranked[start : start + _AT_ONCE]
        allowed = {person_id for person_id, _ in part} if among is None else among([one for one, _ in part])
        kept += [pair for pair in part if pair[0] in allowed]
        if len(kept) >= MOST_OPENED:
            break
    return kept[:MOST_OPENED]


def _alike(names: Iterable[str], others: Sequence[str]) -> Comparison | None:
    """Return the best comparison of two persons' names that are not different; nothing where all are."""
    found = [alike for name in names for other in others if (alike := compare_if_alike(name, other)) is not None]
    return max(found, key=lambda comparison: comparison.score, default=None)


def compare_names(names: Iterable[str], others: Iterable[str]) -> Comparison | None:
    """Return the best comparison between the names of two persons; nothing where one of them has none."""
    known = list(others)
    found = [compare(name, other) for name in names for other in known]
    return max(found, key=lambda comparison: comparison.score, default=None)
