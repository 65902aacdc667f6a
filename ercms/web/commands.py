"""Begin an installation."""

import click
from flask import current_app
from flask.cli import AppGroup

from config import SettingsError
from config import create_installation as write_marker

installation_cli = AppGroup("installation", help="Begin an installation.")


@installation_cli.command("create")
@click.option("--demonstration", is_flag=True, help="For invented people only; it can never hold real ones.")
def create_installation(demonstration: bool) -> None:
    """Make the instance folder, and write down once whether it is a demonstration."""
    settings = current_app.config["SETTINGS"]
    try:
        write_marker(settings.instance_path, is_demonstration=demonstration)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Made {settings.instance_path}. Next: flask keys create, flask db upgrade.")
