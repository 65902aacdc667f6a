"""What the worker does for keys and audit without being asked."""

from datetime import timedelta
from pathlib import Path

from flask import current_app

from ercms.audit import checkpoints, key_service
from ercms.core.actor import SYSTEM
from ercms.core.jobs import register_job
from ercms.core.unit_of_work import unit_of_work
from ercms.vault import files
from ercms.vault.enums import KeyPurpose

BETWEEN_CHECKPOINTS = timedelta(hours=6)
BETWEEN_LOOKS_FOR_OLD_KEYS = timedelta(minutes=1)
BETWEEN_SWEEPS = timedelta(hours=12)
BATCHES_A_LOOK = 20


def register_upkeep() -> None:
    """Name the recurring work of keys and audit."""
    register_job("audit_checkpoint", BETWEEN_CHECKPOINTS, sign_checkpoint)
    register_job("key_rewrapping", BETWEEN_LOOKS_FOR_OLD_KEYS, bring_records_along)
    register_job("file_sweeping", BETWEEN_SWEEPS, sweep_files)


def sign_checkpoint() -> None:
    """Sign where all chains stand."""
    with unit_of_work():
        checkpoints.make_checkpoint(actor=SYSTEM)
    folder = current_app.config["SETTINGS"].checkpoints_path
    if folder is not None:
        put_aside(folder)


def put_aside(folder: Path) -> int:
    """Write every checkpoint that is not there yet into a folder on another machine; return how many were written.

    What could not be written while that folder was away is written by the next run. A file that is there is never
    written again: a folder that only takes new files keeps the truth even from whoever owns this machine.
    """
    written = 0
    for made in checkpoints.list_checkpoints():
        target = folder / f"checkpoint-{made.number:06}.json"
        if target.exists():
            continue
        draft = target.with_suffix(".part")
        draft.write_text(made.to_text() + "\n", encoding="utf-8")
        draft.replace(target)
        written += 1
    return written


def bring_records_along() -> None:
    """Bring records under the active keys after a rotation, some batches at a time; the next look goes on."""
    for purpose in (KeyPurpose.DATA, KeyPurpose.TOKEN):
        if not key_service.is_work_left(purpose=purpose):
            continue
        after: str | None = ""
        for _ in range(BATCHES_A_LOOK):
            if after is None:
                break
            with unit_of_work():
                after = key_service.rewrap_batch(actor=SYSTEM, purpose=purpose, after=after).last_id


def sweep_files() -> None:
    """Remove files that erasures and crashes left on the disk."""
    with unit_of_work():
        files.sweep()
