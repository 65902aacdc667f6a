"""Find persons by name on sealed data: candidates through keyed tokens, opened, compared and explained.

A search opens at most `MOST_OPENED` persons, however common the name, and only those whom `among` lets through: what
an actor may not see is neither opened nor counted. Where the likeliest of all persons leave no room for those whom the
actor may see, the search is made among the latter alone (`within`), so that nobody misses a case of their own.

A search that knows no year asks for every year of a lifetime. It looks for the folded name first, and for names with a
typing error only where few bear the name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select

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
ENOUGH = 20  # so many who bear a name are reason to ask for the year, not to look for typing errors too
_AT_ONCE = 500
Among = Callable[[Sequence[str]], Collection[str]]
Within = Select[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose name may be the one looked for; `shared_keys` is why the person was opened."""

    person_id: str
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
    shared_keys: int


def find_candidates(
    *,
    name: str,
    birth_date: date | None = None,
    birth_year: int | None = None,
    among: Among | None = None,
    within: Within | None = None,
) -> tuple[Candidate, ...]:
    """Find the persons who may bear a name, the likeliest first.

    `among` is given identifiers and returns those that may be opened; without it every person is one of them. `within`
    selects the identifiers of all that may be opened.

    Raises:
        InvalidInput: `name_not_searchable`, one name alone without a whole birth date.
    """
    if not name_tokens.is_searchable(name, birth_date):
        raise InvalidInput("name_not_searchable", fields={"name": ["name_not_searchable"]})
    return _find(_Wanted((name,), birth_date, birth_year, among, within))


def find_like(*, identity: Mapping[str, Any], among: Among | None = None) -> tuple[Candidate, ...]:
    """Find the persons whose names are like those of an opened identity, the likeliest first.

    Nobody is like a person of whom too little is known to search for.
    """
    birth_date = persons.birth_date_in(identity)
    names = [name for name in name_tokens.names_in(identity) if name_tokens.is_searchable(name, birth_date)]
    return _find(_Wanted(tuple(names), birth_date, None, among, None)) if names else ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whom a search looks for, and among whom."""

    names: tuple[str, ...]
    birth_date: date | None
    birth_year: int | None
    among: Among | None
    within: Within | None

    def values(self, *, is_exact: bool) -> set[str]:
        """Return the values of tokens to ask for."""
        return name_tokens.wanted_values(
            names=self.names,
            birth_date=self.birth_date,
            birth_year=self.birth_year,
            this_year=clock.today().year,
            is_exact=is_exact,
        )


def _find(wanted: _Wanted) -> tuple[Candidate, ...]:
    has_year = wanted.birth_date is not None or wanted.birth_year is not None
    opened: set[str] = set()
    found: list[Candidate] = []
    for is_exact in (False,) if has_year else (True, False):
        shared = _likeliest(wanted, is_exact=is_exact, without=opened)
        opened |= shared.keys()
        found += _compared(wanted.names, shared)
        if len(found) >= ENOUGH or len(opened) >= MOST_OPENED:
            break
    return tuple(sorted(found, key=lambda one: (-one.score, -one.shared_keys, one.person_id)))


def _compared(names: tuple[str, ...], shared: Mapping[str, int]) -> list[Candidate]:
    """Open persons and return those whose names are not different."""
    opened = vault.open_many(person_ids=shared, compartment=Compartment.IDENTITY)
    return [
        Candidate(person_id, alike.score, alike.verdict, alike.reasons, shared_keys=shared[person_id])
        for person_id, identity in opened.items()
        if (alike := _alike(names, name_tokens.names_in(identity))) is not None
    ]


def _likeliest(wanted: _Wanted, *, is_exact: bool, without: set[str]) -> dict[str, int]:
    """Return whom to open, each with the number of shared keys, so that no search opens more than the most."""
    room = MOST_OPENED - len(without)
    values = wanted.values(is_exact=is_exact)
    ranked = vault.rank_person_ids(kind=TokenKind.NAME_KEY, values=values, limit=MOST_RANKED)
    kept = _permitted(ranked, wanted.among, without, room)
    if len(kept) < room and len(ranked) == MOST_RANKED and wanted.within is not None:
        within = vault.rank_person_ids(
            kind=TokenKind.NAME_KEY, values=values, limit=MOST_OPENED, person_ids=wanted.within
        )
        kept = _permitted(within, wanted.among, without, room)
    return dict(kept)


def _permitted(
    ranked: Sequence[tuple[str, int]], among: Among | None, without: set[str], room: int
) -> list[tuple[str, int]]:
    """Return the first of those who may be opened and were not yet, in their order."""
    kept: list[tuple[str, int]] = []
    fresh = [pair for pair in ranked if pair[0] not in without]
    for start in range(0, len(fresh), _AT_ONCE):
        part = fresh[start : start + _AT_ONCE]
        allowed = {person_id for person_id, _ in part} if among is None else among([one for one, _ in part])
        kept += [pair for pair in part if pair[0] in allowed]
        if len(kept) >= room:
            break
    return kept[:room]


def _alike(names: Iterable[str], others: Sequence[str]) -> Comparison | None:
    """Return the best comparison of two persons' names that are not different; nothing where all are."""
    found = [alike for name in names for other in others if (alike := compare_if_alike(name, other)) is not None]
    return max(found, key=lambda comparison: comparison.score, default=None)


def compare_names(names: Iterable[str], others: Iterable[str]) -> Comparison | None:
    """Return the best comparison between the names of two persons; nothing where one of them has none."""
    known = list(others)
    found = [compare(name, other) for name in names for other in known]
    return max(found, key=lambda comparison: comparison.score, default=None)
