"""The acts on a case that need nothing but the case itself, and at most a reason."""

from collections.abc import Callable, Mapping
from typing import Any

from ercms.access.permissions import Permission
from ercms.cases import service, stops
from ercms.cases.acts import Act
from ercms.cases.models import Case, CaseTransition, ClockExtension, ClockStop
from ercms.core.actor import Actor
from workflows.readmission import CaseTrigger

Step = Callable[..., CaseTransition]


def step(trigger: CaseTrigger) -> Step:
    """Return the function that fires `trigger` with the reason that came in, if one did."""

    def perform(
        *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
    ) -> CaseTransition:
        case = service.get_case(actor=actor, reference=reference)
        act = Act(reason=values.get("reason"))
        return service.advance(actor=actor, case=case, trigger=trigger, act=act, expected_version=expected_version)

    return perform


acknowledge = step(CaseTrigger.ACKNOWLEDGE)
withdraw = step(CaseTrigger.WITHDRAW)
lapse = step(CaseTrigger.LAPSE)
record_deemed_consent = step(CaseTrigger.RECORD_DEEMED_CONSENT)
reply_late = step(CaseTrigger.REPLY_LATE)
reopen = step(CaseTrigger.REOPEN)
expire_acceptance = step(CaseTrigger.EXPIRE_ACCEPTANCE)
renew_acceptance = step(CaseTrigger.RENEW_ACCEPTANCE)
take_back = step(CaseTrigger.TAKE_BACK)
close = step(CaseTrigger.CLOSE)


def record_stop(*, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]) -> ClockStop:
    """Stop the clocks of a case on a legal ground."""
    case = _case_for_stop(actor, reference, expected_version)
    stop = stops.record_stop(actor=actor, case=case, values=values)
    service.touch(case=case)
    return stop


def end_stop(*, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]) -> ClockStop:
    """Let the clocks of a case run again from the day after the last day of the stop."""
    case = _case_for_stop(actor, reference, expected_version)
    stop = stops.end_stop(actor=actor, case=case, stop_id=values["stop_id"], to_on=values["to_on"])
    service.touch(case=case)
    return stop


def record_extension(
    *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
) -> ClockExtension:
    """Extend one limit of a case."""
    case = _case_for_stop(actor, reference, expected_version)
    extension = stops.record_extension(actor=actor, case=case, values=values)
    service.touch(case=case)
    return extension


def _case_for_stop(actor: Actor, reference: str, expected_version: int | None) -> Case:
    case = service.get_case(actor=actor, reference=reference, permission=Permission.CASE_STOP)
    service.check_version(case=case, expected_version=expected_version)
    return case
