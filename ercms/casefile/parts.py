"""Which parts of a case an actor may open, and what each domain contributes to them."""

from collections.abc import Callable, Iterable
from typing import Any

from ercms.access import policy
from ercms.access.permissions import Permission, permission_for_trigger
from ercms.casefile import carriers
from ercms.cases import silence_service
from ercms.cases.models import Case
from ercms.core.actor import Actor
from ercms.core.errors import NotFound
from ercms.evidence import firewall_service
from ercms.evidence import service as evidence
from ercms.identity import service as identity
from ercms.interviews import reading_service as interviews
from ercms.messages import service as messages
from ercms.registries import service as registries
from ercms.reintegration import service as reintegration
from ercms.returns import service as returns
from ercms.travel_documents import service as travel_documents
from ercms.verification import service as verification
from workflows.readmission import CaseTrigger

# Each tab with the permission that opens it, in the order in which the page shows them.
TABS: tuple[tuple[str, Permission], ...] = (
    ("overview", Permission.CASE_READ),
    ("persons", Permission.CASE_PRINT),
    ("health", Permission.CASE_PRINT),
    ("evidence", Permission.EVIDENCE_READ),
    ("verification", Permission.DECISION_READ),
    ("travel", Permission.TRANSFER_READ),
    ("reintegration", Permission.REFERRAL_OFFER),
    ("messages", Permission.MESSAGE_READ),
    ("dates", Permission.CASE_HISTORY),
    ("history", Permission.CASE_HISTORY),
)


def _silence(actor: Actor, case: Case) -> dict[str, Any]:
    view = silence_service.for_reader(actor=actor, case=case)
    return {"silence": view, "told": silence_service.names_in(view) if view else {}}


_PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "overview": lambda *, actor, case: {"earlier_cases": identity.for_case(actor=actor, case=case)},
    "evidence": lambda *, actor, case: {
        "evidence": evidence.for_case(actor=actor, case=case),
        "held": firewall_service.held_in(actor=actor, case=case),
    },
    "verification": lambda *, actor, case: _verification(actor, case),
    "travel": lambda *, actor, case: {
        "travel_documents": travel_documents.for_case(actor=actor, case=case),
        "returns": returns.for_case(actor=actor, case=case),
    },
    "reintegration": lambda *, actor, case: {"reintegration": reintegration.for_case(actor=actor, case=case)},
    "dates": lambda *, actor, case: _silence(actor, case),
    "messages": lambda *, actor, case: {"messages": messages.for_case(actor=actor, case=case)},
}


def _verification(actor: Actor, case: Case) -> dict[str, Any]:
    found = verification.for_case(actor=actor, case=case)
    exchanges = registries.states_of(inquiry_ids=[inquiry.id for inquiry in found.inquiries])
    references = [one for decision in found.decisions for one in decision.rests_on]
    return {
        "verification": found,
        "relied": dict(carriers.relied_on(actor=actor, case=case, references=references)),
        "exchanges": exchanges,
        "interviews": interviews.for_case(actor=actor, case=case),
    }


def tabs_for(*, actor: Actor, case: Case) -> tuple[str, ...]:
    """Return the tabs that this actor may open on this case."""
    return tuple(name for name, permission in TABS if policy.allows(actor, permission, case))


def part_for(*, actor: Actor, case: Case, tab: str) -> dict[str, Any]:
    """Return what the domains behind a tab show to this actor; empty for the tabs of the case itself."""
    part = _PARTS.get(tab)
    return {} if part is None else part(actor=actor, case=case)


def check_offered(*, actor: Actor, case: Case, trigger: CaseTrigger) -> None:
    """Refuse the form of an act that this actor may never do, as if there were none.

    Raises:
        NotFound: the actor may see the case but has no part in this act.
    """
    if not policy.allows(actor, permission_for_trigger(trigger.value), case):
        raise NotFound


def unread_counts(*, actor: Actor, case_ids: Iterable[str]) -> dict[str, int]:
    """Return how many messages of each case the actor's organisation has not read yet."""
    return messages.unread_counts(actor=actor, case_ids=list(case_ids))


_ON_A_PROPOSAL = frozenset({CaseTrigger.CONFIRM_ACCEPTANCE, CaseTrigger.CONFIRM_REFUSAL, CaseTrigger.SEND_BACK})


def relied_on_in(*, actor: Actor, case: Case, trigger: CaseTrigger) -> tuple[carriers.Carrier | None, ...]:
    """Return what the open proposal rests on, for the form that decides on it; for other forms nothing."""
    if trigger not in _ON_A_PROPOSAL:
        return ()
    references = verification.open_references(actor=actor, case=case)
    return tuple(found for _, found in carriers.relied_on(actor=actor, case=case, references=references))
