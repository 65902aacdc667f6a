"""The record of a case as pages and the API read it: its due dates, its stops, its moves.

The caller has checked who asks, and writes the view down.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.accounts import service as accounts
from ercms.cases import queries
from ercms.cases.models import Case, CaseClock, ClockStop
from ercms.cases.service import REASON_LABEL
from ercms.cases.stops import STOP_LABEL
from ercms.core import clock
from ercms.vault import service as vault
from ercms.vault.service import SealedText
from workflows.readmission import CaseState, CaseTrigger


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One due date with its arithmetic, as the page opens it."""

    kind: str
    status: str
    due_on: date | None
    is_overdue: bool
    has_legal_effect: bool
    is_internal: bool
    confidence: str
    details: dict[str, Any]
    rests_on_estimate: bool
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class StopLine:
    """One stop of the clocks."""

    id: str
    ground: Any
    from_on: date
    to_on: date | None
    note: str | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One move of the case."""

    trigger: CaseTrigger
    source: CaseState
    destination: CaseState
    at: datetime
    actor: str
    organisation: str
    organisation_id: str | None
    reason: str | None


def current_clocks(*, case: Case) -> tuple[ClockLine, ...]:
    """Return the due dates that hold, the nearest first."""
    return tuple(_clock_line(row) for row in queries.list_current_clocks(case.id))


def former_clocks(*, case: Case) -> tuple[ClockLine, ...]:
    """Return the due dates that no longer hold, the newest first."""
    return tuple(_clock_line(row) for row in queries.list_superseded_clocks(case.id))


def _clock_line(row: CaseClock) -> ClockLine:
    return ClockLine(
        kind=row.kind,
        status=row.status,
        due_on=row.due_on,
        is_overdue=row.status == "running" and row.due_on is not None and row.due_on < clock.today(),
        has_legal_effect=row.has_legal_effect,
        is_internal=row.is_internal,
        confidence=row.confidence,
        details=json.loads(row.arithmetic),
        rests_on_estimate=row.rests_on_estimate,
        computed_at=row.computed_at,
    )


def stops_of(*, case: Case, with_words: bool = True) -> tuple[StopLine, ...]:
    """Return every stop of a case, the earliest first; its note opened and its author named, or neither of them."""
    rows = queries.list_stops(case.id)
    spoken = rows if with_words else []
    opened = vault.open_texts([_sealed_note(case, row) for row in spoken])
    notes = {row.id: note for row, note in zip(spoken, opened, strict=True)}
    names = accounts.user_names([row.recorded_by_id for row in spoken]) if spoken else {}
    return tuple(
        StopLine(
            id=row.id,
            ground=row.ground,
            from_on=row.from_on,
            to_on=row.to_on,
            note=notes.get(row.id),
            recorded_by=names.get(row.recorded_by_id, ""),
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def _sealed_note(case: Case, row: ClockStop) -> SealedText:
    return SealedText(case.principal_person_id, STOP_LABEL, row.id, row.note_sealed or b"")


def history_of(*, case: Case) -> tuple[HistoryLine, ...]:
    """Return every move of a case with its reason opened, the oldest first."""
    rows = queries.list_transitions(case.id)
    sealed = [row for row in rows if row.reason_sealed is not None]
    texts = vault.open_texts(
        [SealedText(case.principal_person_id, REASON_LABEL, row.id, row.reason_sealed or b"") for row in sealed]
    )
    reasons = {row.id: text for row, text in zip(sealed, texts, strict=True)}
    users = accounts.user_names([row.actor_id for row in rows])
    organisations = accounts.organisation_names([row.organisation_id for row in rows if row.organisation_id])
    return tuple(
        HistoryLine(
            trigger=row.trigger,
            source=row.source,
            destination=row.destination,
            at=row.at,
            actor=users.get(row.actor_id, ""),
            organisation=organisations.get(row.organisation_id or "", ""),
            organisation_id=row.organisation_id,
            reason=reasons.get(row.id),
        )
        for row in rows
    )
