"""The legal grounds that a proposal may rest on: the agreement's own lists, else those of the diplomatic channel."""

from dataclasses import dataclass

from ercms.agreements import service as agreements
from ercms.cases.service import Case
from ercms.core.actor import Actor
from workflows.agreement_files import load_internal
from workflows.readmission import CaseKind, Proposal
from workflows.terms import Clause, Confidence

Options = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground; `article` is empty where no agreement speaks."""

    code: str
    text: str
    instrument: str
    article: str
    confidence: Confidence


def grounds_for(*, case: Case, proposal: Proposal) -> tuple[Ground, ...]:
    """Return the grounds on which a case may be accepted, or refused.

    An agreement whose list was not read leaves the diplomatic grounds, and so does a case without an agreement.
    """
    clauses = _of_agreement(case, proposal)
    if not clauses:
        listed = load_internal().list_of(f"diplomatic_{proposal.value}_grounds")
        clauses = tuple(clause for clause in listed if not clause.group or case.kind.value in clause.group.split())
    return tuple(
        Ground(clause.code, clause.text, clause.source.instrument, clause.source.article, clause.confidence)
        for clause in clauses
    )


def find_ground(*, case: Case, proposal: Proposal, code: str) -> Ground | None:
    """Return the ground of this code, if a case may rest on it."""
    return next((ground for ground in grounds_for(case=case, proposal=proposal) if ground.code == code), None)


def acceptance_options(*, actor: Actor, case: Case) -> Options:
    """Return the choices of the form that proposes to accept."""
    return _options(case, Proposal.ACCEPTANCE)


def refusal_options(*, actor: Actor, case: Case) -> Options:
    """Return the choices of the form that proposes to refuse."""
    return _options(case, Proposal.REFUSAL)


def _options(case: Case, proposal: Proposal) -> Options:
    return {"ground": [(ground.code, ground.text) for ground in grounds_for(case=case, proposal=proposal)]}


def _of_agreement(case: Case, proposal: Proposal) -> tuple[Clause, ...]:
    if case.agreement_id is None:
        return ()
    agreement = agreements.get_agreement(case.agreement_id)
    is_transit = case.kind is CaseKind.TRANSIT
    if proposal is Proposal.REFUSAL:
        return agreement.list_of("transit_refusal_grounds" if is_transit else "refusal_grounds")
    # Whom the agreement obliges to take back is what an acceptance rests on; of transit these lists do not speak.
    return () if is_transit else agreement.list_of("persons")
