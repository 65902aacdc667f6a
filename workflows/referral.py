"""The machine of one referral to one partner: consent names a partner and a purpose, so another is a new referral."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.machine import Option, Rule, Transition, Workflow, require


class ReferralState(StrEnum):
    """Where a referral stands."""

    OFFERED = "offered"
    DECLINED_BY_PERSON = "declined_by_person"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    DECLINED_BY_PARTNER = "declined_by_partner"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"
    CONSENT_REVOKED = "consent_revoked"


class ReferralTrigger(StrEnum):
    """What can be done with a referral."""

    DECLINE_BY_PERSON = "decline_by_person"
    REFER = "refer"
    ACCEPT = "accept"
    DECLINE_BY_PARTNER = "decline_by_partner"
    START = "start"
    COMPLETE = "complete"
    DISCONTINUE = "discontinue"
    REVOKE_CONSENT = "revoke_consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFacts:
    """What is known of a referral when a trigger is fired; what is left out speaks against the act."""

    has_consent: bool = False
    """The person's consent to this partner and purpose is on record, not revoked and not run out."""
    has_partner: bool = False
    has_needs: bool = False
    """At least one of the five areas of help is named."""
    has_outcome: bool = False
    has_reason: bool = False


def _has_consent(facts: ReferralFacts) -> None:
    require(facts.has_consent, "consent_missing")


def _has_partner(facts: ReferralFacts) -> None:
    require(facts.has_partner, "partner_missing")


def _has_needs(facts: ReferralFacts) -> None:
    require(facts.has_needs, "needs_missing")


def _has_outcome(facts: ReferralFacts) -> None:
    require(facts.has_outcome, "outcome_missing")


def _has_reason(facts: ReferralFacts) -> None:
    require(facts.has_reason, "reason_missing")


S = ReferralState
T = ReferralTrigger
MACHINE: Workflow[ReferralState, ReferralTrigger, ReferralFacts] = Workflow(
    ReferralState,
    ReferralTrigger,
    S.OFFERED,
    (
        Rule(T.REFER, (S.OFFERED,), S.REFERRED, (_has_partner, _has_consent, _has_needs)),
        Rule(T.DECLINE_BY_PERSON, (S.OFFERED,), S.DECLINED_BY_PERSON),
        Rule(T.ACCEPT, (S.REFERRED,), S.ACCEPTED, (_has_consent,)),
        Rule(T.DECLINE_BY_PARTNER, (S.REFERRED,), S.DECLINED_BY_PARTNER, (_has_reason,)),
        Rule(T.START, (S.ACCEPTED,), S.IN_PROGRESS, (_has_consent,)),
        Rule(T.COMPLETE, (S.IN_PROGRESS,), S.COMPLETED, (_has_outcome,)),
        # Also from `offered` and `referred`: a person may be out of reach, and a partner may never answer.
        Rule(
            T.DISCONTINUE,
            (S.OFFERED, S.REFERRED, S.ACCEPTED, S.IN_PROGRESS),
            S.DISCONTINUED,
            (_has_reason,),
        ),
        # Whoever takes consent back owes nobody a reason.
        Rule(T.REVOKE_CONSENT, (S.REFERRED, S.ACCEPTED, S.IN_PROGRESS), S.CONSENT_REVOKED),
    ),
)

SHARED_STATES = frozenset({S.REFERRED, S.ACCEPTED, S.IN_PROGRESS})
"""The states in which the partner sees the consented fields."""


def fire(
    state: ReferralState, trigger: ReferralTrigger, facts: ReferralFacts
) -> Transition[ReferralState, ReferralTrigger]:
    """Decide what the trigger does with a referral in this state.

    Raises:
        TransitionNotAllowed: the trigger does not start from this state.
        GuardRefused: a guard says no; its code tells which rule.
    """
    return MACHINE.fire(state, trigger, facts)


def available(state: ReferralState, facts: ReferralFacts) -> tuple[Option[ReferralState, ReferralTrigger], ...]:
    """List what can be done from this state, each with the code of what stands against it now, if anything."""
    return MACHINE.available(state, facts)


def is_finished(state: ReferralState) -> bool:
    """Tell whether nothing more can happen to a referral, so that its case may be closed."""
    return MACHINE.is_final(state)
