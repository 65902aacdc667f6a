"""`flask privacy`: as thin as a view."""

import click
from flask.cli import AppGroup

from ercms.core.actor import SYSTEM
from ercms.privacy import erasure_service
from ercms.vault.errors import KeyringUnavailable

privacy_cli = AppGroup("privacy", help="Erase personal data whose time is over.")


@privacy_cli.command("erase")
@click.option("--preview/--run", "is_preview", default=True, help="Say what would go (the default), or do it.")
def erase_command(is_preview: bool) -> None:
    """Erase the persons of cases whose time is over, and sign a report; cases on hold stay."""
    try:
        if is_preview:
            _preview()
            return
        report = erasure_service.run(actor=SYSTEM)
    except KeyringUnavailable as error:
        raise click.ClickException(str(error)) from error
    if report is None:
        click.echo("Nothing is due.")
        return
    click.echo(f"Report {report.number}: {report.persons} persons of {report.cases} cases erased.")
    click.echo(report.text)


def _preview() -> None:
    due = erasure_service.preview(actor=SYSTEM)
    for one in due:
        mark = "  HELD" if one.is_held else ""
        since = one.due_at.date().isoformat()
        click.echo(f"{one.case.reference}  {one.case.outcome.value}  due since {since}{mark}")
    click.echo(
        f"{sum(not one.is_held for one in due)} cases would be erased, {sum(one.is_held for one in due)} are held."
    )
