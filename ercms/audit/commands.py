"""`flask audit` and `flask keys`: as thin as a view."""

from pathlib import Path

import click
from flask.cli import AppGroup

from ercms.audit import checkpoints, export, key_service, verify
from ercms.core.actor import SYSTEM
from ercms.core.errors import DomainError
from ercms.core.unit_of_work import unit_of_work
from ercms.vault import rotate
from ercms.vault.enums import KeyPurpose
from ercms.vault.errors import KeyringUnavailable

audit_cli = AppGroup("audit", help="Prove, sign and export the audit.")
keys_cli = AppGroup("keys", help="Make, rotate and destroy the keys of this installation.")

_PURPOSE = click.Choice([purpose.value for purpose in KeyPurpose])
_REFUSALS = {
    "key_is_active": "The key is active. Run `flask keys rotate` first.",
    "key_is_needed": "{remaining} records still need the key. Run `flask keys rewrap` first.",
    "key_retired_too_recently": "The key was retired less than {minutes} minutes ago. Wait, then try again.",
    "checkpoint_malformed": "The file is not a checkpoint of ERCMS.",
}


@audit_cli.command("verify")
@click.option("--checkpoint", "kept_at", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_command(kept_at: Path | None) -> None:
    """Read the whole audit; name the first entry that is not as it was written.

    --checkpoint compares with a checkpoint that was kept elsewhere.
    """
    try:
        kept = None if kept_at is None else checkpoints.checkpoint_from(kept_at.read_text(encoding="utf-8"))
        report = verify.verify(kept=kept)
    except (DomainError, KeyringUnavailable) as error:
        raise click.ClickException(_explain(error)) from error
    read = f"{report.entries} entries in {report.chains} chains, {report.checkpoints} checkpoints"
    if report.finding is not None:
        found = report.finding
        raise click.ClickException(f"NOT SOUND: {found.chain} {found.seq}: {found.flaw.value} ({read} read)")
    click.echo(f"Sound: {read}.")


@audit_cli.command("checkpoint")
@click.option("--output", type=click.Path(path_type=Path), help="Also write it to this file, to be kept elsewhere.")
def checkpoint_command(output: Path | None) -> None:
    """Sign where all chains stand now."""
    try:
        with unit_of_work():
            made = checkpoints.make_checkpoint(actor=SYSTEM)
    except KeyringUnavailable as error:
        raise click.ClickException(_explain(error)) from error
    if output is not None:
        output.write_text(made.to_text() + "\n", encoding="utf-8")
    click.echo(made.to_text())


@audit_cli.command("export")
@click.argument("target", type=click.Path(path_type=Path))
def export_command(target: Path) -> None:
    """Write the audit to an archive with a script that checks it."""
    try:
        with unit_of_work():
            written = export.export_archive(actor=SYSTEM, target=target)
    except FileExistsError as error:
        raise click.ClickException(f"{target} is there already; name another file.") from error
    except KeyringUnavailable as error:
        raise click.ClickException(_explain(error)) from error
    click.echo(f"{written.entries} entries in {written.chains} chains; SHA-256 {written.digest}")


@keys_cli.command("create")
def create_command() -> None:
    """Make the keyring of a new installation."""
    try:
        with unit_of_work():
            count = key_service.create_keyring(actor=SYSTEM)
    except KeyringUnavailable as error:
        raise click.ClickException(_explain(error)) from error
    click.echo(f"Made a keyring with {count} keys. Keep a copy apart from the database: without it all data are lost.")


@keys_cli.command("rotate")
@click.argument("purpose", type=_PURPOSE, default=KeyPurpose.DATA.value)
def rotate_command(purpose: str) -> None:
    """Put a new key into use; the old one goes on reading."""
    try:
        with unit_of_work():
            key_id = key_service.rotate_key(actor=SYSTEM, purpose=KeyPurpose(purpose))
    except KeyringUnavailable as error:
        raise click.ClickException(_explain(error)) from error
    click.echo(f"{key_id} is in use. Back up the keyring, then run `flask keys rewrap`.")


@keys_cli.command("rewrap")
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 10_000))
def rewrap_command(batch: int) -> None:
    """Bring data keys and search tokens under the active keys; it can be stopped and repeated at any moment."""
    for purpose in (KeyPurpose.DATA, KeyPurpose.TOKEN):
        changed = damaged = 0
        after: str | None = ""
        while after is not None:
            try:
                with unit_of_work():
                    done = key_service.rewrap_batch(actor=SYSTEM, purpose=purpose, limit=batch, after=after)
            except KeyringUnavailable as error:
                raise click.ClickException(_explain(error)) from error
            changed, damaged, after = changed + done.changed, damaged + done.damaged, done.last_id
        click.echo(f"{purpose.value}: {changed} brought under the active key, {damaged} damaged.")


@keys_cli.command("status")
def status_command() -> None:
    """Show the keys, what is left under each, and whether a rotation is due."""
    try:
        keys, missing = rotate.status(), rotate.missing_key_ids()
    except KeyringUnavailable as error:
        raise click.ClickException(_explain(error)) from error
    for key in keys:
        counted = "" if key.encryptions is None else f", {key.encryptions} encryptions"
        due = "  ROTATE: it is old or much used" if key.is_due else ""
        click.echo(f"{key.id}  {key.state.value}  {key.remaining} records need it{counted}{due}")
    if missing:
        raise click.ClickException(f"The keyring lacks keys that records need: {', '.join(missing)}.")


@keys_cli.command("destroy")
@click.argument("key_id")
def destroy_command(key_id: str) -> None:
    """Destroy a retired key for good, once nothing needs it."""
    try:
        with unit_of_work():
            key_service.destroy_key(actor=SYSTEM, key_id=key_id)
    except (DomainError, KeyringUnavailable) as error:
        raise click.ClickException(_explain(error)) from error
    click.echo(f"{key_id} is destroyed.")


def _explain(error: DomainError | KeyringUnavailable) -> str:
    if isinstance(error, KeyringUnavailable):
        return str(error)
    return _REFUSALS.get(error.code, error.code).format(**error.facts)
