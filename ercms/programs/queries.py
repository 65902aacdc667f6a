"""Named reads of the keys of programs and of kept answers."""

from collections.abc import Sequence

from sqlalchemy import select

from ercms.extensions import db
from ercms.programs.models import ApiKey, KeptAnswer


def find_key(key_id: str) -> ApiKey | None:
    """Return a key, in whatever state it is."""
    return db.session.get(ApiKey, key_id)


def list_keys() -> Sequence[ApiKey]:
    """Return every key, the newest first."""
    return db.session.scalars(select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id)).all()


def find_answer(api_key_id: str, key_digest: str) -> KeptAnswer | None:
    """Return the answer that is kept under a program's own key for a request."""
    statement = select(KeptAnswer).where(KeptAnswer.api_key_id == api_key_id, KeptAnswer.key_digest == key_digest)
    return db.session.scalars(statement).one_or_none()
