"""Everything that can be done with a case: one table for the pages, the API and the demonstration.

Whether an act is open to an actor is for the case machine and the policy to say; here stands only which form it takes
and which service function performs it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from ercms.casefile import carriers
from ercms.casefile.labels import said
from ercms.cases import steps
from ercms.cases.models import Case, CaseTransition
from ercms.cases.schemas import ClosureRequest, ReasonRequest
from ercms.core import clock
from ercms.core.actor import Actor
from ercms.core.fields import FormSchema
from ercms.evidence import submission_service as submission
from ercms.evidence.schemas import RegisterWithoutApplicationRequest, SubmitRequest
from ercms.reintegration import service as reintegration
from ercms.reintegration.schemas import (
    ConsentRevocation,
    ReferralAcceptance,
    ReferralDecline,
    ReferralOffer,
    ReferralRequest,
    ReferralReturn,
)
from ercms.returns import service as returns
from ercms.returns.schemas import Arrival, FailureReport, TransferCancellation, TransferNotice
from ercms.travel_documents import service as travel_documents
from ercms.travel_documents.schemas import DocumentIssue, DocumentReissue, DocumentRequest
from ercms.verification import grounds
from ercms.verification import service as verification
from ercms.verification.schemas import (
    AcceptanceProposal,
    CompletionAnswer,
    CompletionQuestion,
    Confirmation,
    RefusalProposal,
    SendBack,
)
from workflows.readmission import CaseTrigger


class Perform(Protocol):
    """A service function that carries an act out."""

    def __call__(
        self, *, actor: Actor, reference: str, expected_version: int | None, values: Mapping[str, Any]
    ) -> CaseTransition:
        """Carry the act out in the caller's unit of work."""


class Tone(StrEnum):
    """How an action is offered: the way forward, one way among others, or one that ends something."""

    FORWARD = "forward"
    OTHER = "other"
    ENDING = "ending"


Options = dict[str, list[tuple[str, str]]]


def _no_options(*, actor: Actor, case: Case) -> Options:
    return {}


def _nothing(*, actor: Actor, case: Case) -> dict[str, Any]:
    return {}


class Offer(Protocol):
    """A function that says what a form offers for a case: choices by field name."""

    def __call__(self, *, actor: Actor, case: Case) -> Options:
        """Return (value, text) pairs by field name."""


class Initial(Protocol):
    """A function that says what a form holds before anything is typed."""

    def __call__(self, *, actor: Actor, case: Case) -> dict[str, Any]:
        """Return values by field name."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One act: its form, its function, and what the form offers for a case."""

    trigger: CaseTrigger
    schema: Callable[[], FormSchema]
    perform: Perform
    tone: Tone = Tone.OTHER
    options: Offer = _no_options
    initial: Initial = _nothing


def _papers(*, actor: Actor, case: Case) -> Options:
    return {"document_id": travel_documents.document_options(case=case)}


def _partners(*, actor: Actor, case: Case) -> Options:
    return {"partner_id": reintegration.partner_options()}


def _of_proposal(offer: Offer) -> Offer:
    """Return what the form of a proposal offers: its grounds, and what it can rest on."""

    def offered(*, actor: Actor, case: Case) -> Options:
        found = carriers.carriers_of(actor=actor, case=case)
        return {**offer(actor=actor, case=case), "rests_on": [(str(one.reference), said(one)) for one in found]}

    return offered


def _today_as(field: str) -> Initial:
    def initial(*, actor: Actor, case: Case) -> dict[str, Any]:
        return {field: clock.today().isoformat()}

    return initial


class NoDetails(FormSchema):
    """An act that needs nothing but the will to do it."""


T = CaseTrigger
_SPECS = (
    ActionSpec(T.SUBMIT, SubmitRequest, submission.submit, Tone.FORWARD),
    ActionSpec(
        T.REGISTER_WITHOUT_APPLICATION,
        RegisterWithoutApplicationRequest,
        submission.register_without_application,
        Tone.FORWARD,
    ),
    ActionSpec(T.ACKNOWLEDGE, NoDetails, steps.acknowledge, Tone.FORWARD),
    ActionSpec(T.COMPLETE, CompletionAnswer, verification.complete, Tone.FORWARD),
    ActionSpec(
        T.PROPOSE_ACCEPTANCE,
        AcceptanceProposal,
        carriers.checked(T.PROPOSE_ACCEPTANCE, verification.propose_acceptance),
        Tone.FORWARD,
        options=_of_proposal(grounds.acceptance_options),
    ),
    ActionSpec(
        T.PROPOSE_REFUSAL,
        RefusalProposal,
        carriers.checked(T.PROPOSE_REFUSAL, verification.propose_refusal),
        options=_of_proposal(grounds.refusal_options),
    ),
    ActionSpec(T.REQUEST_COMPLETION, CompletionQuestion, verification.request_completion),
    ActionSpec(T.CONFIRM_ACCEPTANCE, Confirmation, verification.confirm_acceptance, Tone.FORWARD),
    ActionSpec(T.CONFIRM_REFUSAL, Confirmation, verification.confirm_refusal, Tone.FORWARD),
    ActionSpec(T.SEND_BACK, SendBack, verification.send_back),
    ActionSpec(T.LAPSE, NoDetails, steps.lapse),
    ActionSpec(T.RECORD_DEEMED_CONSENT, ReasonRequest, steps.record_deemed_consent),
    ActionSpec(T.REPLY_LATE, NoDetails, steps.reply_late, Tone.FORWARD),
    ActionSpec(T.REOPEN, ReasonRequest, steps.reopen),
    ActionSpec(T.REQUEST_DOCUMENT, DocumentRequest, travel_documents.request_document, Tone.FORWARD),
    ActionSpec(
        T.ISSUE_DOCUMENT,
        DocumentIssue,
        travel_documents.issue_document,
        Tone.FORWARD,
        initial=_today_as("issued_on"),
    ),
    ActionSpec(T.RECORD_STANDARD_DOCUMENT, DocumentIssue, travel_documents.record_standard_document),
    ActionSpec(T.REISSUE_DOCUMENT, DocumentReissue, travel_documents.reissue_document),
    ActionSpec(T.NOTIFY_TRANSFER, TransferNotice, returns.notify_transfer, Tone.FORWARD),
    ActionSpec(T.CANCEL_TRANSFER, TransferCancellation, returns.cancel_transfer, Tone.ENDING),
    ActionSpec(
        T.CONFIRM_ARRIVAL,
        Arrival,
        returns.confirm_arrival,
        Tone.FORWARD,
        options=_papers,
        initial=_today_as("arrived_on"),
    ),
    ActionSpec(T.RECORD_TRANSFER_FAILURE, FailureReport, returns.record_transfer_failure),
    ActionSpec(T.EXPIRE_ACCEPTANCE, NoDetails, steps.expire_acceptance, Tone.ENDING),
    ActionSpec(T.RENEW_ACCEPTANCE, ReasonRequest, steps.renew_acceptance),
    ActionSpec(T.TAKE_BACK, ReasonRequest, steps.take_back, Tone.ENDING),
    ActionSpec(T.OFFER_REFERRAL, ReferralOffer, reintegration.offer_referral, Tone.FORWARD),
    ActionSpec(
        T.REFER,
        ReferralRequest,
        reintegration.refer,
        Tone.FORWARD,
        options=_partners,
        initial=_today_as("consented_on"),
    ),
    ActionSpec(T.DECLINE_REFERRAL, ReferralDecline, reintegration.decline_referral),
    ActionSpec(T.RETURN_REFERRAL, ReferralReturn, reintegration.return_referral),
    ActionSpec(T.START_REINTEGRATION, ReferralAcceptance, reintegration.start_reintegration, Tone.FORWARD),
    ActionSpec(T.REVOKE_CONSENT, ConsentRevocation, reintegration.revoke_consent, Tone.ENDING),
    ActionSpec(T.WITHDRAW, ReasonRequest, steps.withdraw, Tone.ENDING),
    ActionSpec(T.CLOSE, ClosureRequest, steps.close, Tone.ENDING),
)
DECISIONS = frozenset(
    {T.CONFIRM_ACCEPTANCE, T.CONFIRM_REFUSAL, T.RECORD_DEEMED_CONSENT, T.REOPEN, T.RENEW_ACCEPTANCE, T.TAKE_BACK}
)
"""What decides over a person: whoever does it proves anew who they are."""
ACTIONS: dict[CaseTrigger, ActionSpec] = {spec.trigger: spec for spec in _SPECS}
