"""Small named questions about an actor and an object; the table in `ercms.access.policy` is made of them.

Objects are duck-typed: a case has `requesting_organisation_id`, `requesting_state` and `state`; an inquiry has
`agency_id`; a referral has `partner_id` and `is_open`. A predicate that the object cannot answer says no.

Before any of them stands `may_know_of`: each object says whether its case is sealed (`is_sealed`), and for whom it is
there all the same (`reader_ids`).
"""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from ercms.core.actor import Actor, OrganisationKind, Role

Predicate = Callable[[Actor, Any], bool]

DRAFT = "draft"
BORDER_STATES = frozenset({"transfer_notified", "transferred", "transfer_failed"})


@runtime_checkable
class CaseLike(Protocol):
    """What the policy asks of a case."""

    requesting_organisation_id: str | None
    requesting_state: str
    state: Any


@runtime_checkable
class InquiryLike(Protocol):
    """What the policy asks of an inquiry: to which organisation it was put."""

    agency_id: str | None


@runtime_checkable
class ReferralLike(Protocol):
    """What the policy asks of a referral: to whom, and whether the grant still runs."""

    partner_id: str | None
    is_open: bool


def may_know_of(actor: Actor, obj: Any) -> bool:
    """Tell whether a record exists for the actor at all: one of a sealed case does for its named readers alone.

    What cannot say whether it is sealed is taken to be.
    """
    if not getattr(obj, "is_sealed", True) or actor.is_system:
        return True
    return actor.user_id in getattr(obj, "reader_ids", frozenset())


def anybody(actor: Actor, obj: Any) -> bool:
    """Everybody who is signed in."""
    return not actor.is_system


def is_system(actor: Actor, obj: Any) -> bool:
    """The system itself, on schedule."""
    return actor.is_system


def is_case_worker(actor: Actor, obj: Any) -> bool:
    """A case worker of the migration service."""
    return actor.role is Role.CASE_WORKER and actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE


def is_supervisor(actor: Actor, obj: Any) -> bool:
    """A supervisor of the migration service."""
    return actor.role is Role.SUPERVISOR and actor.organisation_kind is OrganisationKind.MIGRATION_SERVICE


def is_case_worker_of_case(actor: Actor, obj: Any) -> bool:
    """A case worker, and the request has been sent: a draft is its author's alone."""
    return is_case_worker(actor, obj) and _is_sent(obj)


def is_supervisor_of_case(actor: Actor, obj: Any) -> bool:
    """A supervisor, and the request has been sent: a draft is its author's alone."""
    return is_supervisor(actor, obj) and _is_sent(obj)


def is_requesting_side(actor: Actor, obj: Any) -> bool:
    """An officer of a requesting authority or of a mission, whatever the case."""
    return actor.role is Role.CONSULAR_OFFICER and actor.organisation_id is not None


def is_own_organisation(actor: Actor, obj: Any) -> bool:
    """An officer of the organisation that made the request."""
    return (
        is_requesting_side(actor, obj)
        and isinstance(obj, CaseLike)
        and obj.requesting_organisation_id == actor.organisation_id
    )


def is_mission(actor: Actor, obj: Any) -> bool:
    """An officer of a mission, whatever the case."""
    return is_requesting_side(actor, obj) and actor.organisation_kind is OrganisationKind.MISSION


def is_host_state_of_mission(actor: Actor, obj: Any) -> bool:
    """An officer of a mission, and the request was sent from one of its host States."""
    return (
        is_mission(actor, obj) and isinstance(obj, CaseLike) and obj.requesting_state in actor.states and _is_sent(obj)
    )


def is_verifier(actor: Actor, obj: Any) -> bool:
    """A verifier of an agency, whatever the inquiry."""
    return actor.role is Role.VERIFIER and actor.organisation_id is not None


def is_assigned_agency(actor: Actor, obj: Any) -> bool:
    """A verifier of the agency, or an officer of the mission, to which this inquiry was put."""
    return (
        (is_verifier(actor, obj) or is_mission(actor, obj))
        and isinstance(obj, InquiryLike)
        and obj.agency_id == actor.organisation_id
    )


def is_border_officer(actor: Actor, obj: Any) -> bool:
    """An officer of the border service, whatever the case."""
    return actor.role is Role.BORDER_OFFICER


def is_at_the_border(actor: Actor, obj: Any) -> bool:
    """An officer of the border service, and the transfer has been announced or has ended."""
    return is_border_officer(actor, obj) and isinstance(obj, CaseLike) and obj.state in BORDER_STATES


def is_partner(actor: Actor, obj: Any) -> bool:
    """Somebody of a reintegration partner, whatever the referral."""
    return actor.role is Role.REINTEGRATION_PARTNER and actor.organisation_id is not None


def is_referral_partner(actor: Actor, obj: Any) -> bool:
    """Somebody of the partner to which this referral was granted, while the grant runs."""
    return (
        is_partner(actor, obj)
        and isinstance(obj, ReferralLike)
        and obj.partner_id == actor.organisation_id
        and obj.is_open
    )


def is_analyst(actor: Actor, obj: Any) -> bool:
    """An analyst: statistics, and no person."""
    return actor.role is Role.ANALYST


def is_data_protection_officer(actor: Actor, obj: Any) -> bool:
    """The data protection officer: oversight, and no case work."""
    return actor.role is Role.DATA_PROTECTION_OFFICER


def is_administrator(actor: Actor, obj: Any) -> bool:
    """An administrator: the running of the system, and no personal data."""
    return actor.role is Role.ADMINISTRATOR


def _is_sent(obj: Any) -> bool:
    """Tell whether a case has left its author's hands; other objects have no drafts."""
    return not isinstance(obj, CaseLike) or obj.state != DRAFT


def is_own_draft(actor: Actor, obj: Any) -> bool:
    """The officer, of a mission too, who drafted a request and has not sent it yet."""
    return (
        is_requesting_side(actor, obj)
        and isinstance(obj, CaseLike)
        and obj.state == "draft"
        and getattr(obj, "created_by_id", None) == actor.user_id
    )


def is_partner_of_case(actor: Actor, obj: Any) -> bool:
    """Somebody of the partner to which the case's person is referred now; it moves the case, it does not open it."""
    return is_partner(actor, obj) and getattr(obj, "referral_partner_id", None) == actor.organisation_id
