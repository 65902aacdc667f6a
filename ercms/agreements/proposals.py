"""The four-eyes rule of the law's administration: one person proposes, another confirms, anybody of them turns down."""

from collections.abc import Callable

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.agreements.change_enums import ProposalState
from ercms.agreements.models import ProposalColumns
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, RuleRefused
from ercms.extensions import db

Check = Callable[[], None]
"""Looks once more, before a confirmation counts, at what spoke against the proposal, and raises."""


def decide(
    *,
    actor: Actor,
    permission: Permission,
    row: ProposalColumns,
    outcome: ProposalState,
    check: Check | None = None,
) -> None:
    """Confirm somebody else's proposal, or turn one down; a proposal is decided once.

    Raises:
        PermissionRefused: the actor may not.
        Conflict: `proposal_already_decided`.
        RuleRefused: `own_proposal`, nobody confirms what they proposed; or what `check` has found.
    """
    policy.check(actor, permission)
    if row.state is not ProposalState.PROPOSED:
        raise Conflict("proposal_already_decided")
    if outcome is ProposalState.CONFIRMED:
        if row.proposed_by_id == actor.user_id:
            raise RuleRefused("own_proposal")
        if check is not None:
            check()
    _apply(actor, row, outcome)


def _apply(actor: Actor, row: ProposalColumns, outcome: ProposalState) -> None:
    row.state, row.decided_by_id, row.decided_at = outcome, actor.user_id, clock.now()
    db.session.flush()
