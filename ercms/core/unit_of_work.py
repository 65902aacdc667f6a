"""One commit or one rollback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm.exc import StaleDataError

from ercms.core.engine import write_intent
from ercms.core.errors import Conflict
from ercms.extensions import db

_AFTER_COMMIT = "after_commit_callbacks"


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit once when the block ends, or roll everything back when it raises.

    The only place that commits. What was registered with `after_commit` runs once the data are safe.

    Raises:
        Conflict: `stale_version`, somebody else changed a record that this unit changes too.
    """
    session = db.session
    session.info.pop(_AFTER_COMMIT, None)
    _end_reading()
    try:
        with write_intent():
            yield
            session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Conflict("stale_version") from error
    except BaseException:
        session.rollback()
        raise
    for callback in session.info.pop(_AFTER_COMMIT, []):
        callback()


def _end_reading() -> None:
    """End a transaction that has only read, so that the unit begins as a writer and sees what is there now."""
    session = db.session()
    if session.in_transaction() and not (session.new or session.dirty or session.deleted):
        session.rollback()


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the present unit of work has been committed; never when it is rolled back."""
    db.session.info.setdefault(_AFTER_COMMIT, []).append(callback)


@contextmanager
def stale_is_conflict() -> Iterator[None]:
    """Say `Conflict` where a flush inside a service finds that somebody else changed the record.

    Raises:
        Conflict: `stale_version`.
    """
    try:
        yield
    except StaleDataError as error:
        raise Conflict("stale_version") from error
