"""Erase the persons of cases whose time is over, and sign what was done.

Each case is a transaction of its own: a run that is killed has erased some cases whole and others not at all, and the
next run goes on. An erasure that no report names yet is named by the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.audit import canonical
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases import retention_service as ended
from ercms.cases.enums import CaseOutcome
from ercms.cases.retention_service import EndedCase
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.engine import empty_write_ahead_log
from ercms.core.unit_of_work import unit_of_work
from ercms.extensions import db
from ercms.privacy import queries, retention_service
from ercms.privacy.models import CaseErasure, ErasureReport
from ercms.vault import service as vault
from ercms.vault.keys import Signature

TYPE = "ercms.erasure-report/1"
_CASES_A_RUN = 2000
_REPORTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case whose data the next run erases, unless a hold keeps them."""

    case: EndedCase
    days: int
    is_held: bool

    @property
    def due_at(self) -> datetime:
        """Return since when the data are due."""
        return self.case.ended_at + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Report:
    """A signed report as it is shown and handed over."""

    number: int
    made_at: datetime
    cases: int
    persons: int
    statement: str
    key_id: str
    signature: str

    @property
    def text(self) -> str:
        """Return the report as it is handed over: statement, key and signature."""
        return canonical.statement_text(
            {"statement": self.statement, "key_id": self.key_id, "signature": self.signature}
        )

    @property
    def is_genuine(self) -> bool:
        """Tell whether this installation signed exactly this statement."""
        return vault.is_signed(self.statement.encode(), Signature(self.key_id, bytes.fromhex(self.signature)))


def preview(*, actor: Actor, limit: int | None = None) -> list[DueCase]:
    """Return what the next run would erase, and what is held, the longest due first."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    held = queries.held_case_ids(clock.today())
    found: list[DueCase] = []
    for outcome in CaseOutcome:
        days = retention_service.days_of(outcome)
        before = clock.now() - timedelta(days=days)
        rows = ended.list_ended(outcome=outcome, before=before, without=queries.erased_case_ids(), limit=limit)
        found.extend(DueCase(row, days, row.id in held) for row in rows)
    return sorted(found, key=lambda due: (due.due_at, due.case.id))


def run(*, actor: Actor) -> Report | None:
    """Erase what is due and write the report; None when there was nothing to erase and nothing to report.

    Opens its own units of work: the caller has none open.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    for outcome in CaseOutcome:
        days = retention_service.days_of(outcome)
        before = clock.now() - timedelta(days=days)
        spared = queries.spared_case_ids(clock.today())
        for case in ended.list_ended(outcome=outcome, before=before, without=spared, limit=_CASES_A_RUN):
            with unit_of_work():
                _erase(actor, case, days)
    with unit_of_work():
        report = _report(actor)
    # The wrapped keys that were destroyed still stand in SQLite's log until it is written back.
    empty_write_ahead_log()
    return report


def list_reports(*, actor: Actor) -> list[Report]:
    """Return the reports, the newest first."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    return [_shown(row) for row in queries.list_reports(_REPORTS_SHOWN)]


def get_report(*, actor: Actor, number: int) -> Report:
    """Return one report.

    Raises:
        NotFound: there is none of this number.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    return _shown(queries.get_report(number))


def _erase(actor: Actor, case: EndedCase, days: int) -> None:
    """Erase the persons of one case, once it is certain that it is still due."""
    spared = queries.spared_case_ids(clock.today())
    before = clock.now() - timedelta(days=days)
    if not ended.list_ended(outcome=case.outcome, before=before, without=spared, case_id=case.id):
        return
    files = 0
    for person_id in case.person_ids:
        count = vault.count_files(person_id=person_id)
        vault.erase_person(person_id=person_id)
        files += count
        audit.record(
            actor=actor,
            action=AuditAction.PERSON_ERASED,
            chain=audit.case_chain(case.id),
            record_type="person",
            record_id=person_id,
            payload={"files": count, "rule": case.outcome.value},
        )
    db.session.add(
        CaseErasure(
            case_id=case.id,
            outcome=case.outcome,
            ended_at=case.ended_at,
            days=days,
            persons=len(case.person_ids),
            files=files,
            erased_at=clock.now(),
        )
    )
    db.session.flush()


def _report(actor: Actor) -> Report | None:
    erasures = queries.list_unreported()
    if not erasures:
        return None
    number, made_at = queries.last_report_number() + 1, clock.now()
    statement = _statement(actor, number, made_at, erasures)
    signature = vault.sign(statement.encode())
    report = ErasureReport(
        number=number,
        made_at=made_at,
        cases=len(erasures),
        persons=sum(row.persons for row in erasures),
        statement=statement,
        key_id=signature.key_id,
        signature=signature.value.hex(),
    )
    db.session.add(report)
    db.session.flush()
    for row in erasures:
        row.report_number = number
    db.session.flush()
    audit.record(
        actor=actor,
        action=AuditAction.ERASURE_REPORTED,
        chain=audit.SYSTEM_CHAIN,
        record_type="erasure_report",
        record_id=str(number),
        payload={"cases": report.cases, "persons": report.persons, "key_id": signature.key_id},
    )
    return _shown(report)


def _statement(actor: Actor, number: int, made_at: datetime, erasures: Sequence[CaseErasure]) -> str:
    cases = lookup_service.cases_of_records(case_ids={row.case_id for row in erasures})
    lines = [
        {
            "reference": cases[row.case_id].reference,
            "outcome": row.outcome.value,
            "ended_at": audit.instant_text(row.ended_at),
            "kept_days": row.days,
            "erased_at": audit.instant_text(row.erased_at),
            "persons": row.persons,
            "files": row.files,
        }
        for row in erasures
    ]
    return canonical.statement_text(
        {"type": TYPE, "number": number, "made_at": audit.instant_text(made_at), "by": actor.user_id, "cases": lines}
    )


def _shown(row: ErasureReport) -> Report:
    return Report(row.number, row.made_at, row.cases, row.persons, row.statement, row.key_id, row.signature)
