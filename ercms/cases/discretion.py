"""What of a case's record only the migration service reads: how it comes to a decision, and who works there."""

from collections.abc import Iterable
from dataclasses import replace

from ercms.cases.record_service import ClockLine, HistoryLine, StopLine
from ercms.core.actor import Actor, OrganisationKind
from workflows.clocks import ClockKind
from workflows.readmission import CaseState, CaseTrigger

T = CaseTrigger

# A proposal is none before it is confirmed; what becomes of help offered at home is nobody's business abroad.
_INSIDE = frozenset(
    {
        T.PROPOSE_ACCEPTANCE,
        T.PROPOSE_REFUSAL,
        T.SEND_BACK,
        T.OFFER_REFERRAL,
        T.DECLINE_REFERRAL,
        T.REFER,
        T.RETURN_REFERRAL,
        T.START_REINTEGRATION,
        T.REVOKE_CONSENT,
    }
)
# The acts whose reason is said to the other side, or by it; every other reason stays with whoever wrote it.
_SAID_TO_ALL = frozenset(
    {
        T.REQUEST_COMPLETION,
        T.COMPLETE,
        T.WITHDRAW,
        T.TAKE_BACK,
        T.REISSUE_DOCUMENT,
        T.CANCEL_TRANSFER,
        T.RECORD_TRANSFER_FAILURE,
    }
)
_CLOCKS_INSIDE = frozenset({ClockKind.AGENCY_INQUIRIES.value})


S = CaseState
# What the other side sees of a state that is the service's own: a proposal is none, and help at home is not theirs.
_SHOWN_AS: dict[CaseState, CaseState] = {
    S.DECISION_PROPOSED: S.UNDER_VERIFICATION,
    S.REFERRAL_OFFERED: S.TRANSFERRED,
    S.REFERRAL_DECLINED: S.TRANSFERRED,
    S.REFERRED: S.TRANSFERRED,
    S.REINTEGRATING: S.TRANSFERRED,
}


def state_for(*, actor: Actor, state: CaseState) -> CaseState:
    """Return the state of a case as this reader may know it."""
    return state if _is_inside(actor) else _SHOWN_AS.get(state, state)


def states_behind(*, actor: Actor, wanted: Iterable[CaseState]) -> frozenset[CaseState]:
    """Return the states that this reader means by the states asked for, so that a filter tells no more than a page."""
    meant = frozenset(wanted)
    return frozenset(state for state in CaseState if state_for(actor=actor, state=state) in meant)


def clocks_for(*, actor: Actor, lines: Iterable[ClockLine]) -> tuple[ClockLine, ...]:
    """Return the due dates that this reader may see: that agencies are asked, and by when, is the service's own."""
    return tuple(line for line in lines if _is_inside(actor) or line.kind not in _CLOCKS_INSIDE)


def stops_for(*, actor: Actor, lines: Iterable[StopLine]) -> tuple[StopLine, ...]:
    """Return the stops; the notes, which are about a person, are read where they were written."""
    if _is_inside(actor):
        return tuple(lines)
    return tuple(replace(line, note=None, recorded_by="") for line in lines)


def history_for(*, actor: Actor, lines: Iterable[HistoryLine]) -> tuple[HistoryLine, ...]:
    """Return the moves that this reader may see, with the names of officers of the reader's own organisation only."""
    if _is_inside(actor):
        return tuple(lines)
    return tuple(_outside(actor, line) for line in lines if line.trigger not in _INSIDE)


def _outside(actor: Actor, line: HistoryLine) -> HistoryLine:
    if line.organisation_id is not None and line.organisation_id == actor.organisation_id:
        return line
    return replace(line, actor="", reason=line.reason if line.trigger in _SAID_TO_ALL else None)


def _is_inside(actor: Actor) -> bool:
    return actor.is_system or actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE
