"""`flask demonstration`: as thin as a view."""

from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import event, inspect

from config import MARKER, ROOT, Settings, SettingsError, create_installation, is_demonstration
from ercms.demonstration import maker, record
from ercms.extensions import db
from ercms.vault import keyring

demonstration_cli = AppGroup("demonstration", help="An installation with invented people.")

_EVERY = 25


@demonstration_cli.command("make")
@click.option("--seed", type=int, default=2014, show_default=True, help="The same seed makes the same people.")
@click.option("--cases", type=click.IntRange(1, 5000), default=300, show_default=True)
def make_demonstration(seed: int, cases: int) -> None:
    """Make keys, database, organisations, officers and cases of invented people in an instance that is not there yet.

    An installation that was not made as a demonstration cannot be turned into one.
    """
    settings: Settings = current_app.config["SETTINGS"]
    _refuse_what_is_there(settings)
    create_installation(settings.instance_path, is_demonstration=True)
    keyring.create(settings.keyring_path)
    click.echo("Making the tables", err=True)
    flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    _write_without_waiting()
    click.echo(f"Making {cases} cases of invented people (seed {seed})", err=True)

    def report(done: int) -> None:
        if done % _EVERY == 0 or done == cases:
            click.echo(f"  {done} of {cases}", err=True)

    made = maker.make(amount=cases, seed=seed, report=report)
    path = record.write(world=made.world, instance_path=settings.instance_path, seed=seed, cases=made.cases)
    if made.left_out:
        click.echo(f"{made.left_out} cases could not be dated as their stories go, and were left out.", err=True)
    click.echo(f"Made {made.cases} cases. Sign-ins: {path}", err=True)


def _refuse_what_is_there(settings: Settings) -> None:
    """Refuse anything but an empty place: a folder, a keyring or a database that is in use holds somebody's data.

    Raises:
        ClickException: with what to do.
    """
    where = settings.instance_path
    if (where / MARKER).is_file() and not is_demonstration(where):
        try:
            create_installation(where, is_demonstration=True)
        except SettingsError as error:
            raise click.ClickException(str(error)) from error
    if (where / record.FILE_NAME).exists():
        raise click.ClickException(f"{where} holds a demonstration already. Remove the folder to make it anew.")
    if settings.keyring_path.exists():
        raise click.ClickException(
            f"There are keys at {settings.keyring_path} already. Name an empty folder with ERCMS_INSTANCE, or remove "
            "what is left of a demonstration that was not finished."
        )
    if _has_tables():
        raise click.ClickException(
            "The database holds tables already: real data and the demonstration never share one. "
            "Name another with ERCMS_DATABASE_URL or ERCMS_INSTANCE."
        )


def _has_tables() -> bool:
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        # Looking into a file that is not there would make it.
        return False
    return bool(inspect(db.engine).get_table_names())


def _write_without_waiting() -> None:
    """Spare SQLite the wait for the disk: what a power cut leaves half made is removed and made again."""
    if db.engine.dialect.name == "sqlite":
        db.session.remove()
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
