"""Run the migrations on the application's own engine."""

from alembic import context
from flask import current_app

from ercms.extensions import db

target_metadata = db.metadata


def run_migrations() -> None:
    """Migrate inside one transaction: a migration that fails leaves nothing behind."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database, not as a script of SQL: leave out --sql.")
run_migrations()
