"""The locked requirements install on a machine that has nothing, today and when newer releases have come."""

import re
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[(?P<extras>[^\]]+)\])?==", re.MULTILINE)


def _pins(lock: str) -> dict[str, set[str]]:
    """Return the extras that a lock names, by package."""
    return {
        canonicalize_name(found["name"]): set((found["extras"] or "").split(",")) - {""}
        for found in PIN.finditer((ROOT / lock).read_text())
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_each_extra_that_a_locked_package_asks_for(lock: str) -> None:
    """pip 23 takes `name[extra]` for a package of its own and, where only `name` is pinned, refuses the newest release.

    So a lock without its extras installs until the next release of that package, and not a day longer.
    """
    pins = _pins(lock)
    missing = []
    for name in pins:
        try:
            asked = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for requirement in map(Requirement, asked):
            if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
                continue
            wanted = canonicalize_name(requirement.name)
            missing += [
                f"{wanted}[{extra}], asked for by {name}" for extra in requirement.extras - pins.get(wanted, set())
            ]
    assert pins
    assert not missing
