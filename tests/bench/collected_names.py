"""Read real names with the spellings that papers and newspapers have for them, written down by hand without any table.

They check the tables and the generator beside them: each habit of writing is here as people know it, irregular forms
too. A surname is put to a given name at random; nobody is meant.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

from tests.bench.made_names import mistype

FILE = Path(__file__).parent.parent / "data" / "names" / "collected_names.csv"
HABITS = ("en", "ru", "de", "fr", "no", "tr")
_ALIKE = 2


@dataclass(frozen=True)
class Collected:
    """A name with its spellings by habit; `az` is the one in Azerbaijani."""

    name: str
    kind: str
    spellings: dict[str, tuple[str, ...]]


@cache
def collected() -> tuple[Collected, ...]:
    """Return all names of the list."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Collected(
                row["name"],
                row["kind"],
                {"az": (row["name"],)} | {habit: tuple(row[habit].split(";")) for habit in HABITS},
            )
            for row in csv.DictReader(file)
        )


def _in_sex(surname: str, kind: str) -> str:
    """Return the surname as a man or a woman bears it."""
    if kind != "woman":
        return surname
    if surname.endswith("ский"):
        return surname.removesuffix("ий") + "ая"
    is_cyrillic = surname[-1] > "Ѐ"
    is_russian = surname.endswith(("ov", "ev", "ow", "ew", "ов", "ев"))
    return surname + ("а" if is_cyrillic else "a") if is_russian else surname


def full_names(seed: int) -> Iterator[tuple[str, dict[str, list[tuple[str, str]]]]]:
    """Yield people: the name in Azerbaijani, and by habit all pairs of (surname, given name)."""
    choice = random.Random(seed)
    surnames = [one for one in collected() if one.kind == "surname"]
    for given in collected():
        if given.kind == "surname":
            continue
        surname = choice.choice(surnames)
        written = {
            habit: [
                (_in_sex(family, given.kind), first)
                for family in surname.spellings[habit]
                for first in given.spellings[habit]
            ]
            for habit in ("az", *HABITS)
        }
        yield ", ".join(written["az"][0]), written


def collected_pairs(seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield (habit, Azerbaijani spelling, other spelling) of one person."""
    for name, written in full_names(seed):
        for habit in HABITS:
            for family, given in written[habit]:
                yield habit, name, f"{family}, {given}"


def mistyped_pairs(seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield (habit, Azerbaijani spelling, other spelling with one typing error); of Russian the Latin forms only."""
    choice = random.Random(seed)
    for name, written in full_names(seed):
        for habit in ("az", "en", "de", "fr", "no", "tr"):
            family, given = choice.choice(written[habit])
            if choice.random() < 0.5 and len(given) > 3:
                yield habit, name, f"{family}, {mistype(given, choice)[1]}"
            else:
                yield habit, name, f"{mistype(family, choice)[1]}, {given}"


def alike_strangers(seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, one, other): two people whose given names or surnames differ by a letter or two, in any habits."""
    choice = random.Random(seed)
    names = collected()
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            if one.kind != other.kind or OSA.distance(one.name, other.name, score_cutoff=_ALIKE) > _ALIKE:
                continue
            if _is_changed_ending(one.name, other.name):
                continue
            habits = choice.choices(("az", *HABITS), k=2)
            words = [choice.choice(who.spellings[habit]) for who, habit in zip((one, other), habits, strict=True)]
            if one.kind == "surname":
                yield "alike surname", f"{words[0]}, Tural", f"{words[1]}, Tural"
            else:
                ending = "a" if one.kind == "woman" else ""
                yield f"alike name of a {one.kind}", f"Rzayev{ending}, {words[0]}", f"Rzayev{ending}, {words[1]}"


def _is_changed_ending(one: str, other: str) -> bool:
    return {one[-2:], other[-2:]} & {"li", "lı", "lu", "lü"} != set() and one[:5] == other[:5]
