"""What a person needs to try the demonstration: one file that only its owner can read, written last."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ercms.demonstration.world import World

FILE_NAME = "demonstration.json"
Section = Callable[[World], dict[str, Any]]


def _sign_ins(world: World) -> dict[str, Any]:
    return {
        "sign_ins": [
            {
                "role": one.role.value,
                "name": one.name,
                "organisation": one.organisation,
                "email": one.email,
                "password": one.password,
            }
            for one in world.sign_ins
        ]
    }


# What stands in the file, part by part; whoever gives people another way in adds a part.
SECTIONS: tuple[Section, ...] = (_sign_ins,)


def write(*, world: World, instance_path: Path, seed: int, cases: int) -> Path:
    """Write the file with mode 0600, whole or not at all: its presence says that the demonstration is complete."""
    content: dict[str, Any] = {"seed": seed, "cases": cases}
    for section in SECTIONS:
        content |= section(world)
    path = instance_path / FILE_NAME
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.write("\n")
    unfinished.replace(path)
    return path
