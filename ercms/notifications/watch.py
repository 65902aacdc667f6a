"""The silence guard: warn of limits on a rising schedule, and record those that have passed where the law is sure.

What is warned of when, and to whom, is data (`workflows.warnings`). Each warning is given once to each recipient and
stands in the audit of its case with who was told, so that it can be shown later who knew and when.
"""

from collections.abc import Callable
from datetime import date

from ercms.agreements import service as agreements
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import clock_service
from ercms.cases import service as cases
from ercms.cases.clock_service import OwedClock
from ercms.core import clock
from ercms.core.actor import SYSTEM
from ercms.core.errors import Conflict, RuleRefused
from ercms.core.unit_of_work import unit_of_work
from ercms.notifications import service
from ercms.notifications.audiences import CaseParties, Directory, Recipient
from ercms.notifications.enums import STOPPED_PREFIX, WARNING_PREFIX, Audience
from ercms.verification import reminder_service
from workflows import warnings
from workflows.readmission import CaseTrigger
from workflows.warnings import Told, WarningStep

BATCH = 200
_AT_HOME = (Told.OFFICER, Told.SUPERVISORS, Told.MISSION)

PassedLimits = Callable[..., tuple[tuple[str, str], ...]]


def warn_of_limits() -> None:
    """Look at every limit on which somebody owes an act, and warn where a step of the schedule has come."""
    kinds = tuple(warnings.load_schedule().owed_by)
    after = ""
    while True:
        with unit_of_work():
            batch = clock_service.list_owed_clocks(kinds=kinds, after=after, limit=BATCH)
            if not batch:
                return
            directory, today = Directory.load(), clock.today()
            for owed in batch:
                _warn(owed, directory, today)
            after = batch[-1].clock_id


def _warn(owed: OwedClock, directory: Directory, today: date) -> None:
    schedule = warnings.load_schedule()
    owing = schedule.owed_by[owed.kind]
    calendar = agreements.working_calendar(owed.requesting_state if owing is Told.REQUESTING else None)
    step = schedule.step_due(started_on=owed.started_on, due_on=owed.due_on, today=today, calendar=calendar)
    if step is None:
        return
    # While a limit stands still nothing runs out: the other side is told nothing unless the act is its own.
    whom = [told for told in schedule.audience(owed.kind, step) if not owed.is_stopped or told in (owing, *_AT_HOME)]
    prefix, mark = (STOPPED_PREFIX, "held") if owed.is_stopped else (WARNING_PREFIX, "due")
    told = service.notify(
        event=f"{prefix}.{owed.kind.value}.{step.code}",
        recipients=directory.recipients(_parties(owed), [Audience(one.value) for one in whom]),
        key=f"{mark}:{owed.case_id}:{owed.kind.value}:{owed.due_on.isoformat()}:{step.code}",
        case_id=owed.case_id,
        case_reference=owed.reference,
    )
    if told:
        _record(owed, step, told)


def _record(owed: OwedClock, step: WarningStep, told: tuple[Recipient, ...]) -> None:
    audit.record_of_case(
        actor=SYSTEM,
        action=AuditAction.DEADLINE_WARNED,
        case_id=owed.case_id,
        payload={
            "clock": owed.kind.value,
            "step": step.code,
            "due_on": owed.due_on,
            "stopped": owed.is_stopped,
            "told": [recipient.key for recipient in told],
        },
    )


def _parties(owed: OwedClock) -> CaseParties:
    return CaseParties(
        case_id=owed.case_id,
        reference=owed.reference,
        requesting_organisation_id=owed.requesting_organisation_id,
        requesting_state=owed.requesting_state,
        assigned_to_id=owed.assigned_to_id,
    )


def remind_agencies() -> None:
    """Remind agencies of inquiries whose day comes or has passed."""
    with unit_of_work():
        reminder_service.remind()


def record_passed_limits() -> None:
    """Lapse what silence has decided and expire acceptances, where the terms are verified: the machine's guards say.

    Where it refuses, the case is overdue and stays for a person to judge. What is still to be warned of comes first:
    after a pause of the worker no case lapses before the warning of it was given.
    """
    warn_of_limits()
    _fire_all(clock_service.list_past_reply_limit, CaseTrigger.LAPSE)
    _fire_all(clock_service.list_past_transfer_limit, CaseTrigger.EXPIRE_ACCEPTANCE)


def _fire_all(passed: PassedLimits, trigger: CaseTrigger) -> None:
    after = ""
    while batch := passed(today=clock.today(), after=after, limit=BATCH):
        for case_id, _ in batch:
            _fire(case_id, trigger)
        after = batch[-1][0]


def _fire(case_id: str, trigger: CaseTrigger) -> None:
    try:
        with unit_of_work():
            cases.advance(actor=SYSTEM, case=cases.get_case_of_record(case_id=case_id), trigger=trigger)
    except (RuleRefused, Conflict):
        # The law is not sure enough for the system, or somebody has just moved the case: both leave it to people.
        return
