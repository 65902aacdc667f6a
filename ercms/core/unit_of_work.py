"""One commit or one rollback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm.exc import StaleDataError

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
    try:
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


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the present unit of work has been committed; never when it is rolled back."""
    db.session.info.setdefault(_AFTER_COMMIT, []).append(callback)
