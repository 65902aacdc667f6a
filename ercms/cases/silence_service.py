"""The sealed record of a silence: which limit passed, under which term, and who had been warned of it when.

It is made in the transaction in which a case lapses, from the warnings that stand in the audit of the case, and signed.
What was not warned of stands in it too: a step whose day came and that nobody was given, because the worker stood still
or because the limit was moved. It names officers and organisations by identifier, and no person of the case.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ercms.accounts import service as accounts
from ercms.agreements import service as agreements
from ercms.audit import canonical
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.audit.service import AuditLine
from ercms.cases import queries
from ercms.cases.models import Case, CaseClock, SilenceRecord
from ercms.core import clock
from ercms.core.actor import Actor, OrganisationKind
from ercms.extensions import db
from ercms.vault import service as vault
from ercms.vault.keys import Signature
from workflows import warnings
from workflows.clocks import REPLY_CLOCKS, ClockKind
from workflows.deadlines import legal_day
from workflows.warnings import WarningStep

TYPE = "ercms.silence/1"


@dataclass(frozen=True, slots=True)
class WarningLine:
    """One step of the schedule as the record has it: when it was due, when it was given, and to whom."""

    step: str
    due_on: date
    given_at: datetime | None
    told: tuple[str, ...]
    seq: int | None

    @property
    def is_late(self) -> bool:
        """Tell whether it was given on a later day than its own."""
        return self.given_at is not None and legal_day(self.given_at, clock.HOME_ZONE) > self.due_on


@dataclass(frozen=True, slots=True)
class SilenceView:
    """A sealed record as pages show it, with what a check of it found just now."""

    made_at: datetime
    kind: ClockKind
    started_on: date
    due_on: date
    term: Mapping[str, Any]
    is_by_system: bool
    warnings: tuple[WarningLine, ...]
    statement: str
    key_id: str
    signature: str
    is_genuine: bool
    agrees_with_audit: bool

    @property
    def missed(self) -> tuple[WarningLine, ...]:
        """Return the steps that nobody was given."""
        return tuple(line for line in self.warnings if line.given_at is None)


def seal(*, actor: Actor, case: Case) -> None:
    """Make the record of a case that lapses now, sign it, and write its digest into the audit of the case."""
    row = _reply_clock(case)
    if row is None or row.started_on is None or row.due_on is None:
        return
    steps = _steps(row, _warnings_of(case.id))
    statement = _statement(actor, case, row, steps)
    signature = vault.sign(statement.encode())
    record = SilenceRecord(
        case_id=case.id,
        made_at=clock.now(),
        statement=statement,
        key_id=signature.key_id,
        signature=signature.value.hex(),
    )
    db.session.add(record)
    missed = [step["step"] for step in steps if step["given_at"] is None]
    audit.record_of_case(
        actor=actor,
        action=AuditAction.SILENCE_SEALED,
        case_id=case.id,
        payload={
            "clock": row.kind,
            "due_on": row.due_on,
            "given": len(steps) - len(missed),
            "missed": missed,
            "digest": digest_of(statement),
            "key_id": signature.key_id,
        },
    )


def _statement(actor: Actor, case: Case, row: CaseClock, steps: list[dict[str, Any]]) -> str:
    term = json.loads(row.arithmetic)["term"]
    return canonical.statement_text(
        {
            "type": TYPE,
            "reference": case.reference,
            "agreement": case.agreement_id,
            "clock": row.kind,
            "started_on": str(row.started_on),
            "due_on": str(row.due_on),
            "calendar_version": row.calendar_version,
            "term": {key: term[key] for key in ("name", "value", "unit", "confidence", "source")},
            "lapsed_at": audit.instant_text(clock.now()),
            "by_system": actor.is_system,
            "warnings": steps,
        }
    )


def digest_of(statement: str) -> str:
    """Return SHA-256 of a statement, as the audit of the case names it."""
    return hashlib.sha256(statement.encode()).hexdigest()


def of_case(*, case_id: str) -> SilenceView | None:
    """Return the record of a case, checked: its signature, and every warning against the audit.

    The caller has asked whether the actor may read it: it names officers of the Service.

    None where the case never lapsed.
    """
    record = queries.find_silence_record(case_id)
    if record is None:
        return None
    said = json.loads(record.statement)
    lines = audit.history(chain=audit.case_chain(case_id))
    return SilenceView(
        made_at=record.made_at,
        kind=ClockKind(said["clock"]),
        started_on=date.fromisoformat(said["started_on"]),
        due_on=date.fromisoformat(said["due_on"]),
        term=said["term"],
        is_by_system=said["by_system"],
        warnings=tuple(_line(step) for step in said["warnings"]),
        statement=record.statement,
        key_id=record.key_id,
        signature=record.signature,
        is_genuine=_is_genuine(record),
        agrees_with_audit=_agrees(record, said["warnings"], lines),
    )


def for_reader(*, actor: Actor, case: Case) -> SilenceView | None:
    """Return the record of a case to an officer of the Service; to nobody else, and where there is none, None."""
    is_inside = actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE
    return of_case(case_id=case.id) if case.lapsed_at is not None and is_inside else None


def names_in(view: SilenceView) -> dict[str, str]:
    """Return what those who were told are called, by the keys of the record; who has left keeps the key."""
    keys = {key for line in view.warnings for key in line.told}
    users = accounts.user_names([key[2:] for key in keys if key.startswith("u:")])
    organisations = accounts.organisation_names([key[2:] for key in keys if key.startswith("o:")])
    return {key: (users if key.startswith("u:") else organisations).get(key[2:], key) for key in keys}


def _reply_clock(case: Case) -> CaseClock | None:
    kinds = {kind.value for kind in REPLY_CLOCKS}
    return next((row for row in queries.list_current_clocks(case.id) if row.kind in kinds), None)


def _warnings_of(case_id: str) -> list[AuditLine]:
    lines = audit.history(chain=audit.case_chain(case_id))
    return [line for line in lines if line.action is AuditAction.DEADLINE_WARNED]


def _steps(row: CaseClock, given: Sequence[AuditLine]) -> list[dict[str, Any]]:
    """Return the schedule of the limit that passed, each step with the warning that was given at it, if any."""
    if row.started_on is None or row.due_on is None:
        return []
    days = warnings.load_schedule().days(row.started_on, row.due_on, agreements.working_calendar())
    return [
        _step(step, on, [line for line in given if _is_about(line, row, step)])
        for step, on in days
        if on <= clock.today()
    ]


def _is_about(line: AuditLine, row: CaseClock, step: WarningStep) -> bool:
    said = line.payload
    is_it = (said["clock"], said["step"]) == (row.kind, step.code) and not said.get("stopped")
    return is_it and row.due_on is not None and said["due_on"] == row.due_on.isoformat()


def _step(step: WarningStep, on: date, lines: Sequence[AuditLine]) -> dict[str, Any]:
    first = lines[0] if lines else None
    return {
        "step": step.code,
        "due_on": on.isoformat(),
        "given_at": None if first is None else audit.instant_text(first.at),
        "told": sorted({key for line in lines for key in line.payload["told"]}),
        "seq": None if first is None else first.seq,
    }


def _line(said: Mapping[str, Any]) -> WarningLine:
    return WarningLine(
        step=said["step"],
        due_on=date.fromisoformat(said["due_on"]),
        given_at=None if said["given_at"] is None else datetime.fromisoformat(said["given_at"]),
        told=tuple(said["told"]),
        seq=said["seq"],
    )


def _is_genuine(record: SilenceRecord) -> bool:
    try:
        signature = Signature(record.key_id, bytes.fromhex(record.signature))
    except ValueError:
        return False
    return vault.is_signed(record.statement.encode(), signature)


def _agrees(record: SilenceRecord, said: Sequence[Mapping[str, Any]], lines: Sequence[AuditLine]) -> bool:
    """Tell whether the audit names exactly this record, and has every warning of it under its number."""
    by_seq = {line.seq: line for line in lines}
    sealed = [line for line in lines if line.action is AuditAction.SILENCE_SEALED]
    if not sealed or sealed[-1].payload["digest"] != digest_of(record.statement):
        return False
    given = [step for step in said if step["seq"] is not None]
    return all(
        step["seq"] in by_seq
        and by_seq[step["seq"]].payload.get("step") == step["step"]
        and audit.instant_text(by_seq[step["seq"]].at) == step["given_at"]
        for step in given
    )
