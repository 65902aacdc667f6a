"""The keys of programs on the command line."""

import click
from flask.cli import AppGroup

from ercms.accounts import service as accounts
from ercms.core.actor import SYSTEM
from ercms.core.clock import HOME_ZONE
from ercms.core.errors import DomainError, InvalidInput
from ercms.core.unit_of_work import unit_of_work
from ercms.programs import service

api_keys_cli = AppGroup("api-keys", help="Keys with which programs use the interface.")


@api_keys_cli.command("create")
@click.option("--organisation", required=True, help="Its identifier or its full name.")
@click.option("--acting-user", required=True, help="The e-mail address of the user as whom the key acts.")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--expires-on", type=click.DateTime(["%Y-%m-%d"]), help=f"The last day, in the zone {HOME_ZONE}.")
def create(organisation: str, acting_user: str, name: str, expires_on: object | None) -> None:
    """Make a key, and show it here once."""
    homes = [one for one in accounts.list_organisations() if organisation in {one.id, one.name}]
    if len(homes) != 1:
        raise click.ClickException("There is no active organisation, or more than one, of this name or identifier.")
    wanted = acting_user.strip().lower()
    user = next((one for one in accounts.list_officers(organisation_id=homes[0].id) if one.email == wanted), None)
    if user is None:
        raise click.ClickException("This organisation has no active user with this e-mail address.")
    try:
        with unit_of_work():
            key, text = service.create_key(
                actor=SYSTEM,
                organisation_id=homes[0].id,
                acting_user_id=user.id,
                name=name,
                expires_on=getattr(expires_on, "date", lambda: None)(),
            )
    except InvalidInput as error:
        raise click.ClickException(" ".join(str(m) for found in error.fields.values() for m in found)) from error
    click.echo(f"Made the key {key.id} of {key.organisation_name}, acting as {key.acting_user_name}.")
    click.echo(f"Key, shown only now: {text}")


@api_keys_cli.command("list")
def list_all() -> None:
    """Show all keys without their secrets."""
    for key in service.list_keys(actor=SYSTEM):
        state = "revoked" if key.is_revoked else "expired" if key.has_expired else "active"
        used = key.last_used_at.isoformat(timespec="seconds") if key.last_used_at else "never used"
        click.echo(f"{key.id}  {state}  {key.organisation_name}  {key.acting_user_name}  {key.name}  {used}")


@api_keys_cli.command("revoke")
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Revoke a key at once and for good."""
    try:
        with unit_of_work():
            service.revoke_key(actor=SYSTEM, key_id=key_id)
    except DomainError as error:
        raise click.ClickException(f"The key cannot be revoked: {error.code}.") from error
    click.echo("The key is revoked.")
