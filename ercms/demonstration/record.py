"""What a person needs to try the demonstration: one file that only its owner can read, written last."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ercms.core.actor import SYSTEM
from ercms.core.unit_of_work import unit_of_work
from ercms.demonstration.world import World
from ercms.programs import service as programs

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
                "second_factor_secret": one.secret,
                "recovery_codes": list(one.recovery_codes),
            }
            for one in world.sign_ins
        ]
    }


def _api_keys(world: World) -> dict[str, Any]:
    """Make one key for the program of each requesting authority, and show what it sends."""
    keys = []
    with unit_of_work():
        for authority in world.authorities.values():
            officer = authority.officers[0]
            summary, sent = programs.create_key(
                actor=SYSTEM,
                organisation_id=authority.id,
                acting_user_id=officer.user_id,
                name="Demonstration",
            )
            named = {"organisation": summary.organisation_name, "acting_user": summary.acting_user_name}
            keys.append({**named, "key": sent})
    return {"api_keys": keys}


# What stands in the file, part by part; whoever gives people another way in adds a part.
SECTIONS: tuple[Section, ...] = (_sign_ins, _api_keys)


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
