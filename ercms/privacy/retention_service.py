"""The retention schedule and what holds an erasure back.

The defaults are suggestions and no law: no published period of any readmission system was found. The data protection
officer sees them, changes them, and answers for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.accounts import service as accounts
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import lookup_service
from ercms.cases.enums import CaseOutcome
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.db_types import new_id
from ercms.core.errors import Conflict, InvalidInput
from ercms.core.text import msg
from ercms.extensions import db
from ercms.privacy import queries
from ercms.privacy.models import LegalHold, RetentionRule
from ercms.vault import service as vault

REASON_LABEL = "legal_holds.reason"
NO_SUCH_CASE = msg("There is no case with this reference.")
ENDS_IN_THE_PAST = msg("The last day of a hold lies in the future.")

_YEAR = 365
DEFAULT_DAYS: Mapping[CaseOutcome, int] = {
    CaseOutcome.NEVER_SENT: _YEAR,
    CaseOutcome.WITHDRAWN: _YEAR,
    CaseOutcome.REFUSED: _YEAR,
    CaseOutcome.NOT_CARRIED_OUT: _YEAR,
    CaseOutcome.RETURNED: 5 * _YEAR,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How long the data of cases that ended in one way are kept."""

    outcome: CaseOutcome
    days: int
    default_days: int
    version: int
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold on a case, with its reason where it can be read."""

    id: str
    reference: str
    until_on: date | None
    reason: str
    set_by: str
    set_at: datetime
    is_in_force: bool


def list_rules(*, actor: Actor) -> list[Rule]:
    """Return the whole schedule."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    changed = {rule.outcome: rule for rule in queries.list_rules()}
    names = accounts.user_names({rule.changed_by_id for rule in changed.values()})
    return [_rule(outcome, changed.get(outcome), names) for outcome in CaseOutcome]


def days_of(outcome: CaseOutcome) -> int:
    """Return how many days the data of such a case are kept now."""
    rule = queries.find_rule(outcome)
    return DEFAULT_DAYS[outcome] if rule is None else rule.days


def change_rule(*, actor: Actor, outcome: CaseOutcome, days: int, version: int) -> None:
    """Keep data longer or shorter from now on; `version` is nought for a rule that was never changed.

    Raises:
        Conflict: `stale_version`.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    rule = queries.find_rule(outcome)
    if (0 if rule is None else rule.version) != version:
        raise Conflict("stale_version")
    former = days_of(outcome)
    if rule is None:
        rule = RetentionRule(outcome=outcome)
        db.session.add(rule)
    rule.days, rule.changed_at, rule.changed_by_id = days, clock.now(), actor.user_id
    db.session.flush()
    audit.record(
        actor=actor,
        action=AuditAction.RETENTION_CHANGED,
        chain=audit.organisation_chain(actor.organisation_id),
        record_type="retention_rule",
        record_id=outcome.value,
        payload={"rule": outcome.value, "from": former, "to": days},
    )


def set_hold(*, actor: Actor, reference: str, reason: str, until_on: date | None = None) -> str:
    """Keep the data of a case from being erased, with a reason; return the identifier of the hold.

    Raises:
        InvalidInput: there is no such case, its data are gone, or the last day has passed.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    case_id = lookup_service.find_case_id(reference=reference)
    case = None if case_id is None else lookup_service.cases_of_records(case_ids=[case_id])[case_id]
    if case is None or queries.find_erasure(case.id) is not None:
        raise InvalidInput(fields={"reference": [NO_SUCH_CASE]})
    if until_on is not None and until_on < clock.today():
        raise InvalidInput(fields={"until_on": [ENDS_IN_THE_PAST]})
    hold_id = new_id()
    sealed = vault.seal_text(person_id=case.principal_person_id, label=REASON_LABEL, record_id=hold_id, text=reason)
    db.session.add(
        LegalHold(
            id=hold_id,
            case_id=case.id,
            until_on=until_on,
            reason_sealed=sealed,
            set_by_id=actor.user_id,
            set_at=clock.now(),
        )
    )
    db.session.flush()
    _record(actor, AuditAction.LEGAL_HOLD_SET, case.id, {"until": until_on, "has_text": True})
    return hold_id


def lift_hold(*, actor: Actor, hold_id: str) -> None:
    """End a hold; the schedule applies to the case again.

    Raises:
        NotFound: there is no such hold, or it was lifted.
    """
    policy.check(actor, Permission.PRIVACY_MANAGE)
    hold = queries.get_open_hold(hold_id)
    hold.lifted_at, hold.lifted_by_id = clock.now(), actor.user_id
    db.session.flush()
    _record(actor, AuditAction.LEGAL_HOLD_LIFTED, hold.case_id, {})


def list_holds(*, actor: Actor) -> list[Hold]:
    """Return the holds that nobody has lifted, those whose last day has passed included."""
    policy.check(actor, Permission.PRIVACY_MANAGE)
    holds = queries.list_holds()
    cases = lookup_service.cases_of_records(case_ids={hold.case_id for hold in holds})
    names = accounts.user_names({hold.set_by_id for hold in holds})
    reasons = vault.open_texts(
        vault.SealedText(cases[hold.case_id].principal_person_id, REASON_LABEL, hold.id, hold.reason_sealed)
        for hold in holds
    )
    today = clock.today()
    return [
        Hold(
            id=hold.id,
            reference=cases[hold.case_id].reference,
            until_on=hold.until_on,
            reason=reason or "",
            set_by=names.get(hold.set_by_id, ""),
            set_at=hold.set_at,
            is_in_force=hold.until_on is None or hold.until_on >= today,
        )
        for hold, reason in zip(holds, reasons, strict=True)
    ]


def _rule(outcome: CaseOutcome, rule: RetentionRule | None, names: Mapping[str, str]) -> Rule:
    if rule is None:
        return Rule(outcome, DEFAULT_DAYS[outcome], DEFAULT_DAYS[outcome], 0, None, "")
    changed_by = names.get(rule.changed_by_id, "")
    return Rule(outcome, rule.days, DEFAULT_DAYS[outcome], rule.version, rule.changed_at, changed_by)


def _record(actor: Actor, action: AuditAction, case_id: str, payload: dict[str, object]) -> None:
    audit.record_of_case(
        actor=actor,
        action=action,
        case_id=case_id,
        payload=payload,
    )
