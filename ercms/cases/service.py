"""What other domains and the pages may ask of a case; `_apply` is the one place where a case changes its state."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from ercms.access import policy
from ercms.access.permissions import Permission, permission_for_trigger
from ercms.agreements import service as agreements
from ercms.audit import service as audit
from ercms.audit.actions import AuditAction
from ercms.cases import clocks, facts, following_service, queries, seals, silence_service
from ercms.cases.acts import NOTHING_MORE, Act
from ercms.cases.models import Case, CaseTransition
from ercms.core import clock, outbox
from ercms.core.actor import Actor
from ercms.core.errors import Conflict, NotFound, RuleRefused
from ercms.core.unit_of_work import stale_is_conflict
from ercms.extensions import db
from ercms.vault import service as vault
from workflows import readmission
from workflows.errors import GuardRefused, TransitionNotAllowed
from workflows.readmission import CaseState, CaseTrigger

__all__ = [
    "CONTENT_TOPIC",
    "MOVED_TOPIC",
    "NOTHING_MORE",
    "OWN_REFERENCE_LABEL",
    "REASON_LABEL",
    "Act",
    "Case",
    "CaseTransition",
    "Change",
    "OpenAction",
    "advance",
    "check_version",
    "get_case",
    "get_case_of_record",
    "last_change",
    "note_referral_finished",
    "open_actions",
    "own_reference_of",
    "touch",
]

REASON_LABEL = "case_transitions.reason"
OWN_REFERENCE_LABEL = "cases.own_reference"
MOVED_TOPIC = "case.moved"
# What the requesting side has written is there to be looked at: a topic of its own, retried on its own.
CONTENT_TOPIC = "case.content_sent"

# What each trigger dates on the case row. A column is dated by the trigger alone, whatever state it came from.
_DATED_BY: dict[CaseTrigger, tuple[str, ...]] = {
    CaseTrigger.SUBMIT: ("submitted_at",),
    CaseTrigger.REGISTER_WITHOUT_APPLICATION: ("submitted_at",),
    CaseTrigger.ACKNOWLEDGE: ("acknowledged_at",),
    CaseTrigger.CONFIRM_ACCEPTANCE: ("decided_at", "accepted_at"),
    CaseTrigger.CONFIRM_REFUSAL: ("decided_at",),
    CaseTrigger.RECORD_DEEMED_CONSENT: ("decided_at", "accepted_at"),
    CaseTrigger.LAPSE: ("lapsed_at",),
    CaseTrigger.REPLY_LATE: ("taken_up_again_at",),
    CaseTrigger.REOPEN: ("taken_up_again_at",),
    CaseTrigger.REQUEST_DOCUMENT: ("document_requested_at",),
    CaseTrigger.REISSUE_DOCUMENT: ("document_reissue_requested_at",),
    CaseTrigger.NOTIFY_TRANSFER: ("transfer_notified_at",),
    CaseTrigger.TAKE_BACK: ("taken_back_at",),
    CaseTrigger.CLOSE: ("closed_at",),
}
# What a trigger empties, because it no longer holds.
_EMPTIED_BY: dict[CaseTrigger, tuple[str, ...]] = {
    CaseTrigger.SEND_BACK: ("proposal", "proposed_by_id"),
    CaseTrigger.REOPEN: ("proposal", "proposed_by_id", "decided_at"),
    CaseTrigger.REPLY_LATE: ("proposal", "proposed_by_id"),
    CaseTrigger.REISSUE_DOCUMENT: ("document_valid_until", "document_issued_on", "transfer_on"),
    CaseTrigger.CANCEL_TRANSFER: ("transfer_on",),
    CaseTrigger.RECORD_TRANSFER_FAILURE: ("transfer_on",),
    CaseTrigger.EXPIRE_ACCEPTANCE: ("transfer_on",),
    CaseTrigger.RETURN_REFERRAL: ("referral_partner_id",),
    CaseTrigger.OFFER_REFERRAL: ("referral_partner_id", "is_referral_finished"),
    CaseTrigger.TAKE_BACK: ("closed_at",),
}
_ADOPTS_AGREEMENT = frozenset({CaseTrigger.SUBMIT, CaseTrigger.REGISTER_WITHOUT_APPLICATION})
_SENDS_CONTENT = _ADOPTS_AGREEMENT | {CaseTrigger.COMPLETE}
_REPLIES = frozenset({CaseTrigger.CONFIRM_ACCEPTANCE, CaseTrigger.CONFIRM_REFUSAL})


@dataclass(frozen=True, slots=True)
class OpenAction:
    """Something that this actor may do with a case in its present state; `refusal_code` says what stands against it."""

    trigger: CaseTrigger
    destination: CaseState
    refusal_code: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """Who last moved a case, for whoever was about to move it too."""

    trigger: CaseTrigger
    at: datetime
    actor_id: str
    version: int


def get_case(*, actor: Actor, reference: str, permission: Permission = Permission.CASE_READ) -> Case:
    """Return the case for an act of another domain, once the policy allows it.

    Raises:
        NotFound: there is no such case, or the actor may not know of it.
        PermissionRefused: the actor may see it but not do this.
    """
    case = queries.find_case(reference)
    if case is None:
        raise NotFound
    policy.check(actor, permission, case)
    return case


def get_case_of_record(*, case_id: str) -> Case:
    """Return the case that a record of another domain belongs to; the caller has checked the record."""
    return queries.get_case_by_id(case_id)


def advance(
    *,
    actor: Actor,
    case: Case,
    trigger: CaseTrigger,
    act: Act = NOTHING_MORE,
    expected_version: int | None = None,
) -> CaseTransition:
    """Move a case by one trigger: policy, version, facts, machine, row, audit and outbox, in the caller's transaction.

    Raises:
        PermissionRefused: the actor may not fire this trigger on this case.
        Conflict: `stale_version`, the case has moved since the actor looked; `transition_not_allowed`, the trigger does
            not start from the present state. Both carry who moved the case last.
        RuleRefused: a guard says no; the code names the rule.
    """
    policy.check(actor, permission_for_trigger(trigger.value), case)
    check_version(case=case, expected_version=expected_version)
    try:
        transition = readmission.fire(case.state, trigger, facts.collect(case=case, actor=actor, act=act))
    except TransitionNotAllowed as error:
        raise _conflict("transition_not_allowed", case) from error
    except GuardRefused as error:
        raise RuleRefused(error.code, reference=case.reference) from error
    return _apply(actor=actor, case=case, transition=transition, act=act)


def check_version(*, case: Case, expected_version: int | None) -> None:
    """Refuse an act that rests on an older version of the case; None stands for an act that rests on none.

    Raises:
        Conflict: `stale_version`, with who moved the case last.
    """
    if expected_version is not None and case.version != expected_version:
        raise _conflict("stale_version", case)


def _conflict(code: str, case: Case) -> Conflict:
    change = last_change(case=case)
    return Conflict(code, reference=case.reference, version=case.version, state=case.state.value, change=change)


def _apply(*, actor: Actor, case: Case, transition: readmission.CaseTransition, act: Act) -> CaseTransition:
    """Write the new state with its dates, its history, its audit entry, its due dates and its outbox row."""
    at = clock.now()
    trigger = transition.trigger
    case.state = transition.destination
    case.changed_at = at
    for column in _EMPTIED_BY.get(trigger, ()):
        setattr(case, column, False if column == "is_referral_finished" else None)
    for column in _DATED_BY.get(trigger, ()):
        setattr(case, column, at)
    for column, value in act.values.items():
        setattr(case, column, value)
    if trigger in _REPLIES and case.replied_at is None:
        case.replied_at = at
    if trigger is CaseTrigger.RECORD_DEEMED_CONSENT:
        # Later limits count from the end of the reply limit, not from the day on which somebody wrote that down.
        case.consent_deemed_on = case.reply_due_on
    if trigger in _ADOPTS_AGREEMENT:
        case.agreement_id = agreements.agreement_id_for(state=case.requesting_state, on=clock.today())
    following_service.follow(actor=actor, case=case)
    clocks.recompute(case=case)
    touch(case=case)
    if trigger in _SENDS_CONTENT:
        seals.seal_what_was_sent(actor=actor, case=case)
    moved = _history_row(actor=actor, case=case, transition=transition, act=act, at=at)
    audit.record_of_case(
        actor=actor,
        action=AuditAction.CASE_TRANSITION,
        case_id=case.id,
        payload={
            "trigger": trigger.value,
            "from": transition.source.value,
            "to": transition.destination.value,
            "agreement": case.agreement_id,
            "version": case.version,
        },
    )
    if trigger is CaseTrigger.LAPSE:
        silence_service.seal(actor=actor, case=case)
    _hand_on(case, moved)
    return moved


def _hand_on(case: Case, moved: CaseTransition) -> None:
    """Ask for what follows a move, once it is safe."""
    outbox.enqueue(
        MOVED_TOPIC,
        {"case_id": case.id, "reference": case.reference, "trigger": moved.trigger.value},
        key=f"moved:{moved.id}",
    )
    if moved.trigger in _SENDS_CONTENT:
        outbox.enqueue(CONTENT_TOPIC, {"case_id": case.id}, key=f"content:{moved.id}")


def _history_row(
    *, actor: Actor, case: Case, transition: readmission.CaseTransition, act: Act, at: datetime
) -> CaseTransition:
    moved = CaseTransition(
        case_id=case.id,
        case_version=case.version,
        trigger=transition.trigger,
        source=transition.source,
        destination=transition.destination,
        at=at,
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
        role=actor.role.value,
    )
    db.session.add(moved)
    db.session.flush()
    if act.reason:
        moved.reason_sealed = vault.seal_text(
            person_id=case.principal_person_id, label=REASON_LABEL, record_id=moved.id, text=act.reason
        )
    return moved


def open_actions(*, actor: Actor, case: Case) -> tuple[OpenAction, ...]:
    """List exactly what this actor may do with the case now, with what stands against it, if anything.

    What an act itself brings (a reason, a ground, a date) is not there yet and is not held against it.
    """
    options = readmission.available(case.state, facts.collect(case=case, actor=actor, act=NOTHING_MORE))
    return tuple(
        OpenAction(option.trigger, option.destination, _standing_refusal(option.refusal_code))
        for option in options
        if (case.agreement_id is not None or option.refusal_code not in _ONLY_UNDER_AN_AGREEMENT)
        and policy.allows(actor, permission_for_trigger(option.trigger.value), case)
    )


# Without an agreement there is no limit that could pass and no silence to speak of: nothing is said about either.
_ONLY_UNDER_AN_AGREEMENT = frozenset(
    {"silence_means_nothing", "silence_unknown", "no_reply_limit", "no_transfer_limit"}
)

# Refusals that only say that the form was not filled in yet.
_BROUGHT_BY_THE_ACT = frozenset(
    {
        "reason_missing",
        "legal_ground_missing",
        "written_reasons_missing",
        "transfer_date_missing",
        "document_missing",
        "document_expired",
        "consent_missing",
        "partner_missing",
        "referral_not_finished",
        "minor_safeguards_incomplete",
        "document_expires_before_transfer",
    }
)


def _standing_refusal(code: str | None) -> str | None:
    return None if code in _BROUGHT_BY_THE_ACT else code


def last_change(*, case: Case) -> Change | None:
    """Return who last moved the case, and how."""
    moved = queries.find_last_transition(case.id)
    return None if moved is None else Change(moved.trigger, moved.at, moved.actor_id, moved.case_version)


def note_referral_finished(*, case: Case) -> None:
    """Record that the case's referral has come to its end, so that SMS may close the case.

    The case stays in its state until SMS closes it. Whether the actor may end the referral, the caller has checked.

    Raises:
        Conflict: `no_reintegration_at_work`.
    """
    if case.state is not CaseState.REINTEGRATING:
        raise _conflict("no_reintegration_at_work", case)
    case.is_referral_finished = True
    touch(case=case)


def own_reference_of(*, case: Case) -> str:
    """Open the requesting authority's own reference; empty when there is none."""
    if case.own_reference_sealed is None:
        return ""
    return vault.open_text(
        person_id=case.principal_person_id,
        label=OWN_REFERENCE_LABEL,
        record_id=case.id,
        sealed=case.own_reference_sealed,
    )


def touch(*, case: Case) -> None:
    """Give the case a new version because something that belongs to it changed."""
    case.changed_at = clock.now()
    # Two changes within one tick of the clock are two versions all the same.
    flag_modified(case, "changed_at")
    with stale_is_conflict():
        db.session.flush()
