"""Whether the installation can serve."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from ercms.extensions import db


def readiness() -> dict[str, bool]:
    """Ask the database whether it answers, and whether its schema is the one that this code expects."""
    try:
        with db.engine.connect() as connection:
            present = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        return {"database": False, "schema": False}
    expected = set(ScriptDirectory(current_app.extensions["migrate"].directory).get_heads())
    return {"database": True, "schema": present == expected}
