"""Requests that a program may send twice: the first is carried out, the second gets the first one's answer.

What is kept stands in the same transaction as the change, so that neither is there without the other. Nothing that was
sent is kept, only digests of it, and of the answer only codes.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from ercms.core import clock
from ercms.core.errors import Conflict, RuleRefused
from ercms.core.jobs import register_job
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.programs import queries
from ercms.programs.models import KeptAnswer
from ercms.programs.service import Caller

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program is told of an act: a status, and what stands where now."""

    status: int
    reference: str | None
    version: int | None
    state: str | None
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that is being carried out for the first time."""

    row_id: str


def begin(*, caller: Caller, key: str, content: bytes) -> Answer | Begun:
    """Return the answer that was given before, or take the key for this request.

    The row is written first: a second request with the same key waits for the first one's transaction, or is refused,
    and never does half of it.

    Raises:
        RuleRefused: `idempotency_key_reused`, the key came with another request before.
        Conflict: `idempotency_key_in_use`, the same request is being carried out at this moment.
    """
    key_digest, request_digest = _digest(caller, b"key", key.encode()), _digest(caller, b"request", content)
    known = queries.find_answer(caller.key_id, key_digest)
    if known is not None:
        return _again(known, request_digest)
    row = KeptAnswer(
        api_key_id=caller.key_id, key_digest=key_digest, request_digest=request_digest, created_at=clock.now()
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("idempotency_key_in_use") from error
    return Begun(row.id)


def keep(*, begun: Begun, answer: Answer) -> None:
    """Keep the answer, in the transaction of the act."""
    row = db.session.get_one(KeptAnswer, begun.row_id)
    row.status, row.reference, row.version = answer.status, answer.reference, answer.version
    row.case_state, row.record_id = answer.state, answer.record_id
    db.session.flush()


def settle() -> None:
    """Send the changes of the act to the database, so that versions are what they will be."""
    db.session.flush()


def register_upkeep() -> None:
    """Name the recurring work: answers are forgotten once no program repeats a request any more."""
    register_job("api_answers_clearing", timedelta(days=1), forget_old)


def forget_old() -> None:
    """Forget answers that were kept long enough."""
    with unit_of_work():
        db.session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < clock.now() - KEPT_FOR))


def _again(known: KeptAnswer, request_digest: str) -> Answer:
    if not hmac.compare_digest(known.request_digest, request_digest):
        raise RuleRefused("idempotency_key_reused")
    if known.status is None:
        raise Conflict("idempotency_key_in_use")
    return Answer(known.status, known.reference, known.version, known.case_state, known.record_id)


def _digest(caller: Caller, use: bytes, content: bytes) -> str:
    return hmac.new(caller.secret.encode(), use + b"\0" + content, hashlib.sha256).hexdigest()
