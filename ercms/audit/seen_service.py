"""How many different cases somebody has seen, read off the audit: what limits against mass reading rest on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ScalarSelect, case, func, select, union_all

from ercms.audit import queries
from ercms.audit.actions import VIEWS, AuditAction
from ercms.audit.models import AuditEntry
from ercms.audit.service import instant_text
from ercms.extensions import db

_PROOFS = (AuditAction.REAUTHENTICATED, AuditAction.SIGN_IN_SUCCEEDED)


def count_seen(
    *, actor_id: str, channel: str, since: datetime, chain: str, releases: Collection[AuditAction]
) -> tuple[int, int, bool, bool]:
    """Count the chains in which an actor saw a person's data since an instant, over one channel.

    Returns:
        How many; how many of them after the actor last proved who they are, or after an act of `releases` on them;
        whether `chain` is among the first, and among the second.
    """
    began = instant_text(since)
    base = _last_proof(actor_id, channel, began, releases)
    at, own = AuditEntry.at, AuditEntry.chain
    statement = select(
        func.count(own.distinct()),
        func.count(case((at > base, own)).distinct()),
        func.coalesce(func.max(case((own == chain, 1), else_=0)), 0),
        func.coalesce(func.max(case(((own == chain) & (at > base), 1), else_=0)), 0),
    ).where(AuditEntry.actor_id == actor_id, at >= began, AuditEntry.channel == channel, queries.is_action(VIEWS))
    found = db.session.execute(statement).one()
    return found[0], found[1], bool(found[2]), bool(found[3])


def was_proven_since(*, actor_id: str, channel: str, since: datetime, releases: Collection[AuditAction]) -> bool:
    """Tell whether an actor proved who they are, or was released, after an instant."""
    began = instant_text(since)
    last = db.session.scalar(select(_last_proof(actor_id, channel, began, releases)))
    return last is not None and last > began


def _last_proof(actor_id: str, channel: str, began: str, releases: Collection[AuditAction]) -> ScalarSelect[str]:
    """Return when an actor last proved who they are or was released, as the audit writes it; else the beginning."""
    proven = select(AuditEntry.at).where(
        AuditEntry.actor_id == actor_id,
        AuditEntry.at >= began,
        AuditEntry.channel == channel,
        queries.is_action(_PROOFS),
    )
    released = select(AuditEntry.at).where(
        AuditEntry.record_type == "user",
        AuditEntry.record_id == actor_id,
        AuditEntry.at >= began,
        queries.is_action(releases),
    )
    both = union_all(proven, released).subquery()
    return select(func.coalesce(func.max(both.c.at), began)).scalar_subquery()
