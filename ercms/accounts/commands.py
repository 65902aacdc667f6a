"""The first organisations and the first administrator of an installation."""

import click
from flask.cli import AppGroup

from ercms.accounts import service
from ercms.core.actor import SYSTEM, OrganisationKind, Role
from ercms.core.errors import InvalidInput
from ercms.core.unit_of_work import unit_of_work

accounts_cli = AppGroup("accounts", help="Organisations and administrators.")


@accounts_cli.command("create-organisation")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), required=True)
@click.option("--name", required=True, help="Its full name.")
@click.option("--state", "states", multiple=True, help="ISO 3166-1 alpha-2 code; repeat for several.")
@click.option("--email", help="Where it receives mail.")
def create_organisation(kind: str, name: str, states: tuple[str, ...], email: str | None) -> None:
    """Add an organisation."""
    try:
        with unit_of_work():
            made = service.create_organisation(
                actor=SYSTEM, kind=OrganisationKind(kind), name=name, states=states, contact_email=email
            )
    except InvalidInput as error:
        raise click.ClickException(_told(error)) from error
    click.echo(f"Made {made.name} ({made.id}).")


@accounts_cli.command("create-administrator")
@click.option("--email", required=True)
@click.option("--name", required=True, help="The administrator's name.")
@click.option("--locale", type=click.Choice(["az", "en", "ru"]), default="az", show_default=True)
def create_administrator(email: str, name: str, locale: str) -> None:
    """Add an administrator to the migration service, with a one-time password that is shown here once."""
    homes = service.list_organisations(OrganisationKind.MIGRATION_SERVICE)
    if not homes:
        raise click.ClickException(
            "There is no migration service yet. Make it first: "
            "flask accounts create-organisation --kind migration_service --name '...'"
        )
    try:
        with unit_of_work():
            user, password = service.create_user(
                actor=SYSTEM,
                email=email,
                display_name=name,
                role=Role.ADMINISTRATOR,
                organisation_id=homes[0].id,
                locale=locale,
            )
    except InvalidInput as error:
        raise click.ClickException(_told(error)) from error
    click.echo(f"Made the administrator {user.email} of {homes[0].name}.")
    click.echo(f"One-time password, shown only now: {password}")


def _told(error: InvalidInput) -> str:
    return " ".join(str(message) for messages in error.fields.values() for message in messages)
