"""Measure name matching: recall by form, verdicts on pairs of different people by kind, and time.

Run as `python -m tests.bench.names [FOLDER]`; without a folder the shipped lists are used.
"""

import csv
import itertools
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from rapidfuzz.distance import OSA

from ercms.persons.names.common_names import COMMON_NAMES
from ercms.persons.names.conventions import Convention, read
from ercms.persons.names.keys import folded_keys
from ercms.persons.names.lexicon import share_name
from ercms.persons.names.matching import Verdict, compare
from tests.bench.collected_names import alike_strangers, collected_pairs, mistyped_pairs
from tests.bench.made_names import Person, people, spellings, strangers
from tests.bench.made_transliterations import titled

SEED, AMOUNT = 7, 300
FULL_FORMS = ("az_latin", "az_cyrillic", "ru_cyrillic")
SHIPPED = Path(__file__).parent.parent / "data" / "names"
Pair = tuple[str, str, str]


def variant_pairs(folder: Path, *, crossed: bool = True) -> Iterator[Pair]:
    """Yield (form, one, other) for the spellings of one person: each with the first, or all with all."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (folder / "name_variants.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            groups[row["group_id"]].append((row["form"], row["name"]))
    for rows in groups.values():
        pairs = itertools.combinations(rows, 2) if crossed else ((rows[0], row) for row in rows[1:])
        for (form, name), (other_form, other) in pairs:
            typed = [f for f in (form, other_form) if f.startswith("typo")]
            yield (typed[0] if len(typed) == 1 else "two typos" if typed else other_form), name, other


def different_pairs(folder: Path) -> Iterator[Pair]:
    """Yield (kind, one, other) for different people."""
    with (folder / "name_nonmatches.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield row.get("kind") or "listed", row["name_a"], row["name_b"]


def made_variants(seed: int, amount: int) -> Iterator[Pair]:
    """Yield (form, first spelling, other spelling) for made people."""
    for person in people(seed, amount):
        (_, first), *rows = spellings(person)
        for form, name in rows:
            yield form, first, name


def made_strangers(seed: int, amount: int) -> Iterator[Pair]:
    """Yield (kind, one, other) for made people who are not the same, in forms taken at random.

    The father's name is written in both where it is all that tells them apart.
    """
    choice = random.Random(seed)
    for kind, one, other in strangers(seed, amount):
        forms = [spellings(one), spellings(other)]
        if kind in ("other father", "father and son"):
            forms = [[row for row in rows if row[0] in FULL_FORMS] for rows in forms]
        forms = [[row for row in rows if not row[0].startswith(("typo", "masculine"))] for rows in forms]
        yield kind, choice.choice(forms[0])[1], choice.choice(forms[1])[1]


def listed_neighbours(seed: int) -> Iterator[Pair]:
    """Yield (kind, one, other): each common given name with the nearest other one, both in forms taken at random.

    Two spellings of one name are left out. Some neighbours are written alike in most habits: Malik for Məlik.
    """
    choice = random.Random(seed)
    names = sorted(set(COMMON_NAMES.split()))
    for name in names:
        others = [other for other in names if other != name and not share_name(_symbols(name), _symbols(other))]
        nearest = min(others, key=lambda other: (OSA.distance(name, other, score_cutoff=_ALIKE), other))
        if OSA.distance(name, nearest) > _ALIKE:
            continue
        made = [Person("Rza", "ov", titled(given), "Murad", is_woman=False, choices=seed) for given in (name, nearest)]
        forms = [[row for row in spellings(person) if not row[0].startswith(("typo", "masculine"))] for person in made]
        one, other = (choice.choice(rows)[1] for rows in forms)
        yield ("written alike" if one == other else "neighbours"), one, other


_ALIKE = 2


def _symbols(name: str) -> tuple[int, ...]:
    return read(name, Convention.AZERBAIJANI).symbols


def count(pairs: Iterable[Pair], shown: list[str], wrong: set[Verdict]) -> dict[str, Counter[Verdict]]:
    """Count the verdicts by kind, and keep the pairs that got a wrong one."""
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for kind, one, other in pairs:
        result = compare(one, other)
        counts[kind][result.verdict] += 1
        if result.verdict in wrong:
            reasons = ", ".join(reason.words for reason in result.reasons)
            shown.append(f"{kind}: {one} | {other} | {result.verdict} {result.score} {reasons}")
    return counts


def report(title: str, counts: dict[str, Counter[Verdict]]) -> None:
    """Print one line for each kind, and the sum."""
    total: Counter[Verdict] = Counter()
    print(f"\n{title}\n{'':28}{'pairs':>7}{'same':>8}{'review':>8}{'different':>11}")
    for kind, found in [*sorted(counts.items()), ("all", total)]:
        amount = found.total() or 1
        shares = [100 * found[verdict] / amount for verdict in Verdict]
        print(f"{kind:28}{found.total():7}{shares[0]:7.2f}%{shares[1]:7.2f}%{shares[2]:10.2f}%")
        total += found


def main(arguments: list[str]) -> None:
    """Print the tables for the folder."""
    folder = Path(next((word for word in arguments if not word.startswith("-")), SHIPPED))
    missed: list[str] = []
    accused: list[str] = []
    first = list(variant_pairs(folder, crossed=False))
    crossed = list(variant_pairs(folder))
    others = list(different_pairs(folder))
    made = list(made_variants(SEED, AMOUNT))
    made_others = list(made_strangers(SEED, AMOUNT * 10))
    seeds = range(SEED, SEED + 6)
    real, neighbours = list(collected_pairs(SEED)), list(listed_neighbours(SEED))
    mistyped = [pair for seed in seeds for pair in mistyped_pairs(seed)]
    alike = [pair for seed in seeds for pair in alike_strangers(seed)]
    started = time.perf_counter()
    tables = [
        ("Spellings of one person, each with the first", count(first, [], set())),
        ("Spellings of one person, all with all", count(crossed, missed, {Verdict.DIFFERENT})),
        ("Different people", count(others, accused, {Verdict.SAME, Verdict.REVIEW})),
        ("Made spellings, each with the first", count(made, missed, {Verdict.DIFFERENT})),
        ("Made pairs of different people", count(made_others, accused, {Verdict.SAME, Verdict.REVIEW})),
        ("Collected spellings of real names", count(real, missed, {Verdict.DIFFERENT})),
        ("Collected spellings with one typing error", count(mistyped, missed, {Verdict.DIFFERENT})),
        ("Different people with names alike", count(alike, accused, {Verdict.SAME, Verdict.REVIEW})),
        ("Listed given names and their neighbours", count(neighbours, accused, {Verdict.SAME, Verdict.REVIEW})),
    ]
    spent = time.perf_counter() - started
    for title, counts in tables:
        report(title, counts)
    amount = sum(found.total() for _, table in tables for found in table.values())
    print(f"\n{1e6 * spent / amount:.0f} microseconds for a comparison")
    for title, pairs in (("listed", crossed), ("made", made), ("collected", real), ("mistyped", mistyped)):
        shared = [any(key.startswith("p:") for key in folded_keys(one) & folded_keys(other)) for _, one, other in pairs]
        print(f"{100 * sum(shared) / len(shared):.2f}% of the {title} spellings share a key of surname and given name")
    if "--show" in arguments:
        print("\nMissed", *missed, sep="\n")
        print("\nNot told apart", *accused, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
