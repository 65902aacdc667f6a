"""Two agreements side by side: which of their terms, lists and evidence differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ercms.core.db_types import Json


class Likeness(StrEnum):
    """How two values stand to each other; a value that is not known is neither equal nor different."""

    SAME = "same"
    DIFFERENT = "different"
    ONE_UNKNOWN = "one_unknown"
    BOTH_UNKNOWN = "both_unknown"


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing in both agreements; None where one of them does not have it."""

    name: str
    first: Json | None
    second: Json | None
    likeness: Likeness


def compare_terms(first: Json, second: Json) -> list[Pair]:
    """Return the terms of two described agreements in pairs, in the order of the first."""
    return _pairs(_by_name(first["terms"]), _by_name(second["terms"]), _like_terms)


def compare_lists(first: Json, second: Json) -> dict[str, list[Pair]]:
    """Return the entries of each list in pairs; an agreement without a list is one whose text is not known."""
    names = list(dict.fromkeys((*first["lists"], *second["lists"])))
    return {
        name: _listed(_by_code(first["lists"].get(name, [])), _by_code(second["lists"].get(name, [])), _like_entries)
        for name in names
        if name != "articles"
    }


def compare_evidence(first: Json, second: Json) -> list[Pair]:
    """Return what the annexes say of each document for each purpose, in pairs."""
    return _listed(_by_purpose(first["evidence"]), _by_purpose(second["evidence"]), _like_classes)


def _listed(first: Mapping[str, Json], second: Mapping[str, Json], like: Any) -> list[Pair]:
    """Pair two lists; where a whole list is missing its text is not known, and nothing can be said to differ."""
    if first and second:
        return _pairs(first, second, like)
    return _pairs(first, second, lambda _first, _second: Likeness.ONE_UNKNOWN)


def _pairs(first: Mapping[str, Json], second: Mapping[str, Json], like: Any) -> list[Pair]:
    names = dict.fromkeys((*first, *second))
    return [Pair(name, first.get(name), second.get(name), like(first.get(name), second.get(name))) for name in names]


def _by_name(terms: list[Json]) -> dict[str, Json]:
    return {term["name"]: term for term in terms}


def _by_code(clauses: list[Json]) -> dict[str, Json]:
    return {clause["code"]: clause for clause in clauses}


def _by_purpose(rules: list[Json]) -> dict[str, Json]:
    return {f"{rule['purpose']}.{rule['code']}": rule for rule in rules}


def _like_terms(first: Json | None, second: Json | None) -> Likeness:
    known = [term is not None and term["value"] is not None for term in (first, second)]
    if not any(known):
        return Likeness.BOTH_UNKNOWN
    if first is None or second is None or not all(known):
        return Likeness.ONE_UNKNOWN
    is_same = (first["value"], first["unit"]) == (second["value"], second["unit"])
    return Likeness.SAME if is_same else Likeness.DIFFERENT


def _like_entries(first: Json | None, second: Json | None) -> Likeness:
    return Likeness.DIFFERENT if first is None or second is None else Likeness.SAME


def _like_classes(first: Json | None, second: Json | None) -> Likeness:
    if first is None or second is None:
        return Likeness.DIFFERENT
    return Likeness.SAME if first["class"] == second["class"] else Likeness.DIFFERENT
