"""What a referral grants to its partner, and for how long; and the one place where a referral changes its state."""

from dataclasses import dataclass

from ercms.access import policy
from ercms.access.permissions import Permission
from ercms.cases import service as cases
from ercms.cases.service import Case
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, NotFound
from ercms.core.workflow_refusals import refusals_of
from ercms.extensions import db
from ercms.reintegration import queries
from ercms.reintegration.models import Referral
from workflows import referral as machine
from workflows.readmission import CaseState
from workflows.referral import SHARED_STATES, ReferralFacts, ReferralState, ReferralTrigger

_AT_WORK = frozenset({CaseState.REFERRED, CaseState.REINTEGRATING})


@dataclass(frozen=True, slots=True)
class Grant:
    """What the policy asks of a referral."""

    partner_id: str | None
    is_open: bool
    is_sealed: bool
    reader_ids: frozenset[str]


def grant_of(*, referral: Referral, case: Case) -> Grant:
    """Return to whom a referral is granted, and whether the grant still runs.

    It ends when the partner declines or finishes, when the consent is revoked or over, and when the case has left the
    stage of reintegration for whatever reason.
    """
    is_open = (
        referral.state in SHARED_STATES
        and has_consent(referral)
        and case.state in _AT_WORK
        and case.referral_partner_id == referral.partner_id
    )
    readers = case.reader_ids if case.is_sealed else frozenset()
    return Grant(partner_id=referral.partner_id, is_open=is_open, is_sealed=case.is_sealed, reader_ids=readers)


def has_consent(referral: Referral) -> bool:
    """Tell whether the consent is on record, not revoked and not over."""
    today = clock.today()
    return (
        referral.consented_on is not None
        and referral.consented_on <= today
        and referral.consent_revoked_at is None
        and (referral.consent_until is None or referral.consent_until >= today)
    )


def get_granted(*, actor: Actor, referral_id: str, permission: Permission) -> tuple[Referral, Case]:
    """Return a referral with its case for an act of the partner, or of SMS, once the policy allows it.

    Raises:
        NotFound: there is no such referral, or the grant to this partner has ended.
        PermissionRefused: the actor may see it but not do this.
    """
    referral = queries.find_referral(referral_id)
    if referral is None:
        raise NotFound
    case = cases.get_case_of_record(case_id=referral.case_id)
    policy.check(actor, permission, grant_of(referral=referral, case=case))
    return referral, case


def present_referral(*, case: Case) -> Referral:
    """Return the referral that the case is at: the one to which something can still happen.

    Raises:
        Conflict: `no_open_referral`.
    """
    for referral in queries.list_of_case(case.id):
        if not machine.is_finished(referral.state):
            return referral
    raise Conflict("no_open_referral", reference=case.reference)


def fire(referral: Referral, trigger: ReferralTrigger, *, has_reason: bool = False, has_outcome: bool = False) -> None:
    """Move a referral by one trigger.

    Raises:
        Conflict: `referral_not_in_state`.
        RuleRefused: a guard says no; the code names the rule.
    """
    known = ReferralFacts(
        has_consent=has_consent(referral),
        has_partner=referral.partner_id is not None,
        has_needs=bool(referral.areas),
        has_outcome=has_outcome,
        has_reason=has_reason,
    )
    with refusals_of("referral"):
        transition = machine.fire(referral.state, trigger, known)
    _apply(referral, transition.destination)


def _apply(referral: Referral, destination: ReferralState) -> None:
    referral.state = destination
    db.session.flush()
